/* Product-limit estimates: who is free of the event, and who is still followed.
 *
 * At equal times events come before censorings: who is censored at a time was at risk of an event at that time, and who
 * has an event then is not at risk of being censored. Times are equal only if they are the same number. Weights are
 * case weights: a weight of 2 changes the estimates as two people would, and the standard errors as one person who
 * counts twice (those are infinitesimal jackknife errors; without weights and competing events they are Greenwood's).
 *
 * Kaplan and Meier, Journal of the American Statistical Association 1958; Greenwood, Reports on Public Health and
 * Medical Subjects 1926; Aalen and Johansen, Scandinavian Journal of Statistics 1978. */
#ifndef HRA_EVALUATE_PRODUCT_LIMIT_H
#define HRA_EVALUATE_PRODUCT_LIMIT_H

#include <stdbool.h>

#include "evaluate/cohort.h"
#include "evaluate/finding.h"

/* A cohort with times, in order of time, and what its censorings say. */
typedef struct hra_followed {
    const hra_cohort *people;
    int64_t *order;      /* rows by time */
    double *uncensored;  /* by row: the probability G(T-) of not being censored before the person's time */
    double *stays;       /* by row: the weight of those with a later time */
    double at_end;       /* G after the last time */
    double total_weight; /* of all */
    bool competing;      /* somebody has a competing event */
} hra_followed;

hra_code hra_followed_new(hra_followed **out, const hra_cohort *people, hra_error *error);
void hra_followed_free(hra_followed *follow_up);

/* G(t): the probability of not being censored up to `t`, that included. */
double hra_uncensored_at(const hra_followed *follow_up, double t);

/* One past the place in `order` of the block of equal times that begins at `begin`. */
int64_t hra_time_block_end(const hra_followed *follow_up, int64_t begin);

/* Why there are no measures at `horizon` that need people known to be free of the event there; NULL: there are.
 * Either nobody was followed so far, or everybody left was censored at the horizon. */
const char *hra_horizon_fault(const hra_followed *follow_up, double horizon);

typedef struct hra_observed {
    double risk;            /* of the event by the horizon; NAN: none */
    double standard_error;  /* of risk */
    int64_t people, events; /* how many rows there are, and of them with the event by the horizon */
    const char *why;        /* why there is no risk; "" if there is */
} hra_observed;

/* The risk of the event by `horizon` among `count` rows of the cohort in order of time (a part of `order`, in its
 * order): 1 - Kaplan-Meier, with competing events Aalen-Johansen. */
hra_observed hra_observe(const hra_cohort *people, const int64_t *rows, int64_t count, double horizon);

/* The same as a finding: the interval is that of log(-log(1 - risk)), so it stays between 0 and 1. Of a risk
 * of 0 or 1 there is neither interval nor standard error. */
hra_finding hra_found_observed(const hra_observed *observed);

#endif
