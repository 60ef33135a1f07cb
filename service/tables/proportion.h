/* Shares of people with 95 % intervals: crude, directly standardised, and their differences. */
#ifndef HRA_SERVICE_PROPORTION_H
#define HRA_SERVICE_PROPORTION_H

#include <stdint.h>

typedef struct hra_interval {
    double value, low, high; /* NaN: cannot be said */
} hra_interval;

/* yes of n. Wilson's score interval; the exact one (Clopper and Pearson) where fewer than five people are on one side.
 */
hra_interval hra_proportion(uint64_t yes, uint64_t n);
hra_interval hra_proportion_wilson(double share, double n); /* n need not be whole: an effective number of people */
hra_interval hra_proportion_exact(uint64_t yes, uint64_t n);

typedef struct hra_stratum_count {
    uint64_t yes, known;
    double weight; /* of the stratum in the standard population */
} hra_stratum_count;

typedef struct hra_standardised {
    hra_interval share;
    double covered; /* part of the standard population in whose strata somebody is known */
} hra_standardised;

/* Directly standardised share: the strata's shares, weighted by the standard population. Strata without anybody known
 * are left out and the weights of the rest scaled up. The interval is Wilson's with the effective number of people
 * (sum w)^2 / sum(w^2 / known). */
hra_standardised hra_standardise(const hra_stratum_count *strata, int count);

/* a - b of two shares that were counted apart; interval by Newcombe's square-and-add of their own intervals. */
hra_interval hra_proportion_difference(hra_interval a, hra_interval b);

#endif
