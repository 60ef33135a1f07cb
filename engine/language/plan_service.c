/* Outputs of checkup items, monitoring, topics and reference bands. */
#include <math.h>

#include "engine/language/library_internal.h"
#include "engine/language/plan_internal.h"

static void add_reason(hra_plan *plan, const hra_decl *tier, int of)
{
    const hra_result *result = hra_lower_rule(&plan->lowering, tier);
    const char *id = hra_take_printf(&plan->memory, "%s.reason", tier->word->text);
    if (!tier->has_reasons || !hra_plan_take_id(plan, id)) return;
    hra_output *output = hra_plan_new_output(plan, id, tier->word->text, "reason", HRA_ROLE_TIER_REASON);
    output->kind = HRA_OUTPUT_CATEGORY;
    output->levels = tier->reasons->names;
    output->level_count = tier->reasons->count;
    hra_result reason = *result;
    reason.value = result->reason;
    hra_plan_set_result(plan, output, &reason);
    output->status_of = of;
}

void hra_plan_add_tier(hra_plan *plan, const hra_decl *tier)
{
    int index = plan->output_count;
    hra_plan_add_rule(plan, tier, HRA_ROLE_TIER);
    if (plan->output_count > index) add_reason(plan, tier, index);
}

/* The topic's value beside its flag: T01 and T01.value. */
static void add_topic(hra_plan *plan, const hra_decl *topic)
{
    hra_lowering *l = &plan->lowering;
    const char *owner = topic->word->text, *id = hra_take_printf(&plan->memory, "%s.value", owner);
    hra_plan_add_rule(plan, topic, HRA_ROLE_TOPIC);
    if (!hra_plan_take_id(plan, id)) return;
    hra_lower_frame frame = hra_lower_frame_open(l, topic, true);
    hra_result result = {.outside = -1, .excluded = -1, .clamped = -1, .provisional = -1};
    result.value = hra_lower_value(&frame, topic->value);
    if (result.value >= 0) hra_lower_why(l, result.value, &result);
    hra_output *output = hra_plan_new_output(plan, id, owner, "value", HRA_ROLE_TOPIC);
    hra_plan_set_type(output, topic->value->type);
    const hra_symbol *symbol = topic->value->kind == HRA_EXPR_NAME ? topic->value->symbol : NULL;
    if (symbol && symbol->kind == HRA_SYMBOL_VARIABLE)
        hra_plan_variable_output(plan, output, symbol->variable);
    else if (symbol && symbol->kind == HRA_SYMBOL_DECLARATION)
        output->decimals = symbol->declaration->decimals;
    if (!*output->unit && topic->value->type.unit) output->unit = topic->value->type.unit;
    hra_plan_set_result(plan, output, &result);
}

/* ---- references: below, within or above which band ------------------------------------ */

enum { BELOW, WITHIN, ABOVE, PLACES };

/* A bound that is not given is never passed. */
static hra_node place_in(hra_graph *g, hra_node value, const hra_band *band, int index)
{
    hra_node place[PLACES];
    for (int i = 0; i < PLACES; i++) place[i] = hra_graph_number(g, index * PLACES + i);
    hra_node found = place[WITHIN];
    if (!isnan(band->high)) {
        hra_node above = hra_graph_binary(g, HRA_OP_LT, hra_graph_number(g, band->high), value);
        found = hra_graph_select(g, above, place[ABOVE], found);
    }
    if (isnan(band->low)) return found;
    hra_node below = hra_graph_binary(g, HRA_OP_LT, value, hra_graph_number(g, band->low));
    return hra_graph_select(g, below, place[BELOW], found);
}

static const char **place_names(hra_plan *plan, int bands)
{
    static const char *const words[PLACES] = {"low", "within", "high"};
    const char **names = hra_take_array(&plan->memory, (size_t)bands * PLACES, sizeof *names);
    for (int i = 0; names && i < bands * PLACES; i++)
        names[i] = hra_take_printf(&plan->memory, "%s.%d", words[i % PLACES], i / PLACES + 1);
    return names;
}

static void add_reference(hra_plan *plan, const hra_decl *decl)
{
    hra_lowering *l = &plan->lowering;
    const char *variable = hra_dictionary_at(l->library->dictionary, decl->substitutes)->name;
    const char *id = hra_take_printf(&plan->memory, "reference.%s", variable);
    if (!hra_plan_take_id(plan, id)) return;
    hra_lower_frame frame = hra_lower_frame_open(l, decl, true);
    hra_node value = hra_lower_variable(&frame, decl->substitutes, decl->unit, NULL);
    hra_result result = {.outside = -1, .excluded = -1, .clamped = -1, .provisional = -1};
    result.value = hra_graph_outside(l->graph); /* no band is for this person */
    for (int i = decl->bands.count - 1; i >= 0; i--) {
        const hra_band *band = decl->bands.items[i];
        hra_node place = place_in(l->graph, value, band, i);
        result.value = band->condition
                           ? hra_graph_select(l->graph, hra_lower_flag(&frame, band->condition), place, result.value)
                           : place;
    }
    hra_lower_why(l, result.value, &result);
    hra_output *output = hra_plan_new_output(plan, id, variable, "reference", HRA_ROLE_REFERENCE);
    output->kind = HRA_OUTPUT_CATEGORY;
    output->levels = place_names(plan, decl->bands.count);
    output->level_count = output->levels ? decl->bands.count * PLACES : 0;
    hra_plan_set_result(plan, output, &result);
}

void hra_plan_add_service(hra_plan *plan, const hra_plan_request *request)
{
    const hra_list *declarations = &plan->lowering.library->declarations;
    for (int i = 0; i < declarations->count; i++) {
        const hra_decl *decl = declarations->items[i];
        hra_declaration_kind kind = decl->public.kind;
        if (!hra_plan_accepts(plan, decl)) continue;
        if (kind == HRA_DECLARATION_ITEM && request->items) hra_plan_add_rule(plan, decl, HRA_ROLE_ITEM);
        if (kind == HRA_DECLARATION_MONITOR && request->monitors) hra_plan_add_rule(plan, decl, HRA_ROLE_MONITOR);
        if (kind == HRA_DECLARATION_TOPIC && request->topics) add_topic(plan, decl);
        if (kind == HRA_DECLARATION_REFERENCE && request->references) add_reference(plan, decl);
    }
}
