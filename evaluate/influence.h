/* How much each person moves a measure, and what that says of its standard error.
 *
 * An influence is the person's weight times the derivative of the measure by that weight: the infinitesimal jackknife
 * (Efron, The Jackknife, the Bootstrap and Other Resampling Plans, 1982). The sum of its squares is the variance; the
 * variance of the difference of two measures on the same people is that of the differences of the influences. */
#ifndef HRA_EVALUATE_INFLUENCE_H
#define HRA_EVALUATE_INFLUENCE_H

#include "evaluate/product_limit.h"

/* A measure of one model on a cohort. `influence` (by row) is written if there is a value. */
typedef hra_code hra_survival_measure(const hra_followed *people, const double *risk, double horizon, double *influence,
                                      hra_finding *found, hra_error *error);

/* The square root of the sum of squares. */
double hra_influence_error(const double *influence, int64_t rows);

/* Adds to influences what people contribute through the estimate of G. effect[row] is the change of the measure with
 * the logarithm of the row's own weight 1/G, which is taken before its time, or at the horizon if that is sooner. */
void hra_influence_of_censoring(const hra_followed *people, const double *effect, double horizon, double *influence);

/* measure(risk) - measure(other) on the same people, with the standard error of that difference. */
hra_code hra_measure_difference(hra_survival_measure *measure, const hra_followed *people, const double *risk,
                                const double *other, double horizon, hra_finding *found, hra_error *error);

#endif
