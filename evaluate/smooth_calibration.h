/* Calibration at a horizon, person by person: how far risks are from a smooth curve of what was observed.
 *
 * The curve is that of a proportional hazards regression on log(-log(1 - risk)) as a restricted cubic spline with three
 * knots, at its 10 %, 50 % and 90 % quantiles, over the whole follow-up. Who has a risk of 0 or 1 is left out. Austin,
 * Harrell and van Klaveren, Statistics in Medicine 2020. */
#ifndef HRA_EVALUATE_SMOOTH_CALIBRATION_H
#define HRA_EVALUATE_SMOOTH_CALIBRATION_H

#include "evaluate/curve_distance.h"
#include "evaluate/survival_calibration.h"

/* `why` says why there are none; "" if there are. */
hra_code hra_calibrate_smoothly(const hra_followed *people, const double *risk, const hra_log_log *log_log,
                                double horizon, hra_curve_distance *out, const char **why, hra_error *error);

#endif
