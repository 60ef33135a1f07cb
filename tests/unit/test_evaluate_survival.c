/* Measures of risks on people with times, on cases small enough to work out by hand, and their standard errors beside
 * the derivatives they stand for. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "evaluate/concordance.h"
#include "evaluate/cox.h"
#include "evaluate/pseudo_values.h"
#include "evaluate/survival_brier.h"
#include "evaluate/survival_calibration.h"
#include "evaluate/survival_measures.h"
#include "evaluate/time_auc.h"

enum { MOST = 24 };

#define FEW(n, ...) ((const hra_cohort){.rows = (n), __VA_ARGS__})

static void assert_near(double found, double expected)
{
    if (fabs(found - expected) <= 1e-12 * fmax(1, fabs(expected))) return;
    fail_msg("%.17g, expected %.17g", found, expected);
}

static hra_followed *follow(const hra_cohort *people)
{
    hra_followed *f = NULL;
    assert_int_equal(hra_followed_new(&f, people, NULL), HRA_OK);
    return f;
}

static hra_finding measure(hra_survival_measure *of, const hra_cohort *people, const double *risk, double horizon)
{
    double influence[MOST];
    hra_finding found;
    hra_followed *f = follow(people);
    assert_int_equal(of(f, risk, horizon, influence, &found, NULL), HRA_OK);
    hra_followed_free(f);
    return found;
}

static hra_observed observe(const hra_cohort *people, double horizon)
{
    hra_followed *f = follow(people);
    hra_observed o = hra_observe(people, f->order, people->rows, horizon);
    hra_followed_free(f);
    return o;
}

/* Eight people: times in no order, equal risks. Survival is 7/8 * 5/6 * 4/5 from 7 on. */
static const double tied_time[] = {2, 3, 5, 7, 8, 11, 12, 13};
static const uint8_t tied_event[] = {1, 0, 1, 1, 0, 1, 0, 1};
static const double tied_risk[] = {0.3, 0.3, 0.5, 0.5, 0.1, 0.1, 0.1, 0.9};
static const hra_cohort tied = {8, tied_time, tied_event, NULL};

/* Seven people; at 11 one has the event and one is censored. */
static const double block_time[] = {11, 11, 26, 89, 128, 299, 300};
static const uint8_t block_event[] = {1, 0, 0, 1, 0, 1, 0};
static const double block_risk[] = {0.48, 0.77, 0.36, 0.21, 0.31, 0.73, 0.22};
static const hra_cohort block = {7, block_time, block_event, NULL};

static void observed_risk_and_greenwood(void **state)
{
    (void)state;
    hra_observed o = observe(&tied, 8);
    double survival = 7.0 / 8 * 5 / 6 * 4 / 5;
    assert_near(o.risk, 1 - survival);
    assert_near(o.standard_error, survival * sqrt(1.0 / (8 * 7) + 1.0 / (6 * 5) + 1.0 / (5 * 4)));
    assert_int_equal(o.events, 3);
    assert_near(observe(&tied, 7).risk, 1 - survival);
    assert_near(observe(&tied, 6.9).risk, 1 - 7.0 / 8 * 5 / 6);
    assert_near(observe(&tied, 1).risk, 0);
    assert_near(observe(&tied, 13).risk, 1);
    assert_near(observe(&tied, 100).risk, 1); /* all is known: nobody is left */
    /* the interval is that of log(-log(survival)) */
    hra_finding f = hra_found_observed(&o);
    double spread = 1.959963984540054 * o.standard_error / (survival * -log(survival));
    assert_near(f.is.lower, 1 - pow(survival, exp(-spread)));
    assert_near(f.is.upper, 1 - pow(survival, exp(spread)));
}

static void events_come_before_censorings(void **state)
{
    (void)state;
    assert_near(observe(&block, 299).risk, 1 - 6.0 / 7 * 3 / 4 * 1 / 2);
    hra_followed *f = follow(&block);
    /* at risk of censoring at 11: six, for the seventh had the event */
    const double g[] = {
        1, 1, 5.0 / 6, 5.0 / 6 * 4 / 5, 5.0 / 6 * 4 / 5, 5.0 / 6 * 4 / 5 * 2 / 3, 5.0 / 6 * 4 / 5 * 2 / 3};
    for (int i = 0; i < 7; i++) assert_near(f->uncensored[i], g[i]);
    assert_near(hra_uncensored_at(f, 10.9), 1);
    assert_near(hra_uncensored_at(f, 11), 5.0 / 6);
    assert_near(hra_uncensored_at(f, 300), 0);
    hra_followed_free(f);
}

static void horizon_beyond_the_last_follow_up(void **state)
{
    (void)state;
    hra_observed o = observe(&block, 301);
    assert_true(isnan(o.risk));
    assert_string_equal(o.why, "the horizon lies after the last follow-up");
    assert_near(observe(&block, 300).risk, 1 - 6.0 / 7 * 3 / 4 * 1 / 2);
    hra_survival_measure *const all[] = {hra_time_auc, hra_survival_brier, hra_survival_brier_null};
    for (int i = 0; i < 3; i++) {
        hra_finding f = measure(all[i], &block, block_risk, 301);
        assert_true(isnan(f.is.value));
        assert_string_equal(f.why, "the horizon lies after the last follow-up");
        f = measure(all[i], &block, block_risk, 300);
        assert_true(isnan(f.is.value));
        assert_string_equal(f.why, "everybody who is free of the event at the horizon is censored there");
    }
}

/* Sums of weights that depend on their order in the last digit, and weights beside which others vanish. */
static void censoring_at_the_end_is_complete(void **state)
{
    (void)state;
    const double weight[] = {0.1, 0.7, 0.2, 0.3}, wide[] = {1e18, 1e-9, 1e18, 1};
    const hra_cohort last = FEW(4, .time = (double[]){5, 5, 5, 5}, .event = (uint8_t[]){0, 1, 0, 0}, .weight = weight);
    assert_string_equal(measure(hra_survival_brier, &last, tied_risk, 6).why,
                        "the horizon lies after the last follow-up");
    const hra_cohort far = FEW(4, .time = (double[]){1, 2, 3, 9}, .event = (uint8_t[]){0, 1, 0, 0}, .weight = wide);
    hra_followed *f = follow(&far);
    assert_true(f->uncensored[3] > 0);
    assert_near(f->uncensored[3] * 1e18, 0.5 * 1e18 / 1e18);
    hra_followed_free(f);
}

static void competing_events_take_people_away(void **state)
{
    (void)state;
    const hra_cohort people = FEW(5, .time = (double[]){1, 2, 3, 4, 5}, .event = (uint8_t[]){1, 2, 1, 0, 1});
    hra_observed o = observe(&people, 3);
    assert_near(o.risk, 1.0 / 5 + 3.0 / 5 / 3);
    assert_near(o.standard_error, sqrt(0.4 * 0.6 / 5)); /* nobody is censored: a share */
    assert_near(observe(&people, 4.5).risk, 0.4);
    assert_near(observe(&people, 5).risk, 0.8); /* the last one stands for two */
}

static void weights_count_like_people(void **state)
{
    (void)state;
    const double weight[] = {1, 2, 3, 1, 1, 2, 1, 2};
    const double risk[] = {0.3, 0.35, 0.5, 0.5, 0.1, 0.2, 0.15, 0.9};
    const hra_cohort weighted = {8, tied_time, tied_event, weight};
    double time[MOST], same_risk[MOST];
    uint8_t event[MOST];
    int n = 0;
    for (int i = 0; i < 8; i++)
        for (int k = 0; k < weight[i]; k++, n++) {
            time[n] = tied_time[i];
            event[n] = tied_event[i];
            same_risk[n] = risk[i];
        }
    const hra_cohort people = {n, time, event, NULL};
    assert_near(observe(&weighted, 8).risk, observe(&people, 8).risk);
    assert_near(observe(&weighted, 8).risk, 1 - 0.553846153846154);
    hra_survival_measure *const of_time[] = {hra_time_auc, hra_survival_brier, hra_survival_brier_null};
    for (int i = 0; i < 3; i++)
        assert_near(measure(of_time[i], &weighted, risk, 8).is.value,
                    measure(of_time[i], &people, same_risk, 8).is.value);
    /* 22 and 20 pairs, 3 with equal risks */
    assert_near(measure(hra_harrell_concordance, &weighted, risk, INFINITY).is.value, 23.5 / 45);
}

static void pairs_by_hand(void **state)
{
    (void)state;
    hra_finding f = measure(hra_harrell_concordance, &tied, tied_risk, INFINITY);
    assert_near(f.is.value, (9 + 3 / 2.0) / 18);
    assert_near(f.is.standard_error, 0.167180278567294);
    assert_near(measure(hra_harrell_concordance, &tied, tied_risk, 8).is.value, (8.5 + 1.5) / 16);
    assert_near(measure(hra_uno_concordance, &tied, tied_risk, INFINITY).is.value, 0.562780269058296);
    assert_near(measure(hra_uno_concordance, &tied, tied_risk, 8).is.value, 0.641414141414141);
    /* the event at 11 comes before the censoring at 11; two pairs more than without */
    assert_near(measure(hra_harrell_concordance, &block, block_risk, INFINITY).is.value, 0.5);
    assert_near(measure(hra_uno_concordance, &block, block_risk, 299).is.value, 0.508771929824561);
    /* two events at one time are no pair */
    const hra_cohort same = FEW(3, .time = (double[]){4, 4, 4}, .event = (uint8_t[]){1, 1, 1});
    f = measure(hra_harrell_concordance, &same, tied_risk, INFINITY);
    assert_true(isnan(f.is.value));
    assert_string_equal(f.why, "no comparable pair");
    const hra_cohort two = FEW(2, .time = (double[]){1, 2}, .event = (uint8_t[]){1, 0});
    assert_near(measure(hra_harrell_concordance, &two, (double[]){0.7, 0.2}, INFINITY).is.value, 1);
    assert_near(measure(hra_harrell_concordance, &two, (double[]){0.2, 0.7}, INFINITY).is.value, 0);
    assert_near(measure(hra_harrell_concordance, &two, (double[]){0.2, 0.2}, INFINITY).is.value, 0.5);
}

static void competing_pairs(void **state)
{
    (void)state;
    /* who has the competing event at 1 meets the event at 2 only where people stay for ever */
    const hra_cohort people = FEW(3, .time = (double[]){1, 2, 3}, .event = (uint8_t[]){2, 1, 0});
    const double risk[] = {0.9, 0.5, 0.1};
    assert_near(measure(hra_harrell_concordance, &people, risk, INFINITY).is.value, 1);
    assert_near(measure(hra_wolbers_concordance, &people, risk, INFINITY).is.value, 0.5);
    assert_near(measure(hra_time_auc, &people, risk, 2.5).is.value, 0.5);
    assert_near(measure(hra_time_auc_event_free, &people, risk, 2.5).is.value, 1);
    assert_near(measure(hra_survival_brier, &people, risk, 2.5).is.value, (0.81 + 0.25 + 0.01) / 3);
}

static void auc_and_brier_by_hand(void **state)
{
    (void)state;
    /* G is 6/7 from 3 on; 8 is censored at the horizon: free of the event there, but not beyond it */
    double g = 6.0 / 7, at = g * 3 / 4;
    double sum = 0.49 + 0.25 / g + 0.25 / g + 0.01 / at + 0.01 / at + 0.81 / at;
    assert_near(measure(hra_survival_brier, &tied, tied_risk, 8).is.value, sum / 8);
    assert_near(measure(hra_survival_brier, &tied, tied_risk, 8).is.value, 0.295555555555556);
    assert_near(measure(hra_survival_brier_null, &tied, tied_risk, 8).is.value, 0.243055555555556);
    assert_near(measure(hra_time_auc, &tied, tied_risk, 8).is.value, 2.0 / 3);
    assert_near(measure(hra_time_auc, &block, block_risk, 299).is.value, 13.0 / 19);
    hra_finding f = measure(hra_time_auc, &tied, tied_risk, 1);
    assert_string_equal(f.why, "nobody has the event by the horizon");
    f = measure(hra_time_auc, &tied, tied_risk, 13);
    assert_string_equal(f.why, "nobody is free of the event at the horizon");
}

/* Random people with many equal times and risks, weights and competing events. */
typedef struct crowd {
    double time[MOST], risk[MOST], weight[MOST];
    uint8_t event[MOST];
    hra_cohort people;
} crowd;

static void draw_crowd(crowd *c, uint32_t seed)
{
    uint64_t x = seed * UINT64_C(2654435761) + 1;
    for (int i = 0; i < MOST; i++) {
        uint32_t draw[4];
        for (int k = 0; k < 4; k++) {
            x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            draw[k] = (uint32_t)(x >> 40);
        }
        c->time[i] = 1 + draw[0] % 9;
        c->risk[i] = (double)(1 + draw[1] % 12) / 16;
        c->weight[i] = (double)(1 + draw[2] % 5) / 2;
        c->event[i] = (uint8_t)(draw[3] % 4 % 3);
    }
    c->people = (hra_cohort){MOST, c->time, c->event, c->weight};
}

typedef enum pair_rule { CAUSE, STAYING, BY_G } pair_rule;

/* Every pair by the definition. */
static double concordance_of_pairs(const crowd *c, pair_rule rule, double horizon)
{
    hra_followed *f = follow(&c->people);
    double agree = 0, all = 0;
    for (int i = 0; i < MOST; i++)
        for (int j = 0; j < MOST; j++) {
            if (c->event[i] != HRA_EVENT || c->time[i] > horizon || i == j) continue;
            bool stays = rule == STAYING && c->event[j] == HRA_COMPETING;
            bool outlives = c->time[i] < c->time[j] || (c->time[i] == c->time[j] && c->event[j] != HRA_EVENT);
            if (!stays && !outlives) continue;
            double weight = c->weight[i] * c->weight[j];
            if (rule == BY_G) weight /= f->uncensored[i] * f->uncensored[i];
            all += weight;
            agree += c->risk[i] > c->risk[j] ? weight : c->risk[i] == c->risk[j] ? weight / 2 : 0;
        }
    hra_followed_free(f);
    return agree / all;
}

static void concordance_is_that_of_all_pairs(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 40; seed++) {
        crowd c;
        draw_crowd(&c, seed);
        double horizon = seed % 2 ? INFINITY : 5;
        assert_near(measure(hra_harrell_concordance, &c.people, c.risk, horizon).is.value,
                    concordance_of_pairs(&c, CAUSE, horizon));
        assert_near(measure(hra_wolbers_concordance, &c.people, c.risk, horizon).is.value,
                    concordance_of_pairs(&c, STAYING, horizon));
        assert_near(measure(hra_uno_concordance, &c.people, c.risk, horizon).is.value,
                    concordance_of_pairs(&c, BY_G, horizon));
    }
}

/* Influences beside how much the measure changes when one weight does. */
static void influences_are_derivatives(void **state)
{
    (void)state;
    hra_survival_measure *const all[] = {hra_harrell_concordance, hra_wolbers_concordance, hra_time_auc,
                                         hra_time_auc_event_free, hra_survival_brier,      hra_survival_ipa};
    const double scale[] = {1, 1, sqrt(24.0 / 23), sqrt(24.0 / 23), sqrt(24.0 / 23), sqrt(24.0 / 23)};
    for (uint32_t seed = 1; seed <= 5; seed++)
        for (int k = 0; k < 6; k++) {
            crowd c;
            draw_crowd(&c, seed);
            double influence[MOST], squares = 0;
            hra_finding found;
            hra_followed *f = follow(&c.people);
            assert_int_equal(all[k](f, c.risk, 5, influence, &found, NULL), HRA_OK);
            hra_followed_free(f);
            for (int i = 0; i < MOST; i++) {
                double weight = c.weight[i], step = 1e-5 * weight;
                c.weight[i] = weight + step;
                double more = measure(all[k], &c.people, c.risk, 5).is.value;
                c.weight[i] = weight - step;
                double less = measure(all[k], &c.people, c.risk, 5).is.value;
                c.weight[i] = weight;
                double change = scale[k] * weight * (more - less) / (2 * step);
                if (fabs(change - influence[i]) > 1e-8)
                    fail_msg("measure %d, seed %u, person %d: %.12g, by difference %.12g", k, seed, i, influence[i],
                             change);
                squares += influence[i] * influence[i];
            }
            assert_near(found.is.standard_error, sqrt(squares));
        }
}

/* The same for the observed risk, with and without competing events. */
static void error_of_observed_risk_is_of_derivatives(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 10; seed++) {
        crowd c;
        draw_crowd(&c, seed);
        if (seed % 2)
            for (int i = 0; i < MOST; i++) c.event[i] = c.event[i] == HRA_EVENT;
        double squares = 0;
        for (int i = 0; i < MOST; i++) {
            double weight = c.weight[i], step = 1e-5 * weight;
            c.weight[i] = weight + step;
            double more = observe(&c.people, 5).risk;
            c.weight[i] = weight - step;
            double less = observe(&c.people, 5).risk;
            c.weight[i] = weight;
            squares += (weight * (more - less) / (2 * step)) * (weight * (more - less) / (2 * step));
        }
        assert_true(fabs(observe(&c.people, 5).standard_error - sqrt(squares)) < 1e-9);
    }
}

/* Pseudo-values: the risk and the weight of all times its derivative, whose mean is the risk. */
static void pseudo_values_are_derivatives(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 10; seed++) {
        crowd c;
        draw_crowd(&c, seed);
        double value[MOST], all = 0, sum = 0, horizon = seed % 3 ? 5 : 4.5;
        hra_followed *f = follow(&c.people);
        hra_pseudo_values(f, horizon, value);
        hra_followed_free(f);
        for (int i = 0; i < MOST; i++) all += c.weight[i];
        double risk = observe(&c.people, horizon).risk;
        for (int i = 0; i < MOST; i++) {
            double weight = c.weight[i], step = 1e-5 * weight;
            c.weight[i] = weight + step;
            double more = observe(&c.people, horizon).risk;
            c.weight[i] = weight - step;
            double less = observe(&c.people, horizon).risk;
            c.weight[i] = weight;
            double expected = risk + all * (more - less) / (2 * step);
            if (fabs(value[i] - expected) > 1e-8)
                fail_msg("seed %u, person %d: %.12g, by difference %.12g", seed, i, value[i], expected);
            sum += weight * value[i];
        }
        assert_near(sum / all, risk);
    }
}

static void difference_of_a_model_and_itself(void **state)
{
    (void)state;
    crowd c;
    draw_crowd(&c, 3);
    hra_followed *f = follow(&c.people);
    hra_finding found;
    assert_int_equal(hra_measure_difference(hra_time_auc, f, c.risk, c.risk, 5, &found, NULL), HRA_OK);
    assert_near(found.is.value, 0);
    assert_near(found.is.standard_error, 0);
    double turned[MOST];
    for (int i = 0; i < MOST; i++) turned[i] = 1 - c.risk[i];
    assert_int_equal(hra_measure_difference(hra_harrell_concordance, f, c.risk, turned, 5, &found, NULL), HRA_OK);
    hra_finding one = measure(hra_harrell_concordance, &c.people, c.risk, 5);
    assert_near(found.is.value, 2 * one.is.value - 1);
    assert_near(found.is.standard_error, 2 * one.is.standard_error);
    hra_followed_free(f);
}

static hra_cox_fit fit_one(const hra_cohort *people, const double *x, double horizon)
{
    hra_followed *f = follow(people);
    hra_cox_data data = {people, f->order, people->rows, {x}, 1, INFINITY};
    hra_cox_fit fit;
    hra_fit_cox(&data, horizon, &fit);
    hra_followed_free(f);
    return fit;
}

static void regression_by_hand(void **state)
{
    (void)state;
    /* x of 1, 0, 1 with events at 1 and 2: the score is 1 - 2e/(2e+1) - e/(1+e), zero where 2e^2 = 1 */
    const hra_cohort three = FEW(3, .time = (double[]){1, 2, 3}, .event = (uint8_t[]){1, 1, 0});
    hra_cox_fit fit = fit_one(&three, (double[]){1, 0, 1}, 1);
    assert_near(fit.coefficient[0], -log(2) / 2);
    double e = sqrt(0.5), p = 2 * e / (2 * e + 1), q = e / (1 + e);
    assert_near(fit.standard_error[0], 1 / sqrt(p * (1 - p) + q * (1 - q)));
    for (double unit = 1e-30; unit < 1e31; unit *= 1e15) { /* of weights that are all the same */
        const hra_cohort weighted =
            FEW(3, .time = (double[]){1, 2, 3}, .event = (uint8_t[]){1, 1, 0}, .weight = (double[]){unit, unit, unit});
        assert_near(fit_one(&weighted, (double[]){1, 0, 1}, 1).coefficient[0], -log(2) / 2);
    }
    /* of the events only that at 1 is within the horizon; the centre is 2/3 */
    assert_near(fit.hazard, 1 / (2 * pow(e, 1.0 / 3) + pow(e, -2.0 / 3)));
    /* Efron: two of three events at once; the second is drawn from half of both and the third: e = exp(beta) solves
     * 1 - 2e/(2e+1) - 1.5e... with x of 1, 0, 0 -> 1 = e/(e+2) + (e/2)/(e/2+1.5) */
    const hra_cohort tie = FEW(3, .time = (double[]){1, 1, 2}, .event = (uint8_t[]){1, 1, 0});
    fit = fit_one(&tie, (double[]){1, 0, 0}, INFINITY);
    e = exp(fit.coefficient[0]);
    assert_near(e / (e + 2) + (e / 2) / (e / 2 + 1.5), 1);
}

/* The robust error is of what each weight does to the coefficient; times are equal here, weights are not. */
static void robust_error_is_of_derivatives(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 5; seed++) {
        crowd c;
        draw_crowd(&c, seed);
        double squares = 0;
        for (int i = 0; i < MOST; i++) {
            double weight = c.weight[i], step = 1e-5 * weight;
            c.weight[i] = weight + step;
            double more = fit_one(&c.people, c.risk, INFINITY).coefficient[0];
            c.weight[i] = weight - step;
            double less = fit_one(&c.people, c.risk, INFINITY).coefficient[0];
            c.weight[i] = weight;
            squares += (weight * (more - less) / (2 * step)) * (weight * (more - less) / (2 * step));
        }
        double error = fit_one(&c.people, c.risk, INFINITY).robust_error;
        if (fabs(error - sqrt(squares)) > 1e-7) fail_msg("%.12g, by differences %.12g", error, sqrt(squares));
    }
}

static void tenths_by_hand(void **state)
{
    (void)state;
    /* the two bounds between 1, 2 and 3 are 1.2 and so on: every person is alone, and seven groups would have nobody */
    const hra_cohort three = FEW(3, .time = (double[]){1, 2, 3}, .event = (uint8_t[]){1, 1, 0});
    const double risk[] = {0.3, 0.2, 0.1};
    hra_followed *f = follow(&three);
    hra_tenths tenths;
    assert_int_equal(hra_cut_into_tenths(f, risk, 2, &tenths, NULL), HRA_OK);
    hra_followed_free(f);
    assert_int_equal(tenths.groups, 3);
    for (int g = 0; g < 3; g++) {
        assert_near(tenths.group[g].expected, risk[2 - g]);
        assert_near(tenths.group[g].observed.risk, g > 0);
    }
    assert_string_equal(hra_test_tenths(&tenths).why, "a tenth has no event by the horizon, or nobody free of it then");
    hra_tenths two = {2, {{{0.2, 0.1, 9, 2, ""}, 0.3}, {{0.5, 0.2, 9, 4, ""}, 0.1}}};
    hra_gnd gnd = hra_test_tenths(&two);
    assert_near(gnd.chi_square, 1 + 4);
    assert_near(gnd.p, erfc(sqrt(2.5)));
}

static void regression_without_an_answer(void **state)
{
    (void)state;
    const hra_cohort three = FEW(3, .time = (double[]){1, 2, 3}, .event = (uint8_t[]){1, 1, 1});
    assert_string_equal(fit_one(&three, (double[]){2, 2, 2}, INFINITY).why, "all risks are equal");
    assert_string_equal(fit_one(&three, (double[]){3, 2, 1}, INFINITY).why,
                        "the slope is infinite or not determined: the risks put the events in their order");
    const hra_cohort none = FEW(3, .time = (double[]){1, 2, 3}, .event = (uint8_t[]){0, 0, 0});
    assert_string_equal(fit_one(&none, (double[]){3, 2, 1}, INFINITY).why, "nobody has the event");
}

static const hra_metric *metric(const hra_metrics *m, const char *name)
{
    for (int64_t i = 0; i < hra_metrics_count(m); i++)
        if (!strcmp(hra_metrics_at(m, i)->name, name)) return hra_metrics_at(m, i);
    fail_msg("no %s", name);
    return NULL;
}

static hra_metrics *all_measures(const hra_cohort *people, const double *risk, double horizon)
{
    hra_metrics *m = NULL;
    assert_int_equal(hra_metrics_new(&m, NULL), HRA_OK);
    hra_metric_subject subject = {.group = "", .model = "a", .other = "", .horizon = horizon};
    assert_int_equal(hra_metrics_about(m, &subject, NULL), HRA_OK);
    assert_int_equal(hra_survival_measures(m, people, risk, horizon, NULL), HRA_OK);
    for (int64_t i = 0; i < hra_metrics_count(m); i++) { /* a number or a reason */
        const hra_metric *one = hra_metrics_at(m, i);
        if (isnan(one->is.value) && !*one->note) fail_msg("%s: no number and no reason", one->name);
        if (isinf(one->is.value)) fail_msg("%s is infinite", one->name);
    }
    return m;
}

/* Everybody followed: pseudo-values are outcomes, and of two groups of equal risks the fit meets both shares. */
static void pseudo_calibration_by_hand(void **state)
{
    (void)state;
    const hra_cohort people = FEW(6, .time = (double[]){1, 2, 9, 3, 9, 9}, .event = (uint8_t[]){1, 2, 0, 1, 0, 1});
    const double risk[] = {0.4, 0.4, 0.4, 0.4, 0.2, 0.2}, same[] = {0.3, 0.3, 0.3, 0.3, 0.3, 0.3};
    hra_metrics *m = all_measures(&people, risk, 5);
    /* of four with a risk of 0.4 two have the event, of two with 0.2 none: only an infinite slope would do */
    assert_string_equal(metric(m, "calibration_slope")->note, "the regression of pseudo-values found no minimum");
    hra_metrics_free(m);
    m = all_measures(&people, risk, 9);
    /* 2 of 4 and 1 of 2: a slope of 0, and then a hazard of ln 2 */
    assert_near(metric(m, "calibration_slope")->is.value, 0);
    assert_near(metric(m, "calibration_slope_horizon")->is.value, 0);
    assert_string_equal(metric(m, "calibration_slope")->note, "from pseudo-values at the horizon");
    hra_metrics_free(m);
    m = all_measures(&people, same, 9);
    assert_near(metric(m, "calibration_intercept")->is.value, log(log(2) / -log(0.7)));
    /* the sandwich: d = (1 - p)*ln 2 with p = 1/2 twice: sqrt(6 * 0.25)/(6 * d) */
    assert_near(metric(m, "calibration_intercept")->is.standard_error, sqrt(1.5) / (6 * 0.5 * log(2)));
    assert_string_equal(metric(m, "calibration_slope")->note, "all risks are equal");
    assert_near(metric(m, "ici")->is.value, 0.2);
    assert_string_equal(metric(m, "ici")->note,
                        "from a lowess curve of two thirds of the people, through pseudo-values");
    hra_metrics_free(m);
}

/* Cohorts on which little or nothing can be measured give reasons, and what there is. */
static void odd_cohorts(void **state)
{
    (void)state;
    const double risk[] = {0.1, 0.2, 0.3, 0.4, 0.5};
    const struct {
        hra_cohort people;
        const char *name, *note;
    } odd[] = {
        {FEW(0, .time = risk, .event = tied_event), "c_harrell", "no comparable pair"},
        {FEW(0, .time = risk, .event = tied_event), "observed", "nobody"},
        {FEW(1, .time = (double[]){4}, .event = (uint8_t[]){1}), "auc", "nobody is free of the event at the horizon"},
        {FEW(5, .time = (double[]){1, 2, 3, 4, 5}, .event = (uint8_t[]){0, 0, 0, 0, 0}), "c_uno", "no comparable pair"},
        {FEW(5, .time = (double[]){1, 2, 3, 4, 5}, .event = (uint8_t[]){0, 0, 0, 0, 0}), "calibration_slope",
         "nobody has the event"},
        {FEW(5, .time = (double[]){4, 4, 4, 4, 4}, .event = (uint8_t[]){1, 1, 1, 1, 1}), "ipa",
         "the null model has no error"},
        {FEW(5, .time = (double[]){0, 0, 0, 0, 0}, .event = (uint8_t[]){0, 0, 0, 0, 0}), "observed",
         "the horizon lies after the last follow-up"},
        {FEW(5, .time = (double[]){6, 7, 8, 9, 10}, .event = (uint8_t[]){2, 2, 2, 2, 2}), "calibration_slope",
         "nobody has the event by the horizon"},
        {FEW(5, .time = (double[]){1, 2, 3, 4, 4}, .event = (uint8_t[]){0, 0, 2, 1, 0}), "ici",
         "the horizon lies after the last follow-up"},
        {FEW(5, .time = (double[]){1, 2, 3, 4, 4}, .event = (uint8_t[]){0, 0, 2, 1, 0}), "calibration_intercept",
         "the horizon lies after the last follow-up"},
    };
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        hra_metrics *m = all_measures(&odd[i].people, risk, 4.5);
        assert_true(isnan(metric(m, odd[i].name)->is.value));
        assert_string_equal(metric(m, odd[i].name)->note, odd[i].note);
        hra_metrics_free(m);
    }
    /* everybody's event is known: the error is the mean square of 1 - risk */
    hra_metrics *m = all_measures(&odd[5].people, risk, 4.5);
    assert_near(metric(m, "brier")->is.value, 0.51);
    hra_metrics_free(m);
}

/* Events up to a horizon that nobody reaches are all events. */
static void pairs_beyond_the_last_follow_up(void **state)
{
    (void)state;
    hra_metrics *m = all_measures(&block, block_risk, 301);
    assert_near(metric(m, "c_harrell_horizon")->is.value, 0.5);
    assert_string_equal(metric(m, "c_harrell_horizon")->note, "the follow-up ends before the horizon");
    assert_string_equal(metric(m, "c_uno")->note, "the follow-up ends before the horizon");
    assert_string_equal(metric(m, "c_harrell")->note, "");
    hra_metrics_free(m);
}

static void risks_of_zero_and_one(void **state)
{
    (void)state;
    const hra_cohort people =
        FEW(8, .time = (double[]){1, 2, 3, 4, 5, 6, 7, 8}, .event = (uint8_t[]){1, 1, 0, 1, 0, 1, 0, 0});
    const double risk[] = {1, 1, 0, 0.5, 0, 0.4, 0.3, 0};
    hra_metrics *m = all_measures(&people, risk, 5);
    assert_near(metric(m, "c_harrell")->is.value, 18.5 / 19);
    assert_near(metric(m, "auc")->is.value, 1);
    assert_near(metric(m, "brier")->is.value, 0.0875);
    assert_non_null(strstr(metric(m, "calibration_slope")->note, "without 5 people with a risk of 0 or 1"));
    hra_metrics_free(m);
}

/* Rows in another order are the same people. */
static void order_of_rows_does_not_matter(void **state)
{
    (void)state;
    crowd c, turned;
    draw_crowd(&c, 7);
    draw_crowd(&turned, 7);
    for (int i = 0; i < MOST; i++) {
        c.event[i] = c.event[i] == HRA_EVENT;
        turned.time[i] = c.time[MOST - 1 - i];
        turned.risk[i] = c.risk[MOST - 1 - i];
        turned.weight[i] = c.weight[MOST - 1 - i];
    }
    for (int i = 0; i < MOST; i++) turned.event[i] = c.event[MOST - 1 - i];
    hra_metrics *a = all_measures(&c.people, c.risk, 5), *b = all_measures(&turned.people, turned.risk, 5);
    assert_int_equal(hra_metrics_count(a), hra_metrics_count(b));
    for (int64_t i = 0; i < hra_metrics_count(a); i++) {
        const hra_metric *x = hra_metrics_at(a, i), *y = hra_metrics_at(b, i);
        if (isnan(x->is.value) && isnan(y->is.value)) continue;
        if (!(fabs(x->is.value - y->is.value) <= 1e-9 * fmax(1, fabs(x->is.value))))
            fail_msg("%s: %.15g and %.15g", x->name, x->is.value, y->is.value);
    }
    hra_metrics_free(a);
    hra_metrics_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(observed_risk_and_greenwood),
        cmocka_unit_test(events_come_before_censorings),
        cmocka_unit_test(horizon_beyond_the_last_follow_up),
        cmocka_unit_test(censoring_at_the_end_is_complete),
        cmocka_unit_test(competing_events_take_people_away),
        cmocka_unit_test(weights_count_like_people),
        cmocka_unit_test(pairs_by_hand),
        cmocka_unit_test(competing_pairs),
        cmocka_unit_test(auc_and_brier_by_hand),
        cmocka_unit_test(concordance_is_that_of_all_pairs),
        cmocka_unit_test(influences_are_derivatives),
        cmocka_unit_test(error_of_observed_risk_is_of_derivatives),
        cmocka_unit_test(pseudo_values_are_derivatives),
        cmocka_unit_test(pseudo_calibration_by_hand),
        cmocka_unit_test(difference_of_a_model_and_itself),
        cmocka_unit_test(regression_by_hand),
        cmocka_unit_test(robust_error_is_of_derivatives),
        cmocka_unit_test(tenths_by_hand),
        cmocka_unit_test(regression_without_an_answer),
        cmocka_unit_test(odd_cohorts),
        cmocka_unit_test(pairs_beyond_the_last_follow_up),
        cmocka_unit_test(risks_of_zero_and_one),
        cmocka_unit_test(order_of_rows_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
