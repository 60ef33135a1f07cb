/* Measures of known outcomes on people few enough to check by hand. */
#include "evaluate_fixture.h"

#include "evaluate/binary_brier.h"
#include "evaluate/binary_measures.h"
#include "evaluate/comparison.h"
#include "evaluate/thresholds.h"

static const double cuts[] = {0.1, 0.5};

static void close_to(double value, double expected)
{
    if (isnan(value) || fabs(value - expected) > 1e-12 * fmax(1, fabs(expected)))
        fail_msg("%.17g, expected %.17g", value, expected);
}

/* All measures of one model at thresholds 0.1 and 0.5. */
static hra_metrics *measure(const double *risk, const uint8_t *event, const double *weight, int64_t rows)
{
    hra_metrics *metrics = evaluate_list();
    hra_cohort people = {.rows = rows, .event = event, .weight = weight};
    assert_int_equal(hra_binary_measures(metrics, &people, risk, NULL), HRA_OK);
    assert_int_equal(hra_threshold_measures(metrics, &people, risk, NAN, cuts, 2, NULL), HRA_OK);
    return metrics;
}

static double value(const hra_metrics *m, const char *name) { return evaluate_find(m, name, NAN)->is.value; }

static hra_estimate at(const hra_metrics *m, const char *name, double where)
{
    return evaluate_find(m, name, where)->is;
}

/* There is no number, and the note says why. */
static void none(const hra_metrics *m, const char *name, const char *why)
{
    const hra_metric *found = evaluate_find(m, name, NAN);
    if (!isnan(found->is.value) || !strstr(found->note, why))
        fail_msg("%s: %g '%s', expected none with '%s'", name, found->is.value, found->note, why);
}

static const double plain_risk[] = {0.1, 0.4, 0.35, 0.2, 0.8, 0.7, 0.15, 0.55, 0.3, 0.6};
static const uint8_t plain_event[] = {0, 0, 1, 0, 1, 1, 0, 1, 0, 1};

static void ten_people(void **state)
{
    hra_metrics *m = measure(plain_risk, plain_event, NULL, 10);
    close_to(value(m, "auc"), 24.0 / 25); /* only 0.35 of a case is below 0.4 of somebody without the event */
    close_to(value(m, "brier"), 0.12375);
    close_to(value(m, "brier_scaled"), 1 - 0.12375 / 0.25);
    close_to(value(m, "discrimination_slope"), 3.0 / 5 - 1.15 / 5);
    close_to(value(m, "observed"), 0.5);
    close_to(value(m, "expected"), 0.415);
    close_to(value(m, "observed_expected"), 5 / 4.15);
    close_to(at(m, "observed_expected", NAN).upper, 5 / 4.15 * exp(1.959963984540054 / sqrt(5)));
    close_to(at(m, "observed", NAN).lower, 0.236593090512564); /* Wilson */
    /* placements 1 1 1 1 0.8 and 1 0.8 1 1 1: both variances are 0.008 / 5 */
    close_to(at(m, "auc", NAN).standard_error, sqrt(2 * 0.008 / 5));
    close_to(at(m, "auc", NAN).upper, 1);
    close_to(at(m, "sensitivity", 0.5).value, 0.8);
    close_to(at(m, "specificity", 0.5).value, 1);
    close_to(at(m, "ppv", 0.5).value, 1);
    close_to(at(m, "npv", 0.5).value, 5.0 / 6);
    close_to(at(m, "net_benefit", 0.5).value, 0.4);
    close_to(at(m, "net_benefit", 0.1).value, 0.5 - 0.5 / 9); /* 0.1 is positive */
    close_to(at(m, "net_benefit_all", 0.5).value, 0);
    close_to(at(m, "net_benefit", 0.5).standard_error, sqrt(0.24 * 10 / 9 / 10));
    close_to(at(m, "tenth_observed", 10).value, 1);
    close_to(at(m, "tenth_expected", 1).value, 0.1);
    hra_metrics_free(m);
}

static void equal_risks_count_one_half(void **state)
{
    const double risk[] = {0.1, 0.1, 0.2, 0.2, 0.2, 0.5, 0.5, 0.5, 0.9, 0.9};
    const uint8_t event[] = {0, 1, 0, 1, 1, 0, 0, 1, 1, 0};
    hra_metrics *m = measure(risk, event, NULL, 10);
    close_to(value(m, "auc"), 0.44);
    close_to(at(m, "auc", NAN).lower, 0.0519469291820904); /* pROC */
    close_to(at(m, "auc", NAN).upper, 0.82805307081791);
    hra_metrics_free(m);
}

static void worse_than_chance_stays_below_one_half(void **state)
{
    const double risk[] = {0.9, 0.2, 0.6, 0.7, 0.3, 0.8, 0.4, 0.1};
    const uint8_t event[] = {0, 1, 0, 0, 1, 1, 0, 1};
    hra_metrics *m = measure(risk, event, NULL, 8);
    close_to(value(m, "auc"), 3.0 / 16);
    close_to(at(m, "auc", NAN).lower, 0);
    close_to(at(m, "auc", NAN).upper, 0.574871895190351);
    hra_metrics_free(m);
}

/* Two risks: everything has a closed form. */
static void two_risks(void **state)
{
    const double risk[] = {0.2, 0.6, 0.2, 0.6, 0.2, 0.6, 0.2, 0.6, 0.2, 0.6};
    const uint8_t event[] = {1, 1, 1, 1, 0, 1, 0, 1, 0, 0}; /* 2 of 5, 4 of 5 */
    hra_metrics *m = measure(risk, event, NULL, 10);
    close_to(value(m, "calibration_slope"), 1); /* log(4) + log(1.5) in risks and in outcomes */
    close_to(at(m, "calibration_slope", NAN).standard_error, sqrt(1 / 2.0 + 1 / 3.0 + 1 / 4.0 + 1) / log(6));
    close_to(value(m, "calibration_slope_intercept"), log(8 / 3.0));
    close_to(value(m, "calibration_intercept"), log(8 / 3.0));
    close_to(value(m, "hl_chi2"), 1 + 1 / 4.0 + 1 / 3.0 + 1 / 2.0);
    close_to(value(m, "hl_p"), exp(-(1 + 1 / 4.0 + 1 / 3.0 + 1 / 2.0) / 2));
    none(m, "hl_p_fitted", "fewer than three groups");
    close_to(value(m, "ici"), 0.2); /* the curve meets 0.4 and 0.8 */
    close_to(value(m, "e50"), 0.2);
    close_to(value(m, "emax"), 0.2);
    close_to(at(m, "tenth_observed", 2).value, 0.8);
    /* (2 * 0.8 - 3 * 0.2) * 0.6 - (4 * 0.4 - 1 * 0.6) * 0.2 and 5 * (0.36 * 0.16 + 0.04 * 0.24) */
    close_to(value(m, "spiegelhalter_z"), (0.6 - 0.2) / sqrt(5 * (0.36 * 0.16 + 0.04 * 0.24)));
    hra_metrics_free(m);
}

/* The regression in full, by R: glm(epsilon = 1e-15); pima's values stand in the reference test with fewer digits. */
static void regression(void **state)
{
    const double risk[] = {0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};
    const uint8_t event[] = {0, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1};
    const double weight[] = {1, 2, 1, 3, 1, 2, 2, 1, 1, 2, 1, 3},
                 large[] = {1e6, 2e6, 1e6, 3e6, 1e6, 2e6, 2e6, 1e6, 1e6, 2e6, 1e6, 3e6};
    hra_metrics *m = measure(risk, event, NULL, 12), *w = measure(risk, event, weight, 12);
    close_to(value(m, "calibration_slope"), 0.840344790221395);
    close_to(at(m, "calibration_slope", NAN).standard_error, 0.54854178276604);
    close_to(value(m, "calibration_slope_intercept"), 0.423504191685717);
    close_to(at(m, "calibration_slope_intercept", NAN).standard_error, 0.727367532261995);
    close_to(value(m, "calibration_intercept"), 0.510721837446848);
    close_to(at(m, "calibration_intercept", NAN).standard_error, 0.692653331347132);
    close_to(value(w, "calibration_slope"), 0.881643928194351);
    close_to(at(w, "calibration_slope", NAN).standard_error, 0.44567777106157);
    hra_metrics_free(m);
    m = measure(risk, event, large, 12);
    const char *const same[] = {"calibration_slope", "calibration_intercept", "auc", "brier", "observed", "ici", "e90"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        close_to(at(m, same[i], NAN).value, at(w, same[i], NAN).value);
        if (i < 5) close_to(at(m, same[i], NAN).standard_error, at(w, same[i], NAN).standard_error);
    }
    hra_metrics_free(m);
    hra_metrics_free(w);
}

/* Risks of many orders of magnitude: the loss is flat for hundreds of units on either side of the maximum. */
static void risks_far_apart(void **state)
{
    const double risk[] = {1e-268, 1e-10}, more[] = {1e-300, 1e-200, 1e-100, 1e-10, 0.5, 0.9};
    const uint8_t event[] = {0, 1}, mixed[] = {0, 1, 0, 0, 1, 0};
    hra_metrics *m = measure(risk, event, NULL, 2);
    close_to(value(m, "calibration_intercept"), (268 + 10) / 2.0 * log(10)); /* half way between */
    hra_metrics_free(m);
    m = measure(more, mixed, NULL, 6);
    assert_true(value(m, "calibration_slope") > 0 && value(m, "calibration_slope") < 0.01);
    hra_metrics_free(m);
}

/* Against R 4.2: lowess(f = 2/3, iter = 0, delta = 1 % of the range), then mean, quantiles and maximum. */
static void distance_from_a_curve(void **state)
{
    enum { PEOPLE = 120 };
    double risk[PEOPLE];
    uint8_t event[PEOPLE];
    for (int i = 1; i <= PEOPLE; i++) {
        risk[i - 1] = i * (i + 3) / 16400.0;
        event[i - 1] = i % 3 == 0 || i > 90;
    }
    hra_metrics *m = measure(risk, event, NULL, PEOPLE);
    close_to(value(m, "ici"), 0.200491867034522);
    close_to(value(m, "e50"), 0.21004321430327);
    close_to(value(m, "e90"), 0.309816044259895);
    close_to(value(m, "emax"), 0.32110328329123);
    hra_metrics_free(m);
}

/* Of eleven people every bound of the tenths is somebody's risk, who is below it. */
static void tenths_with_their_upper_bounds(void **state)
{
    const double risk[] = {0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55};
    const uint8_t event[] = {0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    hra_metrics *m = measure(risk, event, NULL, 11);
    close_to(at(m, "tenth_observed", 1).value, 0.5);
    close_to(at(m, "tenth_expected", 1).value, 0.075);
    close_to(at(m, "tenth_expected", 2).value, 0.15);
    close_to(at(m, "tenth_observed", 10).value, 1);
    hra_metrics_free(m);
}

static void without_a_number(void **state)
{
    const double rising[] = {0.1, 0.2, 0.3, 0.7, 0.8, 0.9}, equal[] = {0.3, 0.3, 0.3, 0.3, 0.3, 0.3};
    const uint8_t last[] = {0, 0, 0, 1, 1, 1}, first[] = {1, 1, 1, 0, 0, 0}, nobody[6] = {0},
                  all[] = {1, 1, 1, 1, 1, 1};
    hra_metrics *m = measure(rising, last, NULL, 6);
    none(m, "calibration_slope", "the slope is infinite");
    close_to(value(m, "auc"), 1);
    close_to(value(m, "calibration_intercept"), 0);
    assert_non_null(strstr(evaluate_find(m, "auc", NAN)->note, "no certainty"));
    hra_metrics_free(m);
    m = measure(rising, first, NULL, 6);
    none(m, "calibration_slope", "minus infinity");
    close_to(value(m, "auc"), 0);
    hra_metrics_free(m);
    m = measure(equal, last, NULL, 6);
    none(m, "calibration_slope", "all risks are equal");
    close_to(value(m, "auc"), 0.5);
    close_to(value(m, "calibration_intercept"), log(7 / 3.0));
    close_to(value(m, "ici"), 0.2);
    hra_metrics_free(m);
    m = measure(rising, nobody, NULL, 6);
    none(m, "auc", "nobody has the event");
    none(m, "calibration_intercept", "nobody has the event");
    none(m, "brier_scaled", "nobody has the event");
    close_to(value(m, "observed_expected"), 0);
    close_to(value(m, "brier"), (0.01 + 0.04 + 0.09 + 0.49 + 0.64 + 0.81) / 6);
    assert_true(isnan(at(m, "sensitivity", 0.5).value) && at(m, "specificity", 0.5).value == 0.5);
    hra_metrics_free(m);
    m = measure(rising, all, NULL, 6);
    none(m, "auc", "everybody has the event");
    none(m, "calibration_slope", "everybody has the event");
    hra_metrics_free(m);
}

static void risks_of_0_and_1(void **state)
{
    const double risk[] = {0, 0, 1, 1, 0, 0.8, 0.3, 0.6};
    const uint8_t event[] = {0, 0, 1, 0, 1, 1, 0, 1};
    hra_metrics *m = measure(risk, event, NULL, 8);
    close_to(value(m, "auc"), 0.65625);
    close_to(value(m, "brier"), 0.28625);
    none(m, "calibration_slope", "the slope is infinite; without 5 people with a risk of 0 or 1");
    none(m, "hl_chi2", "an outcome happened in a group where its risk was 0");
    assert_string_equal(evaluate_find(m, "calibration_intercept", NAN)->note, "without 5 people with a risk of 0 or 1");
    hra_metrics_free(m);
}

static void one_and_two_people(void **state)
{
    const double risk[] = {0.2, 0.7};
    const uint8_t event[] = {0, 1};
    hra_metrics *m = measure(risk, event, NULL, 2);
    close_to(value(m, "auc"), 1);
    assert_true(isnan(at(m, "auc", NAN).standard_error) && isnan(at(m, "auc", NAN).lower));
    close_to(value(m, "brier"), 0.065);
    hra_metrics_free(m);
    m = measure(risk, event, NULL, 1);
    none(m, "auc", "nobody has the event");
    close_to(value(m, "brier"), 0.04);
    assert_true(isnan(at(m, "brier", NAN).standard_error));
    hra_metrics_free(m);
    m = measure(risk, event, NULL, 0);
    none(m, "brier", "nobody");
    none(m, "observed_expected", "nobody");
    none(m, "ici", "nobody");
    hra_metrics_free(m);
}

/* A weight of k is what k equal people are, in everything but the standard errors. */
static void weights_are_people(void **state)
{
    const double weight[] = {1, 3, 2, 1, 2, 1, 3, 2, 1, 2};
    double risk[18];
    uint8_t event[18];
    int64_t rows = 0;
    for (int i = 0; i < 10; i++)
        for (int k = 0; k < weight[i]; k++, rows++) {
            risk[rows] = plain_risk[i];
            event[rows] = plain_event[i];
        }
    assert_int_equal(rows, 18);
    hra_metrics *w = measure(plain_risk, plain_event, weight, 10), *m = measure(risk, event, NULL, 18);
    const char *const same[] = {"auc",      "brier",    "brier_scaled",          "discrimination_slope",
                                "observed", "expected", "calibration_intercept", "calibration_slope"};
    const char *const same_at[] = {"sensitivity", "specificity", "ppv", "npv", "net_benefit", "net_benefit_all"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) close_to(value(w, same[i]), value(m, same[i]));
    for (size_t i = 0; i < sizeof same_at / sizeof *same_at; i++)
        close_to(at(w, same_at[i], 0.5).value, at(m, same_at[i], 0.5).value);
    none(w, "hl_chi2", "not defined with case weights");
    hra_metrics_free(m);
    hra_metrics_free(w);
}

/* ---- two models ---- */

static hra_metrics *compare(const double *risk, const double *reference, const uint8_t *event, int64_t rows)
{
    hra_metrics *metrics = evaluate_list();
    hra_cohort people = {.rows = rows, .event = event};
    assert_int_equal(hra_compare_measures(metrics, &people, risk, reference, NAN, cuts, 2, NULL), HRA_OK);
    return metrics;
}

static void two_models(void **state)
{
    const double risk[] = {0.6, 0.3, 0.05, 0.5, 0.05, 0.2, 0.6, 0.09};
    const double reference[] = {0.4, 0.2, 0.2, 0.5, 0.3, 0.05, 0.55, 0.099};
    const double on_cuts[] = {0.5, 0.2, 0.2, 0.5, 0.1, 0.05, 0.5, 0.099}; /* a risk on a cut is above it */
    const uint8_t event[] = {1, 1, 1, 1, 0, 0, 0, 0};
    hra_metrics *m = compare(risk, reference, event, 8);
    close_to(value(m, "up_event"), 0.25); /* 0.4 to 0.6; 0.2 to 0.3 stays between the cuts */
    close_to(value(m, "down_event"), 0.25);
    close_to(value(m, "nri_event"), 0);
    close_to(value(m, "up_nonevent"), 0.25);
    close_to(value(m, "down_nonevent"), 0.25);
    close_to(value(m, "nri"), 0);
    close_to(value(m, "higher_event"), 0.5);
    close_to(value(m, "lower_nonevent"), 0.5);
    close_to(value(m, "nri_continuous_event"), 0.25);
    close_to(value(m, "nri_continuous"), 0.25);
    close_to(at(m, "nri_continuous", NAN).standard_error, sqrt(3.0 / 16 - 1.0 / 64 + 1.0 / 4));
    close_to(value(m, "idi_event"), 0.15 / 4);
    close_to(value(m, "idi_nonevent"), (0.25 - 0.15 - 0.05 + 0.009) / 4);
    close_to(value(m, "idi"), (0.15 + 0.059) / 4);
    hra_metrics *a = measure(risk, event, NULL, 8), *b = measure(reference, event, NULL, 8);
    close_to(value(m, "delta_brier_scaled"), value(a, "brier_scaled") - value(b, "brier_scaled"));
    /* one more person with the event, as many without it */
    close_to(at(m, "delta_net_benefit", 0.5).value, 1.0 / 8);
    close_to(at(m, "delta_net_benefit", 0.5).standard_error, 1.0 / 8);
    for (int k = 0; k < 2; k++)
        close_to(at(m, "delta_net_benefit", cuts[k]).value,
                 at(a, "net_benefit", cuts[k]).value - at(b, "net_benefit", cuts[k]).value);
    close_to(value(m, "delta_auc"), value(a, "auc") - value(b, "auc"));
    close_to(value(m, "delta_brier"), value(a, "brier") - value(b, "brier"));
    close_to(value(m, "idi"), value(a, "discrimination_slope") - value(b, "discrimination_slope"));
    assert_true(value(m, "delta_brier_p") > 0 && value(m, "delta_brier_p") < 1);
    hra_metrics_free(m);
    hra_metrics_free(a);
    hra_metrics_free(b);
    m = compare(on_cuts, reference, event, 8);
    close_to(value(m, "up_event"), 0.25);
    close_to(value(m, "down_nonevent"), 0);
    hra_metrics_free(m);
}

/* The most that the integrated discrimination improvement can be is 2, that of the AUC 1. */
static void from_the_worst_to_the_best(void **state)
{
    const double risk[] = {0, 0.1, 0.9, 1}, reference[] = {1, 1, 0, 0};
    const uint8_t event[] = {0, 0, 1, 1};
    hra_metrics *m = compare(risk, reference, event, 4);
    close_to(value(m, "idi"), 1.9);
    close_to(at(m, "idi", NAN).lower, 1.9 - 1.959963984540054 * 0.1 / sqrt(2));
    close_to(at(m, "idi", NAN).upper, 2);
    close_to(value(m, "nri"), 2);
    close_to(value(m, "delta_auc"), 1);
    close_to(at(m, "delta_auc", NAN).upper, 1);
    close_to(value(m, "delta_brier"), 0.02 / 4 - 1);
    hra_metrics_free(m);
}

static hra_finding scaled_score(const double *weight, const double *other)
{
    hra_cohort people = {.rows = 10, .event = plain_event, .weight = weight};
    hra_finding found = hra_found_none("");
    assert_int_equal(other ? hra_binary_brier_scaled_difference(&people, plain_risk, other, &found, NULL)
                           : hra_binary_brier_scaled(&people, plain_risk, &found, NULL),
                     HRA_OK);
    return found;
}

/* The error of the scaled Brier score, and of a difference of two, is made of its changes with the weight of each. */
static void errors_of_scaled_scores_are_derivatives(void **state)
{
    const double second[] = {0.05, 0.5, 0.3, 0.6, 0.4, 0.9, 0.1, 0.45, 0.3, 0.7}, *const others[] = {NULL, second};
    double weight[] = {1, 3, 2, 1, 2, 1, 3, 2, 1, 2};
    for (int two = 0; two < 2; two++) {
        double squares = 0;
        for (int i = 0; i < 10; i++) {
            double own = weight[i], step = 1e-5 * own;
            weight[i] = own + step;
            double more = scaled_score(weight, others[two]).is.value;
            weight[i] = own - step;
            double change = own * (more - scaled_score(weight, others[two]).is.value) / (2 * step);
            weight[i] = own;
            squares += change * change;
        }
        hra_estimate is = scaled_score(weight, others[two]).is;
        double expected = sqrt(squares * 10 / 9);
        if (!(fabs(is.standard_error - expected) < 1e-8))
            fail_msg("%.12g, by difference %.12g", is.standard_error, expected);
        close_to(is.lower, is.value - 1.959963984540054 * is.standard_error);
    }
}

static void a_model_beside_itself(void **state)
{
    hra_metrics *m = compare(plain_risk, plain_risk, plain_event, 10);
    close_to(value(m, "delta_auc"), 0);
    none(m, "delta_auc_p", "standard error of 0");
    close_to(value(m, "nri"), 0);
    close_to(value(m, "idi"), 0);
    hra_metrics_free(m);
    const uint8_t nobody[10] = {0};
    m = compare(plain_risk, plain_risk, nobody, 10);
    none(m, "delta_auc", "nobody has the event");
    none(m, "delta_auc_p", "nobody has the event");
    none(m, "nri", "nobody has the event");
    none(m, "idi", "nobody has the event");
    close_to(value(m, "delta_brier"), 0);
    hra_metrics_free(m);
}

/* Without censoring, measures with times are those of known outcomes. */
static void times_without_censoring(void **state)
{
    const double time[] = {9, 9, 1, 9, 2, 3, 9, 2, 9, 5};
    const uint8_t event[] = {0, 1, 1, 0, 1, 1, 0, 1, 0, 1}; /* the second has the event after the horizon */
    const double other[] = {0.05, 0.5, 0.3, 0.6, 0.4, 0.9, 0.1, 0.45, 0.3, 0.7};
    hra_cohort people = {.rows = 10, .time = time, .event = event};
    hra_metrics *known = measure(plain_risk, plain_event, NULL, 10), *followed = evaluate_list();
    assert_int_equal(hra_threshold_measures(followed, &people, plain_risk, 6, cuts, 2, NULL), HRA_OK);
    const char *const names[] = {"sensitivity", "specificity", "ppv", "npv", "net_benefit", "net_benefit_all"};
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            double expected = at(known, names[i], cuts[k]).value, found = at(followed, names[i], cuts[k]).value;
            if (isnan(expected))
                assert_true(isnan(found));
            else
                close_to(found, expected);
        }
    hra_metrics_free(known);
    hra_metrics_free(followed);
    known = compare(plain_risk, other, plain_event, 10);
    followed = evaluate_list();
    assert_int_equal(hra_compare_measures(followed, &people, plain_risk, other, 6, cuts, 2, NULL), HRA_OK);
    const char *const both[] = {"nri", "nri_continuous", "up_event", "down_nonevent", "delta_auc", "delta_brier"};
    for (size_t i = 0; i < sizeof both / sizeof *both; i++) close_to(value(followed, both[i]), value(known, both[i]));
    for (int k = 0; k < 2; k++)
        close_to(at(followed, "delta_net_benefit", cuts[k]).value, at(known, "delta_net_benefit", cuts[k]).value);
    close_to(value(followed, "delta_ipa"), value(known, "delta_brier_scaled"));
    close_to(at(followed, "delta_ipa", NAN).standard_error, at(known, "delta_brier_scaled", NAN).standard_error);
    close_to(value(followed, "delta_ipa_p"), value(known, "delta_brier_scaled_p"));
    hra_metrics_free(known);
    hra_metrics_free(followed);
}

static void horizon_after_follow_up(void **state)
{
    const double time[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    hra_cohort people = {.rows = 10, .time = time, .event = plain_event};
    hra_metrics *m = evaluate_list();
    hra_cohort censored = people;
    const uint8_t last_censored[] = {0, 0, 1, 0, 1, 1, 0, 1, 0, 0};
    censored.event = last_censored;
    assert_int_equal(hra_threshold_measures(m, &censored, plain_risk, 11, cuts, 2, NULL), HRA_OK);
    assert_int_equal(hra_compare_measures(m, &censored, plain_risk, time, 11, cuts, 2, NULL), HRA_OK);
    assert_true(isnan(at(m, "net_benefit", 0.5).value));
    assert_non_null(strstr(evaluate_find(m, "net_benefit", 0.5)->note, "after the last follow-up"));
    none(m, "nri", "after the last follow-up");
    hra_metrics_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_people),
        cmocka_unit_test(equal_risks_count_one_half),
        cmocka_unit_test(worse_than_chance_stays_below_one_half),
        cmocka_unit_test(two_risks),
        cmocka_unit_test(regression),
        cmocka_unit_test(risks_far_apart),
        cmocka_unit_test(distance_from_a_curve),
        cmocka_unit_test(tenths_with_their_upper_bounds),
        cmocka_unit_test(without_a_number),
        cmocka_unit_test(risks_of_0_and_1),
        cmocka_unit_test(one_and_two_people),
        cmocka_unit_test(weights_are_people),
        cmocka_unit_test(two_models),
        cmocka_unit_test(from_the_worst_to_the_best),
        cmocka_unit_test(errors_of_scaled_scores_are_derivatives),
        cmocka_unit_test(a_model_beside_itself),
        cmocka_unit_test(times_without_censoring),
        cmocka_unit_test(horizon_after_follow_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
