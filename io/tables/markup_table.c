#include "io/tables/markup_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/tables/markup_reader.h"
#include "io/tables/xlsx_rows.h"
#include "io/tables/xlsx_strings.h"

enum { DEEPEST = 16, LAST_MERGED_ROW = 64, WIDEST_SPAN = 1000, LONGEST_SPAN = 65534 };

/* A table that is open; pages lay tables into the cells of others. */
typedef struct level {
    int index; /* of all tables of the file */
    int64_t row;
    int column, next;     /* of the cell, and behind it */
    int cells;            /* of the row */
    int64_t rows, filled; /* rows of two cells or more, and cells in them */
    bool in_row, in_cell;
    bool in_data, had_data; /* of an XML cell; a comment has such a part, too */
    bool is_day;            /* 2026-03-01T00:00:00.000 */
    uint16_t *below;        /* by column: rows that a cell above still covers */
    int covered;            /* the last such column */
    hra_buffer value;       /* of the cell */
    hra_merged_cells *merges;
    int merge_count;
} level;

struct hra_markup_table {
    const char *path, *wanted;
    hra_markup_reader *reader;
    level levels[DEEPEST];
    int depth; /* may be more than there are levels: what lies deeper is passed over */
    int count; /* tables begun */
    bool is_workbook;
    char sheet[HRA_TABLE_NAME];
    /* choosing */
    bool searches;
    hra_table_choice best;
    int64_t best_filled;
    /* reading */
    int chosen;
    char place[HRA_TABLE_NAME + 512];
    hra_xlsx_rows *rows;
    hra_buffer *out;
    hra_code fault;
    hra_error error;
};

static void fail(hra_markup_table *t)
{
    if (t->fault == HRA_OK) t->fault = hra_out_of_memory(&t->error);
}

static level *top(hra_markup_table *t) { return t->depth > 0 && t->depth <= DEEPEST ? &t->levels[t->depth - 1] : NULL; }

static bool is_chosen(const hra_markup_table *t, const level *l) { return !t->searches && l->index == t->chosen; }

/* ---- choosing ------------------------------------------------------------------------- */

static void name_of(const hra_markup_table *t, const level *l, char out[HRA_TABLE_NAME])
{
    if (t->is_workbook && *t->sheet)
        snprintf(out, HRA_TABLE_NAME, "%s", t->sheet);
    else
        snprintf(out, HRA_TABLE_NAME, "table %d", l->index + 1);
}

static void list_other(hra_table_choice *choice, const char *name)
{
    size_t length = strlen(choice->not_read);
    if (length + strlen(name) + sizeof ", ..." < sizeof choice->not_read)
        snprintf(choice->not_read + length, sizeof choice->not_read - length, "%s%s", length ? ", " : "", name);
}

/* A table of rows of several cells is one; of several the largest is read, as is the first of a workbook. */
static void weigh(hra_markup_table *t, const level *l)
{
    char name[HRA_TABLE_NAME];
    hra_table_choice *best = &t->best;
    if (l->rows < 1) return;
    name_of(t, l, name);
    best->count++;
    bool first = !*best->name, wanted = t->wanted && strcasecmp(t->wanted, name) == 0;
    bool better = t->wanted ? wanted : first || (!t->is_workbook && l->filled > t->best_filled);
    if (!better) {
        if (l->rows > 1) list_other(best, name);
        return;
    }
    if (!first && t->best_filled > 0) list_other(best, best->name);
    t->best_filled = l->rows > 1 ? l->filled : 0; /* a heading alone is not missed */
    best->index = l->index;
    snprintf(best->name, sizeof best->name, "%s", name);
    best->merge_count = l->merge_count;
    if (l->merge_count) memcpy(best->merges, l->merges, (size_t)l->merge_count * sizeof *l->merges);
}

/* ---- cells ---------------------------------------------------------------------------- */

/* 2024-03-05T08:12:00.000 is 2024-03-05 08:12:00; midnight is left out. */
static void shorten_day(hra_buffer *value)
{
    char *time = strchr(value->bytes, 'T'), *end = strchr(value->bytes, '.');
    if (!time) return;
    *time = ' ';
    if (strncmp(time, " 00:00:00", 9) == 0) end = time;
    if (end) *end = '\0';
    value->length = strlen(value->bytes);
}

static void end_cell(hra_markup_table *t, level *l)
{
    if (!l->in_cell) return;
    l->in_cell = l->in_data = false;
    if (!is_chosen(t, l)) return;
    if (l->value.failed) fail(t);
    hra_markup_plain(&l->value);
    if (l->is_day && l->value.bytes) shorten_day(&l->value);
    size_t length = l->value.length;
    const char *text = l->value.bytes;
    if (length > HRA_XLSX_LONGEST_TEXT && t->fault == HRA_OK)
        t->fault = hra_fail(&t->error, HRA_EINPUT, "%s: row %lld: a text in it is longer than any cell can hold",
                            t->place, (long long)l->row);
    if (t->fault == HRA_OK && length > 0) t->fault = hra_xlsx_rows_cell(t->rows, l->column, text, length, &t->error);
}

static void end_row(hra_markup_table *t, level *l)
{
    end_cell(t, l);
    if (!l->in_row) return;
    l->in_row = false;
    if (l->cells > 1) {
        l->rows++;
        l->filled += l->cells;
    }
    if (is_chosen(t, l) && t->fault == HRA_OK) t->fault = hra_xlsx_rows_end(t->rows, t->out, &t->error);
}

static int number_of(const char *attributes, const char *name, int least, int most)
{
    char text[16], *end;
    if (!hra_markup_attribute(attributes, name, text, sizeof text)) return least;
    long number = strtol(text, &end, 10);
    return end == text || number < least ? least : number > most ? most : (int)number;
}

/* One row less is covered by cells that reach down. */
static void step_down(level *l)
{
    int last = 0;
    for (int c = 1; c <= l->covered; c++)
        if (l->below[c] > 0 && --l->below[c] > 0) last = c;
    l->covered = last;
}

static void start_row(hra_markup_table *t, level *l, const char *attributes)
{
    end_row(t, l);
    int64_t index = t->is_workbook ? number_of(attributes, "index", 0, 1 << 24) : 0;
    l->in_row = true;
    l->next = 1;
    l->cells = 0;
    l->row = index > l->row ? index : l->row + 1;
    step_down(l);
    if (is_chosen(t, l) && t->fault == HRA_OK) t->fault = hra_xlsx_rows_begin(t->rows, l->row, &t->error);
}

static void note_merge(hra_markup_table *t, level *l, int columns, int rows)
{
    if (!t->searches || (columns == 1 && rows == 1) || l->row > LAST_MERGED_ROW) return;
    if (l->merge_count == HRA_TABLE_MERGES) return;
    int64_t last = l->row + rows - 1;
    l->merges[l->merge_count++] =
        (hra_merged_cells){(uint16_t)l->row, (uint16_t)(last < UINT16_MAX ? last : UINT16_MAX), (uint16_t)l->column,
                           (uint16_t)(l->column + columns - 1)};
}

static void start_cell(hra_markup_table *t, level *l, const char *attributes)
{
    end_cell(t, l);
    if (!l->in_row) start_row(t, l, "");
    bool book = t->is_workbook;
    int index = book ? number_of(attributes, "index", 0, HRA_XLSX_COLUMNS) : 0;
    int columns = book ? 1 + number_of(attributes, "mergeacross", 0, WIDEST_SPAN)
                       : number_of(attributes, "colspan", 1, WIDEST_SPAN);
    int rows = book ? 1 + number_of(attributes, "mergedown", 0, LONGEST_SPAN)
                    : number_of(attributes, "rowspan", 1, LONGEST_SPAN);
    l->column = index > l->next ? index : l->next;
    while (l->column <= l->covered && l->below[l->column] > 0) l->column++;
    l->next = l->column + columns;
    l->in_cell = true;
    l->in_data = !book;
    l->had_data = l->is_day = false;
    l->cells++;
    hra_buffer_clear(&l->value);
    note_merge(t, l, columns, rows);
    if (book || rows == 1) return; /* cells of a workbook know their columns */
    for (int c = l->column; c < l->next && c <= HRA_XLSX_COLUMNS; c++) {
        l->below[c] = (uint16_t)rows;
        if (c > l->covered) l->covered = c;
    }
}

/* ---- tables --------------------------------------------------------------------------- */

static void start_table(hra_markup_table *t)
{
    int index = t->count++;
    t->depth++;
    level *l = top(t);
    if (!l) return;
    *l = (level){.index = index};
    l->below = calloc(HRA_XLSX_COLUMNS + 1, sizeof *l->below);
    l->merges = t->searches ? malloc(HRA_TABLE_MERGES * sizeof *l->merges) : NULL;
    if (!l->below || (t->searches && !l->merges)) fail(t);
}

static void end_table(hra_markup_table *t)
{
    level *l = top(t);
    if (l && t->fault == HRA_OK) end_row(t, l);
    if (l && t->searches && t->fault == HRA_OK) weigh(t, l);
    if (l) {
        free(l->below);
        free(l->merges);
        hra_buffer_destroy(&l->value);
    }
    if (t->depth > 0) t->depth--;
}

/* ---- marks ---------------------------------------------------------------------------- */

static bool is(const char *name, const char *word) { return strcmp(name, word) == 0; }

static void open_in_book(hra_markup_table *t, level *l, const char *name, const char *attributes)
{
    char type[16];
    if (is(name, "row")) {
        start_row(t, l, attributes);
    } else if (is(name, "cell")) {
        start_cell(t, l, attributes);
    } else if (is(name, "data") && l->in_cell && !l->had_data) {
        l->in_data = l->had_data = true;
        l->is_day = hra_markup_attribute(attributes, "type", type, sizeof type) && is(type, "DateTime");
    }
}

static void open_in_page(hra_markup_table *t, level *l, const char *name, const char *attributes)
{
    if (is(name, "tr"))
        start_row(t, l, attributes);
    else if (is(name, "td") || is(name, "th"))
        start_cell(t, l, attributes);
    else if (l->in_cell && (is(name, "br") || is(name, "p") || is(name, "div") || is(name, "li")))
        hra_buffer_char(&l->value, ' ');
}

static void on_open(void *context, const char *name, const char *attributes)
{
    hra_markup_table *t = context;
    if (t->fault != HRA_OK) return;
    if (is(name, "workbook")) t->is_workbook = true;
    if (t->is_workbook && is(name, "worksheet")) {
        hra_buffer text = {0};
        char sheet[HRA_TABLE_NAME];
        hra_buffer_text(&text, hra_markup_attribute(attributes, "name", sheet, sizeof sheet) ? sheet : "");
        hra_markup_plain(&text);
        snprintf(t->sheet, sizeof t->sheet, "%s", text.bytes ? text.bytes : "");
        hra_buffer_destroy(&text);
    }
    if (is(name, "table")) {
        start_table(t);
    } else if (top(t)) {
        if (t->is_workbook)
            open_in_book(t, top(t), name, attributes);
        else
            open_in_page(t, top(t), name, attributes);
    }
}

static void on_close(void *context, const char *name)
{
    hra_markup_table *t = context;
    level *l = top(t);
    if (is(name, "table")) end_table(t);
    if (!l || is(name, "table") || t->fault != HRA_OK) return;
    if (is(name, t->is_workbook ? "row" : "tr")) end_row(t, l);
    if (t->is_workbook ? is(name, "cell") : is(name, "td") || is(name, "th")) end_cell(t, l);
    if (t->is_workbook && is(name, "data")) l->in_data = false;
}

static void on_text(void *context, const char *text, size_t length)
{
    hra_markup_table *t = context;
    level *l = top(t);
    if (l && l->in_cell && l->in_data && is_chosen(t, l) && l->value.length <= HRA_XLSX_LONGEST_TEXT)
        hra_buffer_append(&l->value, text, length);
}

/* ---- the whole ------------------------------------------------------------------------ */

static hra_code new_table(const char *path, hra_markup_table **out, hra_error *error)
{
    static const hra_markup_handlers handlers = {on_open, on_close, on_text};
    hra_markup_table *t = calloc(1, sizeof *t);
    *out = t;
    if (!t) return hra_out_of_memory(error);
    t->path = path;
    t->reader = hra_markup_reader_new(&handlers, t);
    return t->reader ? HRA_OK : hra_out_of_memory(error);
}

hra_code hra_markup_table_search(const char *path, const char *wanted, hra_markup_table **out, hra_error *error)
{
    HRA_TRY(new_table(path, out, error));
    (*out)->searches = true;
    (*out)->wanted = wanted;
    return HRA_OK;
}

hra_code hra_markup_table_chosen(hra_markup_table *t, hra_table_choice *choice, hra_error *error)
{
    if (!*t->best.name && t->wanted)
        return hra_fail(error, HRA_EUSAGE, "%s: there is no table '%s'; its tables are: %s", t->path, t->wanted,
                        *t->best.not_read ? t->best.not_read : "none");
    if (!*t->best.name)
        return hra_fail(error, HRA_EINPUT, "%s: this is a web page in which there is no table, whatever its name",
                        t->path);
    *choice = t->best;
    return HRA_OK;
}

hra_code hra_markup_table_open(const char *path, const hra_table_choice *choice, hra_markup_table **out,
                               hra_error *error)
{
    HRA_TRY(new_table(path, out, error));
    hra_markup_table *t = *out;
    t->chosen = choice->index;
    snprintf(t->place, sizeof t->place, "%s: %s", path, choice->name);
    t->rows = hra_xlsx_rows_new(t->place, choice);
    return t->rows ? HRA_OK : hra_out_of_memory(error);
}

hra_code hra_markup_table_feed(hra_markup_table *t, const char *text, size_t length, bool end, hra_buffer *out,
                               hra_error *error)
{
    t->out = out;
    if (!hra_markup_reader_feed(t->reader, text, length, end)) return hra_out_of_memory(error);
    while (end && t->depth > 0) end_table(t);
    if (t->fault != HRA_OK) {
        if (error) *error = t->error;
        return t->fault;
    }
    return end && t->rows ? hra_xlsx_rows_finish(t->rows, out, error) : HRA_OK;
}

void hra_markup_table_close(hra_markup_table *t)
{
    if (!t) return;
    t->searches = false;
    t->fault = HRA_EINTERNAL; /* nothing more is told */
    while (t->depth > 0) end_table(t);
    hra_markup_reader_free(t->reader);
    hra_xlsx_rows_free(t->rows);
    free(t);
}
