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

/* Room for as many values as there are people in the cohort. */
typedef struct smooth_room {
    double *bend; /* by row */
    double *value, *weight;
    int64_t *order;
} smooth_room;

static hra_code find_knots(const hra_log_log *l, smooth_room *room, double knot[KNOTS], hra_error *error)
{
    double *ascending = room->weight; /* not needed yet */
    for (int64_t i = 0; i < l->count; i++) room->value[i] = l->value[l->rows[i]];
    HRA_TRY(hra_order_rows(room->value, l->count, room->order, error));
    for (int64_t i = 0; i < l->count; i++) ascending[i] = room->value[room->order[i]];
    for (int k = 0; k < KNOTS; k++) knot[k] = hra_quantile(ascending, l->count, 0.1 + 0.4 * k);
    return HRA_OK;
}

static void find_distances(const hra_followed *f, const double *risk, const hra_log_log *l, const hra_cox_fit *fit,
                           smooth_room *room)
{
    for (int64_t i = 0; i < l->count; i++) {
        int64_t row = l->rows[i];
        double predictor = fit->coefficient[0] * (l->value[row] - fit->centre[0]) +
                           fit->coefficient[1] * (room->bend[row] - fit->centre[1]);
        room->value[i] = fabs(-expm1(-fit->hazard * exp(predictor)) - risk[row]);
        room->weight[i] = hra_cohort_weight(f->people, row);
    }
}

static hra_code calibrate(const hra_followed *f, const double *risk, const hra_log_log *l, double horizon,
                          smooth_room *room, hra_curve_distance *out, const char **why, hra_error *error)
{
    double knot[KNOTS];
    HRA_TRY(find_knots(l, room, knot, error));
    if (!(knot[0] < knot[1] && knot[1] < knot[2])) {
        *why = "too few different risks for a smooth curve";
        return HRA_OK;
    }
    for (int64_t i = 0; i < l->count; i++) room->bend[l->rows[i]] = bend(knot, l->value[l->rows[i]]);
    hra_cox_data data = {f->people, l->rows, l->count, {l->value, room->bend}, 2, INFINITY};
    hra_cox_fit fit;
    hra_fit_cox(&data, horizon, &fit);
    *why = fit.why;
    if (*fit.why) return HRA_OK;
    find_distances(f, risk, l, &fit, room);
    return hra_sum_up_distances(room->value, f->people->weight ? room->weight : NULL, l->count, out, error);
}

hra_code hra_calibrate_smoothly(const hra_followed *f, const double *risk, const hra_log_log *l, double horizon,
                                hra_curve_distance *out, const char **why, hra_error *error)
{
    const char *fault = smooth_fault(f, l, horizon);
    *out = (hra_curve_distance){NAN, NAN, NAN, NAN};
    *why = fault ? fault : "";
    if (fault) return HRA_OK;
    size_t rows = (size_t)f->people->rows;
    smooth_room room = {malloc(rows * sizeof *room.bend), malloc(rows * sizeof *room.value),
                        malloc(rows * sizeof *room.weight), malloc(rows * sizeof *room.order)};
    hra_code code = room.bend && room.value && room.weight && room.order
                        ? calibrate(f, risk, l, horizon, &room, out, why, error)
                        : hra_evaluate_no_memory(error);
    free(room.bend);
    free(room.value);
    free(room.weight);
    free(room.order);
    return code;
}
