#include "report/result_csv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number_text.h"
#include "io/atomic_file.h"
#include "report/kept_text.h"

struct hra_result_csv {
    hra_sink sink;
    const hra_output *outputs;
    int output_count;
    bool full_precision;
    hra_kept_text *kept; /* columns that travel with the rows */
    hra_status_writer *status;
    hra_atomic_file *file; /* NULL: standard output */
    int64_t rows_written;
};

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

static void write_value(hra_buffer *out, const hra_output *output, double value, bool full_precision)
{
    if (isnan(value)) return;
    if (output->kind == HRA_OUTPUT_CATEGORY)
        hra_buffer_csv(out, output->levels[(int)value]);
    else
        hra_write_number(out, value, full_precision);
}

static hra_code format_rows(hra_result_csv *csv, int thread, const hra_chunk *chunk, const hra_results *results,
                            hra_buffer *text, hra_error *error)
{
    double *kept = NULL;
    HRA_TRY(hra_kept_text_read(csv->kept, chunk, &kept, error));
    for (int r = 0; r < results->rows; r++) {
        if (chunk->keys) hra_buffer_csv(text, chunk->keys[r]);
        for (int i = 0; i < csv->output_count; i++) {
            const hra_output *o = &csv->outputs[i];
            hra_buffer_char(text, ',');
            write_value(text, o, hra_results_value(results, i, r), csv->full_precision);
            if (o->status_of != i) continue;
            hra_buffer_char(text, ',');
            hra_status_cell(csv->status, thread, chunk, r, o, results->status[i][r], text);
        }
        hra_kept_text_row(csv->kept, chunk, kept, r, text);
        hra_buffer_char(text, '\n');
    }
    free(kept);
    return text->failed ? hra_fail(error, HRA_ENOMEM, "out of memory while writing results") : HRA_OK;
}

static void discard(hra_sink *sink, void *prepared)
{
    hra_buffer *text = prepared;
    if (!text) return;
    hra_buffer_destroy(text);
    free(text);
}

static hra_code prepare(hra_sink *sink, int thread, const hra_chunk *chunk, const hra_results *results, void **prepared,
                        hra_error *error)
{
    hra_buffer *text = calloc(1, sizeof *text);
    if (!text) return hra_fail(error, HRA_ENOMEM, "out of memory");
    hra_code code = format_rows((hra_result_csv *)sink, thread, chunk, results, text, error);
    if (code == HRA_OK) {
        *prepared = text;
        return HRA_OK;
    }
    discard(sink, text);
    return code;
}

static FILE *stream_of(const hra_result_csv *csv) { return csv->file ? hra_atomic_stream(csv->file) : stdout; }

/* Without a stored key the row number, from 1, is the key. It is known only here, in order. */
static bool write_numbered(FILE *out, const hra_buffer *text, int64_t first)
{
    const char *line = text->bytes, *end = text->bytes + text->length;
    for (int64_t row = first; line < end; row++) {
        const char *next = memchr(line, '\n', (size_t)(end - line));
        next = next ? next + 1 : end;
        if (fprintf(out, "%lld", (long long)(row + 1)) < 0) return false;
        if (fwrite(line, 1, (size_t)(next - line), out) != (size_t)(next - line)) return false;
        line = next;
    }
    return true;
}

static hra_code commit(hra_sink *sink, const hra_chunk *chunk, const hra_results *results, void *prepared,
                       hra_error *error)
{
    hra_result_csv *csv = (hra_result_csv *)sink;
    hra_buffer *text = prepared;
    if (!text) return HRA_OK;
    FILE *out = stream_of(csv);
    bool ok = true;
    if (text->length > 0) /* a slice behind the end of a short chunk has no rows */
        ok = chunk->keys ? fwrite(text->bytes, 1, text->length, out) == text->length
                         : write_numbered(out, text, csv->rows_written);
    csv->rows_written += results->rows;
    discard(sink, text);
    return ok ? HRA_OK : hra_fail(error, HRA_EIO, "writing results failed: %m");
}

static hra_code write_header(const hra_result_csv *csv, hra_error *error)
{
    hra_buffer head = {0};
    hra_buffer_text(&head, "person_id");
    for (int i = 0; i < csv->output_count; i++) {
        hra_buffer_char(&head, ',');
        hra_buffer_csv(&head, csv->outputs[i].id);
        if (csv->outputs[i].status_of != i) continue;
        hra_buffer_char(&head, ',');
        hra_buffer_text(&head, hra_output_status_owner(csv->outputs, csv->output_count, i));
        hra_buffer_text(&head, ".status");
    }
    hra_kept_text_header(csv->kept, &head);
    hra_buffer_char(&head, '\n');
    hra_code code = HRA_OK;
    if (head.failed)
        code = hra_fail(error, HRA_ENOMEM, "out of memory");
    else if (fwrite(head.bytes, 1, head.length, stream_of(csv)) != head.length)
        code = hra_fail(error, HRA_EIO, "writing results failed: %m");
    hra_buffer_destroy(&head);
    return code;
}

hra_code hra_result_csv_new(const char *path, const hra_graph *graph, const hra_output *outputs, int output_count,
                            const hra_schema *schema, const hra_result_csv_options *options, hra_result_csv **out,
                            hra_error *error)
{
    hra_result_csv *csv = calloc(1, sizeof *csv);
    if (!csv) return hra_fail(error, HRA_ENOMEM, "out of memory");
    *csv = (hra_result_csv){.sink = {.prepare = prepare, .commit = commit},
                            .outputs = outputs,
                            .output_count = output_count,
                            .full_precision = options->full_precision};
    hra_code code = hra_status_writer_new(graph, schema, options->threads, &csv->status, error);
    if (code == HRA_OK) code = hra_kept_text_new(schema, &csv->kept, error);
    if (code == HRA_OK && strcmp(path, "-") != 0) code = hra_atomic_open(path, &csv->file, error);
    if (code == HRA_OK) code = write_header(csv, error);
    if (code != HRA_OK) {
        hra_result_csv_free(csv);
        return code;
    }
    *out = csv;
    return HRA_OK;
}

hra_sink *hra_result_csv_sink(hra_result_csv *csv) { return &csv->sink; }

hra_code hra_result_csv_finish(hra_result_csv *csv, hra_error *error)
{
    if (!csv->file) return fflush(stdout) == 0 ? HRA_OK : hra_fail(error, HRA_EIO, "writing results failed: %m");
    hra_atomic_file *file = csv->file;
    csv->file = NULL;
    return hra_atomic_commit(file, error);
}

void hra_result_csv_free(hra_result_csv *csv)
{
    if (!csv) return;
    hra_atomic_abandon(csv->file);
    hra_status_writer_free(csv->status);
    hra_kept_text_free(csv->kept);
    free(csv);
}
