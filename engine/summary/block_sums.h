/* What rows of a column add to sums: values in fixed point (2^-32), flags bit by bit, with the vectors this
 * processor has. The same whole numbers everywhere. Internal to engine/summary. */
#ifndef HRA_SUMMARY_BLOCK_SUMS_H
#define HRA_SUMMARY_BLOCK_SUMS_H

#include <stdint.h>

enum { HRA_SUM_BLOCK = 64 }; /* rows that are looked at together: a word of a flag */

/* Rows, a bit each, that need a closer look and added nothing: beyond 2^14 in magnitude, or without a usable value. */
typedef struct hra_block_odd {
    uint64_t large, unknown;
} hra_block_odd;

/* llrint(value * 2^32) */
int64_t hra_fixed_point(double value);
double hra_fixed_point_mean(__int128 sum, int64_t count);

/* ---- rows of one group: added to what is there ---------------------------------------------- */

void hra_rows_sum(const double *values, int rows, __int128 *sum, uint32_t *unknown);
/* Of a category of few levels: counts[0] those without one, then those of each. */
void hra_rows_levels(const uint16_t *levels, int rows, int level_count, uint32_t *counts);
/* Of each plane the bits set from row `start` up to row `end`. */
void hra_rows_bits(uint64_t *const *planes, int plane_count, int start, int end, uint32_t *counts);

/* ---- a block of rows of several groups: at most HRA_SUM_BLOCK --------------------------------- */

/* Fixed point of each value; 0 of the odd ones. */
hra_block_odd hra_block_units(const double *values, int rows, int64_t *units);

#endif
