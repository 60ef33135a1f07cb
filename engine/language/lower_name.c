/* Names: each kind of symbol and how its value comes about. */
#include <string.h>

#include "engine/language/lower.h"

bool hra_lowering_open(hra_lowering *l)
{
    size_t variables = (size_t)hra_dictionary_count(l->library->dictionary);
    size_t decls = (size_t)l->library->declarations.count;
    l->expanding = hra_take_array(l->memory, variables, sizeof *l->expanding);
    l->spans = hra_take_array(l->memory, variables, sizeof *l->spans);
    l->variables = hra_take_array(l->memory, variables, sizeof *l->variables);
    l->lets = hra_take_array(l->memory, decls, sizeof *l->lets);
    l->standing = hra_take_array(l->memory, decls, sizeof *l->standing);
    l->rules = hra_take_array(l->memory, decls, sizeof *l->rules);
    l->outputs = hra_take_array(l->memory, decls, sizeof *l->outputs);
    l->roles = hra_take_array(l->memory, decls, sizeof *l->roles);
    l->frames = hra_take_array(l->memory, decls, sizeof *l->frames);
    return !l->memory->failed;
}

hra_lower_frame hra_lower_frame_open(hra_lowering *l, const hra_decl *decl, bool reported)
{
    hra_lower_frame frame = {.l = l, .decl = decl, .graph = l->graph, .reported = reported};
    frame.values = hra_take_array(l->memory, (size_t)decl->slot_count, sizeof *frame.values);
    return frame;
}

/* ---- strata ------------------------------------------------------------------------ */

/* `sex == female` beside `sex == male`: whoever is not the first is the second,
 * so the last condition need not be asked. True if the conditions name every
 * level of one category once. */
static bool names_every_level(const hra_list *strata)
{
    const hra_symbol *category = NULL;
    uint64_t seen = 0;
    int levels = 0;
    for (int i = 0; i < strata->count; i++) {
        const hra_expr *e = ((hra_stratum *)strata->items[i])->condition;
        if (e->kind != HRA_EXPR_BINARY || e->op != TOKEN_EQUAL) return false;
        const hra_expr *level = e->a->is_level ? e->a : e->b, *subject = level == e->a ? e->b : e->a;
        if (!level->is_level || subject->kind != HRA_EXPR_NAME || !subject->symbol || level->column >= 64) return false;
        if (category && subject->symbol != category) return false;
        category = subject->symbol;
        levels = subject->type.levels->count;
        seen |= UINT64_C(1) << level->column;
    }
    return levels == strata->count && levels < 64 && seen == (UINT64_C(1) << levels) - 1;
}

static hra_node joined(hra_lower_frame *f, const hra_symbol *symbol)
{
    const hra_list *strata = &symbol->statement->strata;
    bool flag = symbol->type.sort == HRA_SORT_FLAG, complete = names_every_level(strata);
    hra_node value = -1;
    for (int i = strata->count - 1; i >= 0; i--) {
        const hra_symbol *part = symbol->parts.items[i];
        hra_node x = hra_lower_symbol(f, part);
        if (x < 0) return x;
        if (flag != (hra_graph_kind(f->graph, x) == HRA_KIND_FLAG)) /* a flag among numbers counts 1 or 0 */
            x = flag ? hra_graph_binary(f->graph, HRA_OP_EQ, x, hra_graph_number(f->graph, 1))
                     : hra_graph_unary(f->graph, HRA_OP_FROM_FLAG, x);
        if (value < 0 && complete) {
            value = x;
            continue;
        }
        if (value < 0) value = hra_lower_outside(f->graph, flag);
        value = hra_graph_select(f->graph, hra_lower_flag(f, ((hra_stratum *)strata->items[i])->condition), x, value);
    }
    return value;
}

/* ---- symbols ------------------------------------------------------------------------- */

static hra_node map_value(hra_lower_frame *f, const hra_symbol *symbol)
{
    const hra_statement *s = symbol->statement;
    hra_node ordinal = hra_lower_symbol(f, s->mapped);
    return hra_lower_recast(f->graph, ordinal, s->ordinals, s->mapped_count, symbol->word->text);
}

static hra_node declaration_value(hra_lower_frame *f, const hra_symbol *symbol)
{
    const hra_decl *decl = symbol->declaration;
    if (decl->public.kind != HRA_DECLARATION_LET) return hra_lower_rule(f->l, decl)->value;
    hra_node value = hra_lower_clamped(f, symbol, hra_lower_let(f, decl));
    bool round = f->reported && decl->decimals >= 0 && symbol->type.sort == HRA_SORT_NUMBER;
    return round ? hra_graph_round(f->graph, value, decl->decimals) : value;
}

static hra_node fresh_value(hra_lower_frame *f, const hra_symbol *symbol)
{
    switch (symbol->kind) {
    case HRA_SYMBOL_LOCAL: return hra_lower_clamped(f, symbol, hra_lower_value(f, symbol->value));
    case HRA_SYMBOL_JOIN: return hra_lower_clamped(f, symbol, joined(f, symbol));
    case HRA_SYMBOL_MAP: return map_value(f, symbol);
    case HRA_SYMBOL_EMIT: return hra_lower_emit(f, symbol);
    case HRA_SYMBOL_STATE:
    case HRA_SYMBOL_ROW: return hra_lower_row(f, symbol);
    default: return -1;
    }
}

/* Names of the model go to the graph, for explain: the innermost first. */
static void name_node(hra_lower_frame *f, const hra_symbol *symbol, hra_node value)
{
    if (value < 0 || f->graph != f->l->graph) return;
    int op = hra_graph_at(f->graph, value)->op;
    bool leaf = op == HRA_OP_INPUT || op == HRA_OP_INPUT_FLAG || op == HRA_OP_NUMBER || op == HRA_OP_UNKNOWN;
    if (!leaf && symbol->kind != HRA_SYMBOL_MAP) hra_graph_name(f->graph, value, symbol->word->text);
}

hra_node hra_lower_symbol(hra_lower_frame *f, const hra_symbol *symbol)
{
    switch (symbol->kind) {
    case HRA_SYMBOL_VARIABLE: return hra_lower_variable(f, symbol->variable, NULL, NULL);
    case HRA_SYMBOL_DECLARATION: return declaration_value(f, symbol);
    case HRA_SYMBOL_AS_OF: return hra_graph_number(f->graph, f->l->as_of);
    default: break;
    }
    /* a name of an enclosing frame: there it stays known for the next reader */
    if (f->outer && symbol->depth < f->depth) return hra_lower_symbol(f->outer, symbol);
    hra_node *slot = &f->values[symbol->slot];
    if (*slot) return *slot - 1;
    hra_node value = fresh_value(f, symbol);
    name_node(f, symbol, value);
    *slot = value + 1;
    return value;
}

hra_node hra_lower_name(hra_lower_frame *f, const hra_expr *e)
{
    if (e->is_level) return hra_graph_number(f->graph, e->column);
    if (e->kind == HRA_EXPR_MEMBER) {
        if (!e->declaration) return hra_lower_role_named(f->l, e->member);
        hra_result scratch = {0};
        return hra_lower_output(f->l, e->declaration, e->symbol, &scratch)->value;
    }
    return hra_lower_symbol(f, e->symbol);
}
