#include "evaluate/survival_brier.h"

#include <math.h>
#include <stdlib.h>

#include "evaluate/compensated_sum.h"
#include "evaluate/order.h"

typedef struct brier {
    const hra_followed *f;
    const double *risk; /* by row; NULL: everybody has `same` */
    double same, horizon;
} brier;

/* The person's part of the sum, `uncensored` being G(horizon). */
static double part_of(const brier *b, int64_t row, double uncensored)
{
    const hra_cohort *c = b->f->people;
    bool beyond = c->time[row] > b->horizon;
    if (!beyond && c->event[row] == HRA_CENSORED) return 0;
    double risk = b->risk ? b->risk[row] : b->same;
    double miss = !beyond && c->event[row] == HRA_EVENT ? 1 - risk : risk;
    return hra_cohort_weight(c, row) * miss * miss / (beyond ? uncensored : b->f->uncensored[row]);
}

static double mean_part(const brier *b, double *part)
{
    const int64_t rows = b->f->people->rows;
    double uncensored = hra_uncensored_at(b->f, b->horizon);
    hra_sum sum = {0, 0};
    for (int64_t i = 0; i < rows; i++) {
        part[i] = part_of(b, i, uncensored) / b->f->total_weight;
        hra_sum_add(&sum, part[i]);
    }
    return hra_sum_of(&sum);
}

static hra_code brier_at(const brier *b, double *influence, hra_finding *found, hra_error *error)
{
    const char *fault = hra_horizon_fault(b->f, b->horizon);
    *found = hra_found_none(fault ? fault : "");
    if (fault) return HRA_OK;
    const int64_t rows = b->f->people->rows;
    double *part = malloc((size_t)rows * sizeof *part);
    if (!part) return hra_evaluate_no_memory(error);
    double value = mean_part(b, part);
    for (int64_t i = 0; i < rows; i++)
        influence[i] = part[i] - value * hra_cohort_weight(b->f->people, i) / b->f->total_weight;
    hra_influence_of_censoring(b->f, part, b->horizon, influence);
    free(part);
    double scale = sqrt((double)rows / (double)(rows - 1));
    for (int64_t i = 0; i < rows; i++) influence[i] *= scale;
    *found = hra_found(value, hra_influence_error(influence, rows), 0, INFINITY);
    return HRA_OK;
}

hra_code hra_survival_brier(const hra_followed *people, const double *risk, double horizon, double *influence,
                            hra_finding *found, hra_error *error)
{
    return brier_at(&(brier){.f = people, .risk = risk, .horizon = horizon}, influence, found, error);
}

hra_code hra_survival_brier_null(const hra_followed *people, const double *risk, double horizon, double *influence,
                                 hra_finding *found, hra_error *error)
{
    (void)risk;
    hra_observed observed = hra_observe(people->people, people->order, people->people->rows, horizon);
    return brier_at(&(brier){.f = people, .same = observed.risk, .horizon = horizon}, influence, found, error);
}

static hra_code find_ipa(const hra_followed *people, const double *risk, double horizon, double *influence,
                         double *of_null, hra_finding *found, hra_error *error)
{
    hra_finding model, null;
    HRA_TRY(hra_survival_brier(people, risk, horizon, influence, &model, error));
    HRA_TRY(hra_survival_brier_null(people, risk, horizon, of_null, &null, error));
    *found = hra_found_none(isnan(model.is.value) ? model.why : "the null model has no error");
    if (isnan(model.is.value) || !(null.is.value > 0)) return HRA_OK;
    double ratio = model.is.value / null.is.value;
    for (int64_t i = 0; i < people->people->rows; i++)
        influence[i] = (ratio * of_null[i] - influence[i]) / null.is.value;
    *found = hra_found(1 - ratio, hra_influence_error(influence, people->people->rows), -INFINITY, 1);
    return HRA_OK;
}

hra_code hra_survival_ipa(const hra_followed *people, const double *risk, double horizon, double *influence,
                          hra_finding *found, hra_error *error)
{
    double *of_null = malloc((size_t)(people->people->rows ? people->people->rows : 1) * sizeof *of_null);
    if (!of_null) return hra_evaluate_no_memory(error);
    hra_code code = find_ipa(people, risk, horizon, influence, of_null, found, error);
    free(of_null);
    return code;
}
