/* The people on whom models are evaluated: what happened to each of them, and
 * when. Arrays of `rows` values, borrowed from the caller, without unknown values.
 *
 * Times are in one unit, that of the horizons. At equal times events come
 * before censorings. A competing event makes the event of interest impossible. */
#ifndef HRA_EVALUATE_COHORT_H
#define HRA_EVALUATE_COHORT_H

#include <stdbool.h>
#include <stdint.h>

enum { HRA_CENSORED = 0, HRA_EVENT = 1, HRA_COMPETING = 2 };

typedef struct hra_cohort {
    int64_t rows;
    const double *time;   /* of follow-up, 0 or more; NULL: the outcome is known for all (event 0 or 1) */
    const uint8_t *event; /* HRA_CENSORED (without times: no event), HRA_EVENT, HRA_COMPETING */
    const double *weight; /* above 0; NULL: everybody counts once */
} hra_cohort;

static inline double hra_cohort_weight(const hra_cohort *c, int64_t row) { return c->weight ? c->weight[row] : 1; }

#endif
