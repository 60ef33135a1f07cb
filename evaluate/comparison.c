#include "evaluate/comparison.h"

#include <stddef.h>

#include "evaluate/binary_auc.h"
#include "evaluate/binary_brier.h"
#include "evaluate/concordance.h"
#include "evaluate/survival_brier.h"
#include "evaluate/tail_probability.h"
#include "evaluate/time_auc.h"

typedef struct two_models {
    hra_metrics *metrics;
    const double *risk, *reference;
    double horizon;
} two_models;

/* The difference, and how likely one as large or larger is by chance. */
static hra_code add_difference(const two_models *m, const char *name, const char *p_name, const hra_finding *found,
                               hra_error *error)
{
    HRA_TRY(hra_add_finding(m->metrics, name, NAN, found, error));
    double z = found->is.value / found->is.standard_error;
    if (isfinite(z)) return hra_metrics_add_value(m->metrics, p_name, hra_p_of_z(z), error);
    if (isnan(found->is.standard_error)) return hra_metrics_add_none(m->metrics, p_name, found->why, error);
    return hra_metrics_add_none(m->metrics, p_name, "the difference has a standard error of 0", error);
}

static hra_code compare_outcomes(const two_models *m, const hra_cohort *people, hra_error *error)
{
    hra_finding found;
    HRA_TRY(hra_binary_auc_difference(people, m->risk, m->reference, &found, error));
    HRA_TRY(add_difference(m, "delta_auc", "delta_auc_p", &found, error));
    HRA_TRY(hra_binary_brier_difference(people, m->risk, m->reference, &found, error));
    return add_difference(m, "delta_brier", "delta_brier_p", &found, error);
}

static hra_code compare_times(const two_models *m, const hra_followed *people, hra_error *error)
{
    static const struct {
        const char *name, *p_name;
        hra_survival_measure *measure;
        bool all_times;
    } measures[] = {
        {"delta_c_harrell", "delta_c_harrell_p", hra_harrell_concordance, true},
        {"delta_c_uno", "delta_c_uno_p", hra_uno_concordance, false},
        {"delta_auc", "delta_auc_p", hra_time_auc, false},
        {"delta_brier", "delta_brier_p", hra_survival_brier, false},
    };
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
        hra_finding found;
        HRA_TRY(hra_measure_difference(measures[i].measure, people, m->risk, m->reference,
                                       measures[i].all_times ? INFINITY : m->horizon, &found, error));
        HRA_TRY(add_difference(m, measures[i].name, measures[i].p_name, &found, error));
    }
    return HRA_OK;
}

hra_code hra_compare_measures(hra_metrics *metrics, const hra_cohort *people, const double *risk,
                              const double *reference, double horizon, const double *thresholds, int threshold_count,
                              hra_error *error)
{
    two_models m = {metrics, risk, reference, horizon};
    if (!people->time) return compare_outcomes(&m, people, error);
    hra_followed *f = NULL;
    HRA_TRY(hra_followed_new(&f, people, error));
    hra_code code = compare_times(&m, f, error);
    hra_followed_free(f);
    return code;
}
