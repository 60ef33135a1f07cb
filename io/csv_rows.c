#include "io/csv_rows.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/csv_cells.h"
#include "io/id_set.h"
#include "io/text_fold.h"

/* Text of one batch; with usual rows the number of rows ends it first. Memory is this times the chunks under way. */
enum { BATCH_BYTES = 16 << 20 };

struct hra_rows {
    const hra_binding *binding;
    const hra_csv_options *options;
    hra_record_reader *reader; /* of the present file; NULL: not open */
    int file;
    int64_t input_rows, kept_rows;
    int64_t bytes_before; /* of finished files */
    int64_t bytes_done;   /* read by another thread */
    hra_row_counts *counts;
    hra_buffer scratch;
    /* KEEP_FIRST: line of the first row. KEEP_LAST: number of the last row. REJECT: 1 once, 2 several times. */
    hra_id_set *ids;
    bool census; /* the reading beforehand */
};

static hra_code out_of_memory(hra_error *error) { return hra_fail(error, HRA_ENOMEM, "out of memory"); }

/* ---- what rows are ---------------------------------------------------------------------- */

/* Only separators, spaces and quotes. */
static bool is_empty_row(const char *text, size_t length, char delimiter)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] != delimiter && text[i] != ' ' && text[i] != '\t' && text[i] != '"') return false;
    return true;
}

/* "合计,1203": sums that reports put under a table. */
static bool is_total(const char *text, size_t length)
{
    static const char *const words[] = {"合计", "总计", "小计", "共计", "total"};
    while (length > 0 && (*text == '"' || *text == ' ')) text++, length--;
    unsigned char c = length > 0 ? (unsigned char)*text : 0;
    if (c != 't' && c != 'T' && c < 0x80) return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t n = strlen(words[i]);
        if (length < n || strncasecmp(text, words[i], n) != 0) continue;
        return length == n || strchr(",;:|\t \"", text[n]) || strncmp(text + n, "：", 3) == 0;
    }
    return false;
}

/* The identifier of a row; may point into scratch. */
static void find_identifier(hra_rows *rows, const hra_file_plan *plan, const char *text, const hra_record *record,
                            const char **identifier, size_t *length)
{
    hra_cells cells = hra_cells_begin(text, record->length, plan->delimiter, &rows->scratch);
    hra_cell_text cell = {"", 0, false};
    for (int i = 0; i <= plan->id && !cells.done; i++) {
        cell = hra_cells_next(&cells);
        if (i < plan->id) cell.length = 0;
    }
    *identifier = cell.text;
    *length = cell.length;
    hra_clean_identifier(identifier, length);
}

static hra_row_verdict judge_form(const hra_file_plan *plan, const char *text, const hra_record *record)
{
    if (record->fault == HRA_RECORD_UNCLOSED) return HRA_ROW_UNCLOSED;
    if (record->fault == HRA_RECORD_NUL) return HRA_ROW_NUL;
    bool odd_start = *text == plan->delimiter || *text == ' ' || *text == '\t' || *text == '"';
    if (odd_start && is_empty_row(text, record->length, plan->delimiter)) return HRA_ROW_EMPTY;
    if (record->cells > (uint32_t)plan->width) return HRA_ROW_TOO_WIDE;
    if (record->length == plan->header_length && memcmp(text, plan->header_text, record->length) == 0)
        return HRA_ROW_HEADER;
    return is_total(text, record->length) ? HRA_ROW_TOTAL : HRA_ROW_KEPT;
}

/* ---- duplicates -------------------------------------------------------------------------- */

/* `number` is the row's number over all files, from 1. */
static hra_code judge_duplicate(hra_rows *rows, const char *identifier, size_t length, int64_t number, int64_t line,
                                hra_row_verdict *verdict, int64_t *other_line, hra_error *error)
{
    bool added;
    int64_t *kept = hra_id_set_at(rows->ids, identifier, length, &added);
    if (!kept) return out_of_memory(error);
    hra_duplicate_rule rule = rows->options->duplicates;
    bool stands = true;
    if (rows->census) {
        *kept = rule == HRA_DUPLICATE_KEEP_LAST ? number : added ? 1 : 2;
    } else if (rule == HRA_DUPLICATE_KEEP_FIRST) {
        stands = added;
        if (added) *kept = line;
        *other_line = stands ? 0 : *kept;
    } else {
        stands = *kept == (rule == HRA_DUPLICATE_KEEP_LAST ? number : 1);
    }
    *verdict = stands ? HRA_ROW_KEPT : HRA_ROW_DUPLICATE;
    return HRA_OK;
}

static hra_code judge_row(hra_rows *rows, const char *text, const hra_record *record, int64_t number,
                          hra_row_verdict *verdict, int64_t *other_line, hra_error *error)
{
    const hra_file_plan *plan = &rows->binding->files[rows->file];
    *other_line = 0;
    *verdict = judge_form(plan, text, record);
    if (*verdict != HRA_ROW_KEPT || plan->id < 0 || (!rows->options->require_id && !rows->ids)) return HRA_OK;
    const char *identifier;
    size_t length;
    find_identifier(rows, plan, text, record, &identifier, &length);
    if (rows->scratch.failed) return out_of_memory(error);
    if (length == 0) {
        if (rows->options->require_id) *verdict = HRA_ROW_NO_ID;
    } else if (rows->options->require_id && hra_identifier_is_damaged(identifier, length)) {
        *verdict = HRA_ROW_DAMAGED_ID;
    } else if (rows->ids) {
        return judge_duplicate(rows, identifier, length, number, record->line, verdict, other_line, error);
    }
    return HRA_OK;
}

static hra_code judge_batch(hra_rows *rows, hra_work *work, hra_error *error)
{
    if (work->judged_capacity < work->batch.count) {
        uint8_t *verdicts = realloc(work->verdicts, (size_t)work->batch.count);
        if (verdicts) work->verdicts = verdicts;
        int64_t *lines = realloc(work->other_lines, (size_t)work->batch.count * sizeof *lines);
        if (lines) work->other_lines = lines;
        if (!verdicts || !lines) return out_of_memory(error);
        work->judged_capacity = work->batch.count;
    }
    hra_row_counts *counts = &rows->counts[rows->file];
    work->kept = 0;
    for (int i = 0; i < work->batch.count; i++) {
        const hra_record *record = &work->batch.records[i];
        hra_row_verdict verdict;
        HRA_TRY(judge_row(rows, work->batch.text.bytes + record->start, record, rows->input_rows + i + 1, &verdict,
                          &work->other_lines[i], error));
        work->verdicts[i] = (uint8_t)verdict;
        work->kept += verdict == HRA_ROW_KEPT;
        counts->duplicates += verdict == HRA_ROW_DUPLICATE;
    }
    work->file = rows->file;
    work->first_row = rows->kept_rows;
    work->first_input_row = rows->input_rows;
    rows->input_rows += work->batch.count;
    rows->kept_rows += work->kept;
    counts->rows += work->batch.count;
    counts->rejected += work->batch.count - work->kept;
    return HRA_OK;
}

/* ---- files ---------------------------------------------------------------------------------- */

static hra_code open_file(hra_rows *rows, hra_error *error)
{
    const hra_file_plan *plan = &rows->binding->files[rows->file];
    HRA_TRY(hra_record_reader_open(plan->path, &plan->text, plan->delimiter, &rows->reader, error));
    hra_record_reader_set_width(rows->reader, (uint32_t)plan->width);
    return HRA_OK;
}

static void close_file(hra_rows *rows)
{
    rows->bytes_before += rows->binding->files[rows->file].text.file_bytes;
    hra_record_reader_close(rows->reader);
    rows->reader = NULL;
    rows->file++;
}

/* Header and titles above it are no rows. */
static void drop_header(const hra_file_plan *plan, hra_batch *batch)
{
    int above = 0;
    while (above < batch->count && batch->records[above].line <= plan->header_line) above++;
    if (above == 0) return;
    memmove(batch->records, batch->records + above, sizeof *batch->records * (size_t)(batch->count - above));
    batch->count -= above;
}

hra_code hra_rows_next(hra_rows *rows, hra_work *work, hra_error *error)
{
    while (rows->file < rows->binding->file_count) {
        if (!rows->reader) HRA_TRY(open_file(rows, error));
        HRA_TRY(hra_record_reader_next(rows->reader, HRA_CHUNK_ROWS, BATCH_BYTES, &work->batch, error));
        int read = work->batch.count;
        if (read == 0) {
            close_file(rows);
            continue;
        }
        __atomic_store_n(&rows->bytes_done, rows->bytes_before + hra_record_reader_bytes_done(rows->reader),
                         __ATOMIC_RELAXED);
        drop_header(&rows->binding->files[rows->file], &work->batch);
        if (work->batch.count > 0) return judge_batch(rows, work, error);
    }
    work->batch.count = 0;
    return HRA_OK;
}

/* ---- life ------------------------------------------------------------------------------------- */

static void rewind_rows(hra_rows *rows)
{
    rows->file = 0;
    rows->input_rows = rows->kept_rows = rows->bytes_before = rows->bytes_done = 0;
    memset(rows->counts, 0, sizeof *rows->counts * (size_t)rows->binding->file_count);
}

/* Reads every identifier once, to know the last row of each or which ones repeat. */
static hra_code take_census(hra_rows *rows, hra_error *error)
{
    hra_work *work = hra_work_new(rows->binding);
    if (!work) return out_of_memory(error);
    rows->census = true;
    hra_code code;
    while ((code = hra_rows_next(rows, work, error)) == HRA_OK && work->batch.count > 0) continue;
    rows->census = false;
    hra_work_free(work, rows->binding);
    rewind_rows(rows);
    return code;
}

hra_code hra_rows_new(const hra_binding *binding, const hra_csv_options *options, hra_rows **out, hra_error *error)
{
    *out = NULL;
    hra_rows *rows = calloc(1, sizeof *rows);
    if (!rows) return out_of_memory(error);
    rows->binding = binding;
    rows->options = options;
    rows->counts = calloc((size_t)binding->file_count, sizeof *rows->counts);
    bool any_ids = false;
    for (int i = 0; i < binding->file_count; i++) any_ids |= binding->files[i].id >= 0;
    bool needs_set = any_ids && options->duplicates != HRA_DUPLICATE_KEEP_ALL;
    if (needs_set) rows->ids = hra_id_set_new();
    hra_code code = !rows->counts || (needs_set && !rows->ids) ? out_of_memory(error) : HRA_OK;
    if (code == HRA_OK && needs_set && options->duplicates != HRA_DUPLICATE_KEEP_FIRST) code = take_census(rows, error);
    if (code != HRA_OK) {
        hra_rows_free(rows);
        return code;
    }
    *out = rows;
    return HRA_OK;
}

void hra_rows_free(hra_rows *rows)
{
    if (!rows) return;
    hra_record_reader_close(rows->reader);
    hra_id_set_free(rows->ids);
    hra_buffer_destroy(&rows->scratch);
    free(rows->counts);
    free(rows);
}

int64_t hra_rows_bytes_done(const hra_rows *rows) { return __atomic_load_n(&rows->bytes_done, __ATOMIC_RELAXED); }

const hra_row_counts *hra_rows_counts(const hra_rows *rows, int file) { return &rows->counts[file]; }
