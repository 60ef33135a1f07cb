/* The vector vocabulary of 64-bit Arm; kernels.inc.h does the rest. */
#if defined(__aarch64__)

#include <arm_neon.h>
#include <math.h>

#include "engine/kernels/kernels.h"

#define HRA_KERNELS_NAME hra_kernels_neon

/* As sleef.h declares it on this processor; a header of another one lacks it. */
extern float64x2_t Sleef_finz_logd2_u10advsimd(float64x2_t);

enum { LANES = 2 };
typedef float64x2_t vec;    /* LANES numbers */
typedef uint64x2_t mask;    /* LANES truth values: all bits or none */
typedef uint32x2_t indices; /* LANES table indices */

static inline vec v_load(const double *p) { return vld1q_f64(p); }
static inline void v_store(double *p, vec v) { vst1q_f64(p, v); }
static inline vec v_set(double x) { return vdupq_n_f64(x); }
static inline vec v_add(vec a, vec b) { return vaddq_f64(a, b); }
static inline vec v_sub(vec a, vec b) { return vsubq_f64(a, b); }
static inline vec v_mul(vec a, vec b) { return vmulq_f64(a, b); }
static inline vec v_div(vec a, vec b) { return vdivq_f64(a, b); }
/* The smaller, the larger; the second where one is unknown, and of 0 and -0. */
static inline vec v_smaller(vec a, vec b) { return vbslq_f64(vcltq_f64(a, b), a, b); }
static inline vec v_larger(vec a, vec b) { return vbslq_f64(vcltq_f64(b, a), a, b); }
static inline vec v_sqrt(vec a) { return vsqrtq_f64(a); }
static inline vec v_floor(vec a) { return vrndmq_f64(a); }
static inline vec v_ceil(vec a) { return vrndpq_f64(a); }
static inline vec v_trunc(vec a) { return vrndq_f64(a); }
static inline vec v_abs(vec a) { return vabsq_f64(a); }
static inline vec v_negate(vec a) { return vnegq_f64(a); }
/* the size of a with the sign of b */
static inline vec v_copysign(vec a, vec b) { return vbslq_f64(vdupq_n_u64(UINT64_C(1) << 63), b, a); }
static inline vec v_fma(vec a, vec b, vec c) { return vfmaq_f64(c, a, b); }
/* a where that lies in -1 .. 1, else something that does (unknown too) */
static inline vec v_bounded(vec a) { return vmaxnmq_f64(vminnmq_f64(a, vdupq_n_f64(1)), vdupq_n_f64(-1)); }

/* 2^n for whole n from -1022 to 1023 */
static inline vec power_of_two(vec n)
{
    return vreinterpretq_f64_s64(vshlq_n_s64(vaddq_s64(vcvtq_s64_f64(n), vdupq_n_s64(1023)), 52));
}

/* a * 2^n, rounded once, for n of any size; unknown if n is. In two steps, of which the first is exact. */
static inline vec v_scale(vec a, vec n)
{
    vec near = vmaxq_f64(vminq_f64(n, vdupq_n_f64(2000)), vdupq_n_f64(-2000));
    vec half = vrndmq_f64(vmulq_n_f64(near, 0.5));
    vec scaled = vmulq_f64(vmulq_f64(a, power_of_two(half)), power_of_two(vsubq_f64(near, half)));
    return vbslq_f64(vceqq_f64(n, n), scaled, n);
}

/* As v_scale; below 2^-1021 it may be 0. */
static inline vec v_scale_normal(vec a, vec n) { return v_scale(a, n); }
static inline vec v_ln(vec a) { return Sleef_finz_logd2_u10advsimd(a); }

static inline mask m_lt(vec a, vec b) { return vcltq_f64(a, b); }
static inline mask m_le(vec a, vec b) { return vcleq_f64(a, b); }
static inline mask m_eq(vec a, vec b) { return vceqq_f64(a, b); }
static inline mask m_and(mask a, mask b) { return vandq_u64(a, b); }
static inline mask m_ordered(vec a, vec b) { return m_and(m_eq(a, a), m_eq(b, b)); }
static inline unsigned m_bits(mask m)
{
    return (unsigned)(vgetq_lane_u64(m, 0) & 1) | (unsigned)(vgetq_lane_u64(m, 1) & 2);
}
static inline mask m_from_bits(uint64_t bits)
{
    return vtstq_u64(vdupq_n_u64(bits), vcombine_u64(vcreate_u64(1), vcreate_u64(2)));
}
static inline vec v_blend(mask m, vec no, vec yes) { return vbslq_f64(m, yes, no); }

/* The quotients of eight vectors, whose places follow each other or are all the same (next 0); unknown where y is 0. */
static inline void v_divide_eight(vec q[8], const double *x, size_t x_next, const double *y, size_t y_next)
{
    for (size_t k = 0; k < 8; k++) {
        vec b = v_load(y + k * y_next);
        q[k] = v_blend(m_eq(b, v_set(0)), v_div(v_load(x + k * x_next), b), v_set((double)NAN));
    }
}

/* What a choice of the first, second, third and fourth of four numbers looks like, and choosing. A number is eight
 * bytes here. */
static const uint64_t choice_codes[4] = {0x0706050403020100, 0x0f0e0d0c0b0a0908, 0x1716151413121110,
                                         0x1f1e1d1c1b1a1918};
static inline vec v_choose(const double *four, vec code)
{
    uint8x16x2_t bytes = {{vreinterpretq_u8_f64(v_load(four)), vreinterpretq_u8_f64(v_load(four + 2))}};
    return vreinterpretq_f64_u8(vqtbl2q_u8(bytes, vreinterpretq_u8_f64(code)));
}

static inline indices i_load16(const uint16_t *p) { return vset_lane_u32(p[1], vdup_n_u32(p[0]), 1); }
static inline indices i_load32(const uint32_t *p) { return vld1_u32(p); }
static inline void i_store16(uint16_t *p, indices i)
{
    p[0] = (uint16_t)vget_lane_u32(i, 0);
    p[1] = (uint16_t)vget_lane_u32(i, 1);
}
static inline indices i_from(vec v) { return vmovn_u64(vcvtq_u64_f64(v)); }
/* a * k + b */
static inline indices i_mad(indices a, uint32_t k, indices b) { return vmla_n_u32(b, a, k); }
static inline vec v_from(indices i) { return vcvtq_f64_u64(vmovl_u32(i)); }
static inline vec v_gather(const double *table, indices i)
{
    return vcombine_f64(vld1_f64(table + vget_lane_u32(i, 0)), vld1_f64(table + vget_lane_u32(i, 1)));
}

/* One of 2^bits values: number n is asked for as 2^52 + n. */
static inline vec v_pick(const double *values, int bits, vec number)
{
    return v_gather(values, i_from(v_sub(number, v_set(0x1p52))));
}

/* 64 codes compared with one: a word of bits. */
static inline uint64_t word_below(const uint16_t *p, uint16_t limit)
{
    uint64_t bits = 0;
    for (int k = 0; k < 64; k++) bits |= (uint64_t)(p[k] < limit) << k;
    return bits;
}
static inline uint64_t word_equal(const uint16_t *p, uint16_t code)
{
    uint64_t bits = 0;
    for (int k = 0; k < 64; k++) bits |= (uint64_t)(p[k] == code) << k;
    return bits;
}

/* Bit k of byte i from bit i of plane k. */
static inline void bytes_of_planes(uint8_t *bytes, const uint64_t planes[8])
{
    const uint8x8_t place = vcreate_u8(UINT64_C(0x8040201008040201));
    for (int group = 0; group < 8; group++) {
        uint8x8_t sum = vdup_n_u8(0);
        for (int k = 0; k < 8; k++) {
            uint8x8_t own = vtst_u8(vdup_n_u8((uint8_t)(planes[k] >> (8 * group))), place);
            sum = vorr_u8(sum, vand_u8(own, vdup_n_u8((uint8_t)(1 << k))));
        }
        vst1_u8(bytes + 8 * group, sum);
    }
}

#include "engine/kernels/kernels.inc.h"

#endif
