#include "evaluate/thresholds.h"

#include <stdlib.h>

#include "evaluate/compensated_sum.h"
#include "evaluate/observed_part.h"
#include "evaluate/order.h"
#include "evaluate/row_mean.h"

typedef struct at_threshold {
    hra_finding sensitivity, specificity, ppv, npv, net_benefit, net_benefit_all;
} at_threshold;

static hra_code add(hra_metrics *metrics, double threshold, const at_threshold *a, hra_error *error)
{
    HRA_TRY(hra_add_finding(metrics, "sensitivity", threshold, &a->sensitivity, error));
    HRA_TRY(hra_add_finding(metrics, "specificity", threshold, &a->specificity, error));
    HRA_TRY(hra_add_finding(metrics, "ppv", threshold, &a->ppv, error));
    HRA_TRY(hra_add_finding(metrics, "npv", threshold, &a->npv, error));
    HRA_TRY(hra_add_finding(metrics, "net_benefit", threshold, &a->net_benefit, error));
    return hra_add_finding(metrics, "net_benefit_all", threshold, &a->net_benefit_all, error);
}

static const char nobody_positive[] = "nobody has a risk of at least the threshold";
static const char nobody_negative[] = "nobody has a risk below the threshold";

/* ---- known outcomes ---- */

/* People of one kind. */
typedef struct tally {
    hra_sum weight, squares; /* squares: of the weights */
} tally;

/* What share of the people of two kinds is of the first kind. */
static hra_finding found_share(const tally *kind, const tally *others, const char *why_none)
{
    double weight = hra_sum_of(&kind->weight), all = weight + hra_sum_of(&others->weight);
    if (!(all > 0)) return hra_found_none(why_none);
    double squares = hra_sum_of(&kind->squares) + hra_sum_of(&others->squares);
    return hra_found_share(weight / all, all * all / squares);
}

/* The mean of 1 for the true positive, -odds for the false positive, 0 for the others. */
static hra_finding found_benefit(const hra_cohort *people, const tally *true_positive, const tally *false_positive,
                                 const tally *others, double odds)
{
    double weight =
        hra_sum_of(&true_positive->weight) + hra_sum_of(&false_positive->weight) + hra_sum_of(&others->weight);
    double mean = (hra_sum_of(&true_positive->weight) - odds * hra_sum_of(&false_positive->weight)) / weight;
    double squares = hra_sum_of(&true_positive->squares) * (1 - mean) * (1 - mean) +
                     hra_sum_of(&false_positive->squares) * (odds + mean) * (odds + mean) +
                     hra_sum_of(&others->squares) * mean * mean;
    double correction = people->rows > 1 ? (double)people->rows / (double)(people->rows - 1) : NAN;
    return hra_found(mean, sqrt(squares * correction) / weight, -INFINITY, 1);
}

static void add_tally(tally *to, const tally *other)
{
    hra_sum_add(&to->weight, hra_sum_of(&other->weight));
    hra_sum_add(&to->squares, hra_sum_of(&other->squares));
}

static at_threshold with_known_outcomes(const hra_cohort *people, const double *risk, double threshold)
{
    tally of[2][2] = {0}; /* positive, event */
    for (int64_t i = 0; i < people->rows; i++) {
        tally *t = &of[risk[i] >= threshold][people->event[i] == HRA_EVENT];
        double weight = hra_cohort_weight(people, i);
        hra_sum_add(&t->weight, weight);
        hra_sum_add(&t->squares, weight * weight);
    }
    double odds = threshold / (1 - threshold);
    tally negative = of[0][1], with = of[1][1], without = of[1][0], none = {0};
    add_tally(&negative, &of[0][0]);
    add_tally(&with, &of[0][1]);
    add_tally(&without, &of[0][0]);
    return (at_threshold){.sensitivity = found_share(&of[1][1], &of[0][1], "nobody has the event"),
                          .specificity = found_share(&of[0][0], &of[1][0], "everybody has the event"),
                          .ppv = found_share(&of[1][1], &of[1][0], nobody_positive),
                          .npv = found_share(&of[0][0], &of[0][1], nobody_negative),
                          .net_benefit = found_benefit(people, &of[1][1], &of[1][0], &negative, odds),
                          .net_benefit_all = found_benefit(people, &with, &without, &none, odds)};
}

/* ---- outcomes after a time ---- */

/* The model's people, cut at a threshold after threshold. */
typedef struct cut_people {
    const hra_followed *f;
    const double *risk;
    double horizon;
    int8_t *positive; /* by row */
    int64_t *room;
} cut_people;

static hra_part observe_side(const cut_people *c, double threshold, bool positive)
{
    for (int64_t i = 0; i < c->f->people->rows; i++) c->positive[i] = c->risk[i] >= threshold;
    return hra_observe_part(c->f, c->positive, positive, c->horizon, c->room);
}

static hra_finding found_part(double part, double other, const char *why_unknown, const char *why_none)
{
    if (isnan(part + other)) return hra_found_none(why_unknown);
    if (!(part + other > 0)) return hra_found_none(why_none);
    return hra_found(part / (part + other), NAN, 0, 1);
}

static hra_finding found_free(const hra_observed *observed)
{
    hra_finding found = hra_found_observed(observed);
    hra_estimate *is = &found.is;
    *is = (hra_estimate){1 - is->value, is->standard_error, 1 - is->upper, 1 - is->lower};
    return found;
}

static hra_finding found_side_benefit(const hra_part *positive, double odds)
{
    double value = positive->event - odds * positive->no_event;
    return isnan(value) ? hra_found_none(positive->observed.why) : hra_found(value, NAN, -INFINITY, 1);
}

static at_threshold with_times(const cut_people *c, double threshold, const hra_part *everybody)
{
    hra_part p = observe_side(c, threshold, true), n = observe_side(c, threshold, false);
    const char *unknown = isnan(p.event) ? p.observed.why : n.observed.why;
    double odds = threshold / (1 - threshold);
    at_threshold a = {.sensitivity = found_part(p.event, n.event, unknown, "nobody has the event by the horizon"),
                      .specificity =
                          found_part(n.no_event, p.no_event, unknown, "everybody has the event by the horizon"),
                      .ppv = hra_found_observed(&p.observed),
                      .npv = found_free(&n.observed),
                      .net_benefit = found_side_benefit(&p, odds),
                      .net_benefit_all = found_side_benefit(everybody, odds)};
    if (p.observed.people == 0) a.ppv.why = nobody_positive;
    if (n.observed.people == 0) a.npv.why = nobody_negative;
    return a;
}

static hra_code measure_times(hra_metrics *metrics, const cut_people *c, const double *thresholds, int threshold_count,
                              hra_error *error)
{
    hra_part everybody = observe_side(c, -INFINITY, true);
    for (int k = 0; k < threshold_count; k++) {
        at_threshold a = with_times(c, thresholds[k], &everybody);
        HRA_TRY(add(metrics, thresholds[k], &a, error));
    }
    return HRA_OK;
}

hra_code hra_followed_thresholds(hra_metrics *metrics, const hra_followed *people, const double *risk, double horizon,
                                 const double *thresholds, int threshold_count, hra_error *error)
{
    size_t rows = (size_t)(people->people->rows ? people->people->rows : 1);
    cut_people c = {people, risk, horizon, malloc(rows), malloc(rows * sizeof *c.room)};
    hra_code code = c.positive && c.room ? measure_times(metrics, &c, thresholds, threshold_count, error)
                                         : hra_evaluate_no_memory(error);
    free(c.positive);
    free(c.room);
    return code;
}

hra_code hra_threshold_measures(hra_metrics *metrics, const hra_cohort *people, const double *risk, double horizon,
                                const double *thresholds, int threshold_count, hra_error *error)
{
    if (!people->time) {
        for (int k = 0; k < threshold_count; k++) {
            at_threshold a = with_known_outcomes(people, risk, thresholds[k]);
            HRA_TRY(add(metrics, thresholds[k], &a, error));
        }
        return HRA_OK;
    }
    hra_followed *f = NULL;
    HRA_TRY(hra_followed_new(&f, people, error));
    hra_code code = hra_followed_thresholds(metrics, f, risk, horizon, thresholds, threshold_count, error);
    hra_followed_free(f);
    return code;
}
