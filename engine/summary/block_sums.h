/* What 64 rows of a column add to a sum: values in fixed point (2^-32), statuses bit by bit, with the vectors this
 * processor has. The same whole numbers everywhere. Internal to engine/summary. */
#ifndef HRA_SUMMARY_BLOCK_SUMS_H
#define HRA_SUMMARY_BLOCK_SUMS_H

#include <stdint.h>

#include "engine/run/status.h"

enum { HRA_SUM_BLOCK = 64 }; /* rows that are looked at together: a word of a flag */

/* Rows, a bit each, that need a closer look and added nothing: beyond 2^14 in magnitude, or without a usable value. */
typedef struct hra_block_odd {
    uint64_t large, unknown;
} hra_block_odd;

/* How many people have a status at all, and each of its bits. */
typedef struct hra_marks {
    int64_t marked, bits[HRA_STATUS_BITS];
} hra_marks;

/* llrint(value * 2^32) */
int64_t hra_fixed_point(double value);
double hra_fixed_point_mean(__int128 sum, int64_t count);

/* Fixed point of each of `rows` values, at most HRA_SUM_BLOCK. */
hra_block_odd hra_block_units(const double *values, int rows, int64_t *units);
/* The sum of `rows` values. 65536 rows stay below 2^62. */
hra_block_odd hra_block_sum(const double *values, int rows, int64_t *sum);
void hra_block_statuses(const uint8_t *status, int rows, hra_marks *marks);

void hra_marks_add(hra_marks *marks, unsigned status);

#endif
