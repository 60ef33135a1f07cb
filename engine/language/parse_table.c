/* Tables: keys, values, rows in place. The CSV beside the definition is read
 * by table_csv.c through the same cells. */
#include <string.h>

#include "engine/language/parser.h"

enum { FIRST_ROWS = 16 };

static void key(hra_parser *p, hra_table *table)
{
    hra_key *k = HRA_TAKE(p->memory, hra_key);
    k->word = hra_parser_name(p, "a name for the key", &k->span);
    if (!k->word) return;
    if (hra_parser_take_word(p, "bands")) {
        k->kind = HRA_KEY_BANDS;
    } else if (hra_parser_take_word(p, "words")) {
        k->kind = HRA_KEY_WORDS;
    } else if (hra_parser_take_word(p, "of")) {
        k->kind = HRA_KEY_CATEGORY;
        k->variable = hra_parser_name(p, "a category variable", &k->variable_span);
        if (!k->variable) return;
    } else {
        hra_parser_expected(p, "'of VARIABLE', 'words' or 'bands'");
        return;
    }
    hra_list_add(p->memory, &table->keys, k);
}

static void values(hra_parser *p, hra_table *table)
{
    do {
        hra_expr *name = HRA_TAKE(p->memory, hra_expr);
        name->kind = HRA_EXPR_NAME;
        name->word = hra_parser_name(p, "a name for the value", &name->span);
        if (!name->word) return;
        hra_list_add(p->memory, &table->values, name);
    } while (hra_parser_take(p, ','));
}

/* A level name, a number, or a range. */
bool hra_parse_cell(hra_parser *p, hra_cell *cell)
{
    *cell = (hra_cell){.span = p->token.span};
    if (hra_parser_at(p, TOKEN_NAME)) {
        cell->word = p->token.word;
        hra_parser_advance(p);
        return true;
    }
    if (!hra_parse_range(p, &cell->range)) return false;
    cell->span = hra_parser_since(p, cell->span);
    return true;
}

hra_cell *hra_table_new_row(hra_memory *memory, hra_table *table, int expected)
{
    size_t width = (size_t)(table->keys.count + table->values.count);
    if (table->row_count == table->row_capacity) {
        int capacity = table->row_capacity ? table->row_capacity * 2 : expected;
        hra_cell *cells = hra_take_array(memory, (size_t)capacity * width, sizeof *cells);
        if (!cells) return NULL;
        if (table->row_count) memcpy(cells, table->cells, (size_t)table->row_count * width * sizeof *cells);
        table->cells = cells;
        table->row_capacity = capacity;
    }
    return table->cells + (size_t)table->row_count++ * width;
}

static bool row(hra_parser *p, hra_table *table)
{
    int width = table->keys.count + table->values.count;
    hra_cell *cells = hra_table_new_row(p->memory, table, FIRST_ROWS);
    if (!cells) return false;
    for (int i = 0; i < width; i++) {
        if (i > 0 && !hra_parser_take(p, ',')) {
            hra_parser_expected(p, "',': the row has fewer cells than the table has keys and values");
            return false;
        }
        if (!hra_parse_cell(p, &cells[i])) return false;
    }
    if (hra_parser_take(p, ';') || hra_parser_at(p, '}')) return true;
    hra_parser_expected(p, hra_parser_at(p, ',') ? "';': the row has more cells than the table has keys and values"
                                                 : "';'");
    return false;
}

static void rows(hra_parser *p, hra_table *table)
{
    hra_span open = p->token.span;
    if (!hra_parser_need(p, '{', "'{'")) return;
    if (table->values.count == 0) {
        hra_fault(p->diagnostics, open, "the keys and values of the table must stand before its rows");
        p->failed = true;
        return;
    }
    while (!hra_parser_at(p, '}')) {
        if (row(p, table)) continue;
        if (table->row_count > 0) table->row_count--;
        while (!hra_parser_at(p, ';') && !hra_parser_at(p, '}') && !hra_parser_at(p, TOKEN_END)) hra_parser_advance(p);
        if (hra_parser_at(p, TOKEN_END)) return;
        p->failed = false;
        p->nesting = 0;
        hra_parser_take(p, ';');
    }
    hra_parser_advance(p);
}

static void item(hra_parser *p, void *context)
{
    hra_decl *decl = context;
    hra_table *table = decl->table;
    bool late = table->cells && (hra_parser_at_word(p, "key") || hra_parser_at_word(p, "value"));
    if (late) {
        hra_fault(p->diagnostics, p->token.span, "keys and values must stand before the rows");
        p->failed = true;
        return;
    }
    if (hra_parser_take_word(p, "key"))
        key(p, table);
    else if (hra_parser_take_word(p, "value"))
        values(p, table);
    else if (hra_parser_take_word(p, "csv")) {
        table->csv_span = p->token.span;
        table->csv = hra_parser_text(p, "the name of a CSV file in double quotes");
    } else if (hra_parser_take_word(p, "rows"))
        rows(p, table);
    else
        hra_parse_property(p, HRA_PLACE_TABLE, NULL, &decl->properties);
}

void hra_parse_table(hra_parser *p, hra_decl *decl)
{
    decl->table = HRA_TAKE(p->memory, hra_table);
    hra_parser_block(p, item, decl);
    hra_table *table = decl->table;
    if (table->values.count == 0)
        hra_fault(p->diagnostics, decl->name_span, "table '%s' has no 'value'", decl->word->text);
    else if (!table->csv && table->row_count == 0)
        hra_fault(p->diagnostics, decl->name_span, "table '%s' has neither 'rows' nor 'csv'", decl->word->text);
    else if (table->csv && table->row_count > 0)
        hra_fault(p->diagnostics, table->csv_span, "a table has either 'rows' or 'csv', not both");
}
