/* The CSV of a table: header names find keys and values, cells are the same as
 * in rows written in place. */
#include <math.h>
#include <string.h>

#include "base/number_read.h"
#include "engine/language/csv_text.h"
#include "engine/language/library_internal.h"
#include "engine/language/parser.h"

typedef struct reader {
    hra_memory *memory;
    hra_diagnostics *diagnostics;
    hra_table *table;
    hra_csv_text csv;
    int *places; /* of each CSV column: key or value number, -1: passed over */
    int columns;
    int expected; /* rows, as the lines promise */
} reader;

static hra_word *name_of(const hra_table *table, int place)
{
    if (place < table->keys.count) return ((hra_key *)table->keys.items[place])->word;
    return hra_expr_at(&table->values, place - table->keys.count)->word;
}

static bool read_header(reader *r, hra_decl *decl)
{
    int width = r->table->keys.count + r->table->values.count;
    hra_list places = {0};
    bool *seen = hra_take_array(r->memory, (size_t)width, sizeof *seen);
    hra_csv_cell cell;
    while (seen && hra_csv_text_next(&r->csv, places.count == 0, &cell)) {
        int *place = HRA_TAKE(r->memory, int);
        *place = -1;
        for (int i = 0; i < width; i++)
            if (strcmp(cell.text, name_of(r->table, i)->text) == 0) {
                *place = i;
                seen[i] = true;
            }
        hra_list_add(r->memory, &places, place);
        if (cell.last_of_row) break;
    }
    bool complete = seen != NULL;
    for (int i = 0; seen && i < width; i++) {
        if (seen[i]) continue;
        hra_fault(r->diagnostics, decl->table->csv_span, "%s has no column '%s'", r->csv.script->name,
                  name_of(r->table, i)->text);
        complete = false;
    }
    r->places = hra_take_array(r->memory, (size_t)places.count, sizeof *r->places);
    for (int i = 0; r->places && i < places.count; i++) r->places[i] = *(int *)places.items[i];
    r->columns = places.count;
    return complete && r->places;
}

/* A cell that is no plain number goes through the parser: words and ranges. */
static void parse_cell(reader *r, const hra_csv_cell *cell, hra_cell *out)
{
    hra_script piece = {r->csv.script->name, cell->text, (int)strlen(cell->text)};
    hra_parser p = {.lexer = {.script = &piece, .line = 1, .memory = r->memory}, .memory = r->memory};
    hra_parser_advance(&p);
    if (!hra_parse_cell(&p, out) || !hra_parser_at(&p, TOKEN_END))
        hra_fault(r->diagnostics, cell->span, "expected a number, a range such as 40..<45 or a level name");
    out->span = cell->span;
}

static void read_cell(reader *r, const hra_csv_cell *cell, hra_cell *out)
{
    char *end = NULL;
    double number = hra_number_read(cell->text, &end);
    *out = (hra_cell){.span = cell->span};
    if (!*cell->text)
        out->missing = true;
    else if (end != cell->text && !*end && isfinite(number))
        out->range = (hra_range){.has_low = true, .low = number, .has_high = true, .high = number};
    else
        parse_cell(r, cell, out);
}

static bool read_row(reader *r)
{
    hra_csv_cell cell;
    hra_cell *row = NULL;
    for (int at = 0; hra_csv_text_next(&r->csv, at == 0, &cell); at++) {
        if (!row) row = hra_table_new_row(r->memory, r->table, r->expected);
        if (!row) return false;
        if (at >= r->columns)
            hra_fault(r->diagnostics, cell.span, "row with more cells than the header (%d)", r->columns);
        else if (r->places[at] >= 0)
            read_cell(r, &cell, &row[r->places[at]]);
        if (!cell.last_of_row) continue;
        if (at + 1 < r->columns)
            hra_fault(r->diagnostics, cell.span, "row with %d cells; the header has %d", at + 1, r->columns);
        return true;
    }
    return row != NULL;
}

/* Lines after the first that hold something, so that the cells find room at once. */
static int count_rows(const hra_script *script)
{
    int rows = 1;
    for (const char *c = script->text; (c = strchr(c, '\n')) != NULL;) rows += strchr("\r\n#", *++c) == NULL;
    return rows;
}

void hra_table_read_csv(hra_memory *memory, hra_decl *decl, const hra_script *script, hra_diagnostics *diagnostics)
{
    reader r = {.memory = memory,
                .diagnostics = diagnostics,
                .table = decl->table,
                .csv = hra_csv_text_open(script),
                .expected = count_rows(script)};
    if (read_header(&r, decl))
        while (read_row(&r)) continue;
    memory->failed |= r.csv.cell.failed;
    hra_csv_text_close(&r.csv);
    if (decl->table->row_count == 0) hra_fault(diagnostics, decl->table->csv_span, "%s has no rows", script->name);
}
