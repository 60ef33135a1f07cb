/* Newton's method on the loss, which is convex, with steps halved as long as they do not lower it. x is taken from its
 * mean, so that intercept and slope hardly depend on each other. Whether there is a maximum is decided before, by
 * looking at the data: there is none exactly if a bound on x separates those with the event from those without it. */
#include "evaluate/logistic_fit.h"

#include <stddef.h>

#include "evaluate/compensated_sum.h"

typedef struct regression {
    const hra_cohort *people;
    const double *x;
    double centre; /* of x */
    bool free_slope;
} regression;

/* A symmetric matrix of two rows. */
typedef struct matrix {
    double aa, ab, bb;
} matrix;

typedef struct at_point {
    double loss;        /* minus the log likelihood */
    double score[2];    /* its gradient, with the sign turned */
    matrix information; /* its second derivatives */
    matrix spread;      /* sum of squared contributions to the score */
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

static matrix inverse(const matrix *m, bool free_slope)
{
    if (!free_slope) return (matrix){1 / m->aa, 0, 0};
    double determinant = m->aa * m->bb - m->ab * m->ab;
    return (matrix){m->bb / determinant, -m->ab / determinant, m->aa / determinant};
}

/* v s v, for symmetric matrices. */
static matrix sandwich(const matrix *v, const matrix *s)
{
    double a = v->aa * s->aa + v->ab * s->ab, b = v->aa * s->ab + v->ab * s->bb;
    double c = v->ab * s->aa + v->bb * s->ab, d = v->ab * s->ab + v->bb * s->bb;
    return (matrix){a * v->aa + b * v->ab, a * v->ab + b * v->bb, c * v->ab + d * v->bb};
}

typedef struct solution {
    double intercept, slope; /* at the centre of x */
    matrix variance;
    bool found;
} solution;

static solution solve(const regression *r)
{
    enum { MOST_STEPS = 200, MOST_HALVINGS = 60 };
    const double last_step = 1e-10, noise = 1e-12; /* a step of Newton's squares what is left of the distance */
    solution s = {0, r->free_slope ? 0 : 1, {NAN, NAN, NAN}, false};
    at_point here = look(r, s.intercept, s.slope);
    for (int step = 0; step < MOST_STEPS && !s.found; step++) {
        matrix v = inverse(&here.information, r->free_slope);
        double by[2] = {v.aa * here.score[0] + v.ab * here.score[1], v.ab * here.score[0] + v.bb * here.score[1]};
        double part = 1;
        at_point there = look(r, s.intercept + by[0], s.slope + by[1]);
        for (int h = 0; h < MOST_HALVINGS && !(there.loss <= here.loss * (1 + noise)); h++) {
            part /= 2;
            there = look(r, s.intercept + part * by[0], s.slope + part * by[1]);
        }
        s.intercept += part * by[0];
        s.slope += part * by[1];
        s.found = fabs(by[0]) + fabs(by[1]) <= last_step * (1 + fabs(s.intercept) + fabs(s.slope));
        here = there;
    }
    s.variance = inverse(&here.information, r->free_slope);
    if (r->people->weight) s.variance = sandwich(&s.variance, &here.spread);
    return s;
}

static double mean_of(const regression *r)
{
    hra_sum sum = {0, 0}, weight = {0, 0};
    for (int64_t i = 0; i < r->people->rows; i++) {
        if (isnan(r->x[i])) continue;
        hra_sum_add(&sum, hra_cohort_weight(r->people, i) * r->x[i]);
        hra_sum_add(&weight, hra_cohort_weight(r->people, i));
    }
    return hra_sum_of(&sum) / hra_sum_of(&weight);
}

static const char *fault(const regression *r)
{
    double least[2] = {INFINITY, INFINITY}, most[2] = {-INFINITY, -INFINITY}; /* without, with the event */
    for (int64_t i = 0; i < r->people->rows; i++) {
        if (isnan(r->x[i])) continue;
        bool event = r->people->event[i] == HRA_EVENT;
        least[event] = fmin(least[event], r->x[i]);
        most[event] = fmax(most[event], r->x[i]);
    }
    if (least[1] > most[1]) return "nobody has the event";
    if (least[0] > most[0]) return "everybody has the event";
    if (!r->free_slope) return NULL;
    if (least[0] == most[0] && least[1] == most[1] && least[0] == least[1]) return "all risks are equal";
    if (most[0] <= least[1]) return "the risks separate the outcomes: the slope is infinite";
    if (most[1] <= least[0]) return "the risks separate the outcomes the wrong way: the slope is minus infinity";
    return NULL;
}

static const char no_maximum[] = "the regression found no maximum";

hra_logistic_fit hra_fit_logistic(const hra_cohort *people, const double *x)
{
    regression r = {people, x, 0, true};
    const char *why = fault(&r);
    if (why) return (hra_logistic_fit){hra_found_none(why), hra_found_none(why)};
    r.centre = mean_of(&r);
    solution s = solve(&r);
    if (!s.found) return (hra_logistic_fit){hra_found_none(no_maximum), hra_found_none(no_maximum)};
    double variance = s.variance.aa - 2 * r.centre * s.variance.ab + r.centre * r.centre * s.variance.bb;
    return (hra_logistic_fit){.intercept =
                                  hra_found(s.intercept - s.slope * r.centre, sqrt(variance), -INFINITY, INFINITY),
                              .slope = hra_found(s.slope, sqrt(s.variance.bb), -INFINITY, INFINITY)};
}

hra_finding hra_fit_logistic_intercept(const hra_cohort *people, const double *x)
{
    regression r = {people, x, 0, false};
    const char *why = fault(&r);
    if (why) return hra_found_none(why);
    solution s = solve(&r);
    return s.found ? hra_found(s.intercept, sqrt(s.variance.aa), -INFINITY, INFINITY) : hra_found_none(no_maximum);
}
