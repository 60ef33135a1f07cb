/* The vector vocabulary of AVX-512 (F, BW, DQ, VL); kernels.inc.h does the rest. */
#if defined(__x86_64__)

#include <immintrin.h>
#include <math.h>
#include <sleef.h>

#include "engine/kernels/kernels.h"

#define HRA_KERNELS_NAME hra_kernels_avx512

enum { LANES = 8 };
typedef __m512d vec;     /* LANES numbers */
typedef __mmask8 mask;   /* LANES truth values */
typedef __m256i indices; /* LANES table indices */

static inline vec v_load(const double *p) { return _mm512_loadu_pd(p); }
static inline void v_store(double *p, vec v) { _mm512_storeu_pd(p, v); }
static inline vec v_set(double x) { return _mm512_set1_pd(x); }
static inline vec v_add(vec a, vec b) { return _mm512_add_pd(a, b); }
static inline vec v_sub(vec a, vec b) { return _mm512_sub_pd(a, b); }
static inline vec v_mul(vec a, vec b) { return _mm512_mul_pd(a, b); }
static inline vec v_div(vec a, vec b) { return _mm512_div_pd(a, b); }
/* The smaller, the larger; the second where one is unknown, and of 0 and -0. */
static inline vec v_smaller(vec a, vec b) { return _mm512_min_pd(a, b); }
static inline vec v_larger(vec a, vec b) { return _mm512_max_pd(a, b); }
static inline vec v_sqrt(vec a) { return _mm512_sqrt_pd(a); }
static inline vec v_floor(vec a) { return _mm512_roundscale_pd(a, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC); }
static inline vec v_ceil(vec a) { return _mm512_roundscale_pd(a, _MM_FROUND_TO_POS_INF | _MM_FROUND_NO_EXC); }
static inline vec v_trunc(vec a) { return _mm512_roundscale_pd(a, _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC); }
static inline vec v_abs(vec a) { return _mm512_andnot_pd(_mm512_set1_pd(-0.0), a); }
static inline vec v_negate(vec a) { return _mm512_xor_pd(_mm512_set1_pd(-0.0), a); }
/* the size of a with the sign of b */
static inline vec v_copysign(vec a, vec b)
{
    vec sign = _mm512_set1_pd(-0.0);
    return _mm512_or_pd(_mm512_andnot_pd(sign, a), _mm512_and_pd(sign, b));
}
static inline vec v_fma(vec a, vec b, vec c) { return _mm512_fmadd_pd(a, b, c); }
/* a where that lies in -1 .. 1, else something that does (unknown too) */
static inline vec v_bounded(vec a) { return _mm512_range_pd(a, _mm512_set1_pd(1), 2); }
/* a * 2^n, rounded once, for n of any size; unknown if n is. The processor is slow where it loses bits, so that what is
 * surely 0 is not asked of it. */
static inline vec v_scale(vec a, vec n)
{
    mask some = _mm512_cmp_pd_mask(n, _mm512_set1_pd(-1100), _CMP_NLT_UQ);
    return _mm512_maskz_scalef_pd(some, a, n);
}

/* As v_scale where that is 2^-1021 or more, else 0. */
static inline vec v_scale_normal(vec a, vec n)
{
    mask some = _mm512_cmp_pd_mask(n, _mm512_set1_pd(-1021), _CMP_NLT_UQ);
    return _mm512_maskz_scalef_pd(some, a, n);
}
static inline vec v_ln(vec a) { return Sleef_finz_logd8_u10avx512f(a); }

static inline mask m_lt(vec a, vec b) { return _mm512_cmp_pd_mask(a, b, _CMP_LT_OQ); }
static inline mask m_le(vec a, vec b) { return _mm512_cmp_pd_mask(a, b, _CMP_LE_OQ); }
static inline mask m_eq(vec a, vec b) { return _mm512_cmp_pd_mask(a, b, _CMP_EQ_OQ); }
static inline mask m_ordered(vec a, vec b) { return _mm512_cmp_pd_mask(a, b, _CMP_ORD_Q); }
static inline mask m_and(mask a, mask b) { return (mask)(a & b); }
static inline unsigned m_bits(mask m) { return m; }
static inline mask m_from_bits(uint64_t bits) { return (mask)bits; }
static inline vec v_blend(mask m, vec no, vec yes) { return _mm512_mask_blend_pd(m, no, yes); }

/* a / b, rounded as a division is, without one: two thirds of the time of the processor's divider. For b from 2^-100 to
 * 2^100 and |a| of 0 or from 2^-600 to 2^800, where nothing below loses bits. Why, for b from 1 up to 2 (n = 2^-52):
 * - y is 1 / b, at first but for 2^-14, then for 2^-27.9 of itself, then rounded up from less than 2^-55.8 below: above
 *   or equal 1 / b (or a hair below), by n / 2 at most. So the rest 1 - b * y is exact, and the third y, to the nearest
 *   of what is off by its square, is off by d <= n / 4 * (1 + 2^-50). Where b = 2 - k * n, k below 32: of even k it is
 *   1 / b but for k^2 * n^2, of odd k the second y, as 1 / b is above the half between two numbers by more than the
 *   square: d = n / 4 - k^2 * n^2 / 8. All of them have b^2 * d * (1 + n) < n.
 * - The second q is off by half its last place, s, and hardly more: the rest r = a - b * q is exact, and q + r * y is
 *   off by r * d. That decides the rounding only if a half m between two numbers is as near: |a / b - m| <= r * d, and
 *   then r <= b * s / 2 * (1 + n). But a - b * m is not 0 and a multiple of n * s / 2, so |a / b - m| is
 *   n * s / (2 * b) or more: more than r * d.
 * Powers of two change nothing, signs are kept apart. */
static inline vec quotient(vec a, vec b, mask not_zero)
{
    vec one = v_set(1), y = _mm512_rcp14_pd(b);
    y = v_fma(_mm512_fnmadd_pd(b, y, one), y, y);
    y = _mm512_fmadd_round_pd(_mm512_fnmadd_pd(b, y, one), y, y, _MM_FROUND_TO_POS_INF | _MM_FROUND_NO_EXC);
    y = v_fma(_mm512_fnmadd_pd(b, y, one), y, y);
    vec q = v_mul(a, y);
    q = _mm512_mask3_fmadd_pd(_mm512_fnmadd_pd(b, q, a), y, q, not_zero);
    return _mm512_mask3_fmadd_pd(_mm512_fnmadd_pd(b, q, a), y, q, not_zero);
}

/* The quotients of eight vectors, whose places follow each other or are all the same (next 0); unknown where y is 0.
 * The divider and the rest of the processor work side by side, on three and five of them. */
static inline void v_divide_eight(vec q[8], const double *x, size_t x_next, const double *y, size_t y_next)
{
    vec least_a = v_set(1), most_a = least_a, least_b = least_a, most_b = least_a, zero = v_set(0);
    for (size_t k = 0; k < 8; k++) {
        vec a = v_load(x + k * x_next), b = v_load(y + k * y_next), size_a = v_abs(a), size_b = v_abs(b);
        mask a_there = _mm512_cmp_pd_mask(a, zero, _CMP_NEQ_UQ), b_there = _mm512_cmp_pd_mask(b, zero, _CMP_NEQ_UQ);
        if (k % 3 == 1) {
            q[k] = v_blend(b_there, v_set((double)NAN), v_div(a, b));
            continue;
        }
        least_a = _mm512_mask_min_pd(least_a, a_there, size_a, least_a);
        most_a = v_larger(size_a, most_a);
        least_b = _mm512_mask_min_pd(least_b, b_there, size_b, least_b);
        most_b = v_larger(size_b, most_b);
        vec size = _mm512_xor_pd(quotient(a, size_b, a_there), _mm512_and_pd(b, v_set(-0.0)));
        q[k] = v_blend(b_there, v_set((double)NAN), size);
    }
    mask good = m_and(m_and(m_le(v_set(0x1p-600), least_a), m_le(most_a, v_set(0x1p800))),
                      m_and(m_le(v_set(0x1p-100), least_b), m_le(most_b, v_set(0x1p100))));
    if (good == 0xff) return;
    for (size_t k = 0; k < 8; k++) {
        vec b = v_load(y + k * y_next);
        q[k] = v_blend(m_eq(b, zero), v_div(v_load(x + k * x_next), b), v_set((double)NAN));
    }
}

/* What a choice of the first, second, third and fourth of four numbers looks like, and choosing. */
static const uint64_t choice_codes[4] = {0, 1, 2, 3};
static inline vec v_choose(const double *four_twice, vec code)
{
    return _mm512_permutexvar_pd(_mm512_castpd_si512(code), v_load(four_twice));
}

static inline indices i_load16(const uint16_t *p) { return _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)p)); }
static inline indices i_load32(const uint32_t *p) { return _mm256_loadu_si256((const __m256i *)p); }
static inline void i_store16(uint16_t *p, indices i) { _mm_storeu_si128((__m128i *)p, _mm256_cvtepi32_epi16(i)); }
static inline indices i_from(vec v) { return _mm512_cvttpd_epi32(v); }
/* a * k + b */
static inline indices i_mad(indices a, uint32_t k, indices b)
{
    return _mm256_add_epi32(_mm256_mullo_epi32(a, _mm256_set1_epi32((int)k)), b);
}
static inline vec v_from(indices i) { return _mm512_cvtepu32_pd(i); }
static inline vec v_gather(const double *table, indices i) { return _mm512_i32gather_pd(i, table, 8); }

/* One of 2^bits values: number n is asked for as 2^52 + n. Of at most eight, eight are read. */
static inline vec v_pick(const double *values, int bits, vec number)
{
    __m512i n = _mm512_castpd_si512(number);
    if (bits <= 3) return _mm512_permutexvar_pd(n, v_load(values));
    if (bits > 5) return v_gather(values, i_from(v_sub(number, v_set(0x1p52))));
    vec low = _mm512_permutex2var_pd(v_load(values), n, v_load(values + 8));
    if (bits == 4) return low;
    vec high = _mm512_permutex2var_pd(v_load(values + 16), n, v_load(values + 24));
    return _mm512_mask_blend_pd(_mm512_test_epi64_mask(n, _mm512_set1_epi64(16)), low, high);
}

/* 64 codes compared with one: a word of bits. */
static inline uint64_t word_below(const uint16_t *p, uint16_t limit)
{
    __m512i l = _mm512_set1_epi16((short)limit);
    return (uint64_t)_mm512_cmplt_epu16_mask(_mm512_loadu_si512(p), l) |
           (uint64_t)_mm512_cmplt_epu16_mask(_mm512_loadu_si512(p + 32), l) << 32;
}
static inline uint64_t word_equal(const uint16_t *p, uint16_t code)
{
    __m512i c = _mm512_set1_epi16((short)code);
    return (uint64_t)_mm512_cmpeq_epi16_mask(_mm512_loadu_si512(p), c) |
           (uint64_t)_mm512_cmpeq_epi16_mask(_mm512_loadu_si512(p + 32), c) << 32;
}

/* Bit k of byte i from bit i of plane k. */
static inline void bytes_of_planes(uint8_t *bytes, const uint64_t planes[8])
{
    __m512i sum = _mm512_setzero_si512();
    for (int k = 0; k < 8; k++) sum = _mm512_mask_add_epi8(sum, planes[k], sum, _mm512_set1_epi8((char)(1 << k)));
    _mm512_storeu_si512(bytes, sum);
}

#include "engine/kernels/kernels.inc.h"

#endif
