#include "evaluate/survival_calibration.h"

#include <math.h>
#include <stdlib.h>

#include "evaluate/compensated_sum.h"
#include "evaluate/cox.h"
#include "evaluate/order.h"
#include "evaluate/tail_probability.h"

static double mean_risk(const hra_cohort *c, const double *risk, const int64_t *rows, int64_t count)
{
    hra_sum sum = {0, 0}, weights = {0, 0};
    for (int64_t i = 0; i < count; i++) {
        hra_sum_add(&sum, hra_cohort_weight(c, rows[i]) * risk[rows[i]]);
        hra_sum_add(&weights, hra_cohort_weight(c, rows[i]));
    }
    return hra_sum_of(&sum) / hra_sum_of(&weights);
}

static hra_finding ratio_of(const hra_followed *f, const hra_observed *observed, double expected)
{
    if (isnan(observed->risk)) return hra_found_none(observed->why);
    if (!(expected > 0)) return hra_found_none("all risks are 0");
    double ratio = observed->risk / expected;
    if (!(ratio > 0)) return (hra_finding){{ratio, NAN, NAN, NAN}, "nobody has the event by the horizon: no interval"};
    bool counted = !f->people->weight && !f->competing;
    return hra_found_ratio(ratio,
                           counted ? 1 / sqrt((double)observed->events) : observed->standard_error / observed->risk);
}

void hra_calibrate_in_the_large(const hra_followed *f, const double *risk, double horizon, hra_in_the_large *out)
{
    const hra_cohort *c = f->people;
    hra_observed observed = hra_observe(c, f->order, c->rows, horizon);
    double expected = c->rows ? mean_risk(c, risk, f->order, c->rows) : NAN;
    out->observed = hra_found_observed(&observed);
    out->expected = (hra_finding){{expected, NAN, NAN, NAN}, c->rows ? "" : "nobody"};
    out->ratio = ratio_of(f, &observed, expected);
}

hra_code hra_log_log_new(hra_log_log *out, const hra_followed *f, const double *risk, hra_error *error)
{
    const int64_t rows = f->people->rows;
    *out = (hra_log_log){.value = malloc((size_t)(rows ? rows : 1) * sizeof *out->value),
                         .rows = malloc((size_t)(rows ? rows : 1) * sizeof *out->rows)};
    if (!out->value || !out->rows) {
        hra_log_log_destroy(out);
        return hra_evaluate_no_memory(error);
    }
    for (int64_t i = 0; i < rows; i++) {
        int64_t row = f->order[i];
        if (risk[row] <= 0 || risk[row] >= 1) continue;
        out->value[row] = log(-log1p(-risk[row]));
        out->rows[out->count++] = row;
    }
    out->left_out = rows - out->count;
    return HRA_OK;
}

void hra_log_log_destroy(hra_log_log *l)
{
    free(l->value);
    free(l->rows);
    *l = (hra_log_log){0};
}

void hra_calibration_slope(const hra_followed *f, const hra_log_log *l, double until, hra_finding *found)
{
    if (f->competing) {
        *found = hra_found_none("there are competing events");
        return;
    }
    hra_cox_data data = {f->people, l->rows, l->count, {l->value}, 1, until};
    hra_cox_fit fit;
    hra_fit_cox(&data, until, &fit);
    double spread = f->people->weight ? fit.robust_error : fit.standard_error[0];
    *found = *fit.why ? hra_found_none(fit.why) : hra_found(fit.coefficient[0], spread, -INFINITY, INFINITY);
}

/* The group of a risk: the first whose highest risk is not below it. */
static int group_of(const hra_risk_tenths *cut, const double *ascending, double risk)
{
    int g = 0;
    while (risk > ascending[cut->end[g] - 1]) g++;
    return g;
}

/* `rows` has room for everybody. */
static void observe_groups(const hra_followed *f, const double *risk, double horizon, int64_t *rows,
                           const double *ascending, hra_tenths *out)
{
    const hra_cohort *c = f->people;
    hra_risk_tenths cut = hra_cut_risks(ascending, c->rows);
    out->groups = cut.groups;
    for (int g = 0; g < cut.groups; g++) {
        int64_t count = 0;
        for (int64_t i = 0; i < c->rows; i++)
            if (group_of(&cut, ascending, risk[f->order[i]]) == g) rows[count++] = f->order[i];
        out->group[g].observed = hra_observe(c, rows, count, horizon);
        out->group[g].expected = mean_risk(c, risk, rows, count);
    }
}

hra_code hra_cut_into_tenths(const hra_followed *f, const double *risk, double horizon, hra_tenths *out,
                             hra_error *error)
{
    const int64_t count = f->people->rows;
    *out = (hra_tenths){0};
    if (!count) return HRA_OK;
    int64_t *rows = malloc((size_t)count * sizeof *rows);
    double *ascending = malloc((size_t)count * sizeof *ascending);
    hra_code code = rows && ascending ? hra_order_rows(risk, count, rows, error) : hra_evaluate_no_memory(error);
    if (code == HRA_OK) {
        for (int64_t i = 0; i < count; i++) ascending[i] = risk[rows[i]];
        observe_groups(f, risk, horizon, rows, ascending, out);
    }
    free(rows);
    free(ascending);
    return code;
}

hra_gnd hra_test_tenths(const hra_tenths *t)
{
    hra_gnd out = {NAN, NAN, t->groups - 1, ""};
    if (t->groups < 2) {
        out.why = "there are fewer than two groups of different risks";
        return out;
    }
    double sum = 0;
    for (int g = 0; g < t->groups; g++) {
        const hra_observed *o = &t->group[g].observed;
        double difference = o->risk - t->group[g].expected;
        if (isnan(o->risk))
            out.why = "a tenth is not followed to the horizon";
        else if (!(o->standard_error > 0))
            out.why = "a tenth has no event by the horizon, or nobody free of it then";
        if (*out.why) return out;
        sum += difference * difference / (o->standard_error * o->standard_error);
    }
    out.chi_square = sum;
    out.p = hra_p_of_chi_square(sum, out.degrees);
    return out;
}
