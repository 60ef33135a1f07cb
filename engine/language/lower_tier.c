/* Tiers: the first level whose condition is true, and which of its conditions that was. */
#include <math.h>

#include "engine/language/lower.h"

/* A level under way: its conditions, and whether a level before it is in doubt. */
typedef struct rung {
    hra_node *whens;
    hra_node any;   /* one of them; -1: for all others */
    hra_node doubt; /* is a level before this one unknown? -1: never */
    int first;      /* number of its first reason */
} rung;

/* `when unknown`: whoever comes here is in no level before, and perhaps only for want of a value. */
static hra_node condition(hra_lower_frame *f, const hra_expr *e, hra_node doubt)
{
    return e->kind == HRA_EXPR_UNKNOWN ? hra_lower_or_no(f->l, doubt) : hra_lower_flag(f, e);
}

static bool open_rung(hra_lower_frame *f, const hra_named_block *level, rung *r)
{
    hra_lowering *l = f->l;
    r->any = -1;
    r->whens = hra_take_array(l->memory, (size_t)level->whens.count + 1, sizeof *r->whens);
    if (!r->whens) return false;
    for (int k = 0; k < level->whens.count; k++) {
        r->whens[k] = condition(f, hra_expr_at(&level->whens, k), r->doubt);
        r->any = hra_lower_or(l->graph, r->any, r->whens[k]);
    }
    return true;
}

static rung *open_rungs(hra_lower_frame *f, const hra_decl *decl, hra_node *doubt)
{
    hra_graph *g = f->graph;
    rung *rungs = hra_take_array(f->l->memory, (size_t)decl->blocks.count, sizeof *rungs);
    int reasons = 0;
    *doubt = -1;
    for (int i = 0; rungs && i < decl->blocks.count; i++) {
        const hra_named_block *level = decl->blocks.items[i];
        rungs[i] = (rung){.doubt = *doubt, .first = reasons};
        if (!open_rung(f, level, &rungs[i])) return NULL;
        reasons += level->whens.count ? level->whens.count : 1;
        if (rungs[i].any < 0) continue;
        hra_node unknown = hra_graph_unary(g, HRA_OP_NOT, hra_graph_unary(g, HRA_OP_KNOWN_FLAG, rungs[i].any));
        *doubt = hra_lower_or(g, *doubt, unknown);
    }
    return rungs;
}

/* The number of the first condition that is true, of a level of which one is. */
static hra_node reason_of(hra_graph *g, const rung *r, int count)
{
    hra_node reason = hra_graph_number(g, r->first + (count ? count - 1 : 0));
    for (int k = count - 2; k >= 0; k--)
        reason = hra_graph_select(g, hra_lower_is_true(g, r->whens[k]), hra_graph_number(g, r->first + k), reason);
    return reason;
}

void hra_lower_tier(hra_lower_frame *f, const hra_decl *decl, hra_result *result)
{
    hra_lowering *l = f->l;
    hra_graph *g = l->graph;
    hra_node doubt, none = -1;
    rung *rungs = open_rungs(f, decl, &doubt);
    if (!rungs) return;
    /* no level true: unknown, for the reasons of the conditions */
    for (int i = 0; i < decl->blocks.count; i++)
        none = hra_lower_or(g, none, rungs[i].any < 0 ? hra_graph_flag(g, 1) : rungs[i].any);
    result->value = hra_graph_select(g, none, hra_graph_unknown(g), hra_graph_unknown(g));
    result->reason = result->value;
    result->provisional = hra_lower_or_no(l, doubt);
    for (int i = decl->blocks.count - 1; i >= 0; i--) {
        const rung *r = &rungs[i];
        hra_node here = hra_graph_number(g, i), before = hra_lower_or_no(l, r->doubt);
        hra_node why =
            decl->has_reasons ? reason_of(g, r, ((hra_named_block *)decl->blocks.items[i])->whens.count) : -1;
        if (r->any < 0) {
            result->value = here;
            result->reason = why;
            result->provisional = before;
            continue;
        }
        hra_node is_true = hra_lower_is_true(g, r->any);
        result->value = hra_graph_select(g, is_true, here, result->value);
        if (why >= 0) result->reason = hra_graph_select(g, is_true, why, result->reason);
        result->provisional = hra_graph_select(g, is_true, before, result->provisional);
    }
    if (!decl->has_reasons) result->reason = -1;
    hra_lower_why(l, result->value, result);
}
