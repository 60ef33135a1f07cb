/* Which outputs a run computes: requests become outputs over one graph. */
#include "engine/language/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/language/lower.h"
#include "engine/language/plan_internal.h"
#include "engine/language/parser.h"

/* ---- outputs --------------------------------------------------------------------------- */

hra_output *hra_plan_new_output(hra_plan *plan, const char *id, const char *owner, const char *name,
                                hra_output_role role)
{
    if (plan->output_count == plan->output_capacity) {
        int capacity = plan->output_capacity ? plan->output_capacity * 2 : 256;
        hra_output *outputs = realloc(plan->outputs, (size_t)capacity * sizeof *outputs);
        if (!outputs) {
            plan->memory.failed = true;
            return &plan->lost;
        }
        plan->outputs = outputs;
        plan->output_capacity = capacity;
    }
    hra_output *output = &plan->outputs[plan->output_count];
    *output = (hra_output){.id = id,
                           .owner = owner,
                           .name = name,
                           .role = role,
                           .unit = "",
                           .decimals = -1,
                           .outside = -1,
                           .excluded = -1,
                           .substituted = -1,
                           .clamped = -1,
                           .missing = -1,
                           .provisional = -1,
                           .status_of = plan->output_count};
    plan->output_count++;
    return output;
}

void hra_plan_set_type(hra_output *output, hra_value_type type)
{
    output->kind = type.sort == HRA_SORT_FLAG       ? HRA_OUTPUT_FLAG
                   : type.sort == HRA_SORT_CATEGORY ? HRA_OUTPUT_CATEGORY
                                                    : HRA_OUTPUT_NUMBER;
    if (type.sort == HRA_SORT_CATEGORY && type.levels) {
        output->levels = type.levels->names;
        output->level_count = type.levels->count;
    }
}

/* A number node in a flag's place, or the other way round, comes from `outside` in strata. */
static hra_node of_kind(hra_plan *plan, hra_node value, hra_output_kind kind)
{
    if (value < 0) return value;
    bool flag = hra_graph_kind(plan->graph, value) == HRA_KIND_FLAG;
    if (flag == (kind == HRA_OUTPUT_FLAG)) return value;
    return flag ? hra_graph_unary(plan->graph, HRA_OP_FROM_FLAG, value)
                : hra_graph_binary(plan->graph, HRA_OP_EQ, value, hra_graph_number(plan->graph, 1));
}

void hra_plan_set_result(hra_plan *plan, hra_output *output, const hra_result *result)
{
    output->value = of_kind(plan, result->value, output->kind);
    output->outside = result->outside;
    output->excluded = result->excluded;
    output->substituted = result->substituted;
    output->clamped = result->clamped;
    output->missing = result->missing;
    output->provisional = result->provisional;
}

bool hra_plan_take_id(hra_plan *plan, const char *id)
{
    if (hra_map_get(plan->ids, id) >= 0) return false;
    if (hra_map_set(plan->ids, id, plan->output_count) != 0) plan->memory.failed = true;
    return true;
}

/* ---- models -------------------------------------------------------------------------------- */

static void note_model(hra_plan *plan, const hra_decl *model)
{
    for (int i = 0; i < plan->models.count; i++)
        if (plan->models.items[i] == model->word->text) return;
    hra_list_add(&plan->memory, &plan->models, (void *)model->word->text);
}

static void share_status(hra_plan *plan, const hra_decl *model, int index, const hra_symbol *symbol)
{
    for (int i = 0; i < index; i++) {
        const hra_output *other = &plan->outputs[i];
        if (other->owner != model->word->text || other->status_of != i) continue;
        for (int k = 0; k < model->outputs.count; k++) {
            const hra_symbol *s = model->outputs.items[k];
            if (strcmp(s->word->text, other->name) != 0) continue;
            if (!hra_same_status(plan->lowering.library, &plan->memory, model, s, symbol)) continue;
            plan->outputs[index].status_of = i;
            return;
        }
    }
}

static void add_model_output(hra_plan *plan, const hra_decl *model, const hra_symbol *symbol)
{
    const char *id = hra_take_printf(&plan->memory, "%s.%s", model->word->text, symbol->word->text);
    if (!hra_plan_take_id(plan, id)) return;
    note_model(plan, model);
    int index = plan->output_count;
    hra_output *output = hra_plan_new_output(plan, id, model->word->text, symbol->word->text, HRA_ROLE_MODEL);
    hra_plan_set_type(output, symbol->type);
    output->unit = symbol->unit ? symbol->unit : "";
    output->decimals = symbol->decimals;
    hra_result scratch = {0};
    hra_plan_set_result(plan, output, hra_lower_output(&plan->lowering, model, symbol, &scratch));
    if (output->value >= 0) hra_graph_name(plan->graph, output->value, id);
    if (output != &plan->lost) share_status(plan, model, index, symbol);
}

/* The main output first: its status column is the model's. */
static void add_model(hra_plan *plan, const hra_decl *model)
{
    const hra_symbol *main_output = hra_model_main_output(model);
    if (main_output) add_model_output(plan, model, main_output);
    for (int i = 0; i < model->outputs.count; i++)
        if (model->outputs.items[i] != main_output) add_model_output(plan, model, model->outputs.items[i]);
}

static hra_code no_such_model(const hra_library *library, const char *id, hra_error *error)
{
    hra_suggestion s = {.wanted = id};
    for (int i = 0; i < library->declarations.count; i++) {
        const hra_decl *decl = library->declarations.items[i];
        if (decl->public.kind == HRA_DECLARATION_MODEL) hra_suggest(&s, decl->word->text);
    }
    const char *best = hra_suggested(&s);
    return hra_fail(error, HRA_EUSAGE, "no model '%s'%s%s%s; 'hra models list' names them", id,
                    best ? "; did you mean '" : "", best ? best : "", best ? "'?" : "");
}

static const hra_decl *find_decl(const hra_library *library, const char *id, hra_declaration_kind kind)
{
    const hra_declaration *declaration = hra_library_find(library, id);
    return declaration && declaration->kind == kind ? hra_decl_of(declaration) : NULL;
}

/* "model" or "model.output" */
static hra_code add_requested(hra_plan *plan, const char *id, hra_error *error)
{
    const hra_library *library = plan->lowering.library;
    const char *dot = strchr(id, '.');
    const char *name = dot ? hra_take_text(&plan->memory, id, (size_t)(dot - id)) : id;
    const hra_decl *model = find_decl(library, name, HRA_DECLARATION_MODEL);
    if (!model) return no_such_model(library, name, error);
    if (!dot) {
        add_model(plan, model);
        hra_plan_add_ideal(plan, model, hra_model_main_output(model));
        hra_plan_add_if(plan, model, hra_model_main_output(model));
        return HRA_OK;
    }
    hra_suggestion s = {.wanted = dot + 1};
    for (int i = 0; i < model->outputs.count; i++) {
        const hra_symbol *symbol = model->outputs.items[i];
        hra_suggest(&s, symbol->word->text);
        if (strcmp(symbol->word->text, dot + 1) != 0) continue;
        add_model_output(plan, model, symbol);
        hra_plan_add_ideal(plan, model, symbol);
        hra_plan_add_if(plan, model, symbol);
        return HRA_OK;
    }
    const char *best = hra_suggested(&s);
    return hra_fail(error, HRA_EUSAGE, "model '%s' has no output '%s'%s%s%s", name, dot + 1,
                    best ? "; did you mean '" : "", best ? best : "", best ? "'?" : "");
}

/* ---- panel ------------------------------------------------------------------------------------- */

static void add_role(hra_plan *plan, const hra_decl *panel, int index)
{
    hra_lowering *l = &plan->lowering;
    const hra_named_block *role = panel->blocks.items[index];
    const char *owner = panel->word->text, *name = role->word->text;
    hra_node model;
    const hra_result *risk = hra_lower_role(l, panel, index, &model);
    int first = plan->output_count;
    hra_output *output = hra_plan_new_output(plan, hra_take_printf(&plan->memory, "%s.%s.risk", owner, name), owner,
                                             hra_take_printf(&plan->memory, "%s.risk", name), HRA_ROLE_PANEL);
    hra_plan_set_result(plan, output, risk);
    if (output->value >= 0) hra_graph_name(plan->graph, output->value, output->id);

    const char **models = hra_take_array(&plan->memory, (size_t)role->uses.count, sizeof *models);
    for (int i = 0; models && i < role->uses.count; i++) models[i] = hra_expr_at(&role->uses, i)->word->text;
    hra_result which = *risk;
    which.value = model;
    output = hra_plan_new_output(plan, hra_take_printf(&plan->memory, "%s.%s.model", owner, name), owner,
                                 hra_take_printf(&plan->memory, "%s.model", name), HRA_ROLE_PANEL);
    output->kind = HRA_OUTPUT_CATEGORY;
    output->levels = models;
    output->level_count = models ? role->uses.count : 0;
    hra_plan_set_result(plan, output, &which);
    output->status_of = first;

    if (!role->category) return;
    hra_lower_frame frame = hra_lower_frame_open(l, panel, false);
    if (!frame.values) return;
    frame.values[role->risk->slot] = risk->value + 1;
    hra_result category = *risk;
    category.value = hra_lower_number(&frame, role->category);
    output = hra_plan_new_output(plan, hra_take_printf(&plan->memory, "%s.%s.category", owner, name), owner,
                                 hra_take_printf(&plan->memory, "%s.category", name), HRA_ROLE_PANEL);
    hra_plan_set_type(output, role->category->type);
    hra_plan_set_result(plan, output, &category);
    output->status_of = first;
}

static hra_code add_panel(hra_plan *plan, const char *id, hra_error *error)
{
    const hra_decl *panel = plan->lowering.panel;
    if (!panel) return hra_fail(error, HRA_EUSAGE, "no panel '%s'", id);
    for (int i = 0; i < panel->blocks.count; i++) {
        const hra_named_block *role = panel->blocks.items[i];
        for (int k = 0; k < role->uses.count; k++) {
            const hra_expr *use = hra_expr_at(&role->uses, k);
            add_model(plan, use->declaration);
            hra_plan_add_ideal(plan, use->declaration, use->symbol);
        }
    }
    for (int i = 0; i < panel->also.count; i++) {
        const hra_expr *also = hra_expr_at(&panel->also, i);
        if (also->kind == HRA_EXPR_MEMBER)
            add_model_output(plan, also->declaration, also->symbol);
        else
            add_model(plan, also->declaration);
    }
    for (int i = 0; i < panel->blocks.count; i++) {
        int risk = plan->output_count;
        add_role(plan, panel, i);
        hra_plan_add_role_ideal(plan, panel, i);
        hra_plan_add_role_if(plan, panel, i, risk);
    }
    hra_plan_add_removable(plan, panel);
    return HRA_OK;
}

/* ---- rules and lets ---------------------------------------------------------------------------------- */

void hra_plan_add_rule(hra_plan *plan, const hra_decl *decl, hra_output_role role)
{
    const char *id = decl->word->text;
    if (!hra_plan_take_id(plan, id)) return;
    hra_output *output = hra_plan_new_output(plan, id, id, "", role);
    output->kind = HRA_OUTPUT_FLAG;
    if (role == HRA_ROLE_TIER) hra_plan_set_type(output, decl->symbol->type);
    hra_plan_set_result(plan, output, hra_lower_rule(&plan->lowering, decl));
}

static void add_rules(hra_plan *plan, hra_declaration_kind kind, hra_output_role role)
{
    const hra_list *declarations = &plan->lowering.library->declarations;
    for (int i = 0; i < declarations->count; i++) {
        const hra_decl *decl = declarations->items[i];
        if (decl->public.kind != kind || !hra_plan_accepts(plan, decl)) continue;
        if (role == HRA_ROLE_TIER)
            hra_plan_add_tier(plan, decl);
        else
            hra_plan_add_rule(plan, decl, role);
    }
}

static hra_code add_factor(hra_plan *plan, const char *id, hra_error *error)
{
    const hra_decl *decl = find_decl(plan->lowering.library, id, HRA_DECLARATION_FACTOR);
    if (!decl) return hra_fail(error, HRA_EUSAGE, "no factor '%s'", id);
    hra_plan_add_rule(plan, decl, HRA_ROLE_FACTOR);
    return HRA_OK;
}

/* A let, or a variable as the models see it. */
static hra_code add_let(hra_plan *plan, const char *id, hra_error *error)
{
    hra_lowering *l = &plan->lowering;
    const hra_decl *let = find_decl(l->library, id, HRA_DECLARATION_LET);
    int variable = let ? -1 : hra_dictionary_find(l->library->dictionary, id);
    const hra_variable *v = hra_dictionary_at(l->library->dictionary, variable);
    bool computable = let || (v && v->type != HRA_TYPE_LABEL && v->type != HRA_TYPE_TEXT && v->type != HRA_TYPE_ID);
    if (!computable) return hra_fail(error, HRA_EUSAGE, "no let or variable '%s'", id);
    if (!hra_plan_take_id(plan, id)) return HRA_OK;
    static const hra_decl nobody;
    hra_lower_frame frame = hra_lower_frame_open(l, let ? let : &nobody, false);
    hra_result result = {.outside = -1, .excluded = -1, .clamped = -1, .provisional = -1};
    result.value = let ? hra_lower_let(&frame, let) : hra_lower_variable(&frame, variable, NULL, NULL);
    const char *name = let ? let->word->text : v->name;
    hra_output *output = hra_plan_new_output(plan, name, name, "", HRA_ROLE_DERIVED);
    if (let) {
        hra_plan_set_type(output, let->symbol->type);
        output->unit = let->unit ? let->unit : let->symbol->type.unit ? let->symbol->type.unit : "";
        output->decimals = let->decimals;
    } else {
        hra_plan_variable_output(plan, output, variable);
    }
    if (result.value >= 0) hra_lower_why(l, result.value, &result);
    hra_plan_set_result(plan, output, &result);
    return HRA_OK;
}

/* Whoever prints the monitoring plan has the results alone, so what its texts name is a result, too. */
static hra_code add_what_monitors_name(hra_plan *plan, hra_error *error)
{
    const hra_list *declarations = &plan->lowering.library->declarations;
    for (int i = 0; i < declarations->count; i++) {
        const hra_decl *decl = declarations->items[i];
        if (decl->public.kind != HRA_DECLARATION_MONITOR || !hra_plan_accepts(plan, decl)) continue;
        for (int p = 0; p < decl->placeholders.count; p++) {
            const hra_expr *named = decl->placeholders.items[p];
            HRA_TRY(add_let(plan, named->word->text, error));
        }
    }
    return HRA_OK;
}

void hra_plan_variable_output(hra_plan *plan, hra_output *output, int variable)
{
    const hra_variable *v = hra_dictionary_at(plan->lowering.library->dictionary, variable);
    output->unit = v->unit;
    output->decimals = v->decimals;
    if (v->type == HRA_TYPE_FLAG) output->kind = HRA_OUTPUT_FLAG;
    if (v->type != HRA_TYPE_CATEGORY) return;
    output->kind = HRA_OUTPUT_CATEGORY;
    const char **names = hra_take_array(&plan->memory, (size_t)v->level_count, sizeof *names);
    for (int i = 0; names && i < v->level_count; i++) names[i] = v->levels[i].name;
    output->levels = names;
    output->level_count = names ? v->level_count : 0;
}

hra_output *hra_plan_aggregate_output(hra_plan *plan, const char *id, const char *owner, bool flag, hra_node value)
{
    hra_output *output = hra_plan_new_output(plan, id, owner, "", HRA_ROLE_AGGREGATE);
    hra_result result = {.value = value, .outside = -1, .excluded = -1, .clamped = -1, .provisional = -1};
    output->kind = flag ? HRA_OUTPUT_FLAG : HRA_OUTPUT_NUMBER;
    if (value >= 0) hra_lower_why(&plan->lowering, value, &result);
    hra_plan_set_result(plan, output, &result);
    return output;
}

/* ---- the plan ---------------------------------------------------------------------------------------- */

static bool open_lowering(hra_plan *plan, const hra_library *library, const hra_schema *schema,
                          const hra_plan_request *request)
{
    plan->lowering = (hra_lowering){.library = library,
                                    .schema = schema,
                                    .graph = plan->graph,
                                    .memory = &plan->memory,
                                    .range = request->range,
                                    .as_of = request->as_of,
                                    .share = request->share,
                                    .applies = -1};
    if (request->panel) plan->lowering.panel = find_decl(library, request->panel, HRA_DECLARATION_PANEL);
    return hra_lowering_open(&plan->lowering);
}

static hra_code add_all(hra_plan *plan, const hra_plan_request *request, hra_error *error)
{
    plan->accepts = request->accepts;
    plan->accepts_context = request->accepts_context;
    HRA_TRY(hra_plan_open_ideal(plan, request, error));
    HRA_TRY(hra_plan_open_what_if(plan, request, error));
    for (int i = 0; i < request->model_count; i++) HRA_TRY(add_requested(plan, request->models[i], error));
    if (request->panel) HRA_TRY(add_panel(plan, request->panel, error));
    for (int i = 0; i < request->factor_count; i++) HRA_TRY(add_factor(plan, request->factor_ids[i], error));
    if (request->factors) add_rules(plan, HRA_DECLARATION_FACTOR, HRA_ROLE_FACTOR);
    if (request->tiers) add_rules(plan, HRA_DECLARATION_TIER, HRA_ROLE_TIER);
    if (request->prescriptions) add_rules(plan, HRA_DECLARATION_PRESCRIPTION, HRA_ROLE_PRESCRIPTION);
    if (request->prescriptions && plan->removable) hra_plan_add_first_steps(plan);
    hra_plan_add_service(plan, request);
    for (int i = 0; i < request->let_count; i++) HRA_TRY(add_let(plan, request->lets[i], error));
    if (request->monitors) HRA_TRY(add_what_monitors_name(plan, error));
    if (request->aggregates) hra_plan_add_actions(plan);
    return HRA_OK;
}

/* What goes through the definitions, or finds them by names that nobody gave beforehand. */
static bool needs_all(const hra_plan_request *q)
{
    return q->factors || q->tiers || q->prescriptions || q->aggregates || q->items || q->monitors || q->topics ||
           q->references || q->ideal || q->what_if || q->risk_age || q->factor_count > 0 || q->let_count > 0;
}

typedef struct planning {
    hra_plan *plan;
    const hra_library *library;
    const hra_schema *schema;
    const hra_plan_request *request;
    hra_error *error;
    hra_code code;
} planning;

static void make_plan(void *context)
{
    planning *p = context;
    if (open_lowering(p->plan, p->library, p->schema, p->request))
        p->code = add_all(p->plan, p->request, p->error);
    else
        p->plan->memory.failed = true;
}

hra_code hra_plan_new(const hra_library *library, const hra_schema *schema, const hra_plan_request *request,
                      hra_plan **out, hra_error *error)
{
    *out = NULL;
    if (!library->checked) return hra_fail(error, HRA_EINTERNAL, "the definitions have not been checked");
    if (needs_all(request) && !hra_library_is_whole(library))
        return hra_fail(error, HRA_EINTERNAL, "not all definitions were read");
    hra_plan *plan = calloc(1, sizeof *plan);
    if (!plan) return hra_fail(error, HRA_ENOMEM, "out of memory planning the run");
    plan->graph = hra_graph_new(request->share);
    plan->ids = hra_map_new();
    planning p = {plan, library, schema, request, error, HRA_OK};
    bool made = hra_memory_open(&plan->memory) && plan->graph && plan->ids &&
                hra_memory_work(&plan->memory, make_plan, &p) && !hra_graph_failed(plan->graph);
    hra_code code = p.code;
    if (!made) code = hra_fail(error, HRA_ENOMEM, "out of memory planning the run");
    if (code != HRA_OK) {
        hra_plan_free(plan);
        return code;
    }
    *out = plan;
    return HRA_OK;
}

void hra_plan_free(hra_plan *plan)
{
    if (!plan) return;
    hra_graph_free(plan->graph);
    hra_map_free(plan->ids);
    free(plan->outputs);
    hra_memory_close(&plan->memory);
    free(plan);
}

const hra_graph *hra_plan_graph(const hra_plan *plan) { return plan->graph; }

const hra_output *hra_plan_outputs(const hra_plan *plan, int *count)
{
    *count = plan->output_count;
    return plan->outputs;
}

const char *const *hra_plan_models(const hra_plan *plan, int *count)
{
    *count = plan->models.count;
    return (const char *const *)plan->models.items;
}
