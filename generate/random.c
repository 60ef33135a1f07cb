#include "generate/random.h"

#include <math.h>

#include "engine/graph/scalar.h"

enum { PHILOX_ROUNDS = 10 };
static const uint32_t philox_multiplier[2] = {0xD2511F53u, 0xCD9E8D57u};
static const uint32_t philox_weyl[2] = {0x9E3779B9u, 0xBB67AE85u};

void hra_random_words(uint64_t seed, uint32_t stream, const int64_t *rows, int count, uint32_t *words, int stride)
{
    uint32_t *w0 = words, *w1 = words + stride, *w2 = words + 2 * stride, *w3 = words + 3 * stride;
    for (int i = 0; i < count; i++) {
        uint64_t row = (uint64_t)rows[i];
        uint32_t c0 = (uint32_t)row, c1 = (uint32_t)(row >> 32), c2 = stream, c3 = 0;
        uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
        for (int round = 0; round < PHILOX_ROUNDS; round++) {
            uint64_t p0 = (uint64_t)philox_multiplier[0] * c0, p1 = (uint64_t)philox_multiplier[1] * c2;
            c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
            c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
            c1 = (uint32_t)p1;
            c3 = (uint32_t)p0;
            k0 += philox_weyl[0];
            k1 += philox_weyl[1];
        }
        w0[i] = c0;
        w1[i] = c1;
        w2[i] = c2;
        w3[i] = c3;
    }
}

void hra_random_row(uint64_t seed, uint32_t stream, int64_t row, uint32_t words[4])
{
    hra_random_words(seed, stream, &row, 1, words, 1);
}

/* |p - 1/2| <= 0.425: a ratio of cubics. */
static inline double quantile_centre(double q)
{
    double r = 0.180625 - q * q;
    double top = ((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179;
    double bottom = ((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0;
    return q * top / bottom;
}

static double quantile_tail(double p)
{
    double r = sqrt(-hra_scalar_ln(p < 0.5 ? p : 1 - p)), x;
    if (r <= 5) {
        r -= 1.6;
        x = (((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777) /
            ((0.12021132975 * r + 0.73700164250) * r + 1);
    } else {
        r -= 5;
        x = (((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150) /
            ((0.012258202635 * r + 0.24197894225) * r + 1);
    }
    return p < 0.5 ? -x : x;
}

double hra_normal_quantile(double p)
{
    double q = p - 0.5;
    return fabs(q) <= 0.425 ? quantile_centre(q) : quantile_tail(p);
}

/* Adding and taking away 1.5 * 2^32 leaves a multiple of 2^-20. */
static inline double round_to_grid(double x)
{
    const double shift = 0x1.8p32;
    return (x + shift) - shift;
}

void hra_normals(const uint32_t *words, int count, double *normals)
{
    for (int i = 0; i < count; i++) normals[i] = round_to_grid(quantile_centre(hra_random_unit(words[i]) - 0.5));
    for (int i = 0; i < count; i++) {
        double p = hra_random_unit(words[i]);
        if (fabs(p - 0.5) > 0.425) normals[i] = round_to_grid(quantile_tail(p));
    }
}
