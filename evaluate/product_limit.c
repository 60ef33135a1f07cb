/* Both estimates go through blocks of equal times. The weight at risk is summed from the last time to the first: the
 * last block is then at risk exactly with its own weight, whatever the weights are. */
#include "evaluate/product_limit.h"

#include <math.h>
#include <stdlib.h>

#include "evaluate/order.h"

int64_t hra_time_block_end(const hra_followed *f, int64_t begin)
{
    const double *time = f->people->time;
    int64_t end = begin + 1;
    while (end < f->people->rows && time[f->order[end]] == time[f->order[begin]]) end++;
    return end;
}

static void weigh_stays(hra_followed *f)
{
    const hra_cohort *c = f->people;
    double later = 0;
    for (int64_t end = c->rows, begin; end > 0; end = begin) {
        double weight = 0;
        for (begin = end; begin > 0 && c->time[f->order[begin - 1]] == c->time[f->order[end - 1]]; begin--) {
            int64_t row = f->order[begin - 1];
            f->stays[row] = later;
            weight += hra_cohort_weight(c, row);
            f->competing |= c->event[row] == HRA_COMPETING;
        }
        later += weight;
    }
    f->total_weight = later;
}

static void follow_censoring(hra_followed *f)
{
    const hra_cohort *c = f->people;
    double uncensored = 1;
    for (int64_t begin = 0, end; begin < c->rows; begin = end) {
        end = hra_time_block_end(f, begin);
        double censored = 0, stays = f->stays[f->order[begin]];
        for (int64_t i = begin; i < end; i++) {
            int64_t row = f->order[i];
            f->uncensored[row] = uncensored;
            if (c->event[row] == HRA_CENSORED) censored += hra_cohort_weight(c, row);
        }
        if (censored > 0) uncensored *= stays / (stays + censored);
    }
    f->at_end = uncensored;
}

hra_code hra_followed_new(hra_followed **out, const hra_cohort *people, hra_error *error)
{
    size_t rows = (size_t)(people->rows ? people->rows : 1);
    hra_followed *f = calloc(1, sizeof *f);
    if (!f) return hra_evaluate_no_memory(error);
    f->people = people;
    f->order = malloc(rows * sizeof *f->order);
    f->uncensored = malloc(rows * sizeof *f->uncensored);
    f->stays = malloc(rows * sizeof *f->stays);
    hra_code code = f->order && f->uncensored && f->stays ? hra_order_rows(people->time, people->rows, f->order, error)
                                                          : hra_evaluate_no_memory(error);
    if (code != HRA_OK) {
        hra_followed_free(f);
        return code;
    }
    weigh_stays(f);
    follow_censoring(f);
    *out = f;
    return HRA_OK;
}

void hra_followed_free(hra_followed *f)
{
    if (!f) return;
    free(f->order);
    free(f->uncensored);
    free(f->stays);
    free(f);
}

/* How many of the rows in order have a time of at most `t`. */
static int64_t rows_until(const hra_cohort *c, const int64_t *order, int64_t count, double t)
{
    int64_t low = 0, high = count;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (c->time[order[middle]] <= t)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

double hra_uncensored_at(const hra_followed *f, double t)
{
    int64_t until = rows_until(f->people, f->order, f->people->rows, t);
    return until < f->people->rows ? f->uncensored[f->order[until]] : f->at_end;
}

/* Influences of people on the risk that is still to come, of those who are at risk at some time: sums that are all the
 * variance needs. An influence is the derivative of the risk by the person's weight. */
typedef struct influence_sums {
    double squares; /* of the weights */
    double first;   /* squared weight times influence */
    double second;  /* squared weight times squared influence */
} influence_sums;

static void add_influence(influence_sums *s, double weight, double influence)
{
    s->squares += weight * weight;
    s->first += weight * weight * influence;
    s->second += weight * weight * influence * influence;
}

/* Every influence v becomes shift + scale * v. */
static void move_influences(influence_sums *s, double shift, double scale)
{
    s->second = shift * shift * s->squares + 2 * shift * scale * s->first + scale * scale * s->second;
    s->first = shift * s->squares + scale * s->first;
}

/* The estimate, seen from some time on: going back from the horizon. */
typedef struct backward {
    double risk;    /* of the event by the horizon among those at risk at this time */
    double free;    /* probability of neither event up to the horizon */
    double at_risk; /* weight */
    influence_sums influences;
} backward;

/* Goes back over the rows begin..end of one time. */
static void step_back(backward *b, const hra_cohort *c, const int64_t *rows, int64_t begin, int64_t end)
{
    double weight[3] = {0, 0, 0};
    for (int64_t i = begin; i < end; i++) weight[c->event[rows[i]]] += hra_cohort_weight(c, rows[i]);
    double stays = b->at_risk + weight[HRA_CENSORED];
    double at_risk = stays + weight[HRA_EVENT] + weight[HRA_COMPETING];
    double cause = weight[HRA_EVENT] / at_risk, any = (weight[HRA_EVENT] + weight[HRA_COMPETING]) / at_risk;
    double shift = -(cause - b->risk * any) / at_risk;
    move_influences(&b->influences, shift, stays / at_risk);
    for (int64_t i = begin; i < end; i++) {
        double of_event[3] = {0, (1 - b->risk) / at_risk, -b->risk / at_risk};
        add_influence(&b->influences, hra_cohort_weight(c, rows[i]), shift + of_event[c->event[rows[i]]]);
    }
    b->risk = cause + stays / at_risk * b->risk;
    b->free *= stays / at_risk;
    b->at_risk = at_risk;
}

hra_observed hra_observe(const hra_cohort *c, const int64_t *rows, int64_t count, double horizon)
{
    hra_observed out = {NAN, NAN, count, 0, ""};
    if (!count) {
        out.why = "nobody";
        return out;
    }
    int64_t until = rows_until(c, rows, count, horizon);
    backward b = {.free = 1};
    for (int64_t i = count; i > until; i--) {
        double weight = hra_cohort_weight(c, rows[i - 1]);
        b.at_risk += weight;
        add_influence(&b.influences, weight, 0);
    }
    for (int64_t end = until, begin; end > 0; end = begin) {
        for (begin = end; begin > 0 && c->time[rows[begin - 1]] == c->time[rows[end - 1]]; begin--)
            out.events += c->event[rows[begin - 1]] == HRA_EVENT;
        step_back(&b, c, rows, begin, end);
    }
    if (until == count && b.free > 0 && c->time[rows[count - 1]] < horizon) {
        out.why = "the horizon lies after the last follow-up";
        return out;
    }
    out.risk = b.risk;
    out.standard_error = sqrt(fmax(0, b.influences.second));
    return out;
}

hra_finding hra_found_observed(const hra_observed *o)
{
    if (isnan(o->risk)) return hra_found_none(o->why);
    hra_finding found = {{o->risk, NAN, NAN, NAN}, ""};
    if (o->risk > 0 && o->risk < 1) {
        found.is.standard_error = o->standard_error;
        double log_free = log1p(-o->risk);
        /* log(-log(1 - risk)) changes 1 / ((1 - risk) * -log(1 - risk)) times as fast as the risk */
        double spread = exp(HRA_NORMAL_975 * o->standard_error / ((1 - o->risk) * -log_free));
        found.is.lower = -expm1(log_free / spread);
        found.is.upper = -expm1(log_free * spread);
    }
    return found;
}

const char *hra_horizon_fault(const hra_followed *f, double horizon)
{
    const hra_cohort *c = f->people;
    if (!c->rows) return "nobody";
    double last = c->time[f->order[c->rows - 1]];
    bool censored_last = f->at_end == 0; /* else everybody's last is an event: all is known */
    if (!censored_last || last > horizon) return NULL;
    return last < horizon ? "the horizon lies after the last follow-up"
                          : "everybody who is free of the event at the horizon is censored there";
}
