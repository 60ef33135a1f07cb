/* Calibration in tenths of the people by risk where outcomes are known, and the test of Hosmer and Lemeshow. */
#ifndef HRA_EVALUATE_BINARY_TENTHS_H
#define HRA_EVALUATE_BINARY_TENTHS_H

#include "evaluate/cohort.h"
#include "evaluate/finding.h"
#include "evaluate/risk_tenths.h"

typedef struct hra_binary_tenth {
    hra_finding observed; /* the share with the event */
    double expected;      /* the mean risk */
} hra_binary_tenth;

/* The test: the sum over groups and both outcomes of (observed - expected)^2 / expected. Its distribution has as many
 * degrees of freedom as there are groups if the model was made on other people, two less if it was fitted on these.
 * Not with weights. Hosmer and Lemeshow, Communications in Statistics 1980. */
typedef struct hra_binary_tenths {
    int groups; /* 1 to 10; 0: nobody */
    hra_binary_tenth group[HRA_MOST_TENTHS];
    hra_finding chi_square, p, p_if_fitted;
} hra_binary_tenths;

hra_code hra_calibrate_tenths(const hra_cohort *people, const double *risk, hra_binary_tenths *out, hra_error *error);

#endif
