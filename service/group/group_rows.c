#include "service/group/group_rows.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/map.h"
#include "io/csv/csv_cells.h"
#include "io/words/cell_value.h"

enum { MOST_COLUMNS = 64 };

struct hra_group_rows {
    char *path;
    FILE *file;
    hra_map *starts; /* group as printed -> offset of its first row */
    int64_t at;      /* offset of the line read last, while the table is read from its beginning */
    int64_t after;   /* and of what follows it */
    /* in the order of the table: a line was read that belongs to the next group */
    bool waiting;
    size_t waiting_length;
    hra_buffer group;
    hra_group_rows_filter filter;   /* of no columns: all rows are kept */
    int place[MOST_COLUMNS], width; /* which asked-for column stands where; -1: none */
    int column_count;
    char *line, *more; /* a record, and what follows a line break inside its quotes */
    size_t line_capacity, more_capacity;
    bool out_of_memory;
    hra_buffer scratch;
    hra_buffer text; /* cells of the rows read, one NUL-terminated text after the other */
    size_t *cells;   /* their offsets, row by row */
    int row_count, row_capacity;
    int next; /* where the next search begins: who reads in the order of the table finds at once */
};

static bool is_inside_quotes(const char *text, ssize_t length)
{
    bool inside = false;
    for (const char *at = text; (at = memchr(at, '"', (size_t)(text + length - at))) != NULL; at++) inside = !inside;
    return inside;
}

/* A name may have a line break: the record goes on. Its length then, -1 without memory. */
static ssize_t append_line(hra_group_rows *r, ssize_t length, ssize_t extra)
{
    size_t whole = (size_t)(length + extra);
    char *line = whole < r->line_capacity ? r->line : realloc(r->line, whole + 1);
    if (!line) return -1;
    if (line != r->line) r->line_capacity = whole + 1;
    r->line = line;
    memcpy(line + length, r->more, (size_t)extra + 1);
    return (ssize_t)whole;
}

/* A record without its end; false at the end of the file and without memory. */
static bool next_line(hra_group_rows *r, size_t *length)
{
    ssize_t got = getline(&r->line, &r->line_capacity, r->file), more;
    while (got > 0 && is_inside_quotes(r->line, got) && (more = getline(&r->more, &r->more_capacity, r->file)) > 0) {
        got = append_line(r, got, more);
        r->out_of_memory = got < 0;
    }
    if (got <= 0) return false;
    r->at = r->after;
    r->after += got;
    while (got > 0 && (r->line[got - 1] == '\n' || r->line[got - 1] == '\r')) got--;
    *length = (size_t)got;
    return true;
}

/* Why there was no further record. */
static hra_code reading_state(const hra_group_rows *r, hra_error *error)
{
    if (r->out_of_memory) return hra_out_of_memory(error);
    return ferror(r->file) ? hra_fail(error, HRA_EIO, "%s cannot be read: %m", r->path) : HRA_OK;
}

static hra_code read_header(hra_group_rows *r, const char *const *columns, hra_error *error)
{
    bool found[MOST_COLUMNS] = {false};
    size_t length;
    if (!next_line(r, &length)) return hra_fail(error, HRA_EINPUT, "%s is empty", r->path);
    size_t mark = length >= 3 && memcmp(r->line, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0; /* as spreadsheets save it */
    hra_cells cells = hra_cells_begin(r->line + mark, length - mark, ',', &r->scratch);
    while (!cells.done && r->width < MOST_COLUMNS) {
        hra_cell_text cell = hra_cells_next(&cells);
        int column = r->column_count - 1;
        while (column >= 0 &&
               (strlen(columns[column]) != cell.length || memcmp(columns[column], cell.text, cell.length) != 0))
            column--;
        if (column >= 0) found[column] = true;
        if (r->width == 0 && (cell.length != 5 || memcmp(cell.text, "group", 5) != 0))
            return hra_fail(error, HRA_EINPUT, "%s: the first column is not 'group': not a group table of hra",
                            r->path);
        r->place[r->width++] = column;
    }
    for (int c = 0; c < r->column_count; c++)
        if (!found[c])
            return hra_fail(error, HRA_EINPUT, "%s: the column '%s' is missing: not the group table that is needed",
                            r->path, columns[c]);
    return HRA_OK;
}

static hra_code scattered(const hra_group_rows *r, hra_error *error)
{
    return hra_fail(error, HRA_EINPUT, "%s: the rows of a group do not stand together; leave the order as written",
                    r->path);
}

static bool is_group(const hra_group_rows *r, hra_cell_text name)
{
    return r->group.length == name.length && memcmp(r->group.bytes, name.text, name.length) == 0;
}

/* Remembers the group that begins with the line read last. */
static hra_code begin_group(hra_group_rows *r, hra_cell_text name, hra_error *error)
{
    if (hra_map_get_n(r->starts, name.text, name.length) >= 0) return scattered(r, error);
    if (hra_map_set_n(r->starts, name.text, name.length, r->at) != 0) return hra_out_of_memory(error);
    hra_buffer_clear(&r->group);
    hra_buffer_append(&r->group, name.text, name.length);
    return r->group.failed ? hra_out_of_memory(error) : HRA_OK;
}

/* Where each group begins. */
static hra_code index_groups(hra_group_rows *r, hra_error *error)
{
    size_t length;
    hra_code code = HRA_OK;
    for (bool first = true; code == HRA_OK && next_line(r, &length); first = false) {
        hra_cells cells = hra_cells_begin(r->line, length, ',', &r->scratch);
        hra_cell_text group = hra_cells_next(&cells);
        if (first || !is_group(r, group)) code = begin_group(r, group, error);
    }
    return code == HRA_OK ? reading_state(r, error) : code;
}

static hra_code open_table(hra_group_rows *r, const char *path, const char *const *columns, int column_count,
                           hra_error *error)
{
    r->path = strdup(path);
    r->starts = hra_map_new();
    r->column_count = column_count;
    r->file = fopen(path, "rb");
    if (!r->path || !r->starts) return hra_out_of_memory(error);
    if (!r->file) return hra_fail(error, HRA_EINPUT, "%s cannot be opened: %s", path, strerror(errno));
    return read_header(r, columns, error);
}

hra_code hra_group_rows_open(const char *path, const char *const *columns, int column_count, hra_group_rows **out,
                             hra_error *error)
{
    hra_group_rows *r = calloc(1, sizeof *r);
    if (!r) return hra_out_of_memory(error);
    hra_code code = open_table(r, path, columns, column_count, error);
    if (code == HRA_OK) code = index_groups(r, error);
    if (code == HRA_OK)
        *out = r;
    else
        hra_group_rows_close(r);
    return code;
}

hra_code hra_group_rows_try(const char *path, const char *const *columns, int column_count, hra_error *error)
{
    hra_group_rows *rows = NULL;
    hra_code code = hra_group_rows_open(path, columns, column_count, &rows, error);
    hra_group_rows_close(rows);
    return code;
}

hra_code hra_group_rows_open_in_order(const char *path, const char *const *columns, int column_count,
                                      const hra_group_rows_filter *filter, hra_group_rows **out, hra_error *error)
{
    hra_group_rows *r = calloc(1, sizeof *r);
    if (!r) return hra_out_of_memory(error);
    if (filter) r->filter = *filter;
    hra_code code = open_table(r, path, columns, column_count, error);
    if (code == HRA_OK)
        *out = r;
    else
        hra_group_rows_close(r);
    return code;
}

void hra_group_rows_close(hra_group_rows *rows)
{
    if (!rows) return;
    if (rows->file) fclose(rows->file);
    hra_map_free(rows->starts);
    hra_buffer_destroy(&rows->group);
    hra_buffer_destroy(&rows->scratch);
    hra_buffer_destroy(&rows->text);
    free(rows->cells);
    free(rows->line);
    free(rows->more);
    free(rows->path);
    free(rows);
}

static bool is_wanted(const hra_group_rows *r, const size_t *row)
{
    const char *cells[HRA_GROUP_ROWS_FIRST];
    for (int c = 0; c < r->filter.columns; c++) cells[c] = r->text.bytes + row[c];
    return r->filter.wants(r->filter.context, cells);
}

/* Keeps the asked-for cells of the line, unless the filter refuses it; a short line has empty ones. */
static bool keep_row(hra_group_rows *r, hra_cells cells)
{
    if (r->row_count == r->row_capacity) {
        int capacity = r->row_capacity ? r->row_capacity * 2 : 256;
        size_t *more = realloc(r->cells, (size_t)capacity * (size_t)r->column_count * sizeof *more);
        if (!more) return false;
        r->cells = more;
        r->row_capacity = capacity;
    }
    size_t *row = r->cells + (size_t)r->row_count * (size_t)r->column_count, before = r->text.length;
    int undecided = r->filter.columns;                    /* columns that the filter still waits for */
    for (int c = 0; c < r->column_count; c++) row[c] = 0; /* the empty text at the beginning */
    for (int at = 1; !cells.done && at < r->width; at++) {
        hra_cell_text cell = hra_cells_next(&cells);
        if (r->place[at] < 0) continue;
        row[r->place[at]] = r->text.length;
        hra_buffer_append(&r->text, cell.text, cell.length);
        hra_buffer_char(&r->text, '\0');
        if (r->text.failed) return false;
        if (r->place[at] >= r->filter.columns || undecided == 0 || --undecided > 0 || is_wanted(r, row)) continue;
        r->text.length = before;
        return true;
    }
    if (undecided > 0 && !is_wanted(r, row)) {
        r->text.length = before;
        return true;
    }
    r->row_count++;
    return true;
}

static void forget_rows(hra_group_rows *r)
{
    r->row_count = r->next = 0;
    hra_buffer_clear(&r->text);
    hra_buffer_char(&r->text, '\0');
}

hra_code hra_group_rows_next(hra_group_rows *rows, const char **group, int *count, hra_error *error)
{
    size_t length = rows->waiting_length;
    bool begun = false;
    *group = NULL;
    *count = 0;
    forget_rows(rows);
    if (rows->text.failed) return hra_out_of_memory(error);
    while (rows->waiting || next_line(rows, &length)) {
        hra_cells cells = hra_cells_begin(rows->line, length, ',', &rows->scratch);
        hra_cell_text name = hra_cells_next(&cells);
        if (begun && !is_group(rows, name)) {
            rows->waiting = true;
            rows->waiting_length = length;
            break;
        }
        if (!begun) HRA_TRY(begin_group(rows, name, error));
        begun = true;
        rows->waiting = false;
        if (!keep_row(rows, cells)) return hra_out_of_memory(error);
    }
    HRA_TRY(reading_state(rows, error));
    if (begun) *group = rows->group.bytes;
    *count = rows->row_count;
    return HRA_OK;
}

/* As the table prints it: with an apostrophe where a spreadsheet would compute it. */
static int64_t find_group(const hra_group_rows *r, const char *group, hra_buffer *printed)
{
    int64_t at = hra_map_get(r->starts, group);
    hra_buffer_char(printed, '\'');
    hra_buffer_text(printed, group);
    return at >= 0 || printed->failed ? at : hra_map_get(r->starts, printed->bytes);
}

hra_code hra_group_rows_read(hra_group_rows *rows, const char *group, int *count, hra_error *error)
{
    hra_buffer printed = {0};
    int64_t start = find_group(rows, group, &printed);
    hra_buffer_destroy(&printed);
    forget_rows(rows);
    *count = 0;
    if (rows->text.failed) return hra_out_of_memory(error);
    if (start < 0) return HRA_OK;
    if (fseek(rows->file, (long)start, SEEK_SET) != 0)
        return hra_fail(error, HRA_EIO, "%s cannot be read: %m", rows->path);
    size_t length;
    while (next_line(rows, &length)) {
        hra_cells cells = hra_cells_begin(rows->line, length, ',', &rows->scratch);
        hra_cell_text name = hra_cells_next(&cells);
        if (hra_map_get_n(rows->starts, name.text, name.length) != start) break;
        if (!keep_row(rows, cells)) return hra_out_of_memory(error);
    }
    *count = rows->row_count;
    return reading_state(rows, error);
}

const char *hra_group_rows_cell(const hra_group_rows *rows, int row, int column)
{
    return rows->text.bytes + rows->cells[(size_t)row * (size_t)rows->column_count + (size_t)column];
}

double hra_group_rows_number(const hra_group_rows *rows, int row, int column)
{
    const char *text = hra_group_rows_cell(rows, row, column), *end = text + strlen(text);
    double number;
    return *text && hra_read_decimal(text, end, &number) == end ? number : NAN;
}

int hra_group_rows_find(hra_group_rows *rows, const char *const *texts, int count)
{
    for (int i = 0; i < rows->row_count; i++) {
        int r = rows->next + i, c = 0;
        if (r >= rows->row_count) r -= rows->row_count;
        while (c < count && strcmp(hra_group_rows_cell(rows, r, c), texts[c]) == 0) c++;
        if (c < count) continue;
        rows->next = r + 1 < rows->row_count ? r + 1 : 0;
        return r;
    }
    return -1;
}
