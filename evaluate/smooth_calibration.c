#include "evaluate/smooth_calibration.h"

#include <math.h>
#include <stdlib.h>

#include "evaluate/cox.h"
#include "evaluate/order.h"

enum { KNOTS = 3 };

static double cubed_above_zero(double x) { return x > 0 ? x * x * x : 0; }

/* The second term of the spline: cubic between the knots, straight beyond them. */
static double bend(const double knot[KNOTS], double x)
{
    double width = knot[2] - knot[0], upper = knot[2] - knot[1], lower = knot[1] - knot[0];
    double first = cubed_above_zero(x - knot[0]), middle = cubed_above_zero(x - knot[1]),
           last = cubed_above_zero(x - knot[2]);
    return (first - middle * (width / upper) + last * (lower / upper)) / (width * width);
}

static const char *smooth_fault(const hra_followed *f, const hra_log_log *l, double horizon)
{
    if (f->competing) return "there are competing events";
    if (!l->count) return "nobody has a risk above 0 and below 1";
    return hra_horizon_fault(f, horizon);
}

/* Room for as many values as there are people in. */
typedef struct smooth_room {
    int64_t *order;
    double *ascending, *bend /* by row of the cohort */, *difference;
} smooth_room;

static hra_code find_knots(const hra_log_log *l, smooth_room *room, double knot[KNOTS], hra_error *error)
{
    for (int64_t i = 0; i < l->count; i++) room->difference[i] = l->value[l->rows[i]];
    HRA_TRY(hra_order_rows(room->difference, l->count, room->order, error));
    for (int64_t i = 0; i < l->count; i++) room->ascending[i] = room->difference[room->order[i]];
    for (int k = 0; k < KNOTS; k++) knot[k] = hra_quantile(room->ascending, l->count, 0.1 + 0.4 * k);
    return HRA_OK;
}

static double weighted_quantile(const hra_cohort *c, const hra_log_log *l, const smooth_room *room, double total,
                                double share)
{
    double below = 0;
    int64_t i = 0;
    for (; i < l->count - 1; i++) {
        below += hra_cohort_weight(c, l->rows[room->order[i]]);
        if (below >= share * total) break;
    }
    return room->ascending[i];
}

static hra_code summarize(const hra_cohort *c, const hra_log_log *l, smooth_room *room, hra_smooth_calibration *out,
                          hra_error *error)
{
    double sum = 0, total = 0;
    for (int64_t i = 0; i < l->count; i++) {
        sum += hra_cohort_weight(c, l->rows[i]) * room->difference[i];
        total += hra_cohort_weight(c, l->rows[i]);
    }
    HRA_TRY(hra_order_rows(room->difference, l->count, room->order, error));
    for (int64_t i = 0; i < l->count; i++) room->ascending[i] = room->difference[room->order[i]];
    out->ici = sum / total;
    out->e50 = c->weight ? weighted_quantile(c, l, room, total, 0.5) : hra_quantile(room->ascending, l->count, 0.5);
    out->e90 = c->weight ? weighted_quantile(c, l, room, total, 0.9) : hra_quantile(room->ascending, l->count, 0.9);
    out->emax = room->ascending[l->count - 1];
    return HRA_OK;
}

static hra_code calibrate(const hra_followed *f, const double *risk, const hra_log_log *l, double horizon,
                          smooth_room *room, hra_smooth_calibration *out, hra_error *error)
{
    double knot[KNOTS];
    HRA_TRY(find_knots(l, room, knot, error));
    if (!(knot[0] < knot[1] && knot[1] < knot[2])) {
        out->why = "too few different risks for a smooth curve";
        return HRA_OK;
    }
    for (int64_t i = 0; i < l->count; i++) room->bend[l->rows[i]] = bend(knot, l->value[l->rows[i]]);
    hra_cox_data data = {f->people, l->rows, l->count, {l->value, room->bend}, 2, INFINITY};
    hra_cox_fit fit;
    hra_fit_cox(&data, horizon, &fit);
    out->why = fit.why;
    if (*fit.why) return HRA_OK;
    for (int64_t i = 0; i < l->count; i++) {
        int64_t row = l->rows[i];
        double predictor = fit.coefficient[0] * (l->value[row] - fit.centre[0]) +
                           fit.coefficient[1] * (room->bend[row] - fit.centre[1]);
        room->difference[i] = fabs(-expm1(-fit.hazard * exp(predictor)) - risk[row]);
    }
    return summarize(f->people, l, room, out, error);
}

hra_code hra_calibrate_smoothly(const hra_followed *f, const double *risk, const hra_log_log *l, double horizon,
                                hra_smooth_calibration *out, hra_error *error)
{
    const char *fault = smooth_fault(f, l, horizon);
    *out = (hra_smooth_calibration){NAN, NAN, NAN, NAN, fault ? fault : ""};
    if (fault) return HRA_OK;
    size_t rows = (size_t)f->people->rows;
    smooth_room room = {malloc(rows * sizeof *room.order), malloc(rows * sizeof *room.ascending),
                        malloc(rows * sizeof *room.bend), malloc(rows * sizeof *room.difference)};
    hra_code code = room.order && room.ascending && room.bend && room.difference
                        ? calibrate(f, risk, l, horizon, &room, out, error)
                        : hra_evaluate_no_memory(error);
    free(room.order);
    free(room.ascending);
    free(room.bend);
    free(room.difference);
    return code;
}
