#include "io/tables/xlsx_rows.h"

#include <stdlib.h>
#include <string.h>

#include "io/words/text_fold.h"

/* Excel ends at 1048576; other programs write longer sheets. */
enum { LAST_ROW = 1 << 24 };

typedef struct cell {
    int column;
    uint32_t start, length; /* in the row's text */
} cell;

typedef struct row {
    int64_t number;
    cell *cells;
    int count, capacity;
    bool sorted;
    hra_buffer text;
} row;

struct hra_xlsx_rows {
    const char *place;
    const hra_table_choice *choice;
    row held[HRA_XLSX_HELD_ROWS];
    int held_count;
    bool released; /* the first rows went out: the width is known */
    row current;
    int width;
    int64_t begun, written; /* numbers of the last row begun and of the last line written */
};

hra_xlsx_rows *hra_xlsx_rows_new(const char *place, const hra_table_choice *choice)
{
    hra_xlsx_rows *rows = calloc(1, sizeof *rows);
    if (!rows) return NULL;
    rows->place = place;
    rows->choice = choice;
    return rows;
}

static void row_destroy(row *r)
{
    free(r->cells);
    hra_buffer_destroy(&r->text);
}

void hra_xlsx_rows_free(hra_xlsx_rows *rows)
{
    if (!rows) return;
    for (int i = 0; i < HRA_XLSX_HELD_ROWS; i++) row_destroy(&rows->held[i]);
    row_destroy(&rows->current);
    free(rows);
}

/* ---- one row --------------------------------------------------------------------------- */

static hra_code add_cell(row *r, int column, const char *text, size_t length, hra_error *error)
{
    if (r->count == r->capacity) {
        int capacity = r->capacity ? 2 * r->capacity : 64;
        cell *cells = realloc(r->cells, (size_t)capacity * sizeof *cells);
        if (!cells) return hra_out_of_memory(error);
        r->cells = cells;
        r->capacity = capacity;
    }
    if (r->count > 0 && column <= r->cells[r->count - 1].column) r->sorted = false;
    r->cells[r->count++] = (cell){column, (uint32_t)r->text.length, (uint32_t)length};
    hra_buffer_append(&r->text, text, length);
    return r->text.failed ? hra_out_of_memory(error) : HRA_OK;
}

static int by_column(const void *a, const void *b)
{
    int x = ((const cell *)a)->column, y = ((const cell *)b)->column;
    return (x > y) - (x < y);
}

/* Among the first `count` cells, which are in order. */
static const cell *cell_among(const row *r, int count, int column)
{
    cell wanted = {.column = column};
    return count > 0 ? bsearch(&wanted, r->cells, (size_t)count, sizeof wanted, by_column) : NULL;
}

static const cell *cell_at(const row *r, int column) { return cell_among(r, r->count, column); }

hra_code hra_xlsx_rows_begin(hra_xlsx_rows *rows, int64_t number, hra_error *error)
{
    if (number <= rows->begun)
        return hra_fail(error, HRA_EINPUT,
                        "%s: row %lld stands after row %lld: open the workbook in Excel or WPS and save it again",
                        rows->place, (long long)number, (long long)rows->begun);
    if (number > LAST_ROW)
        return hra_fail(error, HRA_EINPUT, "%s: there is a row %lld, beyond what a sheet can hold (%d)", rows->place,
                        (long long)number, LAST_ROW);
    rows->begun = number;
    row *r = &rows->current;
    r->number = number;
    r->count = 0;
    r->sorted = true;
    hra_buffer_clear(&r->text);
    return HRA_OK;
}

hra_code hra_xlsx_rows_cell(hra_xlsx_rows *rows, int column, const char *text, size_t length, hra_error *error)
{
    if (column < 1 || column > HRA_XLSX_COLUMNS)
        return hra_fail(error, HRA_EINPUT, "%s: row %lld has a cell in column %d, beyond what a sheet can hold (%d)",
                        rows->place, (long long)rows->current.number, column, HRA_XLSX_COLUMNS);
    const char *trimmed = text;
    size_t left = length;
    hra_trim(&trimmed, &left);
    return left > 0 ? add_cell(&rows->current, column, text, length, error) : HRA_OK;
}

/* ---- the header's shape ------------------------------------------------------------------ */

/* Numbers and dates: what people's rows hold and names of columns do not. */
static bool is_value(const char *text, size_t length)
{
    bool digit = false;
    for (size_t i = 0; i < length; i++) {
        if (!strchr("0123456789.,-+/:%<> ", text[i]) || text[i] == '\0') return false;
        digit |= text[i] >= '0' && text[i] <= '9';
    }
    return digit;
}

static bool holds_values(const row *r)
{
    for (int i = 0; i < r->count; i++)
        if (is_value(r->text.bytes + r->cells[i].start, r->cells[i].length)) return true;
    return false;
}

static row *held_row(hra_xlsx_rows *rows, int count, int64_t number)
{
    for (int i = 0; i < count; i++)
        if (rows->held[i].number == number) return &rows->held[i];
    return NULL;
}

/* The text of a merged cell, put into the other cells of one row that it covers, as far as they are empty. */
static hra_code carry(row *to, const hra_merged_cells *merge, int width, const char *text, size_t length,
                      hra_error *error)
{
    int before = to->count;
    for (int column = merge->first_column; column <= merge->last_column && column <= width; column++)
        if (!cell_among(to, before, column)) HRA_TRY(add_cell(to, column, text, length, error));
    qsort(to->cells, (size_t)to->count, sizeof *to->cells, by_column);
    return HRA_OK;
}

static bool has_names_below(hra_xlsx_rows *rows, int head, const hra_merged_cells *merge)
{
    const row *below = held_row(rows, head, merge->last_row + 1);
    for (int column = merge->first_column; below && column <= merge->last_column; column++)
        if (cell_at(below, column)) return true;
    return false;
}

/* `head`: how many of the held rows stand above the first person. A name that covers several rows is carried down; one
 * that covers several columns is carried over them, unless names stand below it: then it is their title. */
static hra_code carry_names(hra_xlsx_rows *rows, int head, hra_error *error)
{
    for (int i = 0; i < rows->choice->merge_count; i++) {
        const hra_merged_cells *merge = &rows->choice->merges[i];
        const row *from = held_row(rows, head, merge->first_row);
        const cell *first = from ? cell_at(from, merge->first_column) : NULL;
        if (!first) continue;
        bool title = merge->last_column > merge->first_column && has_names_below(rows, head, merge);
        hra_buffer name = {0}; /* a copy: rows grow */
        hra_buffer_append(&name, from->text.bytes + first->start, first->length);
        hra_code code = name.failed ? hra_out_of_memory(error) : HRA_OK;
        for (int number = merge->first_row; code == HRA_OK && !title && number <= merge->last_row; number++) {
            row *to = held_row(rows, head, number);
            if (to) code = carry(to, merge, rows->width, name.bytes, name.length, error);
        }
        hra_buffer_destroy(&name);
        HRA_TRY(code);
    }
    return HRA_OK;
}

/* ---- writing ----------------------------------------------------------------------------- */

static void write_row(hra_xlsx_rows *rows, const row *r, hra_buffer *out)
{
    for (; rows->written + 1 < r->number; rows->written++) hra_buffer_char(out, '\n');
    int column = 1;
    for (int i = 0; i < r->count; i++, column++) {
        for (; column < r->cells[i].column; column++) hra_buffer_char(out, ',');
        if (i > 0) hra_buffer_char(out, ',');
        hra_buffer_csv_n(out, r->text.bytes + r->cells[i].start, r->cells[i].length);
    }
    for (; column <= rows->width; column++) hra_buffer_char(out, ',');
    hra_buffer_char(out, '\n');
    rows->written = r->number;
}

static hra_code release(hra_xlsx_rows *rows, hra_buffer *out, hra_error *error)
{
    rows->released = true;
    int head = 0;
    while (head < rows->held_count && !holds_values(&rows->held[head])) head++;
    for (int i = 0; i < rows->held_count; i++) {
        const row *r = &rows->held[i];
        if (r->cells[r->count - 1].column > rows->width) rows->width = r->cells[r->count - 1].column;
    }
    if (head < rows->held_count) HRA_TRY(carry_names(rows, head, error));
    for (int i = 0; i < rows->held_count; i++) write_row(rows, &rows->held[i], out);
    for (int i = 0; i < HRA_XLSX_HELD_ROWS; i++) {
        row_destroy(&rows->held[i]);
        rows->held[i] = (row){0};
    }
    return HRA_OK;
}

static hra_code order_cells(const hra_xlsx_rows *rows, row *r, hra_error *error)
{
    qsort(r->cells, (size_t)r->count, sizeof *r->cells, by_column);
    for (int i = 1; i < r->count; i++)
        if (r->cells[i].column == r->cells[i - 1].column)
            return hra_fail(error, HRA_EINPUT,
                            "%s: row %lld has two cells in column %d: open the workbook in Excel or WPS and save it "
                            "again",
                            rows->place, (long long)r->number, r->cells[i].column);
    return HRA_OK;
}

hra_code hra_xlsx_rows_end(hra_xlsx_rows *rows, hra_buffer *out, hra_error *error)
{
    row *r = &rows->current;
    if (r->count == 0) return HRA_OK; /* becomes an empty line when a row follows */
    if (!r->sorted) HRA_TRY(order_cells(rows, r, error));
    if (rows->released) {
        write_row(rows, r, out);
        return out->failed ? hra_out_of_memory(error) : HRA_OK;
    }
    rows->held[rows->held_count++] = *r;
    *r = (row){0};
    if (rows->held_count < HRA_XLSX_HELD_ROWS) return HRA_OK;
    HRA_TRY(release(rows, out, error));
    return out->failed ? hra_out_of_memory(error) : HRA_OK;
}

hra_code hra_xlsx_rows_finish(hra_xlsx_rows *rows, hra_buffer *out, hra_error *error)
{
    if (rows->released) return HRA_OK;
    HRA_TRY(release(rows, out, error));
    return out->failed ? hra_out_of_memory(error) : HRA_OK;
}
