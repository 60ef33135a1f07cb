/* What the outputs of a run mean to a reader: which are the chosen risks, the
 * findings, the tiers and the prescriptions, with their declarations. */
#ifndef HRA_REPORT_CATALOGUE_H
#define HRA_REPORT_CATALOGUE_H

#include "engine/language/library.h"
#include "engine/program/output.h"

typedef struct hra_role_outputs {
    const char *name;                           /* "chd" */
    int risk, category, model, ideal, risk_age; /* output indexes, -1: absent */
} hra_role_outputs;

typedef struct hra_rule_output {
    int output;
    const hra_declaration *declaration;
} hra_rule_output;

typedef struct hra_catalogue {
    const hra_library *library;
    const hra_output *outputs;
    int output_count;
    hra_role_outputs *roles;
    int role_count;
    hra_rule_output *factors, *tiers, *prescriptions;
    int factor_count, tier_count, prescription_count;
} hra_catalogue;

hra_code hra_catalogue_new(const hra_library *library, const hra_output *outputs, int output_count, hra_catalogue **out,
                           hra_error *error);
void hra_catalogue_free(hra_catalogue *catalogue);

/* Index of the derived output (a let asked for by name), or -1. */
int hra_catalogue_let(const hra_catalogue *catalogue, const char *name);

#endif
