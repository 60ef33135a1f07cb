/* hra recalibrate in its parts: the work, and what is shown of it. */
#ifndef HRA_CLI_RECALIBRATION_H
#define HRA_CLI_RECALIBRATION_H

#include "cli/evaluation.h"
#include "cli/options.h"
#include "evaluate/recalibration.h"

typedef struct hra_recalibration_options {
    hra_evaluation_options table; /* which columns hold what */
    hra_texts definitions;
    const char *output, *name;
    bool slope;
} hra_recalibration_options;

hra_code hra_recalibration_run(const char *path, const hra_recalibration_options *options, hra_error *error);

/* ---- cli/recalibration_show.c ---- */

typedef struct hra_recalibration_result {
    const char *risk, *name; /* the column, and the new model */
    int64_t people;
    hra_new_calibration calibration;
    hra_agreement before, after;
    double horizon;     /* NAN: none */
    double model_years; /* over which the model predicts; NAN: unknown */
} hra_recalibration_result;

/* A table of what has changed. */
void hra_recalibration_show(const hra_recalibration_result *result);
/* What makes the result doubtful, on standard error. */
void hra_recalibration_warn(const hra_recalibration_result *result);

#endif
