#include "evaluate/recalibration.h"

#include <stdlib.h>

#include "evaluate/binary_calibration.h"
#include "evaluate/compensated_sum.h"
#include "evaluate/cox.h"
#include "evaluate/order.h"
#include "evaluate/pseudo_calibration.h"
#include "evaluate/pseudo_values.h"
#include "evaluate/survival_calibration.h"

/* ---- the factor of the hazards --------------------------------------------------------------- */

/* The mean of 1 - (1 - risk)^factor by weight, and how fast it rises with the logarithm of the factor. */
typedef struct scaled_mean {
    double value, rise;
} scaled_mean;

static scaled_mean mean_at(const hra_cohort *people, const double *risk, double log_factor)
{
    hra_sum sum = {0, 0}, rise = {0, 0}, weights = {0, 0};
    double factor = exp(log_factor);
    for (int64_t i = 0; i < people->rows; i++) {
        double weight = hra_cohort_weight(people, i), hazard = -factor * log1p(-risk[i]);
        hra_sum_add(&weights, weight);
        if (risk[i] > 0) hra_sum_add(&sum, -weight * expm1(-hazard));
        if (risk[i] > 0 && risk[i] < 1) hra_sum_add(&rise, weight * hazard * exp(-hazard));
    }
    double all = hra_sum_of(&weights);
    return (scaled_mean){hra_sum_of(&sum) / all, hra_sum_of(&rise) / all};
}

/* The mean rises with the factor from the share of risks of 1 to that of risks above 0. */
static const char *no_factor(const hra_cohort *people, const double *risk, double observed)
{
    hra_sum ones = {0, 0}, above = {0, 0}, all = {0, 0};
    for (int64_t i = 0; i < people->rows; i++) {
        double weight = hra_cohort_weight(people, i);
        hra_sum_add(&all, weight);
        hra_sum_add(&ones, risk[i] >= 1 ? weight : 0);
        hra_sum_add(&above, risk[i] > 0 ? weight : 0);
    }
    if (!(observed > 0)) return "nobody has the event";
    if (!(observed < 1)) return "nobody is free of the event at the horizon";
    if (!(observed > hra_sum_of(&ones) / hra_sum_of(&all))) return "more people have a risk of 1 than have the event";
    if (!(observed < hra_sum_of(&above) / hra_sum_of(&all))) return "more people have the event than a risk above 0";
    return NULL;
}

/* Newton's method between bounds, which are halved where it leaves them. */
static bool find_factor(const hra_cohort *people, const double *risk, double observed, double *log_factor,
                        scaled_mean *there)
{
    enum { MOST_STEPS = 200 };
    const double widest = 700; /* of the logarithm of a number */
    double low = -widest, high = widest, at = 0;
    bool found = false;
    for (int step = 0; step < MOST_STEPS && !found; step++) {
        scaled_mean here = mean_at(people, risk, at);
        *(here.value < observed ? &low : &high) = at;
        double next = at + (observed - here.value) / here.rise;
        found = fabs(next - at) <= 1e-10 * (1 + fabs(at)); /* a step of Newton's method squares what is left */
        if (!found && !(next > low && next < high)) next = low + (high - low) / 2;
        at = next;
    }
    *log_factor = at;
    *there = mean_at(people, risk, at);
    return fabs(there->value - observed) <= 1e-12 * observed;
}

static void scale_hazards(const hra_cohort *people, const double *risk, const hra_observed *observed,
                          hra_new_calibration *out)
{
    out->slope = (hra_finding){{1, NAN, NAN, NAN}, ""};
    const char *why = isnan(observed->risk) ? observed->why : no_factor(people, risk, observed->risk);
    double log_factor;
    scaled_mean there;
    if (!why && !find_factor(people, risk, observed->risk, &log_factor, &there)) why = "no factor was found";
    out->intercept =
        why ? hra_found_none(why) : hra_found(log_factor, observed->standard_error / there.rise, -INFINITY, INFINITY);
}

/* ---- times ------------------------------------------------------------------------------------ */

static hra_code regress_hazards(const hra_followed *f, const double *risk, double horizon, hra_new_calibration *out,
                                hra_error *error)
{
    hra_log_log l;
    HRA_TRY(hra_log_log_new(&l, f, risk, error));
    hra_cox_data data = {f->people, l.rows, l.count, {l.value}, 1, horizon};
    hra_cox_fit fit;
    hra_fit_cox(&data, horizon, &fit);
    hra_log_log_destroy(&l);
    if (*fit.why) {
        out->intercept = out->slope = hra_found_none(fit.why);
        return HRA_OK;
    }
    bool weighted = f->people->weight != NULL;
    double slope = fit.coefficient[0], spread = weighted ? fit.robust_error : fit.standard_error[0];
    out->slope = hra_found(slope, spread, -INFINITY, INFINITY);
    out->intercept =
        hra_found(log(fit.hazard) - slope * fit.centre[0], weighted ? NAN : fit.baseline_error, -INFINITY, INFINITY);
    return HRA_OK;
}

static hra_code regress_pseudo_values(const hra_followed *f, const double *risk, double horizon,
                                      hra_pseudo_calibration *out, hra_error *error)
{
    const hra_cohort *c = f->people;
    hra_observed observed = hra_observe(c, f->order, c->rows, horizon);
    double *pseudo = malloc((size_t)(c->rows ? c->rows : 1) * sizeof *pseudo);
    if (!pseudo) return hra_evaluate_no_memory(error);
    hra_log_log l;
    hra_code code = hra_log_log_new(&l, f, risk, error);
    if (!code) {
        if (!isnan(observed.risk)) hra_pseudo_values(f, horizon, pseudo);
        hra_calibrate_pseudo_values(f, &l, &observed, pseudo, true, out);
        hra_log_log_destroy(&l);
    }
    free(pseudo);
    return code;
}

/* Competing events leave no regression of the hazards whose end is the risk. */
static hra_code renew_slope(const hra_followed *f, const double *risk, double horizon, hra_new_calibration *out,
                            hra_error *error)
{
    if (!f->competing) return regress_hazards(f, risk, horizon, out, error);
    hra_pseudo_calibration fit;
    HRA_TRY(regress_pseudo_values(f, risk, horizon, &fit, error));
    out->intercept = fit.intercept;
    out->slope = fit.slope;
    return HRA_OK;
}

static hra_code calibrate_hazards(const hra_cohort *people, const double *risk, double horizon,
                                  hra_new_calibration *out, hra_error *error)
{
    hra_followed *f;
    HRA_TRY(hra_followed_new(&f, people, error));
    hra_observed observed = hra_observe(people, f->order, people->rows, horizon);
    hra_code code = HRA_OK;
    if (isnan(observed.risk))
        out->intercept = out->slope = hra_found_none(observed.why);
    else if (out->free_slope)
        code = renew_slope(f, risk, horizon, out, error);
    else
        scale_hazards(people, risk, &observed, out);
    hra_followed_free(f);
    return code;
}

/* ---- both ------------------------------------------------------------------------------------- */

static hra_code calibrate_odds(const hra_cohort *people, const double *risk, hra_new_calibration *out, hra_error *error)
{
    hra_recalibration fits;
    HRA_TRY(hra_recalibrate(people, risk, &fits, error));
    out->intercept = out->free_slope ? fits.intercept : fits.in_the_large;
    out->slope = out->free_slope ? fits.slope : (hra_finding){{1, NAN, NAN, NAN}, ""};
    return HRA_OK;
}

hra_code hra_calibrate_anew(const hra_cohort *people, const double *risk, double horizon, bool free_slope,
                            hra_new_calibration *out, hra_error *error)
{
    *out = (hra_new_calibration){.timed = people->time != NULL, .free_slope = free_slope};
    for (int64_t i = 0; i < people->rows; i++) out->extreme += risk[i] <= 0 || risk[i] >= 1;
    return out->timed ? calibrate_hazards(people, risk, horizon, out, error) : calibrate_odds(people, risk, out, error);
}

double hra_newly_calibrated(const hra_new_calibration *c, double risk)
{
    if (risk <= 0 || risk >= 1) return risk;
    double intercept = c->intercept.is.value, slope = c->slope.is.value;
    if (c->timed) return -expm1(-exp(intercept + slope * log(-log1p(-risk))));
    double log_odds = intercept + slope * (log(risk) - log1p(-risk));
    return log_odds < 0 ? exp(log_odds) / (1 + exp(log_odds)) : 1 / (1 + exp(-log_odds));
}

static hra_code slope_by_time(const hra_followed *f, const double *risk, double horizon, hra_finding *slope,
                              hra_error *error)
{
    if (f->competing) {
        hra_pseudo_calibration fit;
        HRA_TRY(regress_pseudo_values(f, risk, horizon, &fit, error));
        *slope = fit.slope;
        return HRA_OK;
    }
    hra_log_log l;
    HRA_TRY(hra_log_log_new(&l, f, risk, error));
    hra_calibration_slope(f, &l, horizon, slope);
    hra_log_log_destroy(&l);
    return HRA_OK;
}

static hra_code agreement_by_time(const hra_cohort *people, const double *risk, double horizon, hra_agreement *out,
                                  hra_error *error)
{
    hra_followed *f;
    HRA_TRY(hra_followed_new(&f, people, error));
    hra_in_the_large all;
    hra_calibrate_in_the_large(f, risk, horizon, &all);
    int64_t events = hra_observe(people, f->order, people->rows, horizon).events;
    *out = (hra_agreement){all.observed, all.expected, all.ratio, {HRA_NO_ESTIMATE, ""}, events};
    hra_code code = slope_by_time(f, risk, horizon, &out->slope, error);
    hra_followed_free(f);
    return code;
}

hra_code hra_agreement_of(const hra_cohort *people, const double *risk, double horizon, hra_agreement *out,
                          hra_error *error)
{
    if (people->time) return agreement_by_time(people, risk, horizon, out, error);
    hra_binary_totals totals = hra_compare_totals(people, risk);
    hra_recalibration fits;
    HRA_TRY(hra_recalibrate(people, risk, &fits, error));
    *out = (hra_agreement){totals.observed, totals.expected, totals.ratio, fits.slope, 0};
    for (int64_t i = 0; i < people->rows; i++) out->events += people->event[i] == HRA_EVENT;
    return HRA_OK;
}
