#include "evaluate/study_people.h"

#include <stdlib.h>

#include "evaluate/binary_measures.h"
#include "evaluate/comparison.h"
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
    const hra_cohort cohort = {
        .rows = p->rows, .time = s->time ? p->time : NULL, .event = p->event, .weight = s->weight ? p->weight : NULL};
    if (of->compared)
        return hra_compare_measures(metrics, &cohort, p->risk, p->other, of->horizon, s->cuts, s->cut_count, error);
    if (s->time) return measure_followed(of, &cohort, p->risk, metrics, error);
    HRA_TRY(hra_binary_measures(metrics, &cohort, p->risk, error));
    return hra_threshold_measures(metrics, &cohort, p->risk, of->horizon, s->thresholds, s->threshold_count, error);
}
