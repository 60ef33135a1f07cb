/* People who began at about the same value, between the same two runs: those in the plan, and those beside them. */
#ifndef HRA_SERVICE_PLAN_EFFECT_SUMS_H
#define HRA_SERVICE_PLAN_EFFECT_SUMS_H

#include <stdbool.h>

#include "service/tables/proportion.h"

typedef struct hra_effect_sum {
    int64_t people, before, change;
    unsigned __int128 squares; /* of changes */
} hra_effect_sum;

void hra_effect_add(hra_effect_sum *sum, int64_t before, int64_t now);

typedef struct hra_effect_stratum {
    int rule;
    hra_effect_sum inside, beside;
} hra_effect_stratum;

typedef struct hra_effect {
    hra_interval change;      /* of all in the plan */
    double before;            /* their mean */
    int64_t people;           /* in the plan */
    int64_t compared, beside; /* of them those who have enough beside them, and how many these are */
    double beside_change;     /* as if they began like those compared */
    hra_interval difference;  /* of the compared from those beside them */
} hra_effect;

/* Of one rule's strata. In steps; NaN: nothing to say. */
hra_effect hra_effect_of(const hra_effect_stratum *strata, int count, int rule);

#endif
