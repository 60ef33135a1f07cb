/* Columns of cells of one character: flags, and categories written as a letter or a digit. */
#include "io/csv/csv_sixteen.h"

#if defined(__x86_64__)
/* Of ASCII characters: the table lies in four registers, so none is looked up in memory. */
HRA_AVX512 static inline __attribute__((always_inline)) __m512i meanings_of(const __m512i table[4], __m512i character)
{
    __m512i low = _mm512_permutex2var_epi16(table[0], character, table[1]);
    __m512i high = _mm512_permutex2var_epi16(table[2], character, table[3]);
    __mmask16 upper = _mm512_test_epi32_mask(character, _mm512_set1_epi32(0x40));
    return _mm512_srai_epi32(_mm512_slli_epi32(_mm512_mask_mov_epi32(low, upper, high), 16), 16);
}

HRA_AVX512 static hra_block_rows shorts_avx512(const char *text, const uint32_t *before, const uint32_t *ends, int rows,
                                               const hra_short_codes meanings, uint32_t missing, bool wide, void *codes)
{
    const __m512i none = _mm512_setzero_si512(), one = _mm512_set1_epi32(1);
    const __m512i table[4] = {_mm512_loadu_si512(meanings), _mm512_loadu_si512(meanings + 32),
                              _mm512_loadu_si512(meanings + 64), _mm512_loadu_si512(meanings + 96)};
    hra_block_rows all = {0, 0};
    for (int row = 0; row < rows; row += 16) {
        hra_sixteen_cells cells = hra_sixteen_find(before, ends, row, rows);
        __mmask16 single = _mm512_mask_cmpeq_epi32_mask(cells.there, cells.length, one);
        __m512i character = _mm512_mask_i32gather_epi32(none, single, cells.start, text, 1);
        character = _mm512_and_si512(character, _mm512_set1_epi32(0xFF));
        single = _mm512_mask_testn_epi32_mask(single, character, _mm512_set1_epi32(0x80));
        __m512i code = meanings_of(table, character);
        __mmask16 known = _mm512_mask_cmpge_epi32_mask(single, code, none);
        code = _mm512_mask_mov_epi32(_mm512_set1_epi32((int32_t)missing), known, code);
        hra_sixteen_put(code, row, wide, codes);
        all.blank |= (uint64_t)cells.blank << row;
        all.left |= (uint64_t)(__mmask16)(cells.there & ~(known | cells.blank)) << row;
    }
    return all;
}
#endif

static hra_block_rows shorts_plain(const char *text, const uint32_t *before, const uint32_t *ends, int rows,
                                   const hra_short_codes meanings, uint32_t missing, bool wide, void *codes)
{
    hra_block_rows all = {0, 0};
    for (int row = 0; row < rows; row++) {
        uint32_t start = before[row] + 1, length = ends[row] - start;
        int32_t meaning = length == 1 ? meanings[(unsigned char)text[start]] : -1;
        uint32_t code = meaning >= 0 ? (uint32_t)meaning : missing;
        all.blank |= (uint64_t)(length == 0) << row;
        all.left |= (uint64_t)(length > 0 && meaning < 0) << row;
        if (wide)
            ((uint32_t *)codes)[row] = code;
        else
            ((uint16_t *)codes)[row] = (uint16_t)code;
    }
    return all;
}

hra_block_rows hra_short_column(hra_vector_level level, const char *text, const uint32_t *before, const uint32_t *ends,
                                int rows, const hra_short_codes meanings, uint32_t missing, bool wide, void *codes)
{
#if defined(__x86_64__)
    if (level == HRA_VECTOR_AVX512) return shorts_avx512(text, before, ends, rows, meanings, missing, wide, codes);
#endif
    return shorts_plain(text, before, ends, rows, meanings, missing, wide, codes);
}
