/* The time over which a model predicts, beside the time at which its risks are used. */
#ifndef HRA_CLI_MODEL_HORIZON_H
#define HRA_CLI_MODEL_HORIZON_H

#include "cli/options.h"
#include "engine/language/library.h"
#include "evaluate/study.h"
#include "report/models/evaluation_page.h"

/* Years over which an output of a model predicts: of `risk` the model's, of another those in its name (`stroke_10y`).
 * NAN: unknown. */
double hra_horizon_years(const hra_declaration *model, const char *output);

/* Whether `horizon` is that time in one of the units that follow-up is counted in: years, months, weeks, days. */
bool hra_fits_horizon(double years, double horizon);

/* Columns MODEL.OUTPUT of models that come with hra or stand in `definitions`, and that predict over another time than
 * a horizon of the study. The array is the caller's; its names are those of the study. */
hra_code hra_find_other_times(const hra_study *study, const hra_texts *definitions, hra_evaluation_other_time **out,
                              int *count, hra_error *error);

#endif
