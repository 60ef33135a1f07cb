/* delta_net_benefit: how much more net benefit (evaluate/thresholds.h) one model has than another at the thresholds, on
 * the same people. Known outcomes: the mean over people, with its standard error; a person counts whom only one of the
 * models puts at the threshold or above. With times from the observed risks, without a standard error. Vickers, Cronin,
 * Elkin and Gonen, BMC Medical Informatics and Decision Making 2008 (doi:10.1186/1472-6947-8-53), who take intervals of
 * differences from the bootstrap. */
#ifndef HRA_EVALUATE_BENEFIT_DIFFERENCE_H
#define HRA_EVALUATE_BENEFIT_DIFFERENCE_H

#include "evaluate/metrics.h"
#include "evaluate/product_limit.h"

hra_code hra_benefit_differences(hra_metrics *metrics, const hra_cohort *people, const double *risk,
                                 const double *reference, const double *thresholds, int threshold_count,
                                 hra_error *error);

hra_code hra_followed_benefit_differences(hra_metrics *metrics, const hra_followed *people, const double *risk,
                                          const double *reference, double horizon, const double *thresholds,
                                          int threshold_count, hra_error *error);

#endif
