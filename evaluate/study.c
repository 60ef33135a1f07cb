#include "evaluate/study.h"

#include <stdlib.h>
#include <string.h>

#include "evaluate/bootstrap.h"
#include "evaluate/order.h"
#include "evaluate/rank_samples.h"

typedef struct work {
    const hra_study *study;
    hra_metrics *metrics;
    int64_t *order; /* rows by time: what walks along the time then walks along the memory. NULL without times */
    hra_study_people people;
    bool ranked; /* the models, in samples */
    hra_rank_samples ranks;
    int64_t done, total;
} work;

/* What samples of the people say of the measures from `first` on. */
static hra_code resample(work *w, const hra_measured *of, int64_t first, hra_error *error)
{
    const hra_study *study = w->study;
    if (study->bootstrap == 0) return HRA_OK;
    if (!w->ranked || of->compared) return hra_bootstrap(of, w->metrics, first, NULL, error);
    const hra_wanted_samples wanted = {study->rank, hra_rank_samples_next(&w->ranks)};
    HRA_TRY(hra_bootstrap(of, w->metrics, first, &wanted, error));
    return hra_rank_samples_add(&w->ranks, study->rank, first, w->metrics, error);
}

/* One model, or one against the reference, at one horizon. */
static hra_code evaluate(work *w, int group, const hra_study_model *model, const hra_study_model *other, double horizon,
                         hra_error *error)
{
    const hra_study *study = w->study;
    if (study->progress)
        study->progress(study->progress_context, &(hra_study_progress){w->done, w->total, 0, study->bootstrap});
    w->done++;
    hra_study_select(study, w->order, group, model->risk, other ? other->risk : NULL, horizon, &w->people);
    hra_metric_subject subject = {.group = group < 0 ? "" : study->group_names[group],
                                  .model = model->name,
                                  .other = other ? other->name : "",
                                  .horizon = horizon,
                                  .people = w->people.rows,
                                  .events = w->people.events};
    HRA_TRY(hra_metrics_about(w->metrics, &subject, error));
    if (w->people.rows == 0)
        return hra_metrics_add_none(w->metrics, "people", "nobody has a known outcome and a known risk", error);
    const hra_measured of = {study, &w->people, horizon, other != NULL, w->done - 1, w->total};
    int64_t first = hra_metrics_count(w->metrics);
    HRA_TRY(hra_measure_people(&of, &w->people, w->metrics, error));
    return resample(w, &of, first, error);
}

static bool has_horizon(const hra_study_model *model, double horizon)
{
    return isnan(model->horizon) || model->horizon == horizon;
}

/* The reference, which may be there once for each of several horizons; NULL: not at this one. */
static const hra_study_model *reference_at(const hra_study *study, double horizon)
{
    for (int m = 0; study->reference >= 0 && m < study->model_count; m++)
        if (strcmp(study->models[m].name, study->models[study->reference].name) == 0 &&
            has_horizon(&study->models[m], horizon))
            return &study->models[m];
    return NULL;
}

/* The ranks of the models just evaluated, which were measured in the same samples if the same people count for them. */
static void rank_in_samples(work *w, int group, double horizon)
{
    const hra_study *study = w->study;
    const hra_study_model *first = NULL;
    bool same = true;
    for (int m = 0; m < study->model_count && same; m++) {
        if (!has_horizon(&study->models[m], horizon)) continue;
        if (!first) first = &study->models[m];
        same = hra_study_same_people(study, group, first->risk, study->models[m].risk);
    }
    hra_rank_samples_fill(&w->ranks, study->rank, same, w->metrics);
}

static hra_code evaluate_group(work *w, int group, double horizon, hra_error *error)
{
    const hra_study *study = w->study;
    const hra_study_model *reference = reference_at(study, horizon);
    for (int m = 0; m < study->model_count; m++)
        if (has_horizon(&study->models[m], horizon))
            HRA_TRY(evaluate(w, group, &study->models[m], NULL, horizon, error));
    if (w->ranks.count > 0) rank_in_samples(w, group, horizon);
    if (!reference) return HRA_OK;
    for (int m = 0; m < study->model_count; m++)
        if (&study->models[m] != reference && has_horizon(&study->models[m], horizon))
            HRA_TRY(evaluate(w, group, &study->models[m], reference, horizon, error));
    return HRA_OK;
}

/* Unknown times come last. */
static hra_code order_by_time(const hra_study *study, int64_t **order, hra_error *error)
{
    size_t rows = (size_t)(study->rows > 0 ? study->rows : 1);
    double *time = malloc(rows * sizeof *time);
    *order = malloc(rows * sizeof **order);
    hra_code code = time && *order ? HRA_OK : hra_evaluate_no_memory(error);
    if (!code) {
        for (int64_t i = 0; i < study->rows; i++) time[i] = isnan(study->time[i]) ? INFINITY : study->time[i];
        code = hra_order_rows(time, study->rows, *order, error);
    }
    free(time);
    return code;
}

/* How many evaluations there are in each group. */
static int64_t evaluations(const hra_study *study, const double *horizons, int horizon_count)
{
    int64_t count = 0;
    for (int h = 0; h < horizon_count; h++) {
        bool compared = reference_at(study, horizons[h]) != NULL;
        int64_t models = 0;
        for (int m = 0; m < study->model_count; m++) models += has_horizon(&study->models[m], horizons[h]);
        count += models + (compared ? models - 1 : 0);
    }
    return count;
}

hra_code hra_study_evaluate(const hra_study *study, hra_metrics *metrics, hra_error *error)
{
    const double none = NAN;
    const double *horizons = study->time ? study->horizons : &none;
    int horizon_count = study->time ? study->horizon_count : 1;
    work w = {.study = study,
              .metrics = metrics,
              .total = (study->group_count + 1) * evaluations(study, horizons, horizon_count)};
    HRA_TRY(hra_study_people_new(&w.people, study->rows, error));
    hra_code code = study->time ? order_by_time(study, &w.order, error) : HRA_OK;
    w.ranked = study->rank && study->bootstrap > 0 && study->model_count > 1;
    if (!code && w.ranked) code = hra_rank_samples_new(&w.ranks, study->model_count, study->bootstrap, error);
    for (int g = -1; g < study->group_count && !code; g++)
        for (int h = 0; h < horizon_count && !code; h++) code = evaluate_group(&w, g, horizons[h], error);
    free(w.order);
    hra_rank_samples_free(&w.ranks);
    hra_study_people_free(&w.people);
    return code;
}

/* ---- what has no place in a study ---- */

/* Weights are multiplied in pairs and by squares of others: beyond this the products leave the range of numbers. */
static const double least_weight = 1e-30, most_weight = 1e30;

/* Without the value: a wrong column may be one of identity numbers. */
static hra_code refuse(const hra_study_names *names, const char *column, int64_t row, const char *why, hra_error *error)
{
    return hra_fail(error, HRA_EINPUT, "%s: row %lld: what column '%s' holds %s", names->file, (long long)row + 1,
                    column, why);
}

hra_code hra_study_check(const hra_study *study, const hra_study_names *names, hra_error *error)
{
    for (int64_t r = 0; r < study->rows; r++) {
        double event = study->event[r];
        if (!isnan(event) && event != 0 && event != 1 && !(event == 2 && study->time))
            return refuse(names, names->event, r,
                          study->time ? "is no outcome: 0 censored, 1 event, 2 competing event"
                                      : "is no outcome: 1 event, 0 none",
                          error);
        if (study->time && study->time[r] < 0)
            return refuse(names, names->time, r, "is below 0: follow-up begins at 0", error);
        if (study->weight && (study->weight[r] < least_weight || study->weight[r] > most_weight))
            return refuse(names, names->weight, r, "is no weight: it must be above 0 (from 1e-30 to 1e30)", error);
    }
    for (int m = 0; m < study->model_count; m++)
        for (int64_t r = 0; r < study->rows; r++) {
            double risk = study->models[m].risk[r];
            if (risk < 0 || risk > 1)
                return refuse(names, study->models[m].name, r,
                              "is no risk: it must lie between 0 and 1 (risks in percent: divide by 100)", error);
        }
    return HRA_OK;
}
