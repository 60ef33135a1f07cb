#include "engine/summary/block_sums.h"

#include <math.h>
#include <stdbool.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Values below SMALL in magnitude are scaled by 2^32 and rounded by one addition; 2^16 of them stay below 2^62. */
static const double SCALE = 4294967296.0, SMALL = 16384.0;
static const double LARGEST = 1e9; /* beyond the fixed point: not a health figure */

int64_t hra_fixed_point(double value) { return llrint(value * SCALE); }

double hra_fixed_point_mean(__int128 sum, int64_t count) { return (double)sum / SCALE / (double)count; }

void hra_marks_add(hra_marks *marks, unsigned status)
{
    marks->marked += status != 0;
    for (; status; status &= status - 1) marks->bits[__builtin_ctz(status)]++;
}

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
    int64_t units[HRA_SUM_BLOCK];
    hra_block_odd odd = units_plain(values, rows, units);
    *sum = 0;
    for (int r = 0; r < rows; r++) *sum += units[r];
    return odd;
}

static void statuses_plain(const uint8_t *status, int rows, hra_marks *marks)
{
    for (int r = 0; r < rows; r++)
        if (status[r]) hra_marks_add(marks, status[r]);
}

#if defined(__x86_64__)

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
    for (int r = 0; r < HRA_SUM_BLOCK; r += 4) {
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
    for (int r = 0; r < HRA_SUM_BLOCK; r += 4) {
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

__attribute__((target("avx2,popcnt"))) static int64_t high_bits(__m256i low, __m256i high)
{
    return __builtin_popcount((unsigned)_mm256_movemask_epi8(low)) +
           __builtin_popcount((unsigned)_mm256_movemask_epi8(high));
}

__attribute__((target("avx2,popcnt"))) static void statuses_avx2(const uint8_t *status, hra_marks *marks)
{
    __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)status);
    __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(status + HRA_SUM_BLOCK / 2));
    __m256i any = _mm256_or_si256(low, high), none = _mm256_setzero_si256();
    if (_mm256_testz_si256(any, any)) return;
    marks->marked += HRA_SUM_BLOCK - high_bits(_mm256_cmpeq_epi8(low, none), _mm256_cmpeq_epi8(high, none));
    for (int bit = HRA_STATUS_BITS - 1; bit >= 0; bit--) {
        marks->bits[bit] += high_bits(low, high);
        low = _mm256_add_epi8(low, low);
        high = _mm256_add_epi8(high, high);
    }
}

/* ---- eight values at a time -------------------------------------------------------------------- */

__attribute__((target("avx512f,avx512dq"))) static hra_block_odd sum_avx512(const double *values, int64_t *sum)
{
    const __m512d small = _mm512_set1_pd(SMALL), largest = _mm512_set1_pd(LARGEST), scale = _mm512_set1_pd(SCALE);
    uint64_t all_small = 0, all_usable = 0;
    __m512i total = _mm512_setzero_si512();
    for (int r = 0; r < HRA_SUM_BLOCK; r += 8) {
        __m512d value = _mm512_loadu_pd(values + r), size = _mm512_abs_pd(value);
        __mmask8 is_small = _mm512_cmp_pd_mask(size, small, _CMP_LT_OQ);
        __m512i units = _mm512_cvtpd_epi64(_mm512_mul_pd(value, scale));
        total = _mm512_mask_add_epi64(total, is_small, total, units);
        all_small |= (uint64_t)is_small << r;
        all_usable |= (uint64_t)_mm512_cmp_pd_mask(size, largest, _CMP_LE_OQ) << r;
    }
    *sum = _mm512_reduce_add_epi64(total);
    return (hra_block_odd){all_usable & ~all_small, ~all_usable};
}

/* ---- what there is ------------------------------------------------------------------------------- */

static bool has_avx512(void) { return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"); }
static bool has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt"); }

hra_block_odd hra_block_units(const double *values, int rows, int64_t *units)
{
    return rows == HRA_SUM_BLOCK && has_avx2() ? units_avx2(values, units) : units_plain(values, rows, units);
}

hra_block_odd hra_block_sum(const double *values, int rows, int64_t *sum)
{
    if (rows < HRA_SUM_BLOCK || !has_avx2()) return sum_plain(values, rows, sum);
    return has_avx512() ? sum_avx512(values, sum) : sum_avx2(values, sum);
}

void hra_block_statuses(const uint8_t *status, int rows, hra_marks *marks)
{
    if (rows == HRA_SUM_BLOCK && has_avx2())
        statuses_avx2(status, marks);
    else
        statuses_plain(status, rows, marks);
}

#else

hra_block_odd hra_block_units(const double *values, int rows, int64_t *units)
{
    return units_plain(values, rows, units);
}

hra_block_odd hra_block_sum(const double *values, int rows, int64_t *sum) { return sum_plain(values, rows, sum); }

void hra_block_statuses(const uint8_t *status, int rows, hra_marks *marks) { statuses_plain(status, rows, marks); }

#endif
