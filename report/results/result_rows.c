#include "report/results/result_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number_text.h"
#include "report/tools/kept_text.h"
#include "report/tools/share_digits.h"
#include "report/tools/status_writer.h"

enum { BLOCK_ROWS = 64 };

struct hra_result_rows {
    const hra_output *outputs;
    int output_count;
    bool full_precision;
    hra_kept_text *kept; /* columns that travel with the rows */
    hra_status_writer *status;
    hra_vector_level level;
    int threads;
    uint64_t **digits; /* by thread: of a block of rows of every output (share_digits.h) */
};

static hra_code new_digits(hra_result_rows *rows, hra_error *error)
{
    size_t words = ((size_t)rows->output_count + 1) * BLOCK_ROWS;
    rows->digits = calloc((size_t)rows->threads, sizeof *rows->digits);
    for (int t = 0; rows->digits && t < rows->threads; t++) {
        rows->digits[t] = calloc(words, sizeof **rows->digits);
        if (!rows->digits[t]) return hra_out_of_memory(error);
    }
    return rows->digits ? HRA_OK : hra_out_of_memory(error);
}

hra_code hra_result_rows_new(const hra_graph *graph, const hra_output *outputs, int output_count,
                             const hra_schema *schema, bool full_precision, int threads, hra_result_rows **out,
                             hra_error *error)
{
    hra_result_rows *rows = calloc(1, sizeof *rows);
    if (!rows) return hra_out_of_memory(error);
    *rows = (hra_result_rows){.outputs = outputs,
                              .output_count = output_count,
                              .full_precision = full_precision,
                              .level = hra_vector_level_choose(),
                              .threads = threads};
    hra_code code = new_digits(rows, error);
    if (code == HRA_OK) code = hra_status_writer_new(graph, schema, threads, &rows->status, error);
    if (code == HRA_OK) code = hra_kept_text_new(schema, &rows->kept, error);
    if (code == HRA_OK)
        *out = rows;
    else
        hra_result_rows_free(rows);
    return code;
}

void hra_result_rows_free(hra_result_rows *rows)
{
    if (!rows) return;
    hra_status_writer_free(rows->status);
    hra_kept_text_free(rows->kept);
    for (int t = 0; rows->digits && t < rows->threads; t++) free(rows->digits[t]);
    free(rows->digits);
    free(rows);
}

void hra_result_rows_header(const hra_result_rows *rows, hra_buffer *out)
{
    hra_buffer_text(out, "person_id");
    for (int i = 0; i < rows->output_count; i++) {
        hra_buffer_char(out, ',');
        hra_buffer_csv(out, rows->outputs[i].id);
        if (rows->outputs[i].status_of != i) continue;
        hra_buffer_char(out, ',');
        hra_buffer_text(out, hra_output_status_owner(rows->outputs, rows->output_count, i));
        hra_buffer_text(out, ".status");
    }
    hra_kept_text_header(rows->kept, out);
    hra_buffer_char(out, '\n');
}

void hra_write_number(hra_buffer *out, double value, bool full_precision)
{
    if (isnan(value)) return;
    bool whole = value == floor(value) && fabs(value) < 1e15;
    if (full_precision && !whole) {
        hra_buffer_printf(out, "%.17g", value);
        return;
    }
    char *text = hra_buffer_room(out, HRA_NUMBER_TEXT);
    if (text) out->length += (size_t)(whole ? hra_format_whole(value, text) : hra_format_six_digits(value, text));
}

static void put_value(const hra_result_rows *rows, const hra_results *results, int output, int row, hra_buffer *out)
{
    double value = hra_results_value(results, output, row);
    if (isnan(value)) return;
    if (rows->outputs[output].kind == HRA_OUTPUT_CATEGORY)
        hra_buffer_csv(out, rows->outputs[output].levels[(int)value]);
    else
        hra_write_number(out, value, rows->full_precision);
}

/* How many outputs from this one on have this status, each its own. */
static int count_alike(const hra_result_rows *rows, const hra_results *results, int output, int row, unsigned status)
{
    int end = output + 1;
    while (end < rows->output_count && rows->outputs[end].status_of == end && results->status[end][row] == status)
        end++;
    return end - output;
}

/* The cells of an output, which has a status of its own, and of those after it that lack the same; how many they are.
 */
static int put_with_status(hra_result_rows *rows, int thread, const hra_chunk *chunk, const hra_results *results,
                           int output, int row, hra_buffer *out)
{
    unsigned status = results->status[output][row];
    if (status & HRA_STATUS_MISSING) { /* then the value is unknown */
        int count = count_alike(rows, results, output, row, status);
        hra_status_missing_cells(rows->status, thread, chunk, row, rows->outputs + output, count, status, out);
        return count;
    }
    hra_buffer_char(out, ',');
    put_value(rows, results, output, row, out);
    hra_buffer_char(out, ',');
    hra_status_cell(rows->status, thread, chunk, row, &rows->outputs[output], status, out);
    return 1;
}

/* The commonest cells, ",0.0123456,ok". */
enum { SHARE_CELLS = HRA_SHARE_TEXT + 8 };

static char *put_share(uint64_t digits, char *at)
{
    *at++ = ',';
    at += hra_share_text(digits, at);
    memcpy(at, ",ok", 4);
    return at + 3;
}

/* The digits of a block of rows of all outputs that have a status of their own, where it is "ok"; else 0: to be put by
 * other means. */
static void find_digits(const hra_result_rows *rows, const hra_results *results, int start, int count, uint64_t *digits)
{
    if (rows->full_precision) return;
    for (int i = 0; i < rows->output_count; i++) {
        uint64_t *of_output = digits + (size_t)i * BLOCK_ROWS;
        if (!results->numbers[i] || rows->outputs[i].status_of != i) continue;
        hra_share_digits(rows->level, results->numbers[i] + start, count, of_output);
        const uint8_t *status = results->status[i] + start;
        for (int r = 0; r < count; r++) of_output[r] &= (uint64_t)(status[r] != 0) - 1; /* all bits where it is "ok" */
    }
}

/* The outputs from this one on that have digits; returns the first that has none. */
static int put_shares(const hra_result_rows *rows, const uint64_t *digits, int output, hra_buffer *out)
{
    const int count = rows->output_count;
    char *at = hra_buffer_room(out, (size_t)(count - output) * SHARE_CELLS), *start = at;
    if (!at) return count;
    for (; output < count && digits[(size_t)output * BLOCK_ROWS] != 0; output++)
        at = put_share(digits[(size_t)output * BLOCK_ROWS], at);
    out->length += (size_t)(at - start);
    return output;
}

static void put_cells(hra_result_rows *rows, int thread, const hra_chunk *chunk, const hra_results *results, int row,
                      hra_buffer *out)
{
    const uint64_t *digits = rows->digits[thread] + row % BLOCK_ROWS;
    for (int i = 0; i < rows->output_count;) {
        if (digits[(size_t)i * BLOCK_ROWS] != 0) {
            i = put_shares(rows, digits, i, out);
        } else if (rows->outputs[i].status_of == i) {
            i += put_with_status(rows, thread, chunk, results, i, row, out);
        } else {
            hra_buffer_char(out, ',');
            put_value(rows, results, i++, row, out);
        }
    }
}

hra_code hra_result_rows_format(hra_result_rows *rows, int thread, const hra_chunk *chunk, const hra_results *results,
                                hra_buffer *out, hra_error *error)
{
    double *kept = NULL;
    HRA_TRY(hra_kept_text_read(rows->kept, chunk, &kept, error));
    for (int r = 0; r < results->rows; r++) {
        int left = results->rows - r;
        if (r % BLOCK_ROWS == 0)
            find_digits(rows, results, r, left < BLOCK_ROWS ? left : BLOCK_ROWS, rows->digits[thread]);
        if (chunk->keys) hra_buffer_csv(out, chunk->keys[r]);
        put_cells(rows, thread, chunk, results, r, out);
        hra_kept_text_row(rows->kept, chunk, kept, r, out);
        hra_buffer_char(out, '\n');
    }
    free(kept);
    return out->failed ? hra_fail(error, HRA_ENOMEM, "out of memory while writing results") : HRA_OK;
}
