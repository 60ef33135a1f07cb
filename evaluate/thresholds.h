/* What a model would do to people if one acted from a given risk on: who has at least that risk is positive.
 *
 * sensitivity, specificity, ppv, npv: with known outcomes with Wilson's interval. With times from the risk observed by
 * the horizon among the positive and among the negative people (Kaplan-Meier, with competing events Aalen-Johansen),
 * so that the four agree with each other; intervals of ppv and npv only.
 *
 * net_benefit: true positives minus false positives times t / (1 - t), of one person: Vickers and Elkin, Medical
 * Decision Making 2006; with times Vickers, Cronin, Elkin and Gonen, BMC Medical Informatics and Decision Making 2008.
 * net_benefit_all: of acting on everybody. Acting on nobody has a net benefit of 0. */
#ifndef HRA_EVALUATE_THRESHOLDS_H
#define HRA_EVALUATE_THRESHOLDS_H

#include "evaluate/cohort.h"
#include "evaluate/metrics.h"
#include "evaluate/product_limit.h"

/* At each threshold (above 0, below 1) the measures above. The horizon is not read if the outcomes are known. */
hra_code hra_threshold_measures(hra_metrics *metrics, const hra_cohort *people, const double *risk, double horizon,
                                const double *thresholds, int threshold_count, hra_error *error);

/* The same of people whose follow-up is at hand. */
hra_code hra_followed_thresholds(hra_metrics *metrics, const hra_followed *people, const double *risk, double horizon,
                                 const double *thresholds, int threshold_count, hra_error *error);

#endif
