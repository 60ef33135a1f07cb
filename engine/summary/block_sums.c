#include "engine/summary/block_sums.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { BLOCK = HRA_SUM_BLOCK, WORDS = 8, ROWS_AT_ONCE = 1 << 17 };

/* Values below SMALL in magnitude are scaled by 2^32 and rounded by one addition; the sum of a block stays below 2^53.
 */
static const double SCALE = 4294967296.0, SMALL = 16384.0;
static const double LARGEST = 1e9; /* beyond the fixed point: not a health figure */

int64_t hra_fixed_point(double value) { return llrint(value * SCALE); }

double hra_fixed_point_mean(__int128 sum, int64_t count) { return (double)sum / SCALE / (double)count; }

/* ---- for every processor ------------------------------------------------------------------ */

static hra_block_odd units_plain(const double *values, int rows, int64_t *units)
{
    hra_block_odd odd = {0};
    for (int r = 0; r < rows; r++) {
        bool small = fabs(values[r]) < SMALL, usable = fabs(values[r]) <= LARGEST;
        units[r] = small ? hra_fixed_point(values[r]) : 0;
        odd.large |= (uint64_t)(usable && !small) << r;
        odd.unknown |= (uint64_t)!usable << r;
    }
    return odd;
}

static hra_block_odd sum_plain(const double *values, int rows, int64_t *sum)
{
    int64_t units[BLOCK];
    hra_block_odd odd = units_plain(values, rows, units);
    *sum = 0;
    for (int r = 0; r < rows; r++) *sum += units[r];
    return odd;
}

static inline uint32_t bits_between(const uint64_t *plane, int start, int end)
{
    int first = start / BLOCK, last = (end - 1) / BLOCK;
    uint64_t from = ~UINT64_C(0) << (start % BLOCK), to = ~UINT64_C(0) >> (BLOCK - 1 - (end - 1) % BLOCK);
    if (first == last) return (uint32_t)__builtin_popcountll(plane[first] & from & to);
    uint32_t count = (uint32_t)__builtin_popcountll(plane[first] & from);
    for (int w = first + 1; w < last; w++) count += (uint32_t)__builtin_popcountll(plane[w]);
    return count + (uint32_t)__builtin_popcountll(plane[last] & to);
}

/* Counters of 16 bits, so that the compiler looks at many rows together. */
static inline uint32_t equal_rows(const uint16_t *levels, int rows, uint16_t level)
{
    uint32_t all = 0;
    for (int start = 0; start < rows; start += UINT16_MAX) {
        int end = rows - start < UINT16_MAX ? rows : start + UINT16_MAX;
        uint16_t count = 0;
        for (int r = start; r < end; r++) count = (uint16_t)(count + (levels[r] == level));
        all += count;
    }
    return all;
}

static inline void levels_plain(const uint16_t *levels, int rows, int level_count, uint32_t *counts)
{
    uint32_t known = 0;
    for (int level = 0; level < level_count; level++) {
        uint32_t found = equal_rows(levels, rows, (uint16_t)level);
        counts[1 + level] += found;
        known += found;
    }
    counts[0] += (uint32_t)rows - known;
}

static inline void bits_plain(uint64_t *const *planes, int plane_count, int start, int end, uint32_t *counts)
{
    for (int k = 0; k < plane_count; k++) counts[k] += bits_between(planes[k], start, end);
}

#if defined(__x86_64__)
/* The rows of a block of `rows`, a bit each. */
static uint64_t first_bits(int rows) { return rows == BLOCK ? ~UINT64_C(0) : (UINT64_C(1) << rows) - 1; }

/* ---- four values at a time ------------------------------------------------------------------- */

/* Rounds as llrint does: to the nearest, ties to even. */
__attribute__((target("avx2"))) static inline __m256i four_units(__m256d value, unsigned *small, unsigned *usable)
{
    const __m256d rounding = _mm256_set1_pd(6755399441055744.0), scale = _mm256_set1_pd(SCALE);
    __m256d size = _mm256_andnot_pd(_mm256_set1_pd(-0.0), value);
    __m256d is_small = _mm256_cmp_pd(size, _mm256_set1_pd(SMALL), _CMP_LT_OQ);
    *small = (unsigned)_mm256_movemask_pd(is_small);
    *usable = (unsigned)_mm256_movemask_pd(_mm256_cmp_pd(size, _mm256_set1_pd(LARGEST), _CMP_LE_OQ));
    value = _mm256_add_pd(_mm256_mul_pd(_mm256_and_pd(value, is_small), scale), rounding);
    return _mm256_sub_epi64(_mm256_castpd_si256(value), _mm256_castpd_si256(rounding));
}

__attribute__((target("avx2"))) static hra_block_odd units_avx2(const double *values, int64_t *units)
{
    uint64_t all_small = 0, all_usable = 0;
    for (int r = 0; r < BLOCK; r += 4) {
        unsigned small, usable;
        _mm256_storeu_si256((__m256i *)(void *)(units + r), four_units(_mm256_loadu_pd(values + r), &small, &usable));
        all_small |= (uint64_t)small << r;
        all_usable |= (uint64_t)usable << r;
    }
    return (hra_block_odd){all_usable & ~all_small, ~all_usable};
}

__attribute__((target("avx2"))) static hra_block_odd sum_avx2(const double *values, int64_t *sum)
{
    uint64_t all_small = 0, all_usable = 0;
    __m256i total = _mm256_setzero_si256();
    for (int r = 0; r < BLOCK; r += 4) {
        unsigned small, usable;
        total = _mm256_add_epi64(total, four_units(_mm256_loadu_pd(values + r), &small, &usable));
        all_small |= (uint64_t)small << r;
        all_usable |= (uint64_t)usable << r;
    }
    int64_t parts[4];
    _mm256_storeu_si256((__m256i *)(void *)parts, total);
    *sum = parts[0] + parts[1] + parts[2] + parts[3];
    return (hra_block_odd){all_usable & ~all_small, ~all_usable};
}

__attribute__((target("popcnt"))) static void bits_popcnt(uint64_t *const *planes, int plane_count, int start, int end,
                                                          uint32_t *counts)
{
    bits_plain(planes, plane_count, start, end, counts);
}

__attribute__((target("avx2"))) static void levels_avx2(const uint16_t *levels, int rows, int level_count,
                                                        uint32_t *counts)
{
    levels_plain(levels, rows, level_count, counts);
}

/* ---- eight values at a time ---------------------------------------------------------------------- */

/* All rows at once; false, with nothing said, where a value is large. Up to 2^17 rows stay below 2^63. */
__attribute__((target("avx512f,avx512dq,popcnt"))) static bool sum_avx512(const double *values, int rows, int64_t *sum,
                                                                          uint32_t *unknown)
{
    const __m512d small = _mm512_set1_pd(SMALL), largest = _mm512_set1_pd(LARGEST), scale = _mm512_set1_pd(SCALE);
    __m512i total = _mm512_setzero_si512();
    unsigned any_large = 0, count = 0;
    for (int r = 0; r < rows; r += 8) {
        __mmask8 there = rows - r >= 8 ? (__mmask8)0xff : (__mmask8)((1u << (rows - r)) - 1);
        __m512d value = _mm512_maskz_loadu_pd(there, values + r), size = _mm512_abs_pd(value);
        __mmask8 is_small = _mm512_cmp_pd_mask(size, small, _CMP_LT_OQ);
        __mmask8 is_usable = _mm512_cmp_pd_mask(size, largest, _CMP_LE_OQ);
        total = _mm512_mask_add_epi64(total, is_small, total, _mm512_cvtpd_epi64(_mm512_mul_pd(value, scale)));
        any_large |= is_usable & ~(unsigned)is_small;
        count += (unsigned)__builtin_popcount(0xffu & ~(unsigned)is_usable);
    }
    *sum = _mm512_reduce_add_epi64(total);
    *unknown = count;
    return any_large == 0;
}

/* The rows from `start` up to `end` of eight words. */
__attribute__((target("avx512f"))) static __m512i rows_of_words(int start, int end)
{
    uint64_t rows[WORDS];
    for (int w = 0; w < WORDS; w++, start -= BLOCK, end -= BLOCK) {
        uint64_t from = start <= 0 ? ~UINT64_C(0) : start < BLOCK ? ~UINT64_C(0) << start : 0;
        rows[w] = end <= 0 ? 0 : end < BLOCK ? from & first_bits(end) : from;
    }
    return _mm512_loadu_si512(rows);
}

/* Lane k: the sum of the lanes of vector k. */
__attribute__((target("avx512f"))) static __m512i lane_sums(const __m512i v[WORDS])
{
    __m512i pairs[WORDS / 2], halves[WORDS / 4];
    for (int k = 0; k < WORDS / 2; k++)
        pairs[k] = _mm512_add_epi64(_mm512_unpacklo_epi64(v[2 * k], v[2 * k + 1]),
                                    _mm512_unpackhi_epi64(v[2 * k], v[2 * k + 1]));
    for (int k = 0; k < WORDS / 4; k++)
        halves[k] = _mm512_add_epi64(_mm512_shuffle_i64x2(pairs[2 * k], pairs[2 * k + 1], 0x88),
                                     _mm512_shuffle_i64x2(pairs[2 * k], pairs[2 * k + 1], 0xdd));
    return _mm512_add_epi64(_mm512_shuffle_i64x2(halves[0], halves[1], 0x88),
                            _mm512_shuffle_i64x2(halves[0], halves[1], 0xdd));
}

/* Eight planes at a time, whose lanes are added up together. */
__attribute__((target("avx512f,avx512vpopcntdq"))) static void bits_avx512(uint64_t *const *planes, int plane_count,
                                                                           int start, int end, uint32_t *counts)
{
    for (int first = start / BLOCK; first * BLOCK < end; first += WORDS) {
        __m512i rows = rows_of_words(start - first * BLOCK, end - first * BLOCK);
        __mmask8 there = _mm512_test_epi64_mask(rows, rows);
        for (int k = 0; k < plane_count; k += WORDS) {
            int together = plane_count - k < WORDS ? plane_count - k : WORDS;
            __m512i found[WORDS];
            for (int p = 0; p < WORDS; p++) {
                const uint64_t *plane = planes[k + (p < together ? p : 0)] + first;
                found[p] = _mm512_popcnt_epi64(_mm512_and_si512(rows, _mm512_maskz_loadu_epi64(there, plane)));
            }
            __mmask16 wanted = (__mmask16)((1u << together) - 1);
            __m512i sums = _mm512_castsi256_si512(_mm512_cvtepi64_epi32(lane_sums(found)));
            __m512i before = _mm512_maskz_loadu_epi32(wanted, counts + k);
            _mm512_mask_storeu_epi32(counts + k, wanted, _mm512_add_epi32(before, sums));
        }
    }
}

/* ---- what there is ------------------------------------------------------------------------------- */

static bool has_avx512(void) { return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"); }
static bool has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt"); }

hra_block_odd hra_block_units(const double *values, int rows, int64_t *units)
{
    return rows == BLOCK && has_avx2() ? units_avx2(values, units) : units_plain(values, rows, units);
}

static hra_block_odd sum_block(const double *values, int rows, int64_t *sum)
{
    return rows == BLOCK && has_avx2() ? sum_avx2(values, sum) : sum_plain(values, rows, sum);
}

static bool sum_rows(const double *values, int rows, int64_t *sum, uint32_t *unknown)
{
    return has_avx512() && rows <= ROWS_AT_ONCE && sum_avx512(values, rows, sum, unknown);
}

void hra_rows_levels(const uint16_t *levels, int rows, int level_count, uint32_t *counts)
{
    if (has_avx2())
        levels_avx2(levels, rows, level_count, counts);
    else
        levels_plain(levels, rows, level_count, counts);
}

void hra_rows_bits(uint64_t *const *planes, int plane_count, int start, int end, uint32_t *counts)
{
    if (has_avx512() && __builtin_cpu_supports("avx512vpopcntdq"))
        bits_avx512(planes, plane_count, start, end, counts);
    else if (__builtin_cpu_supports("popcnt"))
        bits_popcnt(planes, plane_count, start, end, counts);
    else
        bits_plain(planes, plane_count, start, end, counts);
}

#else

hra_block_odd hra_block_units(const double *values, int rows, int64_t *units)
{
    return units_plain(values, rows, units);
}

static hra_block_odd sum_block(const double *values, int rows, int64_t *sum) { return sum_plain(values, rows, sum); }

static bool sum_rows(const double *values, int rows, int64_t *sum, uint32_t *unknown)
{
    (void)values, (void)rows, (void)sum, (void)unknown;
    return false;
}

void hra_rows_levels(const uint16_t *levels, int rows, int level_count, uint32_t *counts)
{
    levels_plain(levels, rows, level_count, counts);
}

void hra_rows_bits(uint64_t *const *planes, int plane_count, int start, int end, uint32_t *counts)
{
    bits_plain(planes, plane_count, start, end, counts);
}

#endif

void hra_rows_sum(const double *values, int rows, __int128 *sum, uint32_t *unknown)
{
    int64_t of_rows;
    uint32_t unknown_rows;
    if (sum_rows(values, rows, &of_rows, &unknown_rows)) {
        *sum += of_rows;
        *unknown += unknown_rows;
        return;
    }
    for (int start = 0; start < rows; start += BLOCK) {
        int64_t of_block;
        hra_block_odd odd = sum_block(values + start, rows - start < BLOCK ? rows - start : BLOCK, &of_block);
        *sum += of_block;
        *unknown += (uint32_t)__builtin_popcountll(odd.unknown);
        for (; odd.large; odd.large &= odd.large - 1)
            *sum += hra_fixed_point(values[start + __builtin_ctzll(odd.large)]);
    }
}
