#include "evaluate/observed_part.h"

#include "evaluate/compensated_sum.h"

hra_part hra_observe_part(const hra_followed *f, const int8_t *part, int8_t which, double horizon, int64_t *room)
{
    hra_sum weight = {0, 0};
    int64_t count = 0;
    for (int64_t i = 0; i < f->people->rows; i++) {
        int64_t row = f->order[i];
        if (part[row] != which) continue;
        room[count++] = row;
        hra_sum_add(&weight, hra_cohort_weight(f->people, row));
    }
    hra_part p = {.observed = hra_observe(f->people, room, count, horizon)};
    if (count == 0) return p;
    p.share = hra_sum_of(&weight) / f->total_weight;
    p.event = p.share * p.observed.risk;
    p.no_event = p.share * (1 - p.observed.risk);
    return p;
}
