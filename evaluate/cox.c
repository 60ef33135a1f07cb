/* Newton's method on the logarithm of the partial likelihood. Each step walks from the last time to the first and keeps
 * sums over those at risk; the covariates are centred, so that exponents stay small. */
#include "evaluate/cox.h"

#include <math.h>
#include <stdbool.h>

#include "evaluate/compensated_sum.h"

enum { ITERATIONS = 60, HALVINGS = 30, PRODUCTS = 3 }; /* of two covariates: first squared, both, second squared */

/* Sums over people of weight * exp(linear predictor) times 1, covariates, products of covariates. */
typedef struct moments {
    double zeroth, first[HRA_COX_COVARIATES], second[PRODUCTS];
} moments;

typedef struct likelihood {
    double value, score[HRA_COX_COVARIATES], information[PRODUCTS];
    double hazard, weight; /* weight: of the events */
    double hazard_squares; /* of the steps of the hazard */
    double hazard_mean;    /* the steps times the mean of the first covariate of those at risk */
    int64_t events;
    hra_sum value_sum,
        score_sum[HRA_COX_COVARIATES]; /* a step of the last digits is lost in sums of millions of terms */
} likelihood;

typedef struct problem {
    const hra_cox_data *data;
    double horizon;
    double centre[HRA_COX_COVARIATES], beta[HRA_COX_COVARIATES];
} problem;

static void centred(const problem *p, int64_t row, double x[HRA_COX_COVARIATES])
{
    for (int k = 0; k < HRA_COX_COVARIATES; k++)
        x[k] = k < p->data->covariates ? p->data->covariate[k][row] - p->centre[k] : 0;
}

static double predictor(const problem *p, const double x[HRA_COX_COVARIATES])
{
    return p->beta[0] * x[0] + p->beta[1] * x[1];
}

static void add_person(const problem *p, int64_t row, moments *m)
{
    double x[HRA_COX_COVARIATES];
    centred(p, row, x);
    double weight = hra_cohort_weight(p->data->people, row) * exp(predictor(p, x));
    m->zeroth += weight;
    for (int k = 0; k < HRA_COX_COVARIATES; k++) m->first[k] += weight * x[k];
    m->second[0] += weight * x[0] * x[0];
    m->second[1] += weight * x[0] * x[1];
    m->second[2] += weight * x[1] * x[1];
}

/* One term of Efron's sum: of those at risk, `share` of the events of this time are gone already. */
static void add_term(likelihood *l, const moments *at_risk, const moments *events, double share, double weight)
{
    double zeroth = at_risk->zeroth - share * events->zeroth, mean[HRA_COX_COVARIATES], second[PRODUCTS];
    for (int k = 0; k < HRA_COX_COVARIATES; k++) {
        mean[k] = (at_risk->first[k] - share * events->first[k]) / zeroth;
        hra_sum_add(&l->score_sum[k], -weight * mean[k]);
    }
    for (int k = 0; k < PRODUCTS; k++) second[k] = (at_risk->second[k] - share * events->second[k]) / zeroth;
    l->information[0] += weight * (second[0] - mean[0] * mean[0]);
    l->information[1] += weight * (second[1] - mean[0] * mean[1]);
    l->information[2] += weight * (second[2] - mean[1] * mean[1]);
    hra_sum_add(&l->value_sum, -weight * log(zeroth));
}

static void add_hazard(likelihood *l, const moments *at_risk, const moments *events, double share, double weight)
{
    double zeroth = at_risk->zeroth - share * events->zeroth, step = weight / zeroth;
    l->hazard += step;
    l->hazard_squares += step * step;
    l->hazard_mean += step * (at_risk->first[0] - share * events->first[0]) / zeroth;
}

static bool has_event(const hra_cox_data *d, int64_t row)
{
    return d->people->event[row] == HRA_EVENT && d->people->time[row] <= d->until;
}

/* Where the rows of one time begin that end before `end`. */
static int64_t time_block_begin(const hra_cox_data *d, int64_t end)
{
    int64_t begin = end - 1;
    while (begin > 0 && d->people->time[d->rows[begin - 1]] == d->people->time[d->rows[end - 1]]) begin--;
    return begin;
}

/* The people begin..end of one time join those at risk; what their events say is added. */
static void add_time(const problem *p, int64_t begin, int64_t end, moments *at_risk, likelihood *l)
{
    const hra_cohort *c = p->data->people;
    moments events = {0};
    double weight = 0;
    int64_t count = 0;
    for (int64_t i = begin; i < end; i++) {
        int64_t row = p->data->rows[i];
        add_person(p, row, at_risk);
        if (!has_event(p->data, row)) continue;
        double x[HRA_COX_COVARIATES], own = hra_cohort_weight(c, row);
        centred(p, row, x);
        add_person(p, row, &events);
        for (int k = 0; k < HRA_COX_COVARIATES; k++) hra_sum_add(&l->score_sum[k], own * x[k]);
        hra_sum_add(&l->value_sum, own * predictor(p, x));
        weight += own;
        count++;
    }
    for (int64_t k = 0; k < count; k++) {
        double share = (double)k / (double)count, each = weight / (double)count;
        add_term(l, at_risk, &events, share, each);
        if (c->time[p->data->rows[begin]] <= p->horizon) add_hazard(l, at_risk, &events, share, each);
    }
    l->weight += weight;
    l->events += count;
}

static likelihood evaluate(const problem *p)
{
    const hra_cox_data *d = p->data;
    likelihood l = {0};
    moments at_risk = {0};
    for (int64_t end = d->count, begin; end > 0; end = begin) {
        begin = time_block_begin(d, end);
        add_time(p, begin, end, &at_risk, &l);
    }
    l.value = hra_sum_of(&l.value_sum);
    for (int k = 0; k < HRA_COX_COVARIATES; k++) l.score[k] = hra_sum_of(&l.score_sum[k]);
    return l;
}

/* The inverse of the information; false: there is none. */
static bool invert(const likelihood *l, int covariates, double inverse[PRODUCTS])
{
    const double *i = l->information;
    if (covariates == 1) {
        inverse[0] = 1 / i[0];
        inverse[1] = inverse[2] = 0;
        return i[0] > 0 && isfinite(inverse[0]);
    }
    double determinant = i[0] * i[2] - i[1] * i[1];
    inverse[0] = i[2] / determinant;
    inverse[1] = -i[1] / determinant;
    inverse[2] = i[0] / determinant;
    return i[0] > 0 && determinant > 1e-14 * i[0] * i[2];
}

/* Where the likelihood has no maximum it flattens for ever, and the information fades with it. */
static bool has_faded(const likelihood *now, const likelihood *start, int covariates)
{
    const double little = 1e-9;
    return now->information[0] < little * start->information[0] ||
           (covariates == 2 && now->information[2] < little * start->information[2]);
}

/* Goes to the maximum; `at` is the likelihood there. False: there is none. */
static bool climb(problem *p, likelihood *at, double inverse[PRODUCTS])
{
    *at = evaluate(p);
    const likelihood start = *at;
    for (int turn = 0; turn < ITERATIONS; turn++) {
        if (!invert(at, p->data->covariates, inverse) || has_faded(at, &start, p->data->covariates)) return false;
        double step[HRA_COX_COVARIATES] = {inverse[0] * at->score[0] + inverse[1] * at->score[1],
                                           inverse[1] * at->score[0] + inverse[2] * at->score[1]};
        const double from[HRA_COX_COVARIATES] = {p->beta[0], p->beta[1]};
        double decrement = step[0] * at->score[0] + step[1] * at->score[1];  /* twice what is left to gain */
        bool there = decrement <= 1e-18 * fmax(at->weight, fabs(at->value)); /* in whatever unit weights are */
        likelihood next;
        double part = 1;
        for (int k = 0; k < HALVINGS; k++, part /= 2) {
            for (int j = 0; j < HRA_COX_COVARIATES; j++) p->beta[j] = from[j] + part * step[j];
            next = evaluate(p);
            if (isfinite(next.value) && next.value >= at->value - 1e-12 * fabs(at->value)) break;
        }
        *at = next;
        if (there) return invert(at, p->data->covariates, inverse) && !has_faded(at, &start, p->data->covariates);
    }
    return false;
}

/* Sums over the people met so far, of score residuals r (what a person's weight does to the score at the maximum) and
 * of weights e = weight * exp(linear predictor). */
typedef struct residual_sums {
    double rr, re, rex, ee, eex, eexx;
} residual_sums;

static void add_residual(residual_sums *s, double r, double e, double x)
{
    s->rr += r * r;
    s->re += r * e;
    s->rex += r * e * x;
    s->ee += e * e;
    s->eex += e * e * x;
    s->eexx += e * e * x * x;
}

/* Everybody's r becomes r - e * (hazard * x - pull): they are at risk when there are events. */
static void expose(residual_sums *s, double hazard, double pull)
{
    s->rr += hazard * hazard * s->eexx - 2 * hazard * pull * s->eex + pull * pull * s->ee -
             2 * (hazard * s->rex - pull * s->re);
    s->re -= hazard * s->eex - pull * s->ee;
    s->rex -= hazard * s->eexx - pull * s->eex;
}

/* What the events of one time do to those at risk: increments of the hazard, and the same times the mean covariate of
 * those at risk. */
typedef struct increments {
    double hazard, pull;         /* for those who stay */
    double own_hazard, own_pull; /* for those with the events, of whom Efron's terms hold only a share */
    double mean;                 /* of the covariate, over the terms */
} increments;

static increments increments_of(const moments *at_risk, const moments *events, double weight, int64_t count)
{
    increments n = {0};
    for (int64_t k = 0; k < count; k++) {
        double share = (double)k / (double)count, zeroth = at_risk->zeroth - share * events->zeroth;
        double mean = (at_risk->first[0] - share * events->first[0]) / zeroth;
        double hazard = weight / (double)count / zeroth;
        n.hazard += hazard;
        n.pull += hazard * mean;
        n.own_hazard += (1 - share) * hazard;
        n.own_pull += (1 - share) * hazard * mean;
        n.mean += mean / (double)count;
    }
    return n;
}

static void expose_time(const problem *p, int64_t begin, int64_t end, moments *at_risk, residual_sums *sums)
{
    const hra_cox_data *d = p->data;
    moments events = {0};
    double weight = 0;
    int64_t count = 0;
    for (int64_t i = begin; i < end; i++) {
        add_person(p, d->rows[i], at_risk);
        if (!has_event(d, d->rows[i])) continue;
        add_person(p, d->rows[i], &events);
        weight += hra_cohort_weight(d->people, d->rows[i]);
        count++;
    }
    increments n = increments_of(at_risk, &events, weight, count);
    expose(sums, n.hazard, n.pull);
    for (int64_t i = begin; i < end; i++) {
        double x[HRA_COX_COVARIATES], own = hra_cohort_weight(d->people, d->rows[i]);
        centred(p, d->rows[i], x);
        double e = own * exp(predictor(p, x));
        double r = has_event(d, d->rows[i]) ? own * (x[0] - n.mean) - e * (n.own_hazard * x[0] - n.own_pull)
                                            : -e * (n.hazard * x[0] - n.pull);
        add_residual(sums, r, e, x[0]);
    }
}

/* Of the only covariate. Each person's residual changes at all events before the person's time: going back, that is
 * done to the sums instead. */
static double robust_error(const problem *p, double inverse)
{
    const hra_cox_data *d = p->data;
    moments at_risk = {0};
    residual_sums sums = {0};
    for (int64_t end = d->count, begin; end > 0; end = begin) {
        begin = time_block_begin(d, end);
        expose_time(p, begin, end, &at_risk, &sums);
    }
    return inverse * sqrt(fmax(0, sums.rr));
}

/* Of the logarithm of the cumulative hazard of somebody whose only covariate is 0: from the events, and from the
 * coefficient, which turns the hazards about the mean of those at risk. */
static double baseline_error(const problem *p, const likelihood *at, double inverse)
{
    double turn = at->hazard_mean / at->hazard + p->centre[0];
    return sqrt(at->hazard_squares / (at->hazard * at->hazard) + inverse * turn * turn);
}

static bool varies(const hra_cox_data *d, int k)
{
    for (int64_t i = 1; i < d->count; i++)
        if (d->covariate[k][d->rows[i]] != d->covariate[k][d->rows[0]]) return true;
    return false;
}

static void find_centre(problem *p)
{
    const hra_cox_data *d = p->data;
    for (int k = 0; k < d->covariates; k++) {
        double sum = 0;
        for (int64_t i = 0; i < d->count; i++) sum += d->covariate[k][d->rows[i]];
        p->centre[k] = sum / (double)d->count;
    }
}

void hra_fit_cox(const hra_cox_data *data, double horizon, hra_cox_fit *fit)
{
    *fit = (hra_cox_fit){.why = ""};
    problem p = {.data = data, .horizon = horizon};
    for (int k = 0; k < data->covariates; k++)
        if (!varies(data, k)) {
            fit->why = "all risks are equal";
            return;
        }
    find_centre(&p);
    likelihood at;
    double inverse[PRODUCTS];
    bool found = climb(&p, &at, inverse);
    if (!at.events)
        fit->why = "nobody has the event";
    else if (!found)
        fit->why = "the slope is infinite or not determined: the risks put the events in their order";
    if (*fit->why) return;
    for (int k = 0; k < data->covariates; k++) {
        fit->coefficient[k] = p.beta[k];
        fit->standard_error[k] = sqrt(inverse[k == 0 ? 0 : 2]);
        fit->centre[k] = p.centre[k];
    }
    if (data->covariates == 1) fit->robust_error = robust_error(&p, inverse[0]);
    fit->hazard = at.hazard;
    if (data->covariates == 1) fit->baseline_error = baseline_error(&p, &at, inverse[0]);
}
