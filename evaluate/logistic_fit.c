/* With a free slope: Newton's method on the loss, which is convex, with steps halved as long as they do not lower it; x
 * is taken from its mean, so that intercept and slope hardly depend on each other. With a slope of 1: Newton's method
 * for the root of the score, which falls with the intercept, between bounds that are halved where it leaves them.
 * Whether there is a maximum is decided before, by looking at the data: there is none exactly if a bound on x separates
 * those with the event from those without it. */
#include "evaluate/logistic_fit.h"

#include <stddef.h>

#include "evaluate/compensated_sum.h"
#include "evaluate/two_by_two.h"

typedef struct regression {
    const hra_cohort *people;
    const double *x;
    double centre;      /* of x */
    double least, most; /* of x */
    double share;       /* with the event, by weight */
} regression;

typedef struct at_point {
    double loss;                /* minus the log likelihood */
    double score[2];            /* its gradient, with the sign turned */
    hra_two_by_two information; /* its second derivatives */
    hra_two_by_two spread;      /* sum of squared contributions to the score */
} at_point;

static at_point look(const regression *r, double intercept, double slope)
{
    hra_sum loss = {0, 0}, score[2] = {{0, 0}, {0, 0}}, information[3] = {{0, 0}, {0, 0}, {0, 0}};
    hra_sum spread[3] = {{0, 0}, {0, 0}, {0, 0}};
    for (int64_t i = 0; i < r->people->rows; i++) {
        if (isnan(r->x[i])) continue;
        double z = r->x[i] - r->centre, weight = hra_cohort_weight(r->people, i);
        double log_odds = intercept + slope * z, small = exp(-fabs(log_odds));
        bool event = r->people->event[i] == HRA_EVENT, expected = log_odds >= 0;
        /* the probability of what did not happen, which is what the person is off */
        double off = (event == expected ? small : 1) / (1 + small);
        double residual = weight * (event ? off : -off), curvature = weight * small / ((1 + small) * (1 + small));
        hra_sum_add(&loss, weight * (log1p(small) + (event == expected ? 0 : fabs(log_odds))));
        const double power[3] = {1, z, z * z};
        for (int k = 0; k < 2; k++) hra_sum_add(&score[k], residual * power[k]);
        for (int k = 0; k < 3; k++) hra_sum_add(&information[k], curvature * power[k]);
        for (int k = 0; k < 3; k++) hra_sum_add(&spread[k], residual * residual * power[k]);
    }
    return (at_point){
        .loss = hra_sum_of(&loss),
        .score = {hra_sum_of(&score[0]), hra_sum_of(&score[1])},
        .information = {hra_sum_of(&information[0]), hra_sum_of(&information[1]), hra_sum_of(&information[2])},
        .spread = {hra_sum_of(&spread[0]), hra_sum_of(&spread[1]), hra_sum_of(&spread[2])},
    };
}

typedef struct solution {
    double intercept, slope; /* at the centre of x */
    hra_two_by_two variance;
    bool found;
} solution;

enum { MOST_STEPS = 200 };

/* A step of Newton's method squares what is left of the distance: after one that is as short as this nothing is. */
static bool is_last(double step, const solution *s)
{
    return step <= 1e-10 * (1 + fabs(s->intercept) + fabs(s->slope));
}

static solution solve_both(const regression *r)
{
    enum { MOST_HALVINGS = 60 };
    const double noise = 1e-12; /* of the loss */
    solution s = {log(r->share) - log1p(-r->share), 0, {NAN, NAN, NAN}, false};
    at_point here = look(r, s.intercept, s.slope);
    for (int step = 0; step < MOST_STEPS && !s.found; step++) {
        hra_two_by_two v = hra_inverse(&here.information);
        double by[2] = {v.aa * here.score[0] + v.ab * here.score[1], v.ab * here.score[0] + v.bb * here.score[1]};
        if (!isfinite(by[0]) || !isfinite(by[1])) break;
        double part = 1, enough = 0.1 * (by[0] * here.score[0] + by[1] * here.score[1]);
        at_point there = look(r, s.intercept + by[0], s.slope + by[1]);
        for (int h = 0; h < MOST_HALVINGS && !(there.loss <= here.loss * (1 + noise) - part * enough); h++) {
            part /= 2;
            there = look(r, s.intercept + part * by[0], s.slope + part * by[1]);
        }
        s.intercept += part * by[0];
        s.slope += part * by[1];
        s.found = is_last(fabs(by[0]) + fabs(by[1]), &s);
        here = there;
    }
    s.variance = hra_inverse(&here.information);
    if (r->people->weight) s.variance = hra_sandwich(&s.variance, &here.spread);
    return s;
}

static solution solve_intercept(const regression *r)
{
    /* nobody's probability is above the share with the event at the lower bound, nobody's below it at the upper one */
    double log_odds = log(r->share) - log1p(-r->share), low = log_odds - r->most, high = log_odds - r->least;
    solution s = {fmin(fmax(0, low), high), 1, {NAN, NAN, NAN}, false};
    at_point here = look(r, s.intercept, 1);
    int steps = 0;
    for (double before = high - low; !s.found && steps < MOST_STEPS; steps++) {
        *(here.score[0] > 0 ? &low : &high) = s.intercept;
        double next = s.intercept + here.score[0] / here.information.aa;
        bool slow = !(fabs(next - s.intercept) <= before / 2); /* far from the root Newton's steps do not end */
        if (slow || next < low || next > high) next = low + (high - low) / 2;
        before = fabs(next - s.intercept);
        s.found = is_last(before, &s);
        s.intercept = next;
        here = look(r, s.intercept, 1);
    }
    s.variance.aa = 1 / here.information.aa;
    if (r->people->weight) s.variance.aa *= here.spread.aa / here.information.aa;
    return s;
}

/* Fills in what the data are like; returns why there is no maximum, or NULL. */
static const char *describe(regression *r, bool free_slope)
{
    double least[2] = {INFINITY, INFINITY}, most[2] = {-INFINITY, -INFINITY}; /* without, with the event */
    hra_sum sum = {0, 0}, weight[2] = {{0, 0}, {0, 0}};
    for (int64_t i = 0; i < r->people->rows; i++) {
        if (isnan(r->x[i])) continue;
        bool event = r->people->event[i] == HRA_EVENT;
        least[event] = fmin(least[event], r->x[i]);
        most[event] = fmax(most[event], r->x[i]);
        hra_sum_add(&weight[event], hra_cohort_weight(r->people, i));
        hra_sum_add(&sum, hra_cohort_weight(r->people, i) * r->x[i]);
    }
    double all = hra_sum_of(&weight[0]) + hra_sum_of(&weight[1]);
    r->least = fmin(least[0], least[1]);
    r->most = fmax(most[0], most[1]);
    r->share = hra_sum_of(&weight[1]) / all;
    r->centre = free_slope ? hra_sum_of(&sum) / all : 0;
    if (least[1] > most[1]) return "nobody has the event";
    if (least[0] > most[0]) return "everybody has the event";
    if (!free_slope) return NULL;
    if (r->least == r->most) return "all risks are equal";
    if (most[0] <= least[1]) return "the risks separate the outcomes: the slope is infinite";
    if (most[1] <= least[0]) return "the risks separate the outcomes the wrong way: the slope is minus infinity";
    return NULL;
}

static const char no_maximum[] = "the regression found no maximum";

hra_logistic_fit hra_fit_logistic(const hra_cohort *people, const double *x)
{
    regression r = {.people = people, .x = x};
    const char *why = describe(&r, true);
    solution s = {.found = false};
    if (!why) s = solve_both(&r);
    if (!s.found) {
        hra_finding none = hra_found_none(why ? why : no_maximum);
        return (hra_logistic_fit){none, none};
    }
    double variance = s.variance.aa - 2 * r.centre * s.variance.ab + r.centre * r.centre * s.variance.bb;
    return (hra_logistic_fit){.intercept =
                                  hra_found(s.intercept - s.slope * r.centre, sqrt(variance), -INFINITY, INFINITY),
                              .slope = hra_found(s.slope, sqrt(s.variance.bb), -INFINITY, INFINITY)};
}

hra_finding hra_fit_logistic_intercept(const hra_cohort *people, const double *x)
{
    regression r = {.people = people, .x = x};
    const char *why = describe(&r, false);
    if (why) return hra_found_none(why);
    solution s = solve_intercept(&r);
    return s.found ? hra_found(s.intercept, sqrt(s.variance.aa), -INFINITY, INFINITY) : hra_found_none(no_maximum);
}
