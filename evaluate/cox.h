/* Proportional hazards regression with one or two covariates: Cox, Journal of the Royal Statistical Society B 1972;
 * events at one time as Efron, Journal of the American Statistical Association 1977. Weights are case weights. */
#ifndef HRA_EVALUATE_COX_H
#define HRA_EVALUATE_COX_H

#include "evaluate/cohort.h"

enum { HRA_COX_COVARIATES = 2 };

typedef struct hra_cox_data {
    const hra_cohort *people; /* competing events are censorings */
    const int64_t *rows;      /* those who are in, in order of time */
    int64_t count;
    const double *covariate[HRA_COX_COVARIATES]; /* by row of the cohort, finite */
    int covariates;
    double until; /* the follow-up ends here; INFINITY: it does not */
} hra_cox_data;

typedef struct hra_cox_fit {
    double coefficient[HRA_COX_COVARIATES];
    double standard_error[HRA_COX_COVARIATES]; /* from the information: not with weights that are no counts */
    double robust_error; /* of the coefficient of one covariate, by score residuals: with weights of any kind. Lin and
                            Wei, Journal of the American Statistical Association 1989 */
    double centre[HRA_COX_COVARIATES]; /* means of the covariates */
    double hazard;         /* cumulative, at the horizon, of somebody with covariates `centre` (Efron's estimate) */
    double baseline_error; /* of the logarithm of the cumulative hazard at the horizon of somebody whose only covariate
                              is 0: not with weights. Tsiatis, Annals of Statistics 1981 */
    const char *why;       /* why there is no fit; "" if there is */
} hra_cox_fit;

void hra_fit_cox(const hra_cox_data *data, double horizon, hra_cox_fit *fit);

#endif
