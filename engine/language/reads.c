/* What an output reads: variables, and places where it can fall outside the
 * published range. Two outputs of a model that read the same share a status. */
#include <stdlib.h>
#include <string.h>

#include "engine/language/check.h"
#include "engine/language/library_internal.h"
#include "engine/language/lower.h"

typedef struct reading {
    hra_memory memory;
    hra_list marks; /* variables (their dictionary entry), expressions and statements that can be outside */
    hra_list seen;  /* symbols and declarations */
    const hra_dictionary *dictionary;
} reading;

static bool add_new(reading *r, hra_list *list, const void *item)
{
    for (int i = 0; i < list->count; i++)
        if (list->items[i] == item) return false;
    hra_list_add(&r->memory, list, (void *)item);
    return true;
}

static void read_expr(reading *r, const hra_expr *e);

static void read_list(reading *r, const hra_list *list, int first)
{
    for (int i = first; i < list->count; i++) read_expr(r, hra_expr_at(list, i));
}

static void read_decl(reading *r, const hra_decl *decl)
{
    if (!add_new(r, &r->seen, decl)) return;
    read_expr(r, decl->value);
    read_expr(r, decl->condition);
    for (int i = 0; i < decl->excludes.count; i++) read_expr(r, ((hra_statement *)decl->excludes.items[i])->value);
    for (int i = 0; i < decl->blocks.count; i++) read_list(r, &((hra_named_block *)decl->blocks.items[i])->whens, 0);
}

static void read_fold(reading *r, const hra_statement *s)
{
    for (int i = 0; i < s->fold->items.count; i++) read_expr(r, ((hra_fold_item *)s->fold->items.items[i])->value);
}

static bool may_be_outside(const hra_statement *map)
{
    for (int i = 0; i < map->mapped_count; i++)
        if (map->ordinals[i] != map->ordinals[i]) return true;
    return false;
}

static void read_symbol(reading *r, const hra_symbol *symbol)
{
    if (!symbol || !add_new(r, &r->seen, symbol)) return;
    const hra_statement *s = symbol->statement;
    switch (symbol->kind) {
    case HRA_SYMBOL_VARIABLE: add_new(r, &r->marks, hra_dictionary_at(r->dictionary, symbol->variable)); break;
    case HRA_SYMBOL_DECLARATION: read_decl(r, symbol->declaration); break;
    case HRA_SYMBOL_LOCAL: read_expr(r, symbol->value); break;
    case HRA_SYMBOL_JOIN:
        add_new(r, &r->marks, s);
        for (int i = 0; i < s->strata.count; i++) read_expr(r, ((hra_stratum *)s->strata.items[i])->condition);
        for (int i = 0; i < symbol->parts.count; i++) read_symbol(r, symbol->parts.items[i]);
        break;
    case HRA_SYMBOL_MAP:
        if (may_be_outside(s)) add_new(r, &r->marks, s);
        read_symbol(r, s->mapped);
        break;
    case HRA_SYMBOL_EMIT: read_fold(r, s); break;
    default: break;
    }
}

/* Bands that leave no number out cannot be outside. */
static bool has_gap(const hra_expr *e)
{
    if (e->b) return false;
    for (int i = 0; i < e->arms.count; i++) {
        const hra_range *here = &((hra_arm *)e->arms.items[i])->range;
        if (i == 0 && here->has_low) return true;
        if (i + 1 == e->arms.count) return here->has_high;
        const hra_range *next = &((hra_arm *)e->arms.items[i + 1])->range;
        if (here->high != next->low || here->high_open == next->low_open) return true;
    }
    return true;
}

static void read_expr(reading *r, const hra_expr *e)
{
    if (!e || e->is_level) return;
    bool outside = e->kind == HRA_EXPR_OUTSIDE || (e->kind == HRA_EXPR_CALL && e->op == HRA_FUNCTION_LOOKUP) ||
                   (e->kind == HRA_EXPR_BANDS && has_gap(e)) ||
                   (e->kind == HRA_EXPR_CASE && !e->b && e->a->type.sort == HRA_SORT_NUMBER);
    if (outside) add_new(r, &r->marks, e);
    switch (e->kind) {
    case HRA_EXPR_NAME: read_symbol(r, e->symbol); break;
    case HRA_EXPR_MEMBER: add_new(r, &r->marks, e->symbol ? (const void *)e->symbol : e->member); break;
    case HRA_EXPR_UNIT: read_expr(r, e->a); break;
    case HRA_EXPR_CALL: read_list(r, &e->args, e->op == HRA_FUNCTION_LOOKUP ? 1 : 0); break;
    case HRA_EXPR_IN_SET:
        read_expr(r, e->a);
        read_list(r, &e->args, 0);
        break;
    case HRA_EXPR_CASE:
    case HRA_EXPR_BANDS:
        read_expr(r, e->a);
        for (int i = 0; i < e->arms.count; i++) read_expr(r, ((hra_arm *)e->arms.items[i])->value);
        read_expr(r, e->b);
        break;
    default:
        read_expr(r, e->a);
        read_expr(r, e->b);
        break;
    }
}

static int by_address(const void *a, const void *b)
{
    const char *x = *(char *const *)a, *y = *(char *const *)b;
    return x < y ? -1 : x > y;
}

static bool read_output(reading *r, const hra_library *library, const hra_symbol *output)
{
    if (!hra_memory_open(&r->memory)) {
        r->memory.failed = true;
        return false;
    }
    r->dictionary = library->dictionary;
    read_symbol(r, output);
    if (r->marks.count > 1) qsort(r->marks.items, (size_t)r->marks.count, sizeof *r->marks.items, by_address);
    return !r->memory.failed;
}

bool hra_same_status(const hra_library *library, hra_memory *memory, const hra_decl *model, const hra_symbol *a,
                     const hra_symbol *b)
{
    for (int i = 0; i < model->valids.count; i++)
        if (hra_statement_applies(model->valids.items[i], a) != hra_statement_applies(model->valids.items[i], b))
            return false;
    reading x = {0}, y = {0};
    bool same = read_output(&x, library, a) && read_output(&y, library, b) && x.marks.count == y.marks.count;
    for (int i = 0; same && i < x.marks.count; i++) same = x.marks.items[i] == y.marks.items[i];
    memory->failed |= x.memory.failed || y.memory.failed;
    hra_memory_close(&x.memory);
    hra_memory_close(&y.memory);
    return same;
}
