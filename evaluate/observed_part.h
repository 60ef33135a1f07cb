/* What was observed by a horizon in a part of a cohort, as shares of the whole cohort. */
#ifndef HRA_EVALUATE_OBSERVED_PART_H
#define HRA_EVALUATE_OBSERVED_PART_H

#include "evaluate/product_limit.h"

typedef struct hra_part {
    double share;          /* of all people, by weight */
    double event;          /* being in this part and having the event by the horizon; NAN: not known */
    double no_event;       /* being in this part and not having it */
    hra_observed observed; /* in this part */
} hra_part;

/* Of the people whose part[row] is `which`. `room` has a place for each row. */
hra_part hra_observe_part(const hra_followed *people, const int8_t *part, int8_t which, double horizon, int64_t *room);

#endif
