/* Calibration at a horizon, person by person: how far risks are from a smooth curve of what was observed.
 *
 * The curve is that of a proportional hazards regression on log(-log(1 - risk)) as a restricted cubic spline with three
 * knots, at its 10 %, 50 % and 90 % quantiles, over the whole follow-up. Who has a risk of 0 or 1 is left out. Austin,
 * Harrell and van Klaveren, Statistics in Medicine 2020. */
#ifndef HRA_EVALUATE_SMOOTH_CALIBRATION_H
#define HRA_EVALUATE_SMOOTH_CALIBRATION_H

#include "evaluate/survival_calibration.h"

typedef struct hra_smooth_calibration {
    double ici;      /* the mean difference between risk and curve, by weight */
    double e50, e90; /* its median and 90 % quantile: type 7; with weights the least difference that so much of the
                        weight does not exceed */
    double emax;     /* the greatest */
    const char *why; /* why there are none; "" if there are */
} hra_smooth_calibration;

hra_code hra_calibrate_smoothly(const hra_followed *people, const double *risk, const hra_log_log *log_log,
                                double horizon, hra_smooth_calibration *out, hra_error *error);

#endif
