/* One self-contained page about an evaluation, for researchers: what was
 * evaluated, the main measures of each model, calibration plots, decision
 * curves, comparisons, groups, and every measure without a value. */
#ifndef HRA_REPORT_EVALUATION_PAGE_H
#define HRA_REPORT_EVALUATION_PAGE_H

#include <stdbool.h>

#include "evaluate/metrics.h"

typedef struct hra_evaluation_without {
    const char *model;
    int64_t people;
} hra_evaluation_without;

/* A model's risks are evaluated at another time than the one over which it predicts. */
typedef struct hra_evaluation_other_time {
    const char *model;
    double years, horizon; /* of the model; in the unit of the times */
} hra_evaluation_other_time;

/* What the measures do not say themselves. */
typedef struct hra_evaluation_facts {
    const char *language;                   /* "en", "zh" */
    const char *table, *table_hash;         /* its BLAKE3; NULL if not known */
    const char *engine_version, *command;   /* command: the line as it was typed; NULL if not known */
    const char *event, *time, *weight, *by; /* columns; NULL: not used */
    const char *status;                     /* statuses of risks that count; NULL: all */
    const char *only;                       /* "COLUMN=VALUE": only these people; NULL: all */
    bool common;                            /* only people whose risk is known in all models */
    int64_t people;                         /* rows of the table that are evaluated */
    int64_t without_outcome, without_weight;
    const hra_evaluation_without *without_risk; /* a line for each model that lacks risks */
    int without_risk_count;
    const hra_evaluation_other_time *other_time;
    int other_time_count;
} hra_evaluation_facts;

/* The measures in the order in which they are given: whole cohort and groups, horizons, models. */
hra_code hra_evaluation_page(const hra_metrics *metrics, const hra_evaluation_facts *facts, const char *path,
                             hra_error *error);

#endif
