#include "io/csv/csv_printed.h"
#include "io/csv/csv_sixteen.h"

#if defined(__x86_64__)
#define ALWAYS static inline __attribute__((always_inline))

/* ---- numbers ----------------------------------------------------------------------------------- */

/* A cell of up to eight bytes is one word, its last byte on top, digits as 0 to 9 and zeros below it. The point is
 * taken out by moving what stands below it up; then the word is moved down until its last digit is the last decimal of
 * the grid, and three multiplications make one number of eight digits. */
enum { CELL_BYTES = 8, POINT = '.' ^ '0', DIGITS = 99999999 };

typedef struct limits {
    int32_t low, high; /* low > high: nothing is taken */
} limits;

static limits limits_of(const hra_number_codes *how)
{
    int64_t low = how->low > 0 ? how->low : 0, high = how->high < DIGITS ? how->high : DIGITS;
    return low <= high ? (limits){(int32_t)low, (int32_t)high} : (limits){1, 0};
}

/* What became of eight rows. */
typedef struct eight {
    uint8_t blank, left;
} eight;

/* Eight digits, the first in the lowest byte, as a number. */
HRA_AVX512 ALWAYS __m512i number_avx512(__m512i digits)
{
    __m512i pairs = _mm512_maddubs_epi16(digits, _mm512_set1_epi16(1 << 8 | 10));
    __m512i fours = _mm512_madd_epi16(pairs, _mm512_set1_epi32(1 << 16 | 100));
    return _mm512_add_epi64(_mm512_mul_epu32(fours, _mm512_set1_epi64(10000)), _mm512_srli_epi64(fours, 32));
}

HRA_AVX512 ALWAYS void put_avx512(__m256i codes, bool wide, void *out)
{
    if (wide)
        _mm256_storeu_si256(out, codes);
    else
        _mm_storeu_si128(out, _mm256_cvtepi32_epi16(codes));
}

HRA_AVX512 ALWAYS eight eight_avx512(const char *text, const uint32_t *before, const uint32_t *ends,
                                     const hra_number_codes *how, limits taken, void *codes)
{
    const __m512i none = _mm512_setzero_si512(), grid = _mm512_set1_epi64(how->decimals);
    const __m256i most = _mm256_set1_epi32(CELL_BYTES);
    __m256i end = _mm256_loadu_si256((const __m256i *)(const void *)ends);
    __m256i start = _mm256_loadu_si256((const __m256i *)(const void *)before);
    __m256i length = _mm256_sub_epi32(_mm256_sub_epi32(end, start), _mm256_set1_epi32(1));
    __mmask8 blank = _mm256_testn_epi32_mask(length, length);
    __mmask8 good = _mm256_cmple_epu32_mask(length, most) & _mm256_cmpge_epu32_mask(end, most);
    __m256i at = _mm256_sub_epi32(_mm256_max_epu32(end, most), most);
    __m512i bytes = _mm512_cvtepu32_epi64(length);
    __m512i word = _mm512_xor_si512(_mm512_i32gather_epi64(at, text, 1), _mm512_set1_epi8('0'));
    __m512i before_cell = _mm512_slli_epi64(_mm512_sub_epi64(_mm512_set1_epi64(CELL_BYTES), bytes), 3);
    word = _mm512_and_si512(word, _mm512_sllv_epi64(_mm512_set1_epi64(-1), before_cell));

    __m512i points = _mm512_movm_epi8(_mm512_cmpeq_epi8_mask(word, _mm512_set1_epi8(POINT)));
    __mmask8 pointed = _mm512_test_epi64_mask(points, points);
    __m512i behind = none;
    if (pointed) {
        __m512i point = _mm512_and_si512(points, _mm512_sub_epi64(none, points)); /* the lowest bit of the first */
        __m512i below = _mm512_sub_epi64(point, _mm512_set1_epi64(1));
        __m512i above = _mm512_sub_epi64(none, _mm512_slli_epi64(point, 8));
        __m512i joined =
            _mm512_or_si512(_mm512_slli_epi64(_mm512_and_si512(word, below), 8), _mm512_and_si512(word, above));
        word = _mm512_mask_mov_epi64(word, pointed, joined);
        behind = _mm512_sad_epu8(_mm512_and_si512(above, _mm512_set1_epi8(1)), none);
        behind = _mm512_maskz_mov_epi64(pointed, behind);
        /* a digit before the point; no more decimals than the grid has */
        good &= (__mmask8)~_mm512_mask_cmplt_epu64_mask(pointed, bytes, _mm512_add_epi64(behind, _mm512_set1_epi64(2)));
        good &= _mm512_cmple_epu64_mask(behind, grid);
    }
    /* eight digits on the grid at most */
    __m512i used = _mm512_sub_epi64(_mm512_add_epi64(bytes, grid), behind);
    good &= _mm512_cmple_epu64_mask(_mm512_mask_sub_epi64(used, pointed, used, _mm512_set1_epi64(1)),
                                    _mm512_set1_epi64(CELL_BYTES));
    __m512i odd = _mm512_movm_epi8(_mm512_cmpgt_epu8_mask(word, _mm512_set1_epi8(9)));
    good &= _mm512_testn_epi64_mask(odd, odd);

    word = _mm512_srlv_epi64(word, _mm512_slli_epi64(_mm512_sub_epi64(grid, behind), 3));
    __m256i steps = _mm512_cvtepi64_epi32(number_avx512(word));
    good &= _mm256_cmpge_epi32_mask(steps, _mm256_set1_epi32(taken.low)) &
            _mm256_cmple_epi32_mask(steps, _mm256_set1_epi32(taken.high)) & (__mmask8)~blank;
    __m256i code = _mm256_sub_epi32(steps, _mm256_set1_epi32((int32_t)(uint32_t)how->first));
    put_avx512(_mm256_mask_mov_epi32(_mm256_set1_epi32((int32_t)how->missing), good, code), how->wide, codes);
    return (eight){blank, (uint8_t) ~(good | blank)};
}

static char *place_of(void *codes, int row, bool wide) { return (char *)codes + (size_t)row * (wide ? 4 : 2); }

/* Sixteen cells of up to four bytes, as many as are read at once: the same in half the width. */
enum { SHORT_BYTES = 4, SHORT_DECIMALS = 4 };

typedef struct sixteen {
    __m512i end, length;
} sixteen;

HRA_AVX512 ALWAYS bool find_sixteen(const uint32_t *before, const uint32_t *ends, sixteen *found)
{
    const __m512i most = _mm512_set1_epi32(SHORT_BYTES);
    found->end = _mm512_loadu_si512(ends);
    found->length = _mm512_sub_epi32(_mm512_sub_epi32(found->end, _mm512_loadu_si512(before)), _mm512_set1_epi32(1));
    return (_mm512_cmple_epu32_mask(found->length, most) & _mm512_cmpge_epu32_mask(found->end, most)) == 0xFFFF;
}

HRA_AVX512 ALWAYS hra_block_rows sixteen_avx512(const char *text, const sixteen *cells, const hra_number_codes *how,
                                                limits taken, void *codes)
{
    const __m512i none = _mm512_setzero_si512(), grid = _mm512_set1_epi32(how->decimals);
    const __m512i bytes = _mm512_set1_epi32(SHORT_BYTES), ones = _mm512_set1_epi8(1);
    __mmask16 blank = _mm512_testn_epi32_mask(cells->length, cells->length), good = (__mmask16)~blank;
    __m512i word = _mm512_i32gather_epi32(_mm512_sub_epi32(cells->end, bytes), text, 1);
    __m512i before_cell = _mm512_slli_epi32(_mm512_sub_epi32(bytes, cells->length), 3);
    word = _mm512_and_si512(_mm512_xor_si512(word, _mm512_set1_epi8('0')),
                            _mm512_sllv_epi32(_mm512_set1_epi32(-1), before_cell));

    __m512i points = _mm512_movm_epi8(_mm512_cmpeq_epi8_mask(word, _mm512_set1_epi8(POINT)));
    __mmask16 pointed = _mm512_test_epi32_mask(points, points);
    __m512i behind = none;
    if (pointed) {
        __m512i point = _mm512_and_si512(points, _mm512_sub_epi32(none, points));
        __m512i below = _mm512_sub_epi32(point, _mm512_set1_epi32(1));
        __m512i above = _mm512_sub_epi32(none, _mm512_slli_epi32(point, 8));
        __m512i joined =
            _mm512_or_si512(_mm512_slli_epi32(_mm512_and_si512(word, below), 8), _mm512_and_si512(word, above));
        word = _mm512_mask_mov_epi32(word, pointed, joined);
        behind = _mm512_maddubs_epi16(_mm512_and_si512(above, ones), ones);
        behind = _mm512_maskz_mov_epi32(pointed, _mm512_madd_epi16(behind, _mm512_set1_epi16(1)));
        good &= (__mmask16)~_mm512_mask_cmplt_epu32_mask(pointed, cells->length,
                                                         _mm512_add_epi32(behind, _mm512_set1_epi32(2)));
        good &= _mm512_cmple_epu32_mask(behind, grid);
    }
    __m512i odd = _mm512_movm_epi8(_mm512_cmpgt_epu8_mask(word, _mm512_set1_epi8(9)));
    good &= _mm512_testn_epi32_mask(odd, odd);

    __m512i pairs = _mm512_maddubs_epi16(word, _mm512_set1_epi16(1 << 8 | 10));
    __m512i steps = _mm512_madd_epi16(pairs, _mm512_set1_epi32(1 << 16 | 100)), open = _mm512_sub_epi32(grid, behind);
    if (_mm512_test_epi32_mask(open, open)) { /* decimals of the grid that are not written */
        const __m512i powers = _mm512_setr_epi32(1, 10, 100, 1000, 10000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        steps = _mm512_mullo_epi32(steps, _mm512_permutexvar_epi32(open, powers));
    }
    good &= _mm512_cmpge_epi32_mask(steps, _mm512_set1_epi32(taken.low)) &
            _mm512_cmple_epi32_mask(steps, _mm512_set1_epi32(taken.high));
    __m512i code = _mm512_mask_sub_epi32(_mm512_set1_epi32((int32_t)how->missing), good, steps,
                                         _mm512_set1_epi32((int32_t)(uint32_t)how->first));
    hra_sixteen_put(code, 0, how->wide, codes);
    return (hra_block_rows){blank, (uint16_t) ~(good | blank)};
}

/* Sixteen rows from `row` on, or the eight that are left. */
HRA_AVX512 static hra_block_rows mixed_avx512(const char *text, const uint32_t *before, const uint32_t *ends, int row,
                                              int rows, const hra_number_codes *how, void *codes)
{
    hra_block_rows all = {0, 0};
    limits taken = limits_of(how);
    sixteen cells;
    if (how->decimals <= SHORT_DECIMALS && rows - row > 8 && find_sixteen(before + row, ends + row, &cells))
        return sixteen_avx512(text, &cells, how, taken, place_of(codes, row, how->wide));
    for (int i = 0; i < 16 && row + i < rows; i += 8) {
        eight few =
            eight_avx512(text, before + row + i, ends + row + i, how, taken, place_of(codes, row + i, how->wide));
        all.blank |= (uint64_t)few.blank << i;
        all.left |= (uint64_t)few.left << i;
    }
    return all;
}

/* Numbers that are not printed like the column's others come by sixteens. */
HRA_AVX512 static hra_block_rows column_avx512(const char *text, const uint32_t *before, const uint32_t *ends, int rows,
                                               const hra_number_codes *how, void *codes)
{
    hra_block_rows all = hra_printed_column(text, before, ends, rows, how, codes);
    for (int row = 0; all.left && row < rows; row += 16) {
        uint64_t these = UINT64_C(0xFFFF) << row;
        if (!(all.left & these)) continue;
        hra_block_rows found = mixed_avx512(text, before, ends, row, rows, how, codes);
        all.left = (all.left & ~these) | found.left << row;
        all.blank |= found.blank << row;
    }
    return all;
}

HRA_AVX2 ALWAYS __m256i number_avx2(__m256i digits)
{
    __m256i pairs = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(1 << 8 | 10));
    __m256i fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(1 << 16 | 100));
    return _mm256_add_epi64(_mm256_mul_epu32(fours, _mm256_set1_epi64x(10000)), _mm256_srli_epi64(fours, 32));
}

/* The numbers of four cells and all ones where they are good, limits apart. */
HRA_AVX2 ALWAYS __m256i four_avx2(const char *text, __m128i at, __m128i length, const hra_number_codes *how,
                                  __m256i *good)
{
    const __m256i none = _mm256_setzero_si256(), grid = _mm256_set1_epi64x(how->decimals);
    __m256i bytes = _mm256_cvtepu32_epi64(length);
    __m256i word = _mm256_i32gather_epi64((const long long *)(const void *)text, at, 1);
    word = _mm256_xor_si256(word, _mm256_set1_epi8('0'));
    __m256i before_cell = _mm256_slli_epi64(_mm256_sub_epi64(_mm256_set1_epi64x(CELL_BYTES), bytes), 3);
    word = _mm256_and_si256(word, _mm256_sllv_epi64(_mm256_set1_epi64x(-1), before_cell));

    __m256i points = _mm256_cmpeq_epi8(word, _mm256_set1_epi8(POINT));
    __m256i plain = _mm256_cmpeq_epi64(points, none);
    __m256i point = _mm256_and_si256(points, _mm256_sub_epi64(none, points));
    __m256i below = _mm256_sub_epi64(point, _mm256_set1_epi64x(1));
    __m256i above = _mm256_sub_epi64(none, _mm256_slli_epi64(point, 8));
    __m256i joined =
        _mm256_or_si256(_mm256_slli_epi64(_mm256_and_si256(word, below), 8), _mm256_and_si256(word, above));
    word = _mm256_blendv_epi8(joined, word, plain);
    __m256i behind = _mm256_sad_epu8(_mm256_and_si256(above, _mm256_set1_epi8(1)), none);
    behind = _mm256_andnot_si256(plain, behind);
    __m256i signs = _mm256_add_epi64(_mm256_set1_epi64x(1), plain); /* points: 1 or 0 */
    __m256i used = _mm256_sub_epi64(_mm256_sub_epi64(_mm256_add_epi64(bytes, grid), behind), signs);
    __m256i needed = _mm256_andnot_si256(plain, _mm256_add_epi64(behind, _mm256_set1_epi64x(2)));
    __m256i bad = _mm256_or_si256(_mm256_cmpgt_epi64(needed, bytes), _mm256_cmpgt_epi64(behind, grid));
    bad = _mm256_or_si256(bad, _mm256_cmpgt_epi64(used, _mm256_set1_epi64x(CELL_BYTES)));
    __m256i fine = _mm256_cmpeq_epi8(_mm256_min_epu8(word, _mm256_set1_epi8(9)), word);
    *good = _mm256_andnot_si256(bad, _mm256_cmpeq_epi64(fine, _mm256_set1_epi8(-1)));
    return number_avx2(_mm256_srlv_epi64(word, _mm256_slli_epi64(_mm256_sub_epi64(grid, behind), 3)));
}

HRA_AVX2 ALWAYS void put_avx2(__m256i codes, bool wide, void *out)
{
    const __m256i halves = _mm256_set1_epi64x(0x0D0C090805040100);
    if (wide)
        _mm256_storeu_si256(out, codes);
    else
        _mm_storeu_si128(out,
                         _mm256_castsi256_si128(_mm256_permute4x64_epi64(_mm256_shuffle_epi8(codes, halves), 0x08)));
}

/* The low halves of two times four words, in order. */
HRA_AVX2 ALWAYS __m256i join_avx2(__m256i first, __m256i second)
{
    __m256 halves = _mm256_shuffle_ps(_mm256_castsi256_ps(first), _mm256_castsi256_ps(second), 0x88);
    return _mm256_permute4x64_epi64(_mm256_castps_si256(halves), 0xD8);
}

HRA_AVX2 ALWAYS eight eight_avx2(const char *text, const uint32_t *before, const uint32_t *ends,
                                 const hra_number_codes *how, limits taken, void *codes)
{
    const __m256i most = _mm256_set1_epi32(CELL_BYTES), none = _mm256_setzero_si256();
    __m256i end = _mm256_loadu_si256((const __m256i *)(const void *)ends);
    __m256i start = _mm256_loadu_si256((const __m256i *)(const void *)before);
    __m256i length = _mm256_sub_epi32(_mm256_sub_epi32(end, start), _mm256_set1_epi32(1));
    __m256i blank = _mm256_cmpeq_epi32(length, none);
    __m256i at = _mm256_sub_epi32(_mm256_max_epu32(end, most), most), good[2];
    __m256i low = four_avx2(text, _mm256_castsi256_si128(at), _mm256_castsi256_si128(length), how, &good[0]);
    __m256i high = four_avx2(text, _mm256_extracti128_si256(at, 1), _mm256_extracti128_si256(length, 1), how, &good[1]);
    __m256i steps = join_avx2(low, high);
    __m256i bad = _mm256_or_si256(_mm256_cmpgt_epi32(_mm256_set1_epi32(taken.low), steps),
                                  _mm256_cmpgt_epi32(steps, _mm256_set1_epi32(taken.high)));
    bad = _mm256_or_si256(bad, blank);
    __m256i fits = _mm256_and_si256(_mm256_cmpeq_epi32(_mm256_min_epu32(length, most), length),
                                    _mm256_cmpeq_epi32(_mm256_max_epu32(end, most), end));
    __m256i taken_rows = _mm256_andnot_si256(bad, _mm256_and_si256(fits, join_avx2(good[0], good[1])));
    __m256i code = _mm256_sub_epi32(steps, _mm256_set1_epi32((int32_t)(uint32_t)how->first));
    code = _mm256_blendv_epi8(_mm256_set1_epi32((int32_t)how->missing), code, taken_rows);
    put_avx2(code, how->wide, codes);
    unsigned blanks = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(blank));
    unsigned known = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(taken_rows));
    return (eight){(uint8_t)blanks, (uint8_t) ~(known | blanks)};
}

HRA_AVX2 static hra_block_rows column_avx2(const char *text, const uint32_t *before, const uint32_t *ends, int rows,
                                           const hra_number_codes *how, void *codes)
{
    hra_block_rows all = {0, 0};
    limits taken = limits_of(how);
    for (int row = 0; row < rows; row += 8) {
        eight found = eight_avx2(text, before + row, ends + row, how, taken, place_of(codes, row, how->wide));
        all.blank |= (uint64_t)found.blank << row;
        all.left |= (uint64_t)found.left << row;
    }
    return all;
}

#endif

/* ---- without vectors ----------------------------------------------------------------------------- */

static void put_missing(int rows, const hra_number_codes *how, void *codes)
{
    for (int row = 0; row < rows; row++)
        if (how->wide)
            ((uint32_t *)codes)[row] = how->missing;
        else
            ((uint16_t *)codes)[row] = (uint16_t)how->missing;
}

/* ---- choice -------------------------------------------------------------------------------------- */

hra_block_rows hra_number_column(hra_vector_level level, const char *text, const uint32_t *before, const uint32_t *ends,
                                 int rows, const hra_number_codes *how, void *codes)
{
    hra_block_rows found = {0, ~UINT64_C(0)};
    switch (level) {
#if defined(__x86_64__)
    case HRA_VECTOR_AVX512: found = column_avx512(text, before, ends, rows, how, codes); break;
    case HRA_VECTOR_AVX2: found = column_avx2(text, before, ends, rows, how, codes); break;
#endif
    default: put_missing(rows, how, codes);
    }
    uint64_t there = rows >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << rows) - 1;
    return (hra_block_rows){found.blank & there, found.left & there};
}
