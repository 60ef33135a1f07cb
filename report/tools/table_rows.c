#include "report/tools/table_rows.h"

#include <stdlib.h>
#include <string.h>

#include "io/csv/csv_cells.h"
#include "io/csv/csv_records.h"

enum { BATCH_RECORDS = 2048, BATCH_BYTES = 1 << 20 };

struct hra_table_rows {
    const char *path;
    hra_record_reader *reader;
    hra_batch batch;
    int at; /* next record of the batch */
    int width;
    hra_buffer scratch, header, text;
    size_t start[HRA_TABLE_COLUMNS];
    const char *names[HRA_TABLE_COLUMNS], *cells[HRA_TABLE_COLUMNS];
};

static hra_code next_record(hra_table_rows *t, const hra_record **record, hra_error *error)
{
    *record = NULL;
    if (t->at == t->batch.count) {
        HRA_TRY(hra_record_reader_next(t->reader, BATCH_RECORDS, BATCH_BYTES, &t->batch, error));
        t->at = 0;
        if (t->batch.count == 0) return HRA_OK;
    }
    const hra_record *r = &t->batch.records[t->at++];
    if (r->fault != HRA_RECORD_GOOD)
        return hra_fail(error, HRA_EINPUT, "%s:%lld: the line is damaged (a quote that is not closed, or NUL bytes)",
                        t->path, (long long)r->line);
    *record = r;
    return HRA_OK;
}

/* The cells of a record into `text`, each with its NUL; empty cells beyond `most` are passed over. */
static hra_code cut(hra_table_rows *t, const hra_record *record, int most, hra_buffer *text, int *count,
                    hra_error *error)
{
    hra_cells cells = hra_cells_begin(t->batch.text.bytes + record->start, record->length,
                                      hra_record_reader_delimiter(t->reader), &t->scratch);
    hra_buffer_clear(text);
    *count = 0;
    while (!cells.done) {
        hra_cell_text cell = hra_cells_next(&cells);
        if (*count == most && cell.length == 0) continue;
        if (*count == most)
            return hra_fail(error, HRA_EINPUT, "%s:%lld: more than %d cells", t->path, (long long)record->line, most);
        t->start[(*count)++] = text->length;
        hra_buffer_append(text, cell.text, cell.length);
        hra_buffer_char(text, '\0');
    }
    return text->failed || t->scratch.failed ? hra_out_of_memory(error) : HRA_OK;
}

static hra_code read_header(hra_table_rows *t, hra_error *error)
{
    const hra_record *record;
    HRA_TRY(next_record(t, &record, error));
    if (!record) return hra_fail(error, HRA_EINPUT, "%s is empty: it has no header line", t->path);
    HRA_TRY(cut(t, record, HRA_TABLE_COLUMNS, &t->header, &t->width, error));
    for (int i = 0; i < t->width; i++) t->names[i] = t->header.bytes + t->start[i];
    return HRA_OK;
}

hra_code hra_table_rows_open(const char *path, char delimiter, hra_table_rows **out, hra_error *error)
{
    hra_text_facts facts;
    hra_table_rows *t = calloc(1, sizeof *t);
    if (!t) return hra_out_of_memory(error);
    t->path = path;
    hra_code code = hra_text_examine(path, NULL, &facts, error);
    if (!code) code = hra_record_reader_open(path, &facts, delimiter, &t->reader, error);
    if (!code) code = read_header(t, error);
    if (code)
        hra_table_rows_close(t);
    else
        *out = t;
    return code;
}

void hra_table_rows_close(hra_table_rows *t)
{
    if (!t) return;
    hra_record_reader_close(t->reader);
    hra_batch_destroy(&t->batch);
    hra_buffer_destroy(&t->scratch);
    hra_buffer_destroy(&t->header);
    hra_buffer_destroy(&t->text);
    free(t);
}

int hra_table_rows_width(const hra_table_rows *t) { return t->width; }
const char *hra_table_rows_name(const hra_table_rows *t, int column) { return t->names[column]; }

int hra_table_rows_find(const hra_table_rows *t, const char *name)
{
    for (int i = 0; i < t->width; i++)
        if (strcmp(t->names[i], name) == 0) return i;
    return -1;
}

hra_code hra_table_rows_next(hra_table_rows *t, const char *const **cells, hra_error *error)
{
    const hra_record *record;
    int count;
    *cells = NULL;
    HRA_TRY(next_record(t, &record, error));
    if (!record) return HRA_OK;
    HRA_TRY(cut(t, record, t->width, &t->text, &count, error));
    for (int i = 0; i < t->width; i++) t->cells[i] = i < count ? t->text.bytes + t->start[i] : "";
    *cells = t->cells;
    return HRA_OK;
}
