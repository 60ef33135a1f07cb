/* Any text table as columns: row by row, strictly. */
#include <stdlib.h>
#include <string.h>

#include "io/csv/csv_cells.h"
#include "io/csv/csv_records.h"
#include "io/results/number_table_parts.h"

enum { BATCH_ROWS = 16384, BATCH_BYTES = 1 << 20 };

typedef struct text_source {
    hra_record_reader *reader;
    hra_batch batch;
    hra_buffer scratch, cell;
    int next; /* the record of the batch to read, after the header */
} text_source;

/* Without the spaces around it. */
static hra_cell_text trimmed(hra_cell_text cell)
{
    while (cell.length > 0 && cell.text[0] == ' ') cell.text++, cell.length--;
    while (cell.length > 0 && cell.text[cell.length - 1] == ' ') cell.length--;
    return cell;
}

/* ---- the header ---- */

static hra_code read_header(hra_number_table *t, text_source *s, hra_error *error)
{
    HRA_TRY(hra_record_reader_next(s->reader, BATCH_ROWS, BATCH_BYTES, &s->batch, error));
    if (s->batch.count == 0) return hra_fail(error, HRA_EINPUT, "%s is empty: a header and rows are needed", t->path);
    const hra_record *r = &s->batch.records[0];
    HRA_TRY(hra_number_table_begin(t, (int)r->cells, error));
    hra_cells cells =
        hra_cells_begin(s->batch.text.bytes + r->start, r->length, hra_record_reader_delimiter(s->reader), &s->scratch);
    while (!cells.done && t->width < (int)r->cells) {
        hra_cell_text cell = trimmed(hra_cells_next(&cells));
        HRA_TRY(hra_number_table_name_column(t, cell.text, cell.length, error));
    }
    hra_record_reader_set_width(s->reader, (uint32_t)t->width);
    s->next = 1;
    return HRA_OK;
}

static void close_text(void *state)
{
    text_source *s = state;
    if (s->reader) hra_record_reader_close(s->reader);
    hra_batch_destroy(&s->batch);
    hra_buffer_destroy(&s->scratch);
    hra_buffer_destroy(&s->cell);
    free(s);
}

/* ---- rows ---- */

static hra_code grow(hra_number_table *t, hra_error *error)
{
    if (t->rows < t->capacity) return HRA_OK;
    return hra_number_table_room(t, t->capacity ? 2 * t->capacity : BATCH_ROWS, error);
}

static hra_code put_number(hra_number_table *t, hra_number_column *k, const char *text, int64_t line, hra_error *error)
{
    if (!hra_number_cell(text, &k->numbers[t->rows]))
        return hra_fail(error, HRA_EINPUT,
                        "%s:%lld: column '%s' holds a text of %zu bytes where a number is needed "
                        "(empty cells, NA and NaN are missing)",
                        t->path, (long long)line, k->name, strlen(text));
    return HRA_OK;
}

static hra_code put_record(hra_number_table *t, text_source *s, const hra_record *r, hra_error *error)
{
    if (r->fault != HRA_RECORD_GOOD)
        return hra_fail(error, HRA_EINPUT, "%s:%lld: the row cannot be read: %s", t->path, (long long)r->line,
                        r->fault == HRA_RECORD_NUL ? "it holds NUL bytes" : "a quote is not closed");
    if ((int)r->cells != t->width)
        return hra_fail(error, HRA_EINPUT, "%s:%lld: %u cells where the header has %d", t->path, (long long)r->line,
                        r->cells, t->width);
    HRA_TRY(grow(t, error));
    hra_cells cells =
        hra_cells_begin(s->batch.text.bytes + r->start, r->length, hra_record_reader_delimiter(s->reader), &s->scratch);
    for (int c = 0; c < t->width; c++) {
        hra_cell_text cell = trimmed(hra_cells_next(&cells));
        hra_number_column *k = &t->columns[c];
        if (!k->want_numbers && !k->want_texts) continue;
        hra_buffer_clear(&s->cell);
        hra_buffer_append(&s->cell, cell.text, cell.length);
        if (s->cell.failed) return hra_number_table_no_memory(t, error);
        if (k->want_numbers) HRA_TRY(put_number(t, k, s->cell.bytes, r->line, error));
        if (k->want_texts) HRA_TRY(hra_number_table_intern(t, k, s->cell.bytes, &k->texts[t->rows], error));
    }
    t->rows++;
    return HRA_OK;
}

static hra_code read_text(hra_number_table *t, hra_error *error)
{
    text_source *s = t->state;
    while (s->batch.count > 0) {
        for (; s->next < s->batch.count; s->next++) HRA_TRY(put_record(t, s, &s->batch.records[s->next], error));
        HRA_TRY(hra_record_reader_next(s->reader, BATCH_ROWS, BATCH_BYTES, &s->batch, error));
        s->next = 0;
    }
    return HRA_OK;
}

hra_code hra_number_text_open(hra_number_table *t, hra_error *error)
{
    static const hra_number_source source = {read_text, close_text};
    hra_text_facts facts;
    HRA_TRY(hra_text_examine(t->path, NULL, &facts, error));
    text_source *s = calloc(1, sizeof *s);
    if (!s) return hra_number_table_no_memory(t, error);
    t->source = &source;
    t->state = s;
    HRA_TRY(hra_record_reader_open(t->path, &facts, 0, &s->reader, error));
    return read_header(t, s, error);
}
