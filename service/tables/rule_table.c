#include "service/tables/rule_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/language/library.h"
#include "io/csv/csv_cells.h"
#include "io/csv/csv_records.h"
#include "io/words/cell_value.h"

enum { MOST_BYTES = 4 << 20, MOST_COLUMNS = 64 };

typedef struct reading {
    hra_rule_table *table;
    hra_arena *arena;
    const char *const *columns;
    int column_count, capacity;
    int place[MOST_COLUMNS]; /* which of the columns stands at each place of the file */
    int width;
} reading;

static hra_code read_file(const char *path, hra_buffer *text, hra_error *error)
{
    FILE *file = fopen(path, "rb");
    if (!file) return hra_fail(error, HRA_EINPUT, "%s cannot be opened: %s", path, strerror(errno));
    for (size_t got = 1; got > 0 && text->length <= MOST_BYTES;) {
        char *room = hra_buffer_reserve(text, 65536);
        got = room ? fread(room, 1, 65536, file) : 0;
        text->length += got;
    }
    bool failed = ferror(file) != 0;
    fclose(file);
    if (text->failed) return hra_out_of_memory(error);
    if (failed) return hra_fail(error, HRA_EIO, "%s cannot be read: %s", path, strerror(errno));
    if (text->length > MOST_BYTES) return hra_fail(error, HRA_EINPUT, "%s is too long for a table of rules", path);
    return HRA_OK;
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/* A cell without blanks at its ends. */
static const char *keep_cell(reading *r, hra_cell_text cell)
{
    const char *text = cell.text;
    size_t length = cell.length;
    while (length > 0 && is_blank(text[length - 1])) length--;
    while (length > 0 && is_blank(*text)) {
        text++;
        length--;
    }
    return hra_arena_text_n(r->arena, text, length);
}

static hra_code read_header(reading *r, hra_cells cells, int line, hra_error *error)
{
    bool found[MOST_COLUMNS] = {false};
    while (!cells.done) {
        const char *name = keep_cell(r, hra_cells_next(&cells));
        int column = 0;
        if (!name) return hra_out_of_memory(error);
        while (column < r->column_count && strcmp(r->columns[column], name) != 0) column++;
        if (column == r->column_count || found[column] || r->width == MOST_COLUMNS)
            return hra_fail(error, HRA_EINPUT, "%s:%d: the column '%s' is %s", r->table->file, line, name,
                            column == r->column_count ? "not known here" : "there twice");
        found[column] = true;
        r->place[r->width++] = column;
    }
    for (int i = 0; i < r->column_count; i++)
        if (!found[i])
            return hra_fail(error, HRA_EINPUT, "%s:%d: the column '%s' is missing", r->table->file, line,
                            r->columns[i]);
    return HRA_OK;
}

static hra_code read_row(reading *r, hra_cells cells, int line, hra_error *error)
{
    hra_rule_table *t = r->table;
    const char **row = hra_arena_alloc(r->arena, (size_t)r->column_count * sizeof *row);
    if (!row) return hra_out_of_memory(error);
    for (int i = 0; i < r->column_count; i++) row[i] = "";
    for (int at = 0; !cells.done; at++) {
        const char *text = keep_cell(r, hra_cells_next(&cells));
        if (!text) return hra_out_of_memory(error);
        if (at >= r->width)
            return hra_fail(error, HRA_EINPUT, "%s:%d: more cells than the header has columns", t->file, line);
        row[r->place[at]] = text;
    }
    if (t->count == r->capacity) {
        int capacity = r->capacity ? 2 * r->capacity : 32;
        hra_rule_row *rows = hra_arena_alloc(r->arena, (size_t)capacity * sizeof *rows);
        if (!rows) return hra_out_of_memory(error);
        if (t->count) memcpy(rows, t->rows, (size_t)t->count * sizeof *rows);
        t->rows = rows;
        r->capacity = capacity;
    }
    t->rows[t->count++] = (hra_rule_row){row, line};
    return HRA_OK;
}

static hra_code read_text(reading *r, const char *text, size_t length, hra_error *error)
{
    hra_cutter cutter = {.delimiter = ','};
    hra_buffer scratch = {0};
    hra_code code = HRA_OK;
    size_t at = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    int64_t line = 1, lines;
    hra_record record;
    for (size_t next; !code && at < length && hra_cut_record(&cutter, text, length, at, true, &record, &next, &lines);
         at = next, line += lines) {
        const char *start = text + record.start;
        size_t size = record.length;
        while (size > 0 && is_blank(start[size - 1])) size--;
        if (size == 0 || *start == '#') continue;
        if (record.fault != HRA_RECORD_GOOD)
            code = hra_fail(error, HRA_EINPUT, "%s:%lld: a quote is not closed", r->table->file, (long long)line);
        hra_cells cells = hra_cells_begin(start, size, ',', &scratch);
        if (!code && r->width == 0)
            code = read_header(r, cells, (int)line, error);
        else if (!code)
            code = read_row(r, cells, (int)line, error);
    }
    hra_buffer_destroy(&scratch);
    if (!code && r->width == 0) code = hra_fail(error, HRA_EINPUT, "%s has no header line", r->table->file);
    return code;
}

hra_code hra_rule_table_load(const char *path, const char *builtin, const char *const *columns, int column_count,
                             hra_arena *arena, hra_rule_table *out, hra_error *error)
{
    *out = (hra_rule_table){.file = hra_arena_text(arena, path ? path : builtin)};
    reading r = {.table = out, .arena = arena, .columns = columns, .column_count = column_count};
    if (!out->file) return hra_out_of_memory(error);
    if (!path) {
        const hra_embedded *file = hra_embedded_file(builtin);
        if (!file) return hra_fail(error, HRA_EINTERNAL, "%s is not built in", builtin);
        return read_text(&r, (const char *)file->bytes, file->length, error);
    }
    hra_buffer text = {0};
    hra_code code = read_file(path, &text, error);
    if (!code) code = read_text(&r, text.bytes ? text.bytes : "", text.length, error);
    hra_buffer_destroy(&text);
    return code;
}

hra_code hra_rule_number(const hra_rule_table *table, const hra_rule_row *row, const char *const *columns, int column,
                         double empty, double *out, hra_error *error)
{
    const char *text = row->cells[column], *end = text + strlen(text);
    *out = empty;
    if (!*text) return HRA_OK;
    if (hra_read_decimal(text, end, out) == end) return HRA_OK;
    return hra_fail(error, HRA_EINPUT, "%s:%d: '%s' in the column '%s' is not a number", table->file, row->line, text,
                    columns[column]);
}
