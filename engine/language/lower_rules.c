/* Rules, and the roles of a panel. */
#include "engine/language/lower_changed.h"

#include <math.h>

const hra_result hra_result_nothing = {.done = true,
                                       .value = -1,
                                       .outside = -1,
                                       .excluded = -1,
                                       .substituted = -1,
                                       .clamped = -1,
                                       .missing = -1,
                                       .provisional = -1,
                                       .reason = -1};

hra_node hra_lower_or_no(hra_lowering *l, hra_node flag) { return flag < 0 ? hra_graph_flag(l->graph, 0) : flag; }

const hra_result *hra_lower_rule(hra_lowering *l, const hra_decl *decl)
{
    if (hra_lower_below(l, decl)) return hra_lower_rule(l->before, decl);
    hra_result *result = &l->rules[decl->number];
    if (result->done && l->expanding_count == 0) return result;
    if (l->expanding_count > 0) { /* read in a special way at the moment: not remembered */
        result = HRA_TAKE(l->memory, hra_result);
    }
    *result = hra_result_nothing;
    hra_lower_frame f = hra_lower_frame_open(l, decl, true);
    if (!f.values) return result;
    if (decl->public.kind == HRA_DECLARATION_TIER) {
        hra_lower_tier(&f, decl, result);
    } else {
        bool due = decl->public.kind == HRA_DECLARATION_PRESCRIPTION;
        result->value = due ? hra_lower_prescription(l, decl) : hra_lower_flag(&f, decl->condition);
        if (result->value >= 0) {
            hra_lower_why(l, result->value, result);
            result->excluded = hra_lower_excluded(&f, decl);
            result->value = hra_lower_blank(l, result->value, result->excluded, false);
        }
    }
    if (result->value >= 0) {
        int op = hra_graph_at(l->graph, result->value)->op;
        if (op != HRA_OP_INPUT_FLAG) hra_graph_name(l->graph, result->value, decl->word->text);
    }
    return result;
}

/* ---- roles: the first model that is usable ----------------------------------------------- */

static hra_node not_true(hra_lowering *l, hra_node flag)
{
    return hra_graph_unary(l->graph, HRA_OP_NOT, hra_lower_is_true(l->graph, flag));
}

hra_node hra_lower_usable(hra_lowering *l, const hra_result *r)
{
    hra_node ok = hra_graph_unary(l->graph, HRA_OP_KNOWN, r->value);
    if (r->excluded >= 0) ok = hra_graph_binary(l->graph, HRA_OP_AND, ok, not_true(l, r->excluded));
    if (r->outside >= 0) ok = hra_graph_binary(l->graph, HRA_OP_AND, ok, not_true(l, r->outside));
    return ok;
}

hra_node hra_lower_choose(hra_lowering *l, hra_node chosen, hra_node mine, hra_node rest)
{
    if (mine < 0 && rest < 0) return -1;
    return hra_graph_select(l->graph, chosen, hra_lower_or_no(l, mine), hra_lower_or_no(l, rest));
}

static void lower_role(hra_lowering *l, const hra_named_block *role, hra_result *result, hra_node *model)
{
    hra_graph *g = l->graph;
    *result = hra_result_nothing;
    *model = hra_graph_unknown(g);
    for (int i = role->uses.count - 1; i >= 0; i--) {
        const hra_expr *use = hra_expr_at(&role->uses, i);
        hra_result scratch;
        hra_result r = *hra_lower_output(l, use->declaration, use->symbol, &scratch);
        if (i == role->uses.count - 1) { /* nobody usable: the status of the first */
            hra_result first_scratch;
            const hra_expr *first = hra_expr_at(&role->uses, 0);
            hra_result status = *hra_lower_output(l, first->declaration, first->symbol, &first_scratch);
            /* unknown in either case, but by a path that leads to the names of what the first one misses */
            hra_node known = hra_graph_unary(g, HRA_OP_KNOWN, status.value);
            result->value = hra_graph_select(g, known, hra_graph_outside(g), status.value);
            result->outside = status.outside;
            result->excluded = status.excluded;
            result->missing = status.missing;
            result->substituted = status.substituted;
            result->clamped = status.clamped;
        }
        hra_node chosen = hra_lower_usable(l, &r);
        result->value = hra_graph_select(g, chosen, r.value, result->value);
        *model = hra_graph_select(g, chosen, hra_graph_number(g, i), *model);
        result->outside = hra_lower_choose(l, chosen, -1, result->outside);
        result->excluded = hra_lower_choose(l, chosen, r.excluded, result->excluded);
        result->missing = hra_lower_choose(l, chosen, -1, result->missing);
        result->substituted = hra_lower_choose(l, chosen, r.substituted, result->substituted);
        result->clamped = hra_lower_choose(l, chosen, r.clamped, result->clamped);
    }
}

const hra_result *hra_lower_role(hra_lowering *l, const hra_decl *panel, int role, hra_node *model)
{
    hra_result **roles = &l->roles[panel->number];
    if (!*roles) *roles = hra_take_array(l->memory, 2 * (size_t)panel->blocks.count, sizeof **roles);
    if (!*roles) return &hra_result_nothing;
    hra_result *risk = &(*roles)[2 * role], *which = risk + 1;
    if (!risk->done || l->expanding_count > 0) {
        lower_role(l, panel->blocks.items[role], risk, &which->value);
        risk->done = l->expanding_count == 0;
    }
    if (model) *model = which->value;
    return risk;
}

hra_node hra_lower_role_named(hra_lowering *l, const hra_word *role)
{
    for (int i = 0; l->panel && i < l->panel->blocks.count; i++)
        if (((hra_named_block *)l->panel->blocks.items[i])->word == role)
            return hra_lower_role(l, l->panel, i, NULL)->value;
    return hra_graph_unknown(l->graph); /* a run without such a panel */
}
