/* Logistic regression of the event on one number, by maximum likelihood: log odds = intercept + slope * x. */
#ifndef HRA_EVALUATE_LOGISTIC_FIT_H
#define HRA_EVALUATE_LOGISTIC_FIT_H

#include "evaluate/cohort.h"
#include "evaluate/finding.h"

typedef struct hra_logistic_fit {
    hra_finding intercept, slope;
} hra_logistic_fit;

/* x by row, NAN: the person is left out. Standard errors are those of the inverse information matrix; with weights
 * those of the sandwich estimate (White, Econometrica 1982), for which the size of the weights does not matter. */
hra_logistic_fit hra_fit_logistic(const hra_cohort *people, const double *x);

/* The intercept where the slope is given as 1. */
hra_finding hra_fit_logistic_intercept(const hra_cohort *people, const double *x);

#endif
