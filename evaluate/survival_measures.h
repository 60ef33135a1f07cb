/* All measures of one model's risks by one horizon on a cohort with times, added to the list. */
#ifndef HRA_EVALUATE_SURVIVAL_MEASURES_H
#define HRA_EVALUATE_SURVIVAL_MEASURES_H

#include "evaluate/cohort.h"
#include "evaluate/metrics.h"
#include "evaluate/product_limit.h"

/* `risk` (by row, 0 to 1) is that of the event by `horizon`, which is above 0 and finite. */
hra_code hra_survival_measures(hra_metrics *metrics, const hra_cohort *people, const double *risk, double horizon,
                               hra_error *error);

/* The same of people whose follow-up is at hand. */
hra_code hra_followed_measures(hra_metrics *metrics, const hra_followed *people, const double *risk, double horizon,
                               hra_error *error);

#endif
