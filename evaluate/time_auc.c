#include "evaluate/time_auc.h"

#include <math.h>
#include <stdlib.h>

#include "evaluate/order.h"

typedef struct comparison {
    const hra_followed *f;
    const double *risk;
    double horizon, uncensored; /* G(horizon) */
    bool competing_are_controls;
    double cases, controls; /* sums of weights */
} comparison;

typedef enum side { NEITHER, CASE, CONTROL } side;

static side side_of(const comparison *a, int64_t row, double *weight)
{
    const hra_cohort *c = a->f->people;
    if (c->time[row] > a->horizon) {
        *weight = hra_cohort_weight(c, row) / a->uncensored;
        return CONTROL;
    }
    *weight = hra_cohort_weight(c, row) / a->f->uncensored[row];
    if (c->event[row] == HRA_EVENT) return CASE;
    return c->event[row] == HRA_COMPETING && a->competing_are_controls ? CONTROL : NEITHER;
}

static void sum_sides(comparison *a)
{
    for (int64_t i = 0; i < a->f->people->rows; i++) {
        double weight;
        side of = side_of(a, i, &weight);
        if (of == CASE) a->cases += weight;
        if (of == CONTROL) a->controls += weight;
    }
}

/* From the lowest risk to the highest: `won` becomes, by row, the share of the other side that the person's risk is
 * rightly above (a case) or below (a control); of those in neither, 0. Returns the AUC. */
static double share_won(const comparison *a, const int64_t *order, double *won)
{
    double cases = 0, controls = 0, auc = 0; /* with a lower risk */
    for (int64_t begin = 0, end; begin < a->f->people->rows; begin = end) {
        double tied_cases = 0, tied_controls = 0, weight;
        for (end = begin; end < a->f->people->rows && a->risk[order[end]] == a->risk[order[begin]]; end++) {
            side of = side_of(a, order[end], &weight);
            if (of == CASE) tied_cases += weight;
            if (of == CONTROL) tied_controls += weight;
        }
        double case_wins = (controls + tied_controls / 2) / a->controls;
        double control_wins = 1 - (cases + tied_cases / 2) / a->cases;
        for (int64_t i = begin; i < end; i++) {
            side of = side_of(a, order[i], &weight);
            won[order[i]] = of == CASE ? case_wins : of == CONTROL ? control_wins : 0;
        }
        auc += tied_cases / a->cases * case_wins;
        cases += tied_cases;
        controls += tied_controls;
    }
    return auc;
}

/* `share` (by row): what share_won() wrote; becomes the effect of the row's weight on the AUC. */
static void weigh_shares(const comparison *a, double auc, double *share)
{
    for (int64_t i = 0; i < a->f->people->rows; i++) {
        double weight;
        side of = side_of(a, i, &weight);
        if (of != NEITHER) share[i] = weight * (share[i] - auc) / (of == CASE ? a->cases : a->controls);
    }
}

static hra_code compare(comparison *a, double *influence, double *effect, int64_t *order, hra_finding *found,
                        hra_error *error)
{
    const int64_t rows = a->f->people->rows;
    HRA_TRY(hra_order_rows(a->risk, rows, order, error));
    double auc = share_won(a, order, effect);
    weigh_shares(a, auc, effect);
    for (int64_t i = 0; i < rows; i++) influence[i] = effect[i];
    hra_influence_of_censoring(a->f, effect, a->horizon, influence);
    double scale = sqrt((double)rows / (double)(rows - 1));
    for (int64_t i = 0; i < rows; i++) influence[i] *= scale;
    *found = hra_found(auc, hra_influence_error(influence, rows), 0, 1);
    return HRA_OK;
}

static hra_code auc_at(comparison *a, double *influence, hra_finding *found, hra_error *error)
{
    const char *fault = hra_horizon_fault(a->f, a->horizon);
    *found = hra_found_none(fault ? fault : "");
    if (fault) return HRA_OK;
    a->uncensored = hra_uncensored_at(a->f, a->horizon);
    sum_sides(a);
    if (!(a->cases > 0))
        found->why = "nobody has the event by the horizon";
    else if (!(a->controls > 0))
        found->why = "nobody is free of the event at the horizon";
    if (*found->why) return HRA_OK;
    size_t rows = (size_t)a->f->people->rows;
    int64_t *order = malloc(rows * sizeof *order);
    double *effect = malloc(rows * sizeof *effect);
    hra_code code =
        order && effect ? compare(a, influence, effect, order, found, error) : hra_evaluate_no_memory(error);
    free(order);
    free(effect);
    return code;
}

hra_code hra_time_auc(const hra_followed *people, const double *risk, double horizon, double *influence,
                      hra_finding *found, hra_error *error)
{
    comparison a = {.f = people, .risk = risk, .horizon = horizon, .competing_are_controls = true};
    return auc_at(&a, influence, found, error);
}

hra_code hra_time_auc_event_free(const hra_followed *people, const double *risk, double horizon, double *influence,
                                 hra_finding *found, hra_error *error)
{
    comparison a = {.f = people, .risk = risk, .horizon = horizon};
    return auc_at(&a, influence, found, error);
}
