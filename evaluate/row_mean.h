/* The weighted mean of a number that each person has, among everybody or among those with or without the event. Most
 * measures of known outcomes are such means, or sums of them over separate people. */
#ifndef HRA_EVALUATE_ROW_MEAN_H
#define HRA_EVALUATE_ROW_MEAN_H

#include "evaluate/cohort.h"
#include "evaluate/finding.h"

typedef enum hra_outcome { HRA_WITHOUT_EVENT, HRA_WITH_EVENT, HRA_ANY_OUTCOME } hra_outcome;

static inline bool hra_has_outcome(const hra_cohort *people, int64_t row, hra_outcome outcome)
{
    return outcome == HRA_ANY_OUTCOME || (people->event[row] == HRA_EVENT) == (outcome == HRA_WITH_EVENT);
}

/* The variance of the mean is n/(n-1) sum w^2 (x - mean)^2 / (sum w)^2, which without weights is s^2/n. */
typedef struct hra_row_mean {
    double value;    /* NAN: nobody */
    double variance; /* NAN: fewer than two rows */
    double weight;   /* of these people */
    int64_t rows;
} hra_row_mean;

hra_row_mean hra_mean_of_rows(const hra_cohort *people, const double *x, hra_outcome outcome);

/* The mean as a measure between `least` and `most`. */
hra_finding hra_found_mean(const hra_row_mean *mean, double least, double most);

/* A measure from `least` to `most` that is made of the two means, so its variance is the sum of theirs. */
hra_finding hra_found_of_both(double value, const hra_row_mean *with, const hra_row_mean *without, double least,
                              double most);

/* A share of so many people, with Wilson's interval (Wilson, Journal of the American Statistical Association 1927).
 * With weights `people` is the effective number (sum w)^2 / sum w^2. */
hra_finding hra_found_share(double share, double people);

/* Why there is no measure that compares those with and those without the event; NULL: there is. */
const char *hra_one_outcome(const hra_cohort *people);

#endif
