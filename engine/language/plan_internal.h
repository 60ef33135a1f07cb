/* A plan's inside. */
#ifndef HRA_LANGUAGE_PLAN_INTERNAL_H
#define HRA_LANGUAGE_PLAN_INTERNAL_H

#include "engine/language/lower_ideal.h"
#include "engine/language/lower_what_if.h"

/* One group action: where its aggregates stand among the outputs. */
typedef struct hra_planned_action {
    const hra_decl *decl;
    int *aggregates; /* output of each prevalence() and mean(), in order */
    int roster;      /* output, or -1 */
} hra_planned_action;

struct hra_plan {
    hra_memory memory;
    hra_graph *graph;
    hra_lowering lowering;
    hra_output *outputs;
    int output_count, output_capacity;
    hra_output lost;  /* written to when memory has run out */
    hra_map *ids;     /* output id -> index */
    hra_list models;  /* names */
    hra_list actions; /* hra_planned_action */
    hra_ideal ideal;
    bool with_ideal, with_risk_age;
    hra_what_if what_if;
    bool with_what_if, with_groups;                                     /* groups: also what sums over people need */
    bool (*accepts)(void *context, const hra_declaration *declaration); /* NULL: all */
    void *accepts_context;
    hra_node *removable; /* by intervention: what it removes, -1: nothing is known of it; NULL: not asked for */
};

static inline bool hra_plan_accepts(const hra_plan *plan, const hra_decl *decl)
{
    return !plan->accepts || plan->accepts(plan->accepts_context, &decl->public);
}

void hra_plan_add_actions(hra_plan *plan);
void hra_plan_add_service(hra_plan *plan, const hra_plan_request *request);
void hra_plan_add_tier(hra_plan *plan, const hra_decl *tier);
void hra_plan_add_rule(hra_plan *plan, const hra_decl *decl, hra_output_role role);
void hra_plan_set_type(hra_output *output, hra_value_type type);
hra_output *hra_plan_aggregate_output(hra_plan *plan, const char *id, const char *owner, bool flag, hra_node value);
/* An output with no more than its names; its id is kept. */
hra_output *hra_plan_new_output(hra_plan *plan, const char *id, const char *owner, const char *name,
                                hra_output_role role);
bool hra_plan_take_id(hra_plan *plan, const char *id); /* false if an output of this id is already there */
void hra_plan_set_result(hra_plan *plan, hra_output *output, const hra_result *result);

/* Risks and points; not rules, classes, or derived quantities: those have no ideal, and nobody lowers them for their
 * own sake. */
bool hra_plan_is_risk(const hra_symbol *symbol);

/* The ideal state's outputs, where they were asked for: of an output of a model, of a role of the panel. */
hra_code hra_plan_open_ideal(hra_plan *plan, const hra_plan_request *request, hra_error *error);
void hra_plan_add_ideal(hra_plan *plan, const hra_decl *model, const hra_symbol *symbol);
void hra_plan_add_role_ideal(hra_plan *plan, const hra_decl *panel, int index);
/* After interventions: of an output of a model, of the role whose risk is output `of`. */
hra_code hra_plan_open_what_if(hra_plan *plan, const hra_plan_request *request, hra_error *error);
void hra_plan_add_if(hra_plan *plan, const hra_decl *model, const hra_symbol *symbol);
void hra_plan_add_role_if(hra_plan *plan, const hra_decl *panel, int index, int of);
void hra_plan_add_removable(hra_plan *plan, const hra_decl *panel);
void hra_plan_add_first_steps(hra_plan *plan);
void hra_plan_variable_output(hra_plan *plan, hra_output *output, int variable);

#endif
