#include "evaluate/calibration_curve.h"

#include <math.h>
#include <stdlib.h>

#include "evaluate/order.h"

/* The people in order of risk. */
typedef struct curve {
    int64_t count;
    double *risk, *weight, *outcome, *height;
} curve;

static double cube(double x) { return x * x * x; }

/* The height at `at` of the line through the people near it: those from `begin` on whose distance is below `reach`. */
static double height_at(const curve *c, double at, int64_t begin, double reach)
{
    const double border = 0.999 * reach, heart = 0.001 * reach, range = c->risk[c->count - 1] - c->risk[0];
    double weights = 0, first = 0, second = 0, outcomes = 0, moment = 0; /* moments of the distance from `at` */
    for (int64_t i = begin; i < c->count; i++) {
        double off = c->risk[i] - at, distance = fabs(off);
        if (distance > border) {
            if (off > 0) break;
            continue;
        }
        double weight = c->weight[i] * (distance <= heart ? 1 : cube(1 - cube(distance / reach)));
        double outcome = weight * c->outcome[i];
        weights += weight;
        first += weight * off;
        second += weight * off * off;
        outcomes += outcome;
        moment += outcome * off;
    }
    double mean = first / weights, variance = second / weights - mean * mean, height = outcomes / weights;
    if (variance > 0 && sqrt(variance) > 0.001 * range) height -= mean * (moment / weights - mean * height) / variance;
    return height;
}

static void fill_between(const curve *c, int64_t from, int64_t to)
{
    for (int64_t i = from + 1; i < to; i++) {
        double part = (c->risk[i] - c->risk[from]) / (c->risk[to] - c->risk[from]);
        c->height[i] = part * c->height[to] + (1 - part) * c->height[from];
    }
}

/* The last person within a step of person `from`, or else the next person. Those with the same risk as `from` get its
 * height and are passed: `from` is then the last of them. */
static int64_t next_point(const curve *c, int64_t *from, double step)
{
    double limit = c->risk[*from] + step;
    int64_t i = *from + 1;
    for (; i < c->count && c->risk[i] <= limit; i++)
        if (c->risk[i] == c->risk[*from]) {
            c->height[i] = c->height[*from];
            *from = i;
        }
    return i - 1 > *from ? i - 1 : *from + 1;
}

static void draw(const curve *c)
{
    const double step = 0.01 * (c->risk[c->count - 1] - c->risk[0]);
    int64_t near = (int64_t)(2.0 / 3 * (double)c->count + 1e-7); /* a whole number but for rounding is whole */
    if (near < 2) near = c->count < 2 ? c->count : 2;
    int64_t begin = 0, from = -1;
    for (int64_t at = 0; at < c->count;) {
        while (begin + near < c->count && c->risk[at] - c->risk[begin] > c->risk[begin + near] - c->risk[at]) begin++;
        double reach = fmax(c->risk[at] - c->risk[begin], c->risk[begin + near - 1] - c->risk[at]);
        c->height[at] = height_at(c, c->risk[at], begin, reach);
        if (from >= 0) fill_between(c, from, at);
        from = at;
        at = next_point(c, &from, step);
    }
}

static hra_code measure(const hra_cohort *people, const double *risk, const double *outcome, int64_t *order,
                        const curve *c, hra_curve_distance *out, hra_error *error)
{
    HRA_TRY(hra_order_rows(risk, people->rows, order, error));
    for (int64_t i = 0; i < c->count; i++) {
        c->risk[i] = risk[order[i]];
        c->weight[i] = hra_cohort_weight(people, order[i]);
        c->outcome[i] = outcome ? outcome[order[i]] : people->event[order[i]] == HRA_EVENT;
    }
    draw(c);
    for (int64_t i = 0; i < c->count; i++) c->height[i] = fabs(c->height[i] - c->risk[i]);
    return hra_sum_up_distances(c->height, people->weight ? c->weight : NULL, c->count, out, error);
}

hra_code hra_measure_curve(const hra_cohort *people, const double *risk, const double *outcome, hra_curve_distance *out,
                           hra_error *error)
{
    size_t rows = (size_t)people->rows;
    int64_t *order = malloc(rows * sizeof *order);
    double *room = malloc(4 * rows * sizeof *room);
    curve c = {people->rows, room, room + rows, room + 2 * rows, room + 3 * rows};
    hra_code code =
        order && room ? measure(people, risk, outcome, order, &c, out, error) : hra_evaluate_no_memory(error);
    free(order);
    free(room);
    return code;
}
