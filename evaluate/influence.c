#include "evaluate/influence.h"

#include <math.h>
#include <stdlib.h>

#include "evaluate/compensated_sum.h"
#include "evaluate/order.h"

double hra_influence_error(const double *influence, int64_t rows)
{
    hra_sum sum = {0, 0};
    for (int64_t i = 0; i < rows; i++) hra_sum_add(&sum, influence[i] * influence[i]);
    return sqrt(hra_sum_of(&sum));
}

/* At a time when people are censored, those who stay make G larger, those who leave make it smaller. `staying` adds up
 * the first from time to time; the second concerns the people censored at that time only. Who has an event at a time is
 * not at risk of being censored then. */
void hra_influence_of_censoring(const hra_followed *f, const double *effect, double horizon, double *influence)
{
    const hra_cohort *c = f->people;
    double later = 0, staying = 0; /* later: the effects of those with a later time */
    for (int64_t i = 0; i < c->rows; i++) later += effect[i];
    int64_t begin = 0;
    for (int64_t end; begin < c->rows && c->time[f->order[begin]] <= horizon; begin = end) {
        end = hra_time_block_end(f, begin);
        double censored = 0;
        for (int64_t i = begin; i < end; i++) {
            later -= effect[f->order[i]];
            if (c->event[f->order[i]] == HRA_CENSORED) censored += hra_cohort_weight(c, f->order[i]);
        }
        double stays = f->stays[f->order[begin]];
        double leaving = stays + censored > 0 ? later / (stays + censored) : 0;
        for (int64_t i = begin; i < end; i++) {
            int64_t row = f->order[i];
            double change = c->event[row] == HRA_CENSORED ? staying + leaving : staying;
            influence[row] += hra_cohort_weight(c, row) * change;
        }
        if (stays > 0) staying -= leaving * censored / stays;
    }
    for (; begin < c->rows; begin++) influence[f->order[begin]] += hra_cohort_weight(c, f->order[begin]) * staying;
}

static hra_code measure_both(hra_survival_measure *measure, const hra_followed *people, const double *const risk[2],
                             double horizon, double *const influence[2], hra_finding *found, hra_error *error)
{
    hra_finding one[2];
    for (int k = 0; k < 2; k++) {
        HRA_TRY(measure(people, risk[k], horizon, influence[k], &one[k], error));
        if (!isnan(one[k].is.value)) continue;
        *found = one[k];
        return HRA_OK;
    }
    for (int64_t i = 0; i < people->people->rows; i++) influence[0][i] -= influence[1][i];
    *found =
        hra_found(one[0].is.value - one[1].is.value, hra_influence_error(influence[0], people->people->rows), -1, 1);
    return HRA_OK;
}

hra_code hra_measure_difference(hra_survival_measure *measure, const hra_followed *people, const double *risk,
                                const double *other, double horizon, hra_finding *found, hra_error *error)
{
    size_t rows = (size_t)(people->people->rows ? people->people->rows : 1);
    double *both = malloc(2 * rows * sizeof *both);
    if (!both) return hra_evaluate_no_memory(error);
    hra_code code = measure_both(measure, people, (const double *const[2]){risk, other}, horizon,
                                 (double *const[2]){both, both + rows}, found, error);
    free(both);
    return code;
}
