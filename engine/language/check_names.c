/* Names: scopes, what a name means, what else it may have meant. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/language/check.h"
#include "engine/language/library_internal.h"

hra_symbol *hra_check_find(const hra_checker *c, const hra_word *word)
{
    if (word->local && word->local->declaration == c->decl) return word->local;
    return word->global;
}

static void suggest_visible(const hra_checker *c, hra_suggestion *s)
{
    for (int i = 0; i < c->scope.count; i++) {
        const hra_symbol *symbol = c->scope.items[i];
        if (symbol->declaration == c->decl) hra_suggest(s, symbol->word->text);
    }
    for (size_t i = 0; i < c->memory->word_count; i++)
        if (c->memory->words[i]->global) hra_suggest(s, c->memory->words[i]->text);
}

void hra_check_unknown_name(hra_checker *c, hra_span span, const hra_word *word)
{
    hra_suggestion s = {.wanted = word->text};
    suggest_visible(c, &s);
    if (strcmp(word->text, "yes") == 0) s = (hra_suggestion){.wanted = word->text, .best = "true"};
    if (strcmp(word->text, "no") == 0) s = (hra_suggestion){.wanted = word->text, .best = "false"};
    const char *best = hra_suggested(&s);
    hra_fault(c->diagnostics, span, "unknown name '%s'%s%s%s", word->text, best ? "; did you mean '" : "",
              best ? best : "", best ? "'?" : "");
}

hra_symbol *hra_check_define(hra_checker *c, hra_symbol_kind kind, hra_word *word, hra_span span)
{
    hra_symbol *known = word->local && word->local->declaration == c->decl ? word->local : NULL;
    if (known && kind != HRA_SYMBOL_JOIN)
        hra_fault(c->diagnostics, span, "'%s' is already given on line %d", word->text, hra_span_line(known->span));
    hra_symbol *symbol = HRA_TAKE(c->memory, hra_symbol);
    *symbol = (hra_symbol){.kind = kind,
                           .word = word,
                           .span = span,
                           .declaration = c->decl,
                           .slot = c->decl->slot_count++,
                           .decimals = -1,
                           .shadowed = word->local};
    word->local = symbol;
    hra_list_add(c->memory, &c->scope, symbol);
    return symbol;
}

void hra_check_close_scope(hra_checker *c, int mark)
{
    while (c->scope.count > mark) {
        hra_symbol *symbol = c->scope.items[--c->scope.count];
        symbol->word->local = symbol->shadowed;
    }
}

/* ---- declarations by name ---------------------------------------------------- */

static void no_such_declaration(hra_checker *c, hra_word *word, hra_span span, hra_declaration_kind kind,
                                const char *what)
{
    hra_suggestion s = {.wanted = word->text};
    for (int i = 0; i < c->library->declarations.count; i++) {
        const hra_decl *d = c->library->declarations.items[i];
        if (d->public.kind == kind) hra_suggest(&s, d->word->text);
    }
    const char *best = hra_suggested(&s);
    hra_fault(c->diagnostics, span, "no %s '%s'%s%s%s", what, word->text, best ? "; did you mean '" : "",
              best ? best : "", best ? "'?" : "");
}

hra_decl *hra_check_declared(hra_checker *c, hra_word *word, hra_span span, hra_declaration_kind kind, const char *what)
{
    hra_symbol *symbol = word->global;
    if (!symbol || symbol->kind != HRA_SYMBOL_DECLARATION || symbol->declaration->public.kind != kind) {
        no_such_declaration(c, word, span, kind, what);
        return NULL;
    }
    hra_check_declaration(c, symbol->declaration, &span);
    return symbol->declaration;
}

/* The outputs that there are: enough of them to see which one is meant. */
static const char *outputs_of(hra_checker *c, const hra_decl *model)
{
    enum { MOST = 8 };
    const char *names = "";
    for (int i = 0; i < model->outputs.count && i < MOST; i++) {
        const hra_symbol *symbol = model->outputs.items[i];
        names = hra_take_printf(c->memory, "%s%s'%s'", names, i ? ", " : "", symbol->word->text);
        if (!names) return "";
    }
    return model->outputs.count > MOST ? hra_take_printf(c->memory, "%s, ...", names) : names;
}

hra_symbol *hra_check_output(hra_checker *c, hra_decl *model, const hra_word *output, hra_span span)
{
    hra_suggestion s = {.wanted = output->text};
    for (int i = 0; i < model->outputs.count; i++) {
        hra_symbol *symbol = model->outputs.items[i];
        if (symbol->word == output) return symbol;
        hra_suggest(&s, symbol->word->text);
    }
    if (model->faulty) return NULL;
    const char *best = hra_suggested(&s);
    if (best)
        hra_fault(c->diagnostics, span, "model '%s' has no output '%s'; did you mean '%s'?", model->word->text,
                  output->text, best);
    else
        hra_fault(c->diagnostics, span, "model '%s' has no output '%s'; it has %s", model->word->text, output->text,
                  outputs_of(c, model));
    return NULL;
}

hra_symbol *hra_check_model_reference(hra_checker *c, hra_expr *e)
{
    e->declaration = hra_check_declared(c, e->word, e->span, HRA_DECLARATION_MODEL, "model");
    if (!e->declaration) return NULL;
    e->symbol = e->kind == HRA_EXPR_MEMBER ? hra_check_output(c, e->declaration, e->member, e->span)
                                           : hra_model_main_output(e->declaration);
    return e->symbol;
}

/* ---- loops --------------------------------------------------------------------- */

static hra_symbol *define_row(hra_checker *c, hra_loop *loop, hra_word *word, hra_span span, int column)
{
    hra_symbol *symbol = hra_check_define(c, HRA_SYMBOL_ROW, word, span);
    symbol->type = (hra_value_type){.sort = HRA_SORT_NUMBER};
    symbol->depth = loop->depth;
    symbol->index = column;
    hra_list_add(c->memory, &loop->symbols, symbol);
    return symbol;
}

void hra_check_loop(hra_checker *c, hra_loop *loop)
{
    loop->depth = ++c->depth;
    if (!loop->table) {
        define_row(c, loop, loop->variable, loop->variable_span, -1);
        return;
    }
    hra_decl *table = hra_check_declared(c, loop->table, loop->table_span, HRA_DECLARATION_TABLE, "table");
    if (!table) return;
    loop->declaration = table;
    if (table->table->keys.count > 0)
        hra_fault(c->diagnostics, loop->table_span, "table '%s' has keys; a loop runs over a table without keys",
                  loop->table->text);
    for (int i = 0; i < table->table->values.count; i++) {
        hra_expr *value = hra_expr_at(&table->table->values, i);
        define_row(c, loop, value->word, loop->table_span, i);
    }
}

int hra_loop_rows(const hra_loop *loop)
{
    if (!loop->table) return (int)(loop->last - loop->first) + 1;
    return loop->declaration ? loop->declaration->table->row_count : 0;
}

double hra_row_cell(const hra_loop *loop, int row, int column)
{
    if (!loop->table) return loop->first + row;
    return loop->declaration->table->dense ? loop->declaration->table->dense[column][row] : NAN;
}

static bool row_operation(int op, double a, double b, double *value)
{
    switch (op) {
    case '+': *value = a + b; return true;
    case '-': *value = a - b; return true;
    case '*': *value = a * b; return true;
    case '/': *value = a / b; return true;
    case '<': *value = a < b; return true;
    case '>': *value = a > b; return true;
    case TOKEN_LESS_EQUAL: *value = a <= b; return true;
    case TOKEN_GREATER_EQUAL: *value = a >= b; return true;
    case TOKEN_EQUAL: *value = a == b; return true;
    case TOKEN_NOT_EQUAL: *value = a != b; return true;
    case HRA_BINARY_AND: *value = a != 0 && b != 0; return true;
    case HRA_BINARY_OR: *value = a != 0 || b != 0; return true;
    default: return false;
    }
}

static bool within(const hra_range *range, double x)
{
    if (range->has_low && !(range->low_open ? x > range->low : x >= range->low)) return false;
    return !range->has_high || (range->high_open ? x < range->high : x <= range->high);
}

bool hra_row_value(const hra_loop *loop, int row, const hra_expr *e, double *value)
{
    double a, b;
    switch (e->kind) {
    case HRA_EXPR_NUMBER:
    case HRA_EXPR_TRUTH: *value = e->number; return true;
    case HRA_EXPR_NAME:
        if (!e->symbol || e->symbol->kind != HRA_SYMBOL_ROW || e->symbol->depth != loop->depth) return false;
        *value = hra_row_cell(loop, row, e->symbol->index);
        return true;
    case HRA_EXPR_NEGATE:
        if (!hra_row_value(loop, row, e->a, &a)) return false;
        *value = -a;
        return true;
    case HRA_EXPR_NOT:
        if (!hra_row_value(loop, row, e->a, &a)) return false;
        *value = a == 0;
        return true;
    case HRA_EXPR_BINARY:
        return hra_row_value(loop, row, e->a, &a) && hra_row_value(loop, row, e->b, &b) &&
               row_operation(e->op, a, b, value);
    case HRA_EXPR_IN_RANGE:
        if (!hra_row_value(loop, row, e->a, &a)) return false;
        *value = within(&e->range, a);
        return true;
    default: return false;
    }
}
