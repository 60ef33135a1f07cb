#include "evaluate/comparison.h"

#include <stddef.h>

#include "evaluate/benefit_difference.h"
#include "evaluate/binary_auc.h"
#include "evaluate/binary_brier.h"
#include "evaluate/concordance.h"
#include "evaluate/reclassification.h"
#include "evaluate/survival_brier.h"
#include "evaluate/tail_probability.h"
#include "evaluate/time_auc.h"

typedef struct two_models {
    hra_metrics *metrics;
    const double *risk, *reference;
    double horizon;
    const double *cuts;
    int cut_count;
} two_models;

/* The difference, and how likely one as large or larger is by chance. */
static hra_code add_difference(const two_models *m, const char *name, const char *p_name, const hra_finding *found,
                               hra_error *error)
{
    HRA_TRY(hra_add_finding(m->metrics, name, NAN, found, error));
    double z = found->is.value / found->is.standard_error;
    if (isfinite(z)) return hra_metrics_add_value(m->metrics, p_name, hra_p_of_z(z), error);
    const char *why = "the difference has a standard error of 0";
    if (isnan(found->is.standard_error)) why = *found->why ? found->why : "one person: no standard error";
    return hra_metrics_add_none(m->metrics, p_name, why, error);
}

static hra_code add_moves(const two_models *m, bool categories, const hra_moves *moves, hra_error *error)
{
    static const char *const names[2][7] = {
        {"nri_continuous", "nri_continuous_event", "nri_continuous_nonevent", "higher_event", "lower_event",
         "higher_nonevent", "lower_nonevent"},
        {"nri", "nri_event", "nri_nonevent", "up_event", "down_event", "up_nonevent", "down_nonevent"}};
    const hra_finding *found[7] = {&moves->nri,        &moves->event,       &moves->nonevent,     &moves->up_event,
                                   &moves->down_event, &moves->up_nonevent, &moves->down_nonevent};
    for (int i = 0; i < 7; i++) HRA_TRY(hra_add_finding(m->metrics, names[categories][i], NAN, found[i], error));
    return HRA_OK;
}

/* `follow_up`: NULL with known outcomes. Without cuts there are no categories. */
static hra_code compare_moves(const two_models *m, const hra_cohort *people, const hra_followed *follow_up,
                              hra_error *error)
{
    for (int categories = m->cut_count > 0; categories >= 0; categories--) {
        hra_moves moves;
        int cuts = categories ? m->cut_count : 0;
        HRA_TRY(follow_up
                    ? hra_observe_moves(follow_up, m->risk, m->reference, m->horizon, m->cuts, cuts, &moves, error)
                    : hra_count_moves(people, m->risk, m->reference, m->cuts, cuts, &moves, error));
        HRA_TRY(add_moves(m, categories, &moves, error));
    }
    return HRA_OK;
}

static hra_code compare_outcomes(const two_models *m, const hra_cohort *people, hra_error *error)
{
    hra_finding found;
    HRA_TRY(hra_binary_auc_difference(people, m->risk, m->reference, &found, error));
    HRA_TRY(add_difference(m, "delta_auc", "delta_auc_p", &found, error));
    HRA_TRY(hra_binary_brier_difference(people, m->risk, m->reference, &found, error));
    HRA_TRY(add_difference(m, "delta_brier", "delta_brier_p", &found, error));
    HRA_TRY(hra_binary_brier_scaled_difference(people, m->risk, m->reference, &found, error));
    HRA_TRY(add_difference(m, "delta_brier_scaled", "delta_brier_scaled_p", &found, error));
    hra_discrimination_gain gain;
    HRA_TRY(hra_measure_discrimination_gain(people, m->risk, m->reference, &gain, error));
    HRA_TRY(add_difference(m, "idi", "idi_p", &gain.idi, error));
    HRA_TRY(hra_add_finding(m->metrics, "idi_event", NAN, &gain.event, error));
    HRA_TRY(hra_add_finding(m->metrics, "idi_nonevent", NAN, &gain.nonevent, error));
    HRA_TRY(compare_moves(m, people, NULL, error));
    return hra_benefit_differences(m->metrics, people, m->risk, m->reference, m->cuts, m->cut_count, error);
}

static hra_code compare_times(const two_models *m, const hra_followed *people, hra_error *error)
{
    static const struct {
        const char *name, *p_name;
        hra_survival_measure *measure;
        bool all_times, bounded; /* bounded: by -1 and 1 */
    } measures[] = {
        {"delta_c_harrell", "delta_c_harrell_p", hra_harrell_concordance, true, true},
        {"delta_c_uno", "delta_c_uno_p", hra_uno_concordance, false, true},
        {"delta_auc", "delta_auc_p", hra_time_auc, false, true},
        {"delta_brier", "delta_brier_p", hra_survival_brier, false, true},
        {"delta_ipa", "delta_ipa_p", hra_survival_ipa, false, false},
    };
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
        hra_finding found;
        HRA_TRY(hra_measure_difference(measures[i].measure, people, m->risk, m->reference,
                                       measures[i].all_times ? INFINITY : m->horizon, &found, error));
        if (!measures[i].bounded && !isnan(found.is.value))
            found = hra_found(found.is.value, found.is.standard_error, -INFINITY, INFINITY);
        HRA_TRY(add_difference(m, measures[i].name, measures[i].p_name, &found, error));
    }
    HRA_TRY(compare_moves(m, people->people, people, error));
    return hra_followed_benefit_differences(m->metrics, people, m->risk, m->reference, m->horizon, m->cuts,
                                            m->cut_count, error);
}

hra_code hra_compare_measures(hra_metrics *metrics, const hra_cohort *people, const double *risk,
                              const double *reference, double horizon, const double *thresholds, int threshold_count,
                              hra_error *error)
{
    two_models m = {metrics, risk, reference, horizon, thresholds, threshold_count};
    if (!people->time) return compare_outcomes(&m, people, error);
    hra_followed *f = NULL;
    HRA_TRY(hra_followed_new(&f, people, error));
    hra_code code = compare_times(&m, f, error);
    hra_followed_free(f);
    return code;
}
