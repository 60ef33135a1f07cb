/* Bits by column become bits by row. */
#ifndef HRA_BASE_BIT_ROWS_H
#define HRA_BASE_BIT_ROWS_H

#include <stddef.h>
#include <stdint.h>

/* Words of a row of `count` bits. */
static inline size_t hra_bit_words(int count) { return ((size_t)count + 63) / 64; }

/* Plane f holds bit f of every row: that of row r is bit r % 64 of word r / 64. Row r comes to out[r * pitch], bit f in
 * bit f % 64 of word f / 64; what is left of its last word is zero. */
void hra_bit_rows(const uint64_t *const *planes, int count, int rows, uint64_t *out, size_t pitch);

#endif
