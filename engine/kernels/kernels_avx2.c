/* The vector vocabulary of AVX2 with FMA, which exp alone asks for; kernels.inc.h does the rest. */
#if defined(__x86_64__)

#include <immintrin.h>
#include <math.h>
#include <sleef.h>

#include "engine/kernels/kernels.h"

#define HRA_KERNELS_NAME hra_kernels_avx2

enum { LANES = 4 };
typedef __m256d vec;     /* LANES numbers */
typedef __m256d mask;    /* LANES truth values: all bits or none */
typedef __m128i indices; /* LANES table indices */

static inline vec v_load(const double *p) { return _mm256_loadu_pd(p); }
static inline void v_store(double *p, vec v) { _mm256_storeu_pd(p, v); }
static inline vec v_set(double x) { return _mm256_set1_pd(x); }
static inline vec v_add(vec a, vec b) { return _mm256_add_pd(a, b); }
static inline vec v_sub(vec a, vec b) { return _mm256_sub_pd(a, b); }
static inline vec v_mul(vec a, vec b) { return _mm256_mul_pd(a, b); }
static inline vec v_div(vec a, vec b) { return _mm256_div_pd(a, b); }
/* The smaller, the larger; the second where one is unknown, and of 0 and -0. */
static inline vec v_smaller(vec a, vec b) { return _mm256_min_pd(a, b); }
static inline vec v_larger(vec a, vec b) { return _mm256_max_pd(a, b); }
static inline vec v_sqrt(vec a) { return _mm256_sqrt_pd(a); }
static inline vec v_floor(vec a) { return _mm256_floor_pd(a); }
static inline vec v_ceil(vec a) { return _mm256_ceil_pd(a); }
static inline vec v_trunc(vec a) { return _mm256_round_pd(a, _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC); }
static inline vec v_abs(vec a) { return _mm256_andnot_pd(_mm256_set1_pd(-0.0), a); }
static inline vec v_negate(vec a) { return _mm256_xor_pd(_mm256_set1_pd(-0.0), a); }
/* the size of a with the sign of b */
static inline vec v_copysign(vec a, vec b)
{
    vec sign = _mm256_set1_pd(-0.0);
    return _mm256_or_pd(_mm256_andnot_pd(sign, a), _mm256_and_pd(sign, b));
}
static inline vec v_fma(vec a, vec b, vec c) { return _mm256_fmadd_pd(a, b, c); }
/* What v_scale does not pass on needs no bounds. */
static inline vec v_bounded(vec a) { return a; }

/* 2^n for whole n from -1022 to 1023 */
static inline vec power_of_two(vec n)
{
    __m256i biased = _mm256_castpd_si256(_mm256_add_pd(n, _mm256_set1_pd(0x1.8p52 + 1023)));
    return _mm256_castsi256_pd(_mm256_slli_epi64(biased, 52));
}

/* As v_scale where 2^n is no normal number: in two steps, of which the first is exact. The processor is slow where it
 * loses bits, so that what is surely 0 is not asked of it. */
static __attribute__((noinline)) vec scale_far(vec a, vec n)
{
    vec most = _mm256_set1_pd(1100), least = _mm256_set1_pd(-1100);
    a = _mm256_blendv_pd(a, _mm256_set1_pd(INFINITY), _mm256_cmp_pd(n, most, _CMP_GT_OQ));
    a = _mm256_blendv_pd(a, _mm256_setzero_pd(), _mm256_cmp_pd(n, least, _CMP_LT_OQ));
    n = _mm256_max_pd(least, _mm256_min_pd(most, n)); /* of an unknown n the n */
    vec half = _mm256_floor_pd(_mm256_mul_pd(n, _mm256_set1_pd(0.5)));
    return _mm256_mul_pd(_mm256_mul_pd(a, power_of_two(half)), power_of_two(_mm256_sub_pd(n, half)));
}

/* a * 2^n, rounded once, for n of any size; unknown if n and a are */
static inline vec v_scale(vec a, vec n)
{
    vec far = _mm256_cmp_pd(v_abs(n), _mm256_set1_pd(1020), _CMP_GT_OQ);
    return _mm256_testz_pd(far, far) ? _mm256_mul_pd(a, power_of_two(n)) : scale_far(a, n);
}

/* As v_scale where that is 2^-1021 or more, else 0 or as v_scale. */
static inline vec v_scale_normal(vec a, vec n)
{
    vec high = _mm256_cmp_pd(n, _mm256_set1_pd(1020), _CMP_GT_OQ);
    if (!_mm256_testz_pd(high, high)) return scale_far(a, n);
    vec low = _mm256_cmp_pd(n, _mm256_set1_pd(-1021), _CMP_LT_OQ);
    return _mm256_andnot_pd(low, _mm256_mul_pd(a, power_of_two(n)));
}
static inline vec v_ln(vec a) { return Sleef_finz_logd4_u10avx2(a); }

static inline mask m_lt(vec a, vec b) { return _mm256_cmp_pd(a, b, _CMP_LT_OQ); }
static inline mask m_le(vec a, vec b) { return _mm256_cmp_pd(a, b, _CMP_LE_OQ); }
static inline mask m_eq(vec a, vec b) { return _mm256_cmp_pd(a, b, _CMP_EQ_OQ); }
static inline mask m_ordered(vec a, vec b) { return _mm256_cmp_pd(a, b, _CMP_ORD_Q); }
static inline mask m_and(mask a, mask b) { return _mm256_and_pd(a, b); }
static inline unsigned m_bits(mask m) { return (unsigned)_mm256_movemask_pd(m); }
/* From a table: a load, where all else goes through the port that moves lanes about. */
static inline mask m_from_bits(uint64_t bits)
{
    static const _Alignas(32) int64_t masks[16][LANES] = {
        {0, 0, 0, 0},   {-1, 0, 0, 0},   {0, -1, 0, 0},   {-1, -1, 0, 0},  {0, 0, -1, 0},  {-1, 0, -1, 0},
        {0, -1, -1, 0}, {-1, -1, -1, 0}, {0, 0, 0, -1},   {-1, 0, 0, -1},  {0, -1, 0, -1}, {-1, -1, 0, -1},
        {0, 0, -1, -1}, {-1, 0, -1, -1}, {0, -1, -1, -1}, {-1, -1, -1, -1}};
    return _mm256_castsi256_pd(_mm256_load_si256((const __m256i *)masks[bits & 15]));
}
static inline vec v_blend(mask m, vec no, vec yes) { return _mm256_blendv_pd(no, yes, m); }

/* The quotients of eight vectors, whose places follow each other or are all the same (next 0); unknown where y is 0. */
static inline void v_divide_eight(vec q[8], const double *x, size_t x_next, const double *y, size_t y_next)
{
    for (size_t k = 0; k < 8; k++) {
        vec b = v_load(y + k * y_next);
        q[k] = v_blend(m_eq(b, v_set(0)), v_div(v_load(x + k * x_next), b), v_set((double)NAN));
    }
}

/* What a choice of the first, second, third and fourth of four numbers looks like, and choosing. A number is two halves
 * here. */
static const uint64_t choice_codes[4] = {0x100000000, 0x300000002, 0x500000004, 0x700000006};
static inline vec v_choose(const double *four, vec code)
{
    return _mm256_castps_pd(_mm256_permutevar8x32_ps(_mm256_castpd_ps(v_load(four)), _mm256_castpd_si256(code)));
}

static inline indices i_load16(const uint16_t *p) { return _mm_cvtepu16_epi32(_mm_loadl_epi64((const __m128i *)p)); }
static inline indices i_load32(const uint32_t *p) { return _mm_loadu_si128((const __m128i *)p); }
static inline void i_store16(uint16_t *p, indices i) { _mm_storel_epi64((__m128i *)p, _mm_packus_epi32(i, i)); }
static inline indices i_from(vec v) { return _mm256_cvttpd_epi32(v); }
/* a * k + b */
static inline indices i_mad(indices a, uint32_t k, indices b)
{
    return _mm_add_epi32(_mm_mullo_epi32(a, _mm_set1_epi32((int)k)), b);
}
/* Unsigned: as the low bits of a double between 2^52 and 2^53. */
static inline vec v_from(indices i)
{
    __m256i wide = _mm256_or_si256(_mm256_cvtepu32_epi64(i), _mm256_castpd_si256(_mm256_set1_pd(0x1p52)));
    return _mm256_sub_pd(_mm256_castsi256_pd(wide), _mm256_set1_pd(0x1p52));
}
static inline vec v_gather(const double *table, indices i) { return _mm256_i32gather_pd(table, i, 8); }

/* One of 2^bits values: number n is asked for as 2^52 + n. */
static inline vec v_pick(const double *values, int bits, vec number)
{
    return v_gather(values, i_from(v_sub(number, v_set(0x1p52))));
}

/* 32 of 16 bits each, all or none, to 32 bits in order. */
static inline uint32_t bits_of(__m256i low, __m256i high)
{
    __m256i bytes = _mm256_permute4x64_epi64(_mm256_packs_epi16(low, high), 0xD8);
    return (uint32_t)_mm256_movemask_epi8(bytes);
}

static inline __m256i load_codes(const uint16_t *p) { return _mm256_loadu_si256((const __m256i *)p); }

/* 64 codes compared with one: a word of bits. */
static inline uint64_t word_equal(const uint16_t *p, uint16_t code)
{
    __m256i c = _mm256_set1_epi16((short)code);
    uint32_t low = bits_of(_mm256_cmpeq_epi16(load_codes(p), c), _mm256_cmpeq_epi16(load_codes(p + 16), c));
    uint32_t high = bits_of(_mm256_cmpeq_epi16(load_codes(p + 32), c), _mm256_cmpeq_epi16(load_codes(p + 48), c));
    return low | (uint64_t)high << 32;
}
/* limit - code, saturated, is 0 for the codes that are not below */
static inline uint64_t word_below(const uint16_t *p, uint16_t limit)
{
    __m256i l = _mm256_set1_epi16((short)limit), zero = _mm256_setzero_si256(), above[4];
    for (int k = 0; k < 4; k++) above[k] = _mm256_cmpeq_epi16(_mm256_subs_epu16(l, load_codes(p + 16 * k)), zero);
    return ~(bits_of(above[0], above[1]) | (uint64_t)bits_of(above[2], above[3]) << 32);
}

/* 32 bits to bytes, all or none. */
static inline __m256i bytes_of(uint32_t bits)
{
    const __m256i place = _mm256_set1_epi64x((long long)0x8040201008040201u);
    const __m256i from = _mm256_set_epi64x(0x0303030303030303, 0x0202020202020202, 0x0101010101010101, 0);
    __m256i spread = _mm256_shuffle_epi8(_mm256_set1_epi32((int)bits), from);
    return _mm256_cmpeq_epi8(_mm256_and_si256(spread, place), place);
}

/* Bit k of byte i from bit i of plane k. */
static inline void bytes_of_planes(uint8_t *bytes, const uint64_t planes[8])
{
    for (int half = 0; half < 2; half++) {
        __m256i sum = _mm256_setzero_si256();
        for (int k = 0; k < 8; k++) {
            if (planes[k] == 0) continue; /* as most are */
            __m256i own = bytes_of((uint32_t)(planes[k] >> (32 * half)));
            sum = _mm256_or_si256(sum, _mm256_and_si256(own, _mm256_set1_epi8((char)(1 << k))));
        }
        _mm256_storeu_si256((__m256i *)(bytes + 32 * half), sum);
    }
}

#include "engine/kernels/kernels.inc.h"

#endif
