/* Intervals from samples of the people: the ranks of the quantiles, agreement with the errors that formulas give, and
 * the same bits for any number of threads. */
#include "evaluate/bootstrap.h"
#include "evaluate_fixture.h"

enum { PEOPLE = 400, SAMPLES = 999 };

static double event[PEOPLE], days[PEOPLE], risk[PEOPLE], other[PEOPLE];

/* Invented people whose risks are right; follow-up ends at 10. */
static int make_people(void **state)
{
    (void)state;
    srand(3);
    for (int i = 0; i < PEOPLE; i++) {
        double u = (rand() + 0.5) / (RAND_MAX + 1.0), v = (rand() + 0.5) / (RAND_MAX + 1.0);
        risk[i] = 0.05 + 0.6 * (i % 40) / 40;
        other[i] = 0.05 + 0.6 * (i % 7) / 7;
        event[i] = u < risk[i];
        days[i] = event[i] == 1 ? 10 * v : 10;
        if (i % 9 == 0 && days[i] > 4) days[i] = 4 + v, event[i] = 0;
    }
    return 0;
}

static hra_metrics *evaluate(bool times, int threads, uint64_t seed)
{
    static const double horizon = 6, cuts[] = {0.2, 0.4};
    const hra_study_model models[] = {{"a", risk, NAN}, {"b", other, NAN}};
    const hra_study study = {.rows = PEOPLE,
                             .time = times ? days : NULL,
                             .event = event,
                             .models = models,
                             .model_count = 2,
                             .horizons = &horizon,
                             .horizon_count = 1,
                             .thresholds = cuts,
                             .threshold_count = 2,
                             .cuts = cuts,
                             .cut_count = 2,
                             .reference = 1,
                             .bootstrap = SAMPLES,
                             .seed = seed,
                             .threads = threads};
    hra_metrics *metrics;
    assert_int_equal(hra_metrics_new(&metrics, NULL), HRA_OK);
    assert_int_equal(hra_study_evaluate(&study, metrics, NULL), HRA_OK);
    return metrics;
}

static void quantiles_lie_at_their_ranks(void **state)
{
    (void)state;
    double values[999];
    for (int i = 0; i < 999; i++) values[i] = i + 1;
    assert_float_equal(hra_bootstrap_quantile(values, 999, 0.025), 25, 0);
    assert_float_equal(hra_bootstrap_quantile(values, 999, 0.975), 975, 1e-9);
    assert_float_equal(hra_bootstrap_quantile(values, 99, 0.025), 2.5, 1e-12);
    assert_float_equal(hra_bootstrap_quantile(values, 39, 0.975), 39, 1e-9);
    assert_true(isnan(hra_bootstrap_quantile(values, 38, 0.025)));
    assert_true(isnan(hra_bootstrap_quantile(values, 38, 0.975)));
    assert_true(isnan(hra_bootstrap_quantile(values, 0, 0.5)));
}

/* A thousand samples tell a standard error to about 2 %. The ends of the interval vary more. */
static void agrees_with(const hra_metrics *metrics, const char *name)
{
    const hra_metric *m = evaluate_find(metrics, name, NAN);
    assert_int_equal(m->resampled.samples, SAMPLES);
    if (fabs(m->resampled.standard_error / m->is.standard_error - 1) > 0.1)
        fail_msg("%s: %g, by formula %g", name, m->resampled.standard_error, m->is.standard_error);
    assert_true(fabs(m->resampled.lower - m->is.lower) < 0.4 * m->is.standard_error);
    assert_true(fabs(m->resampled.upper - m->is.upper) < 0.4 * m->is.standard_error);
}

static void errors_are_those_of_formulas(void **state)
{
    (void)state;
    hra_metrics *known = evaluate(false, 2, 1), *followed = evaluate(true, 2, 1);
    const char *const of_known[] = {"auc",      "brier",        "discrimination_slope",
                                    "observed", "brier_scaled", "calibration_intercept"};
    const char *const of_followed[] = {"c_harrell", "c_uno", "auc",         "brier",
                                       "observed",  "ipa",   "delta_brier", "delta_ipa"};
    for (size_t i = 0; i < sizeof of_known / sizeof *of_known; i++) agrees_with(known, of_known[i]);
    for (size_t i = 0; i < sizeof of_followed / sizeof *of_followed; i++) agrees_with(followed, of_followed[i]);
    /* measures without a formula have an interval now, around what was found */
    const char *const others[] = {"ici", "e50", "expected", "nri"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const hra_metric *m = evaluate_find(followed, others[i], NAN);
        assert_true(isnan(m->is.lower) && m->resampled.lower < m->is.value + 0.02 && m->is.value < m->resampled.upper);
    }
    assert_int_equal(evaluate_find(followed, "gnd_p", NAN)->resampled.samples, 0);
    assert_int_equal(evaluate_find(followed, "gnd_chi2", NAN)->resampled.samples, 0);
    assert_int_equal(evaluate_find(known, "spiegelhalter_z", NAN)->resampled.samples, 0);
    assert_int_equal(evaluate_find(known, "delta_auc_p", NAN)->resampled.samples, 0);
    hra_metrics_free(known);
    hra_metrics_free(followed);
}

/* The paired difference of the ICI is that of the models by themselves, and has the interval of the samples. */
static void differences_of_curves_are_those_of_the_models(void **state)
{
    (void)state;
    double kept[PEOPLE];
    memcpy(kept, event, sizeof kept);
    for (int way = 0; way < 3; way++) { /* known outcomes, times, competing events */
        for (int i = 0; way == 2 && i < PEOPLE; i += 5) event[i] = event[i] == 1 ? 2 : event[i];
        hra_metrics *metrics = evaluate(way > 0, 2, 1);
        double ici[2];
        for (int64_t i = 0; i < hra_metrics_count(metrics); i++) {
            const hra_metric *m = hra_metrics_at(metrics, i);
            if (strcmp(m->name, "ici") == 0) ici[*m->of->model == 'b'] = m->is.value;
        }
        const hra_metric *m = evaluate_find(metrics, "delta_ici", NAN);
        assert_true(ici[0] != ici[1] && fabs(m->is.value - (ici[0] - ici[1])) < 1e-15);
        assert_true(isnan(m->is.standard_error) && isnan(m->is.lower));
        assert_int_equal(m->resampled.samples, SAMPLES);
        assert_true(m->resampled.lower < m->is.value && m->is.value < m->resampled.upper);
        hra_metrics_free(metrics);
    }
    memcpy(event, kept, sizeof kept);
}

static bool same_bits(const hra_metrics *a, const hra_metrics *b)
{
    bool same = hra_metrics_count(a) == hra_metrics_count(b);
    for (int64_t i = 0; i < hra_metrics_count(a) && same; i++) {
        const hra_resampled *x = &hra_metrics_at(a, i)->resampled, *y = &hra_metrics_at(b, i)->resampled;
        same = memcmp(&x->standard_error, &y->standard_error, sizeof x->standard_error) == 0 &&
               memcmp(&x->lower, &y->lower, sizeof x->lower) == 0 &&
               memcmp(&x->upper, &y->upper, sizeof x->upper) == 0 && x->samples == y->samples;
    }
    return same;
}

static void threads_change_nothing_and_seeds_do(void **state)
{
    (void)state;
    hra_metrics *one = evaluate(true, 1, 7), *three = evaluate(true, 3, 7), *seed = evaluate(true, 3, 8);
    assert_true(same_bits(one, three));
    assert_false(same_bits(one, seed));
    hra_metrics_free(one);
    hra_metrics_free(three);
    hra_metrics_free(seed);
}

/* The only event is in about 63 % of the samples; measures that need one have a value in these alone. */
static void samples_without_a_value_are_counted(void **state)
{
    (void)state;
    double kept[PEOPLE];
    memcpy(kept, event, sizeof kept);
    for (int i = 0; i < PEOPLE; i++) event[i] = i == 39;
    hra_metrics *metrics = evaluate(false, 2, 1);
    int samples = evaluate_find(metrics, "auc", NAN)->resampled.samples;
    assert_true(samples > 0.57 * SAMPLES && samples < 0.69 * SAMPLES);
    assert_int_equal(evaluate_find(metrics, "brier", NAN)->resampled.samples, SAMPLES);
    memcpy(event, kept, sizeof kept);
    hra_metrics_free(metrics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_lie_at_their_ranks), cmocka_unit_test(errors_are_those_of_formulas),
        cmocka_unit_test(differences_of_curves_are_those_of_the_models),
        cmocka_unit_test(threads_change_nothing_and_seeds_do), cmocka_unit_test(samples_without_a_value_are_counted)};
    return cmocka_run_group_tests(tests, make_people, NULL);
}
