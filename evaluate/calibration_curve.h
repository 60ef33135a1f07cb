/* Calibration person by person where outcomes are known, or pseudo-values stand for them: how far risks are from a
 * smooth curve of what happened.
 *
 * The curve is lowess: at a risk a straight line through the two thirds of the people whose risks are nearest, with
 * tricube weights (and case weights), without robustness iterations; computed at risks about 1 % of their range apart,
 * straight between these. Cleveland, Journal of the American Statistical Association 1979. (Other programs measure the
 * distance from a loess curve; the numbers are close, not equal.) */
#ifndef HRA_EVALUATE_CALIBRATION_CURVE_H
#define HRA_EVALUATE_CALIBRATION_CURVE_H

#include "evaluate/cohort.h"
#include "evaluate/curve_distance.h"

/* For at least one person. `outcome`, by row: what the curve goes through (pseudo-values); NULL: whether there was the
 * event. */
hra_code hra_measure_curve(const hra_cohort *people, const double *risk, const double *outcome, hra_curve_distance *out,
                           hra_error *error);

#endif
