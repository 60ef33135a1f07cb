/* Sorting pairs of value and row keeps the comparison in one place of memory. */
#include "evaluate/order.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

typedef struct keyed_row {
    double value;
    int64_t row;
} keyed_row;

static int by_value(const void *a, const void *b)
{
    const keyed_row *x = a, *y = b;
    if (x->value != y->value) return x->value < y->value ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

hra_code hra_evaluate_no_memory(hra_error *error)
{
    return hra_fail(error, HRA_ENOMEM, "not enough memory for the measures of an evaluation");
}

hra_code hra_order_rows(const double *value, int64_t rows, int64_t *order, hra_error *error)
{
    keyed_row *pairs = malloc((size_t)(rows ? rows : 1) * sizeof *pairs);
    if (!pairs) return hra_evaluate_no_memory(error);
    for (int64_t i = 0; i < rows; i++) pairs[i] = (keyed_row){value[i], i};
    qsort(pairs, (size_t)rows, sizeof *pairs, by_value);
    for (int64_t i = 0; i < rows; i++) order[i] = pairs[i].row;
    free(pairs);
    return HRA_OK;
}

double hra_quantile(const double *ascending, int64_t count, double share)
{
    double place = (double)(count - 1) * share;
    double below = floor(place + 4 * DBL_EPSILON); /* a place that is whole but for rounding is whole */
    double part = place - below;
    double low = ascending[(int64_t)below];
    if (part <= 0 || (int64_t)below + 1 >= count) return low;
    double high = ascending[(int64_t)below + 1];
    return high == low ? low : (1 - part) * low + part * high;
}
