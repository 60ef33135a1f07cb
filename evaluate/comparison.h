/* How much better one model does than another on the same people: every measure is that of `risk` minus that of
 * `reference`. */
#ifndef HRA_EVALUATE_COMPARISON_H
#define HRA_EVALUATE_COMPARISON_H

#include "evaluate/cohort.h"
#include "evaluate/metrics.h"

/* `thresholds` (ascending) part the categories of reclassification. The horizon is not read if the outcomes are
 * known. */
hra_code hra_compare_measures(hra_metrics *metrics, const hra_cohort *people, const double *risk,
                              const double *reference, double horizon, const double *thresholds, int threshold_count,
                              hra_error *error);

#endif
