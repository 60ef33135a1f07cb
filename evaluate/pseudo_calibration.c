/* Gauss and Newton's method on the sum of squares, with steps halved as long as they do not lower it. With a free slope
 * the covariate is taken from its mean, so that intercept and slope hardly depend on each other. */
#include "evaluate/pseudo_calibration.h"

#include <math.h>
#include <stddef.h>

#include "evaluate/compensated_sum.h"
#include "evaluate/two_by_two.h"

typedef struct regression {
    const hra_followed *people;
    const hra_log_log *x;
    const double *pseudo; /* by row */
    double centre;        /* of x */
    bool free_slope;
} regression;

typedef struct at_point {
    double loss;             /* half the sum of squares */
    double score[2];         /* its gradient, with the sign turned */
    hra_two_by_two expected; /* sum of squared derivatives of the fitted risks */
    hra_two_by_two spread;   /* sum of squared contributions to the score */
} at_point;

static at_point look(const regression *r, double intercept, double slope)
{
    hra_sum loss = {0, 0}, score[2] = {{0, 0}, {0, 0}};
    hra_sum expected[3] = {{0, 0}, {0, 0}, {0, 0}}, spread[3] = {{0, 0}, {0, 0}, {0, 0}};
    for (int64_t i = 0; i < r->x->count; i++) {
        int64_t row = r->x->rows[i];
        double z = r->x->value[row] - r->centre, weight = hra_cohort_weight(r->people->people, row);
        double hazard = exp(intercept + slope * z), rise = isfinite(hazard) ? hazard * exp(-hazard) : 0;
        double residual = r->pseudo[row] + expm1(-hazard), pull = weight * residual * rise;
        const double power[3] = {1, z, z * z};
        hra_sum_add(&loss, weight * residual * residual / 2);
        for (int k = 0; k < 2; k++) hra_sum_add(&score[k], pull * power[k]);
        for (int k = 0; k < 3; k++) hra_sum_add(&expected[k], weight * rise * rise * power[k]);
        for (int k = 0; k < 3; k++) hra_sum_add(&spread[k], pull * pull * power[k]);
    }
    return (at_point){
        .loss = hra_sum_of(&loss),
        .score = {hra_sum_of(&score[0]), hra_sum_of(&score[1])},
        .expected = {hra_sum_of(&expected[0]), hra_sum_of(&expected[1]), hra_sum_of(&expected[2])},
        .spread = {hra_sum_of(&spread[0]), hra_sum_of(&spread[1]), hra_sum_of(&spread[2])},
    };
}

/* The inverse of `expected`; with a slope of 1 that of its first element. */
static hra_two_by_two inverse(const regression *r, const at_point *p)
{
    return r->free_slope ? hra_inverse(&p->expected) : (hra_two_by_two){1 / p->expected.aa, 0, 0};
}

typedef struct solution {
    double intercept, slope; /* at the centre of x */
    hra_two_by_two variance;
    bool found;
} solution;

static solution solve(const regression *r)
{
    enum { MOST_STEPS = 200, MOST_HALVINGS = 60 };
    const double noise = 1e-12; /* of the sum of squares */
    solution s = {r->centre, 1, {NAN, NAN, NAN}, false};
    at_point here = look(r, s.intercept, s.slope);
    for (int step = 0; step < MOST_STEPS && !s.found; step++) {
        hra_two_by_two v = inverse(r, &here);
        double by[2] = {v.aa * here.score[0] + v.ab * here.score[1], v.ab * here.score[0] + v.bb * here.score[1]};
        if (!isfinite(by[0]) || !isfinite(by[1])) break;
        double part = 1;
        at_point there = look(r, s.intercept + by[0], s.slope + by[1]);
        for (int h = 0; h < MOST_HALVINGS && !(there.loss <= here.loss * (1 + noise)); h++) {
            part /= 2;
            there = look(r, s.intercept + part * by[0], s.slope + part * by[1]);
        }
        s.intercept += part * by[0];
        s.slope += part * by[1];
        s.found = fabs(by[0]) + fabs(by[1]) <= 1e-11 * (1 + fabs(s.intercept) + fabs(s.slope));
        here = there;
    }
    hra_two_by_two v = inverse(r, &here);
    s.variance = hra_sandwich(&v, &here.spread);
    return s;
}

static const char no_minimum[] = "the regression of pseudo-values found no minimum";

static hra_finding fit_in_the_large(const regression *r)
{
    solution s = solve(r);
    return s.found ? hra_found(s.intercept, sqrt(s.variance.aa), -INFINITY, INFINITY) : hra_found_none(no_minimum);
}

static void fit_slope(const regression *r, hra_pseudo_calibration *out)
{
    solution s = solve(r);
    if (!s.found) {
        out->intercept = out->slope = hra_found_none(no_minimum);
        return;
    }
    double variance = s.variance.aa - 2 * r->centre * s.variance.ab + r->centre * r->centre * s.variance.bb;
    out->intercept = hra_found(s.intercept - s.slope * r->centre, sqrt(variance), -INFINITY, INFINITY);
    out->slope = hra_found(s.slope, sqrt(s.variance.bb), -INFINITY, INFINITY);
}

static double mean_of(const hra_log_log *l)
{
    hra_sum sum = {0, 0};
    for (int64_t i = 0; i < l->count; i++) hra_sum_add(&sum, l->value[l->rows[i]]);
    return hra_sum_of(&sum) / (double)l->count;
}

static bool varies(const hra_log_log *l)
{
    for (int64_t i = 1; i < l->count; i++)
        if (l->value[l->rows[i]] != l->value[l->rows[0]]) return true;
    return false;
}

static const char *fault(const hra_log_log *l, const hra_observed *observed)
{
    if (isnan(observed->risk)) return observed->why;
    if (!(observed->risk > 0)) return "nobody has the event by the horizon";
    if (!(observed->risk < 1)) return "nobody is free of the event at the horizon";
    return l->count ? NULL : "nobody has a risk above 0 and below 1";
}

void hra_calibrate_pseudo_values(const hra_followed *f, const hra_log_log *l, const hra_observed *observed,
                                 const double *pseudo, bool slope, hra_pseudo_calibration *out)
{
    const char *why = fault(l, observed);
    if (why) {
        out->in_the_large = out->intercept = out->slope = hra_found_none(why);
        return;
    }
    regression r = {.people = f, .x = l, .pseudo = pseudo};
    out->in_the_large = fit_in_the_large(&r);
    if (!slope) return;
    r.free_slope = true;
    r.centre = mean_of(l);
    out->intercept = out->slope = hra_found_none("all risks are equal");
    if (varies(l)) fit_slope(&r, out);
}
