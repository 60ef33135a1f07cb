/* A plan: which outputs a run computes, as one graph.
 *
 * Lowers the requested declarations of a checked library into a graph against
 * the columns that the input really has: units are resolved, absent variables
 * become unknown, `substitute` declarations step in, the range policy and the
 * as-of day are fixed.
 */
#ifndef HRA_LANGUAGE_PLAN_H
#define HRA_LANGUAGE_PLAN_H

#include "engine/language/library.h"
#include "engine/graph/output.h"
#include "engine/data/column.h"

typedef enum hra_range_policy {
    HRA_RANGE_COMPUTE, /* compute, status outside_range */
    HRA_RANGE_BLANK,   /* leave the value unknown, status outside_range */
    HRA_RANGE_CLAMP    /* move inputs to the nearest published limit, status clamped */
} hra_range_policy;

typedef struct hra_plan_request {
    const char *const *models; /* ids, or ids with an output ("who_cvd_2019_lab.chd"); in this order */
    int model_count;
    const char *panel; /* NULL: none; its models and roles are computed, and `panel.role` means this panel */
    bool factors, tiers, prescriptions, aggregates; /* all of them */
    bool items, monitors, topics, references;       /* all of them; a topic also gives `<topic>.value` */
    const char *const *factor_ids;                  /* factors asked for by name */
    int factor_count;
    const char *const *lets; /* top-level lets asked for by name (text placeholders) */
    int let_count;
    hra_range_policy range;
    double as_of; /* day since 1970-01-01, NaN: unknown */
    bool share;   /* false: the judge's plain tree */
    bool ideal;   /* also `<model>.<output>.ideal`: the risk of the same person with the ideal state's values; of the
                     models asked for and the panel's roles, main or named outputs that are numbers */
    bool what_if; /* also risks after interventions: `<panel>.<role>.if.<intervention>`, `.if_all`, `.changeable`,
                     `<model>.<output>.if.<intervention>`, `removable.<intervention>`; with prescriptions also
                     `first_step.1` to `.3` */
    const char *intervention; /* with what_if: this one alone, and what it sets: `<intervention>.<variable>` */
    /* NULL: all. Rules, actions, interventions and first steps only of declarations that it accepts (those signed off,
       for example); factors asked for by name are computed in any case, and what an accepted rule names too. */
    bool (*accepts)(void *context, const hra_declaration *declaration);
    void *accepts_context;
    bool risk_age; /* also `<model>.<output>.risk_age`: the age at which a person of ideal values has this risk */
} hra_plan_request;

typedef struct hra_plan hra_plan;

hra_code hra_plan_new(const hra_library *library, const hra_schema *schema, const hra_plan_request *request,
                      hra_plan **out, hra_error *error);
void hra_plan_free(hra_plan *plan);

const hra_graph *hra_plan_graph(const hra_plan *plan);
const hra_output *hra_plan_outputs(const hra_plan *plan, int *count);

/* Models the plan computes (declaration ids, in output order, the panel's included). */
const char *const *hra_plan_models(const hra_plan *plan, int *count);

/* ---- group actions: the same language over group aggregates. For every
 * aggregate output k of the plan the group gives mean[k] (prevalence for a
 * flag, NaN below one known value). True/false/unknown (NaN) per action. */
int hra_plan_action_count(const hra_plan *plan);
const hra_declaration *hra_plan_action(const hra_plan *plan, int index);
double hra_plan_action_due(const hra_plan *plan, int index, const double *aggregate_means);
/* The output that says who is on this action's roster (an aggregate flag), or -1. */
int hra_plan_action_roster(const hra_plan *plan, int index);
/* Ids of the factors that the roster names, in order, up to `most`; how many. */
int hra_plan_action_roster_rules(const hra_plan *plan, int index, const char **ids, int most);

#endif
