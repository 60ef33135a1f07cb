/* What the outputs of a run mean to a reader: which are the chosen risks, the
 * findings, the tiers and the prescriptions, with their declarations. */
#ifndef HRA_REPORT_CATALOGUE_H
#define HRA_REPORT_CATALOGUE_H

#include "engine/language/library.h"
#include "engine/graph/output.h"

typedef struct hra_role_outputs {
    const char *name;                           /* "chd" */
    int risk, category, model, ideal, risk_age; /* output indexes, -1: absent */
    int if_all, changeable;                     /* the risk after all interventions, the share they remove */
    int prevented;                              /* what they remove, of people whose two risks are known */
} hra_role_outputs;

typedef struct hra_rule_output {
    int output;
    const hra_declaration *declaration;
} hra_rule_output;

typedef struct hra_tier_output {
    int output;
    const hra_declaration *declaration;
    int reason; /* output: its level + ".because" is the text's key; -1: the tier gives none */
} hra_tier_output;

typedef struct hra_topic_output {
    int at_target, value;
    const hra_declaration *declaration;
} hra_topic_output;

/* An intervention, and what each role's risk is after it. */
typedef struct hra_what_if_output {
    const hra_declaration *declaration;
    int removable; /* -1: not counted */
    int *risks;    /* by role of the catalogue; -1: does not change it */
} hra_what_if_output;

enum { HRA_FIRST_STEPS = 3 };

typedef struct hra_catalogue {
    const hra_library *library;
    const hra_output *outputs;
    int output_count;
    hra_role_outputs *roles;
    int role_count;
    hra_rule_output *factors, *prescriptions, *items, *monitors, *references;
    int factor_count, prescription_count, item_count, monitor_count, reference_count;
    hra_tier_output *tiers;
    int tier_count;
    hra_topic_output *topics;
    int topic_count;
    hra_what_if_output *what_ifs; /* those that change a risk, in the order of the outputs */
    int what_if_count;
    int first_steps[HRA_FIRST_STEPS]; /* outputs; -1: not asked for */
} hra_catalogue;

hra_code hra_catalogue_new(const hra_library *library, const hra_output *outputs, int output_count, hra_catalogue **out,
                           hra_error *error);
void hra_catalogue_free(hra_catalogue *catalogue);

/* Index of the derived output (a let asked for by name), or -1. */
int hra_catalogue_let(const hra_catalogue *catalogue, const char *name);

#endif
