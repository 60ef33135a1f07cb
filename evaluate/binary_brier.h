/* How far risks are from known outcomes, which are 1 (event) or 0. */
#ifndef HRA_EVALUATE_BINARY_BRIER_H
#define HRA_EVALUATE_BINARY_BRIER_H

#include "evaluate/cohort.h"
#include "evaluate/finding.h"

/* The weighted mean of (outcome - risk)^2: Brier, Monthly Weather Review 1950. */
hra_code hra_binary_brier(const hra_cohort *people, const double *risk, hra_finding *found, hra_error *error);

/* brier(risk) - brier(other) on the same people. */
hra_code hra_binary_brier_difference(const hra_cohort *people, const double *risk, const double *other,
                                     hra_finding *found, hra_error *error);

/* 1 - brier / (m (1 - m)), m the share with the event: 1 is perfect, 0 as good as giving everybody m; it may be
 * negative. The standard error is that of the influences of the people, who move both scores (Efron 1982). */
hra_code hra_binary_brier_scaled(const hra_cohort *people, const double *risk, hra_finding *found, hra_error *error);

/* brier_scaled(risk) - brier_scaled(other) on the same people. */
hra_code hra_binary_brier_scaled_difference(const hra_cohort *people, const double *risk, const double *other,
                                            hra_finding *found, hra_error *error);

/* Mean risk of those with the event minus that of those without it: Yates, Organizational Behavior and Human
 * Performance 1982. */
hra_finding hra_discrimination_slope(const hra_cohort *people, const double *risk);

#endif
