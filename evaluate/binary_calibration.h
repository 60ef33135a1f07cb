/* How well risks agree with known outcomes as a whole. */
#ifndef HRA_EVALUATE_BINARY_CALIBRATION_H
#define HRA_EVALUATE_BINARY_CALIBRATION_H

#include "evaluate/cohort.h"
#include "evaluate/finding.h"

/* The share with the event, the mean risk, and the one divided by the other. The interval of the ratio is symmetric on
 * the log scale, with a standard error of 1 / sqrt(events); with weights that of the observed share divided by it. */
typedef struct hra_binary_totals {
    hra_finding observed, expected, ratio;
} hra_binary_totals;

hra_binary_totals hra_compare_totals(const hra_cohort *people, const double *risk);

/* Logistic regression of the event on the log odds of the risk, of the people whose risk is above 0 and below 1. Cox,
 * Biometrika 1958. */
typedef struct hra_recalibration {
    hra_finding in_the_large;     /* the intercept where the slope is 1: 0 is right, above 0 the risks are too low */
    hra_finding slope, intercept; /* of the regression with both; a slope below 1: the risks are too far apart */
    int64_t left_out;             /* people with a risk of 0 or 1 */
} hra_recalibration;

hra_code hra_recalibrate(const hra_cohort *people, const double *risk, hra_recalibration *out, hra_error *error);

/* Spiegelhalter, Statistics in Medicine 1986: whether the Brier score is what risks that are right would have; standard
 * normal if they are. */
typedef struct hra_spiegelhalter {
    hra_finding z, p;
} hra_spiegelhalter;

hra_spiegelhalter hra_test_spiegelhalter(const hra_cohort *people, const double *risk);

#endif
