/* The placement of a person is the share of the others, those with the opposite outcome, whose risk is on the right
 * side of the person's own. The AUC is the mean placement of those with the event; its variance is that of this mean
 * plus that of the mean placement of those without it. */
#include "evaluate/binary_auc.h"

#include <stdlib.h>

#include "evaluate/compensated_sum.h"
#include "evaluate/order.h"
#include "evaluate/row_mean.h"

typedef struct outcome_weights {
    double of[2]; /* without, with the event */
} outcome_weights;

static outcome_weights weigh(const hra_cohort *people, const int64_t *order, int64_t begin, int64_t end)
{
    hra_sum sum[2] = {{0, 0}, {0, 0}};
    for (int64_t i = begin; i < end; i++)
        hra_sum_add(&sum[people->event[order[i]] == HRA_EVENT], hra_cohort_weight(people, order[i]));
    return (outcome_weights){{hra_sum_of(&sum[0]), hra_sum_of(&sum[1])}};
}

static void place_in_order(const hra_cohort *people, const double *risk, const int64_t *order, double *placement)
{
    outcome_weights all = weigh(people, order, 0, people->rows);
    hra_sum below[2] = {{0, 0}, {0, 0}};
    for (int64_t begin = 0, end; begin < people->rows; begin = end) {
        for (end = begin + 1; end < people->rows && risk[order[end]] == risk[order[begin]];) end++;
        outcome_weights equal = weigh(people, order, begin, end);
        double lower = hra_sum_of(&below[0]) + equal.of[0] / 2;
        double higher = all.of[1] - hra_sum_of(&below[1]) - equal.of[1] / 2;
        for (int64_t i = begin; i < end; i++)
            placement[order[i]] = people->event[order[i]] == HRA_EVENT ? lower / all.of[0] : higher / all.of[1];
        for (int k = 0; k < 2; k++) hra_sum_add(&below[k], equal.of[k]);
    }
}

static hra_code place(const hra_cohort *people, const double *risk, double *placement, hra_error *error)
{
    int64_t *order = malloc((size_t)(people->rows ? people->rows : 1) * sizeof *order);
    if (!order) return hra_evaluate_no_memory(error);
    hra_code code = hra_order_rows(risk, people->rows, order, error);
    if (!code) place_in_order(people, risk, order, placement);
    free(order);
    return code;
}

/* Of placements, or of differences of placements. */
static hra_finding conclude(const hra_cohort *people, const double *placement, double least)
{
    hra_row_mean with = hra_mean_of_rows(people, placement, HRA_WITH_EVENT);
    hra_row_mean without = hra_mean_of_rows(people, placement, HRA_WITHOUT_EVENT);
    return hra_found_of_both(with.value, &with, &without, least, 1);
}

hra_code hra_binary_auc(const hra_cohort *people, const double *risk, hra_finding *found, hra_error *error)
{
    double *placement = malloc((size_t)(people->rows ? people->rows : 1) * sizeof *placement);
    if (!placement) return hra_evaluate_no_memory(error);
    hra_code code = place(people, risk, placement, error);
    if (!code) *found = conclude(people, placement, 0);
    free(placement);
    if (!code && found->is.standard_error == 0)
        found->why = "all risks are equal, or they separate the outcomes: the standard error of 0 is no certainty";
    return code;
}

hra_code hra_binary_auc_difference(const hra_cohort *people, const double *risk, const double *other,
                                   hra_finding *found, hra_error *error)
{
    double *both = malloc(2 * (size_t)(people->rows ? people->rows : 1) * sizeof *both), *placement = both;
    if (!both) return hra_evaluate_no_memory(error);
    hra_code code = place(people, risk, placement, error);
    if (!code) code = place(people, other, both + people->rows, error);
    if (!code) {
        for (int64_t i = 0; i < people->rows; i++) placement[i] -= both[people->rows + i];
        *found = conclude(people, placement, -1);
    }
    free(both);
    return code;
}
