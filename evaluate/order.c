/* Values are sorted by their digits (base 2048), the last first: a pass keeps the order of the pass before, so equal
 * values stay in the order of their rows. */
#include "evaluate/order.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, PASSES = 6 };

typedef struct keyed_row {
    uint64_t key;
    int64_t row;
} keyed_row;

/* Whole numbers in the order of the doubles; -0 is 0. */
static uint64_t key_of(double value)
{
    uint64_t bits;
    value += 0.0;
    memcpy(&bits, &value, sizeof bits);
    return bits & (UINT64_C(1) << 63) ? ~bits : bits | UINT64_C(1) << 63;
}

static unsigned digit_of(uint64_t key, int pass) { return (unsigned)(key >> (pass * DIGIT_BITS)) & (DIGITS - 1); }

/* One pass from `from` to `to`; false if all have the same digit, and nothing was moved. */
static bool sort_by_digit(const keyed_row *from, keyed_row *to, int64_t rows, int pass)
{
    int64_t places[DIGITS] = {0};
    for (int64_t i = 0; i < rows; i++) places[digit_of(from[i].key, pass)]++;
    if (places[digit_of(from[0].key, pass)] == rows) return false;
    int64_t place = 0;
    for (int d = 0; d < DIGITS; d++) {
        int64_t count = places[d];
        places[d] = place;
        place += count;
    }
    for (int64_t i = 0; i < rows; i++) to[places[digit_of(from[i].key, pass)]++] = from[i];
    return true;
}

hra_code hra_evaluate_no_memory(hra_error *error)
{
    return hra_fail(error, HRA_ENOMEM, "not enough memory for the measures of an evaluation");
}

hra_code hra_order_rows(const double *value, int64_t rows, int64_t *order, hra_error *error)
{
    size_t bytes = (size_t)(rows ? rows : 1) * sizeof(keyed_row);
    keyed_row *pairs = malloc(bytes), *spare = malloc(bytes);
    if (!pairs || !spare) {
        free(pairs);
        free(spare);
        return hra_evaluate_no_memory(error);
    }
    for (int64_t i = 0; i < rows; i++) pairs[i] = (keyed_row){key_of(value[i]), i};
    for (int pass = 0; pass < PASSES && rows > 0; pass++)
        if (sort_by_digit(pairs, spare, rows, pass)) {
            keyed_row *sorted = spare;
            spare = pairs;
            pairs = sorted;
        }
    for (int64_t i = 0; i < rows; i++) order[i] = pairs[i].row;
    free(pairs);
    free(spare);
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
