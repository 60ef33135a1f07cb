/* Counter-based random numbers: a number depends only on seed, row and stream,
 * never on the order in which it is asked for. The generator is Philox4x32-10
 * (Salmon and others, SC 2011). */
#ifndef HRA_GENERATE_RANDOM_H
#define HRA_GENERATE_RANDOM_H

#include <stdint.h>
#include <string.h>

/* Four words for each of `count` rows: words[k * stride + i] is word k of rows[i]. */
void hra_random_words(uint64_t seed, uint32_t stream, const int64_t *rows, int count, uint32_t *words, int stride);

/* The same for one row. */
void hra_random_row(uint64_t seed, uint32_t stream, int64_t row, uint32_t words[4]);

/* A probability strictly between 0 and 1 from a word. */
static inline double hra_random_unit(uint32_t word) { return ((double)word + 0.5) * 0x1p-32; }

/* Quantile of the standard normal distribution (Wichura, Applied Statistics 1988, AS 241, single precision form:
 * about seven digits). Only plain arithmetic and the deterministic logarithm: the same bits on every processor. */
double hra_normal_quantile(double p);

/* Standard normal numbers from words, rounded to multiples of 2^-20 (see hra_recipe on why). */
void hra_normals(const uint32_t *words, int count, double *normals);

/* e^x for moderate x to about ten digits, by plain arithmetic; a loop over it vectorises. */
static inline double hra_exp_plain(double x)
{
    const double shift = 0x1.8p52, log2_e = 1.4426950408889634, ln2_high = 0x1.62e42fefp-1,
                 ln2_low = 0x1.473de6af278edp-34;
    double k = (x * log2_e + shift) - shift;
    double r = (x - k * ln2_high) - k * ln2_low;
    double e = r * (1.0 / 40320) + 1.0 / 5040;
    e = e * r + 1.0 / 720;
    e = e * r + 1.0 / 120;
    e = e * r + 1.0 / 24;
    e = e * r + 1.0 / 6;
    e = e * r + 0.5;
    e = e * r + 1;
    e = e * r + 1;
    int64_t bits = (int64_t)((int32_t)k + 1023) << 52;
    double scale;
    memcpy(&scale, &bits, sizeof scale);
    return e * scale;
}

#endif
