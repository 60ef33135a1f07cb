/* Ranks of models in samples of the people: worked out by hand, and on people of whom one model knows more than
 * another.
 */
#include "evaluate/rank_samples.h"
#include "evaluate/study.h"
#include "evaluate_fixture.h"

enum { SAMPLES = 100 };

static void add_model(hra_metrics *metrics, hra_rank_samples *ranks, const char *name, double found,
                      const double *value, int values)
{
    const hra_metric_subject of = {"", name, "", NAN, 0, 0};
    assert_int_equal(hra_metrics_about(metrics, &of, NULL), HRA_OK);
    int64_t first = hra_metrics_count(metrics);
    assert_int_equal(hra_metrics_add_value(metrics, "auc", 0.5, NULL), HRA_OK);
    assert_int_equal(hra_metrics_add_value(metrics, "brier", found, NULL), HRA_OK);
    double *to = hra_rank_samples_next(ranks);
    for (int s = 0; s < SAMPLES; s++) to[s] = value[s % values];
    assert_int_equal(hra_rank_samples_add(ranks, "brier", first, metrics, NULL), HRA_OK);
}

static const hra_metric *of_model(const hra_metrics *metrics, const char *model, const char *name)
{
    for (int64_t i = 0; i < hra_metrics_count(metrics); i++) {
        const hra_metric *m = hra_metrics_at(metrics, i);
        if (strcmp(m->of->model, model) == 0 && strcmp(m->name, name) == 0) return m;
    }
    return NULL;
}

/* The least Brier score is the best. Ten samples, again and again; in the last one model has no value. Ranks of a: 1 1
 * 1 1 1 1 2 2 3, of b: 2 2 2 2 2 2 1 1 1 (it is first with c in the last of them), of c: 3 3 3 3 3 3 3 3 1. */
static void ranks_are_those_by_hand(void **state)
{
    (void)state;
    static const double a[] = {1, 1, 1, 1, 1, 1, 5, 5, 5, 1}, b[] = {2, 2, 2, 2, 2, 2, 3, 3, 4, 2},
                        c[] = {9, 9, 9, 9, 9, 9, 9, 9, 4, NAN};
    hra_metrics *metrics;
    hra_rank_samples ranks;
    assert_int_equal(hra_metrics_new(&metrics, NULL), HRA_OK);
    assert_int_equal(hra_rank_samples_new(&ranks, 4, SAMPLES, NULL), HRA_OK);
    add_model(metrics, &ranks, "a", 0.2, a, 10);
    add_model(metrics, &ranks, "none", NAN, c, 10); /* no rank, and in nobody's way */
    add_model(metrics, &ranks, "b", 0.1, b, 10);
    add_model(metrics, &ranks, "c", 0.3, c, 10);
    hra_rank_samples_fill(&ranks, "brier", true, metrics);
    static const struct {
        const char *model;
        double rank, lower, upper, first, mean, squares; /* of nine samples */
    } expected[] = {{"a", 2, 1, 3, 6.0 / 9, 13.0 / 9, 23},
                    {"b", 1, 1, 2, 3.0 / 9, 15.0 / 9, 27},
                    {"c", 3, 1, 3, 1.0 / 9, 25.0 / 9, 73}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const hra_metric *rank = of_model(metrics, expected[i].model, "rank");
        assert_float_equal(rank->is.value, expected[i].rank, 0);
        assert_true(isnan(rank->is.lower));
        assert_int_equal(rank->resampled.samples, 90);
        assert_float_equal(rank->resampled.lower, expected[i].lower, 0);
        assert_float_equal(rank->resampled.upper, expected[i].upper, 0);
        double variance = (10 * expected[i].squares - 90 * expected[i].mean * expected[i].mean) / 89;
        assert_float_equal(rank->resampled.standard_error, sqrt(variance), 1e-12);
        const hra_metric *first = of_model(metrics, expected[i].model, "rank_first");
        assert_float_equal(first->is.value, expected[i].first, 1e-15);
        assert_int_equal(first->resampled.samples, 90);
    }
    assert_true(isnan(of_model(metrics, "none", "rank")->is.value));
    assert_string_equal(of_model(metrics, "none", "rank")->note, "the measure has no value");
    assert_int_equal(ranks.count, 0);
    hra_rank_samples_free(&ranks);
    hra_metrics_free(metrics);
}

/* ---- of a study ---- */

enum { PEOPLE = 300 };

static double event[PEOPLE], good[PEOPLE], same[PEOPLE], bad[PEOPLE], near[PEOPLE];

static hra_metrics *evaluate(int bootstrap, int models)
{
    const hra_study_model of[] = {{"bad", bad, NAN}, {"good", good, NAN}, {"same", same, NAN}, {"near", near, NAN}};
    const hra_study study = {.rows = PEOPLE,
                             .event = event,
                             .models = of,
                             .model_count = models,
                             .reference = 0,
                             .bootstrap = bootstrap,
                             .seed = 1,
                             .rank = "auc"};
    hra_metrics *metrics;
    assert_int_equal(hra_metrics_new(&metrics, NULL), HRA_OK);
    assert_int_equal(hra_study_evaluate(&study, metrics, NULL), HRA_OK);
    return metrics;
}

static int make_people(void **state)
{
    (void)state;
    for (int i = 0; i < PEOPLE; i++) {
        good[i] = same[i] = 0.02 + 0.9 * (i % 50) / 50;
        near[i] = good[i] + 0.06 * (i % 11) / 11;
        bad[i] = 0.02 + 0.9 * (i % 7) / 7;
        event[i] = i % 3 == 0 ? i % 50 > 10 : i % 50 > 30;
    }
    return 0;
}

/* Of two models that are nearly as good one is first in some samples, the other in the rest. */
static void samples_differ_in_their_order(void **state)
{
    (void)state;
    hra_metrics *m = evaluate(SAMPLES, 4);
    double good_first = of_model(m, "good", "rank_first")->is.value,
           near_first = of_model(m, "near", "rank_first")->is.value;
    assert_true(good_first > 0.1 && near_first > 0.1);
    assert_float_equal(good_first + near_first, 1, 1e-12);
    hra_metrics_free(m);
}

static void models_are_ranked_in_the_same_samples(void **state)
{
    (void)state;
    hra_metrics *m = evaluate(SAMPLES, 3);
    static const char *const firsts[] = {"good", "same"};
    for (int i = 0; i < 2; i++) { /* equal in every sample: both are first */
        assert_float_equal(of_model(m, firsts[i], "rank")->is.value, 1, 0);
        assert_float_equal(of_model(m, firsts[i], "rank")->resampled.upper, 1, 0);
        assert_float_equal(of_model(m, firsts[i], "rank_first")->is.value, 1, 0);
    }
    assert_float_equal(of_model(m, "bad", "rank")->resampled.lower, 3, 0);
    assert_float_equal(of_model(m, "bad", "rank_first")->is.value, 0, 0);
    hra_metrics_free(m);
    for (int i = 0; i < 2; i++) { /* without samples there is nothing to say, and of one model neither */
        m = i ? evaluate(SAMPLES, 1) : evaluate(0, 3);
        assert_null(of_model(m, "bad", "rank"));
        hra_metrics_free(m);
    }
    same[17] = NAN; /* other samples */
    m = evaluate(SAMPLES, 3);
    assert_true(isnan(of_model(m, "good", "rank")->is.value));
    assert_string_equal(of_model(m, "good", "rank")->note, "the models are evaluated on different people");
    same[17] = good[17];
    hra_metrics_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(ranks_are_those_by_hand),
                                       cmocka_unit_test(samples_differ_in_their_order),
                                       cmocka_unit_test(models_are_ranked_in_the_same_samples)};
    return cmocka_run_group_tests(tests, make_people, NULL);
}
