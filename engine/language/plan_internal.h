/* A plan's inside. */
#ifndef HRA_LANGUAGE_PLAN_INTERNAL_H
#define HRA_LANGUAGE_PLAN_INTERNAL_H

#include "engine/language/lower.h"

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
};

void hra_plan_add_actions(hra_plan *plan);
hra_output *hra_plan_aggregate_output(hra_plan *plan, const char *id, const char *owner, bool flag, hra_node value);
void hra_plan_variable_output(hra_plan *plan, hra_output *output, int variable);

#endif
