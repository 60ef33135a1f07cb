#include "evaluate/curve_distance.h"

#include <stdlib.h>

#include "evaluate/compensated_sum.h"
#include "evaluate/order.h"

static double weighted_quantile(const double *ascending, const double *weight, const int64_t *order, int64_t count,
                                double share, double total)
{
    hra_sum below = {0, 0};
    int64_t i = 0;
    for (; i < count - 1; i++) {
        hra_sum_add(&below, weight[order[i]]);
        if (hra_sum_of(&below) >= share * total) break;
    }
    return ascending[i];
}

static void sum_up(const double *ascending, const double *weight, const int64_t *order, int64_t count,
                   hra_curve_distance *out)
{
    hra_sum sum = {0, 0}, all = {0, 0};
    for (int64_t i = 0; i < count; i++) {
        double w = weight ? weight[order[i]] : 1;
        hra_sum_add(&sum, w * ascending[i]);
        hra_sum_add(&all, w);
    }
    double total = hra_sum_of(&all);
    out->ici = hra_sum_of(&sum) / total;
    out->e50 =
        weight ? weighted_quantile(ascending, weight, order, count, 0.5, total) : hra_quantile(ascending, count, 0.5);
    out->e90 =
        weight ? weighted_quantile(ascending, weight, order, count, 0.9, total) : hra_quantile(ascending, count, 0.9);
    out->emax = ascending[count - 1];
}

hra_code hra_sum_up_distances(const double *difference, const double *weight, int64_t count, hra_curve_distance *out,
                              hra_error *error)
{
    int64_t *order = malloc((size_t)count * sizeof *order);
    double *ascending = malloc((size_t)count * sizeof *ascending);
    hra_code code =
        order && ascending ? hra_order_rows(difference, count, order, error) : hra_evaluate_no_memory(error);
    if (!code) {
        for (int64_t i = 0; i < count; i++) ascending[i] = difference[order[i]];
        sum_up(ascending, weight, order, count, out);
    }
    free(order);
    free(ascending);
    return code;
}
