#include "evaluate/study_people.h"

#include <math.h>
#include <stdlib.h>

#include "evaluate/binary_measures.h"
#include "evaluate/comparison.h"
#include "evaluate/ici_difference.h"
#include "evaluate/survival_measures.h"
#include "evaluate/thresholds.h"

void hra_study_people_free(hra_study_people *p)
{
    free(p->time);
    free(p->weight);
    free(p->risk);
    free(p->other);
    free(p->event);
}

hra_code hra_study_people_new(hra_study_people *p, int64_t most, hra_error *error)
{
    size_t rows = (size_t)(most > 0 ? most : 1);
    *p = (hra_study_people){.time = malloc(rows * sizeof *p->time),
                            .weight = malloc(rows * sizeof *p->weight),
                            .risk = malloc(rows * sizeof *p->risk),
                            .other = malloc(rows * sizeof *p->other),
                            .event = malloc(rows)};
    if (p->time && p->weight && p->risk && p->other && p->event) return HRA_OK;
    hra_study_people_free(p);
    *p = (hra_study_people){0};
    return hra_fail(error, HRA_ENOMEM, "not enough memory for a cohort of %lld people", (long long)most);
}

static bool counts(const hra_study *study, int64_t row, int group, const double *risk, const double *other)
{
    if (group >= 0 && study->group[row] != group) return false;
    if (isnan(study->event[row]) || isnan(risk[row]) || (other && isnan(other[row]))) return false;
    if (study->time && isnan(study->time[row])) return false;
    if (study->weight && isnan(study->weight[row])) return false;
    for (int m = 0; study->common && m < study->model_count; m++)
        if (isnan(study->models[m].risk[row])) return false;
    return true;
}

void hra_study_select(const hra_study *study, const int64_t *order, int group, const double *risk, const double *other,
                      double horizon, hra_study_people *s)
{
    s->rows = s->events = 0;
    for (int64_t i = 0; i < study->rows; i++) {
        int64_t row = order ? order[i] : i;
        if (!counts(study, row, group, risk, other)) continue;
        int64_t to = s->rows++;
        s->event[to] = (uint8_t)study->event[row];
        s->time[to] = study->time ? study->time[row] : 0;
        s->weight[to] = study->weight ? study->weight[row] : 1;
        s->risk[to] = risk[row];
        s->other[to] = other ? other[row] : 0;
        s->events += s->event[to] == 1 && (!study->time || s->time[to] <= horizon);
    }
}

bool hra_study_same_people(const hra_study *study, int group, const double *risk, const double *other)
{
    for (int64_t row = 0; row < study->rows; row++)
        if (counts(study, row, group, risk, NULL) != counts(study, row, group, other, NULL)) return false;
    return true;
}

hra_cohort hra_study_cohort(const hra_study *study, const hra_study_people *p)
{
    return (hra_cohort){p->rows, study->time ? p->time : NULL, p->event, study->weight ? p->weight : NULL};
}

static hra_code measure_followed(const hra_measured *of, const hra_cohort *cohort, const double *risk,
                                 hra_metrics *metrics, hra_error *error)
{
    const hra_study *s = of->study;
    hra_followed *f = NULL;
    HRA_TRY(hra_followed_new(&f, cohort, error));
    hra_code code = hra_followed_measures(metrics, f, risk, of->horizon, error);
    if (!code) code = hra_followed_thresholds(metrics, f, risk, of->horizon, s->thresholds, s->threshold_count, error);
    hra_followed_free(f);
    return code;
}

hra_code hra_measure_people(const hra_measured *of, const hra_study_people *p, hra_metrics *metrics, hra_error *error)
{
    const hra_study *s = of->study;
    const hra_cohort cohort = hra_study_cohort(s, p);
    if (of->compared) {
        HRA_TRY(hra_compare_measures(metrics, &cohort, p->risk, p->other, of->horizon, s->cuts, s->cut_count, error));
        /* says nothing without an interval, which samples alone give it, and costs as much as all the others */
        return s->bootstrap > 0 ? hra_ici_difference(metrics, &cohort, p->risk, p->other, of->horizon, error) : HRA_OK;
    }
    if (s->time) return measure_followed(of, &cohort, p->risk, metrics, error);
    HRA_TRY(hra_binary_measures(metrics, &cohort, p->risk, error));
    return hra_threshold_measures(metrics, &cohort, p->risk, of->horizon, s->thresholds, s->threshold_count, error);
}
