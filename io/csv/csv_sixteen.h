/* Sixteen cells of a column side by side, 32 bits for each; where the processor has HRA_VECTOR_AVX512. */
#ifndef HRA_IO_CSV_SIXTEEN_H
#define HRA_IO_CSV_SIXTEEN_H

#include "io/csv/csv_columns.h"

#if defined(__x86_64__)
#include <immintrin.h>

typedef struct hra_sixteen_cells {
    __m512i start, length;  /* in bytes of the text */
    __mmask16 there, blank; /* of rows that there are, of those without a character */
} hra_sixteen_cells;

/* Rows from `row` on, of `rows`, between two neighbours of hra_cell_ends. */
HRA_AVX512 static inline __attribute__((always_inline)) hra_sixteen_cells
hra_sixteen_find(const uint32_t *before, const uint32_t *ends, int row, int rows)
{
    hra_sixteen_cells cells;
    cells.there = rows - row >= 16 ? 0xFFFF : (__mmask16)((1 << (rows - row)) - 1);
    cells.start = _mm512_add_epi32(_mm512_loadu_si512(before + row), _mm512_set1_epi32(1));
    cells.length = _mm512_sub_epi32(_mm512_loadu_si512(ends + row), cells.start);
    cells.blank = _mm512_mask_testn_epi32_mask(cells.there, cells.length, cells.length);
    return cells;
}

/* Codes of rows from `row` on; `wide`: of 32 bits, else of 16. */
HRA_AVX512 static inline __attribute__((always_inline)) void hra_sixteen_put(__m512i code, int row, bool wide,
                                                                             void *codes)
{
    if (wide)
        _mm512_storeu_si512((uint32_t *)codes + row, code);
    else
        _mm256_storeu_si256((__m256i *)(void *)((uint16_t *)codes + row), _mm512_cvtepi32_epi16(code));
}
#endif

#endif
