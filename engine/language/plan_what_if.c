/* Outputs of what-if: each risk after each intervention and after all, and what that removes. */
#include <string.h>

#include "engine/language/library_internal.h"
#include "engine/language/parser.h"
#include "engine/language/plan_internal.h"

static hra_code find_intervention(const hra_plan *plan, const char *id, const hra_decl **found, hra_error *error)
{
    const hra_library *library = plan->lowering.library;
    hra_suggestion s = {.wanted = id};
    for (int i = 0; i < library->declarations.count; i++) {
        const hra_decl *decl = library->declarations.items[i];
        if (decl->public.kind != HRA_DECLARATION_INTERVENTION) continue;
        if (strcmp(decl->word->text, id) == 0) *found = decl;
        hra_suggest(&s, decl->word->text);
    }
    if (*found) return HRA_OK;
    const char *best = hra_suggested(&s);
    return hra_fail(error, HRA_EUSAGE, "no intervention '%s'%s%s%s", id, best ? "; did you mean '" : "",
                    best ? best : "", best ? "'?" : "");
}

/* What it sets, where it is for this person: <intervention>.<variable>. */
static void add_goals(hra_plan *plan, hra_intervention *it)
{
    const char *owner = it->decl->word->text;
    hra_lower_frame frame = hra_lower_frame_open(&it->so_far, it->decl, false);
    for (int i = 0; i < it->decl->ideals.count; i++) {
        int variable = ((hra_decl *)it->decl->ideals.items[i])->substitutes;
        const char *name = hra_dictionary_at(plan->lowering.library->dictionary, variable)->name;
        const char *id = hra_take_printf(&plan->memory, "%s.%s", owner, name);
        if (!hra_plan_take_id(plan, id)) continue;
        hra_result result = {.outside = -1, .excluded = -1, .clamped = -1, .provisional = -1};
        result.value = hra_lower_variable(&frame, variable, NULL, NULL);
        if (result.value >= 0) hra_lower_why(&plan->lowering, result.value, &result);
        hra_output *output = hra_plan_new_output(plan, id, owner, name, HRA_ROLE_WHAT_IF);
        hra_plan_variable_output(plan, output, variable);
        hra_plan_set_result(plan, output, &result);
        hra_graph_name(plan->graph, result.value, id);
    }
}

hra_code hra_plan_open_what_if(hra_plan *plan, const hra_plan_request *request, hra_error *error)
{
    plan->with_what_if = request->what_if;
    plan->with_groups = request->aggregates;
    if (!plan->with_what_if) return HRA_OK;
    const hra_decl *only = NULL;
    if (request->intervention) HRA_TRY(find_intervention(plan, request->intervention, &only, error));
    if (!hra_what_if_open(&plan->what_if, &plan->lowering, only, plan->accepts, plan->accepts_context))
        return hra_fail(error, HRA_ENOMEM, "out of memory planning the run");
    if (plan->what_if.count == 0 && plan->accepts) plan->with_what_if = false;
    if (plan->what_if.count == 0 && !plan->accepts)
        return hra_fail(error, HRA_EUSAGE, "the definitions have no intervention to ask about");
    if (only) add_goals(plan, &plan->what_if.items[0]);
    return HRA_OK;
}

static int output_index(const hra_plan *plan, const char *id) { return (int)hra_map_get(plan->ids, id); }

/* A number that belongs to the risk at `of`: it shares its status. */
static void add(hra_plan *plan, int of, const char *name, hra_node value)
{
    const hra_output risk = plan->outputs[of];
    const char *id = hra_take_printf(&plan->memory, "%s.%s", risk.owner, name);
    if (!hra_plan_take_id(plan, id)) return;
    const hra_result result = {.value = value,
                               .outside = risk.outside,
                               .excluded = risk.excluded,
                               .substituted = risk.substituted,
                               .clamped = risk.clamped,
                               .missing = risk.missing,
                               .provisional = risk.provisional};
    hra_output *output = hra_plan_new_output(plan, id, risk.owner, name, HRA_ROLE_WHAT_IF);
    output->unit = risk.unit;
    hra_plan_set_result(plan, output, &result);
    output->status_of = risk.status_of;
    if (value >= 0) hra_graph_name(plan->graph, value, id);
}

void hra_plan_add_if(hra_plan *plan, const hra_decl *model, const hra_symbol *symbol)
{
    if (!plan->with_what_if || !hra_plan_is_risk(symbol)) return;
    const char *name = symbol->word->text;
    int of = output_index(plan, hra_take_printf(&plan->memory, "%s.%s", model->word->text, name));
    for (int i = HRA_WHAT_IF_ALL; of >= 0 && i < plan->what_if.count; i++) {
        hra_node value = hra_lower_if(&plan->what_if, model, symbol, i);
        if (value < 0 || (i < 0 && plan->what_if.only)) continue;
        const char *what =
            i < 0 ? "if_all" : hra_take_printf(&plan->memory, "if.%s", plan->what_if.items[i].decl->word->text);
        add(plan, of, hra_take_printf(&plan->memory, "%s.%s", name, what), value);
    }
}

/* ---- roles ------------------------------------------------------------------------------ */

static hra_node binary(hra_plan *plan, hra_op op, hra_node a, hra_node b)
{
    return hra_graph_binary(plan->graph, op, a, b);
}

static hra_node removed(hra_plan *plan, hra_node risk, hra_node changed)
{
    return binary(plan, HRA_OP_MAX, binary(plan, HRA_OP_SUB, risk, changed), hra_graph_number(plan->graph, 0));
}

void hra_plan_add_role_if(hra_plan *plan, const hra_decl *panel, int index, int of)
{
    if (!plan->with_what_if) return;
    const char *role = ((hra_named_block *)panel->blocks.items[index])->word->text;
    hra_node risk = plan->outputs[of].value, all = hra_lower_role_if(&plan->what_if, panel, index, HRA_WHAT_IF_ALL);
    for (int i = 0; i < plan->what_if.count; i++) {
        hra_node value = hra_lower_role_if(&plan->what_if, panel, index, i);
        if (value < 0) continue;
        add(plan, of, hra_take_printf(&plan->memory, "%s.if.%s", role, plan->what_if.items[i].decl->word->text), value);
    }
    if (all < 0 || plan->what_if.only) return;
    add(plan, of, hra_take_printf(&plan->memory, "%s.if_all", role), all);
    add(plan, of, hra_take_printf(&plan->memory, "%s.changeable", role),
        binary(plan, HRA_OP_DIV, removed(plan, risk, all), risk));
    if (!plan->with_groups) return;
    const char *gone = hra_take_printf(&plan->memory, "%s.%s.prevented", panel->word->text, role);
    hra_plan_aggregate_output(plan, gone, panel->word->text, false, binary(plan, HRA_OP_SUB, risk, all));
}

/* ---- what an intervention removes ---------------------------------------------------------- */

typedef struct sum {
    hra_node total, any; /* of known roles; is one known? */
    hra_node first;      /* of the first role, whose status stands where none is */
    const hra_result *risk;
} sum;

static void add_role_to(hra_plan *plan, sum *s, hra_node term, const hra_result *risk)
{
    hra_node known = hra_graph_unary(plan->graph, HRA_OP_KNOWN, term);
    hra_node part = binary(plan, HRA_OP_FIRST_KNOWN, term, hra_graph_number(plan->graph, 0));
    s->total = s->total < 0 ? part : binary(plan, HRA_OP_ADD, s->total, part);
    s->any = hra_lower_or(plan->graph, s->any, known);
    if (s->first >= 0) return;
    s->first = term;
    s->risk = risk;
}

static hra_node both(hra_plan *plan, hra_node a, hra_node b)
{
    return a < 0 || b < 0 ? -1 : binary(plan, HRA_OP_AND, a, hra_lower_is_true(plan->graph, b));
}

static hra_node neither(hra_plan *plan, hra_node a, hra_node b)
{
    hra_node any = hra_lower_or(plan->graph, a, b);
    return any < 0 ? hra_graph_flag(plan->graph, 1) : hra_graph_unary(plan->graph, HRA_OP_NOT, any);
}

/* Known where one role is; else unknown by the path, and for the reason, of the first one. */
static hra_result result_of(hra_plan *plan, const sum *s)
{
    hra_node none = hra_graph_unary(plan->graph, HRA_OP_NOT, s->any);
    hra_result r = {.clamped = -1, .substituted = -1, .provisional = -1};
    r.value = hra_graph_select(plan->graph, s->any, s->total, s->first);
    r.excluded = both(plan, none, s->risk->excluded);
    r.outside = both(plan, none, s->risk->outside);
    hra_node otherwise = both(plan, none, neither(plan, r.excluded, r.outside));
    r.missing = hra_lower_or(plan->graph, both(plan, none, s->risk->missing), otherwise);
    return r;
}

static void add_removable(hra_plan *plan, const hra_decl *panel, int intervention)
{
    sum s = {.first = -1, .total = -1, .any = -1};
    for (int i = 0; i < panel->ranks.count; i++) {
        int role = hra_expr_at(&panel->ranks, i)->column;
        hra_node changed = hra_lower_role_if(&plan->what_if, panel, role, intervention);
        if (changed < 0) continue;
        const hra_result *risk = hra_lower_role(&plan->lowering, panel, role, NULL);
        add_role_to(plan, &s, removed(plan, risk->value, changed), risk);
    }
    if (s.total < 0) return;
    const char *owner = plan->what_if.items[intervention].decl->word->text;
    const char *id = hra_take_printf(&plan->memory, "removable.%s", owner);
    if (!hra_plan_take_id(plan, id)) return;
    const hra_result result = result_of(plan, &s);
    plan->removable[intervention] = result.value;
    hra_plan_set_result(plan, hra_plan_new_output(plan, id, owner, "removable", HRA_ROLE_WHAT_IF), &result);
}

void hra_plan_add_removable(hra_plan *plan, const hra_decl *panel)
{
    if (!plan->with_what_if) return;
    plan->removable = hra_take_array(&plan->memory, (size_t)plan->what_if.count, sizeof *plan->removable);
    for (int i = 0; plan->removable && i < plan->what_if.count; i++) {
        plan->removable[i] = -1;
        add_removable(plan, panel, i);
    }
}
