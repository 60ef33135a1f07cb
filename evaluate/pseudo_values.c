#include "evaluate/pseudo_values.h"

/* The people of one time: begin..end in the order, and what happens to those at risk. */
typedef struct block {
    int64_t begin, end;
    double at_risk;
    double cause, any; /* hazards of the event and of either event */
} block;

static block block_at(const hra_followed *f, int64_t begin)
{
    const hra_cohort *c = f->people;
    block b = {.begin = begin, .end = hra_time_block_end(f, begin)};
    double weight[3] = {0, 0, 0};
    for (int64_t i = b.begin; i < b.end; i++) weight[c->event[f->order[i]]] += hra_cohort_weight(c, f->order[i]);
    b.at_risk = f->stays[f->order[begin]] + weight[HRA_CENSORED] + weight[HRA_EVENT] + weight[HRA_COMPETING];
    b.cause = weight[HRA_EVENT] / b.at_risk;
    b.any = (weight[HRA_EVENT] + weight[HRA_COMPETING]) / b.at_risk;
    return b;
}

static int64_t block_begin(const hra_followed *f, int64_t end)
{
    const double *time = f->people->time;
    int64_t begin = end - 1;
    while (begin > 0 && time[f->order[begin - 1]] == time[f->order[end - 1]]) begin--;
    return begin;
}

/* `rest`, by row: the risk by the horizon of those who are free of both events after the person's time. Returns the
 * risk of everybody. */
static double look_ahead(const hra_followed *f, int64_t until, double *rest)
{
    double risk = 0;
    for (int64_t end = until; end > 0;) {
        block b = block_at(f, block_begin(f, end));
        for (int64_t i = b.begin; i < b.end; i++) rest[f->order[i]] = risk;
        risk = b.cause + (1 - b.any) * risk;
        end = b.begin;
    }
    return risk;
}

/* Whoever is at risk at a time lowers the hazards there; whoever has an event then raises that event's. `value` holds
 * what look_ahead() wrote. */
static void add_up(const hra_followed *f, int64_t until, double risk, double *value)
{
    double free = 1, exposed = 0; /* exposed: the effect of having been at risk at all times so far */
    for (int64_t begin = 0; begin < until;) {
        block b = block_at(f, begin);
        double rest = value[f->order[begin]], each = f->total_weight * free / b.at_risk;
        const double of_event[3] = {0, each * (1 - rest), -each * rest};
        exposed += each * (b.cause - rest * b.any);
        for (int64_t i = b.begin; i < b.end; i++)
            value[f->order[i]] = risk + of_event[f->people->event[f->order[i]]] - exposed;
        free *= 1 - b.any;
        begin = b.end;
    }
    for (int64_t i = until; i < f->people->rows; i++) value[f->order[i]] = risk - exposed;
}

void hra_pseudo_values(const hra_followed *f, double horizon, double *value)
{
    int64_t until = 0;
    while (until < f->people->rows && f->people->time[f->order[until]] <= horizon) until++;
    add_up(f, until, look_ahead(f, until, value), value);
}
