/* Intervals of any measure from samples of the people: as many people as there are, drawn with replacement, measured
 * as if they were the cohort. The standard error is the standard deviation of the measure in the samples, the interval
 * lies between its 2.5 % and 97.5 % quantiles: the value of rank (samples + 1) * share, between two of them on the
 * straight line. Efron, The Annals of Statistics 1979; Davison and Hinkley, Bootstrap Methods and their Application,
 * 1997.
 *
 * A sample depends on the seed, on its number and on how many people there are, so results do not depend on threads,
 * and models known for the same people are measured in the same samples. */
#ifndef HRA_EVALUATE_BOOTSTRAP_H
#define HRA_EVALUATE_BOOTSTRAP_H

#include "evaluate/study_people.h"

enum { HRA_LEAST_SAMPLES = 100, HRA_MOST_SAMPLES = 100000 };

/* A measure whose values are wanted, by sample; NAN: none. */
typedef struct hra_wanted_samples {
    const char *measure;
    double *value;
} hra_wanted_samples;

/* Adds to the measures of the list from `first` on what samples say of them. Test statistics and probabilities have no
 * bootstrap. `wanted` may be NULL. */
hra_code hra_bootstrap(const hra_measured *of, hra_metrics *metrics, int64_t first, const hra_wanted_samples *wanted,
                       hra_error *error);

/* Error and interval of the values that are finite; they are put in order. */
hra_resampled hra_bootstrap_summary(double *values, int samples);

/* Of `count` values in ascending order; NAN: too few. */
double hra_bootstrap_quantile(const double *ascending, int count, double share);

#endif
