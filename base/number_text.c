#include "base/number_text.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* 10^k = bits * 2^exponent, the bits cut off after the 64th: too small by less than one of the last. */
typedef struct power {
    uint64_t bits;
    int exponent;
} power;

enum { LEAST_POWER = -9, MOST_POWER = 40, DIGITS = 6 };

static const power powers[] = {
    {UINT64_C(0x89705f4136b4a597), -93}, /* 1e-9 */
    {UINT64_C(0xabcc77118461cefc), -90}, /* 1e-8 */
    {UINT64_C(0xd6bf94d5e57a42bc), -87}, /* 1e-7 */
    {UINT64_C(0x8637bd05af6c69b5), -83}, /* 1e-6 */
    {UINT64_C(0xa7c5ac471b478423), -80}, /* 1e-5 */
    {UINT64_C(0xd1b71758e219652b), -77}, /* 1e-4 */
    {UINT64_C(0x83126e978d4fdf3b), -73}, /* 1e-3 */
    {UINT64_C(0xa3d70a3d70a3d70a), -70}, /* 1e-2 */
    {UINT64_C(0xcccccccccccccccc), -67}, /* 1e-1 */
    {UINT64_C(0x8000000000000000), -63}, /* 1e0 */
    {UINT64_C(0xa000000000000000), -60}, /* 1e1 */
    {UINT64_C(0xc800000000000000), -57}, /* 1e2 */
    {UINT64_C(0xfa00000000000000), -54}, /* 1e3 */
    {UINT64_C(0x9c40000000000000), -50}, /* 1e4 */
    {UINT64_C(0xc350000000000000), -47}, /* 1e5 */
    {UINT64_C(0xf424000000000000), -44}, /* 1e6 */
    {UINT64_C(0x9896800000000000), -40}, /* 1e7 */
    {UINT64_C(0xbebc200000000000), -37}, /* 1e8 */
    {UINT64_C(0xee6b280000000000), -34}, /* 1e9 */
    {UINT64_C(0x9502f90000000000), -30}, /* 1e10 */
    {UINT64_C(0xba43b74000000000), -27}, /* 1e11 */
    {UINT64_C(0xe8d4a51000000000), -24}, /* 1e12 */
    {UINT64_C(0x9184e72a00000000), -20}, /* 1e13 */
    {UINT64_C(0xb5e620f480000000), -17}, /* 1e14 */
    {UINT64_C(0xe35fa931a0000000), -14}, /* 1e15 */
    {UINT64_C(0x8e1bc9bf04000000), -10}, /* 1e16 */
    {UINT64_C(0xb1a2bc2ec5000000), -7},  /* 1e17 */
    {UINT64_C(0xde0b6b3a76400000), -4},  /* 1e18 */
    {UINT64_C(0x8ac7230489e80000), 0},   /* 1e19 */
    {UINT64_C(0xad78ebc5ac620000), 3},   /* 1e20 */
    {UINT64_C(0xd8d726b7177a8000), 6},   /* 1e21 */
    {UINT64_C(0x878678326eac9000), 10},  /* 1e22 */
    {UINT64_C(0xa968163f0a57b400), 13},  /* 1e23 */
    {UINT64_C(0xd3c21bcecceda100), 16},  /* 1e24 */
    {UINT64_C(0x84595161401484a0), 20},  /* 1e25 */
    {UINT64_C(0xa56fa5b99019a5c8), 23},  /* 1e26 */
    {UINT64_C(0xcecb8f27f4200f3a), 26},  /* 1e27 */
    {UINT64_C(0x813f3978f8940984), 30},  /* 1e28 */
    {UINT64_C(0xa18f07d736b90be5), 33},  /* 1e29 */
    {UINT64_C(0xc9f2c9cd04674ede), 36},  /* 1e30 */
    {UINT64_C(0xfc6f7c4045812296), 39},  /* 1e31 */
    {UINT64_C(0x9dc5ada82b70b59d), 43},  /* 1e32 */
    {UINT64_C(0xc5371912364ce305), 46},  /* 1e33 */
    {UINT64_C(0xf684df56c3e01bc6), 49},  /* 1e34 */
    {UINT64_C(0x9a130b963a6c115c), 53},  /* 1e35 */
    {UINT64_C(0xc097ce7bc90715b3), 56},  /* 1e36 */
    {UINT64_C(0xf0bdc21abb48db20), 59},  /* 1e37 */
    {UINT64_C(0x96769950b50d88f4), 63},  /* 1e38 */
    {UINT64_C(0xbc143fa4e250eb31), 66},  /* 1e39 */
    {UINT64_C(0xeb194f8e1ae525fd), 69},  /* 1e40 */
};

/* A finite number above the subnormal ones: bits * 2^exponent, the first of the 64 bits set. */
static power parts_of(double value)
{
    uint64_t pattern;
    memcpy(&pattern, &value, sizeof pattern);
    return (power){(pattern << 11) | UINT64_C(1) << 63, (int)(pattern >> 52 & 0x7FF) - 1086};
}

/* v * 10^k as a whole number rounded to nearest; false where the cut-off bits could decide the rounding. */
static bool scaled(power v, int k, uint64_t *whole)
{
    const power *p = &powers[k - LEAST_POWER];
    const unsigned __int128 slack = (unsigned __int128)1
                                    << 64; /* the true product lies in [product, product + slack) */
    unsigned __int128 product = (unsigned __int128)v.bits * p->bits;
    int shift = -(v.exponent + p->exponent); /* the whole part begins above this bit */
    if (shift < 66 || shift > 127) return false;
    unsigned __int128 half = (unsigned __int128)1 << (shift - 1), fraction = product & (2 * half - 1);
    if (fraction <= half && half - fraction <= slack) return false;
    if (fraction + slack >= 2 * half) return false;
    *whole = (uint64_t)(product >> shift) + (fraction > half);
    return true;
}

/* The six digits of a number and its decimal exponent: d.ddddd * 10^exponent. */
static bool six_digits(power v, uint64_t *digits, int *exponent)
{
    int binary = v.exponent + 63;
    *exponent = (binary * 78913) >> 18; /* log10(2): right or one too small */
    for (int attempt = 0; attempt < 2; attempt++, ++*exponent) {
        int k = DIGITS - 1 - *exponent;
        if (k < LEAST_POWER || k > MOST_POWER || !scaled(v, k, digits)) return false;
        if (*digits < 1000000) return *digits >= 100000;
    }
    return false;
}

static int put_sign(double value, char *out)
{
    out[0] = '-';
    return signbit(value) ? 1 : 0;
}

/* ---- six digits as the bytes of a word, the first in the lowest --------------------------- */

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the bytes of a word are written in this order");

#define DIGITS_OF(a, b, c) (0x303030 | (a) | (b) << 8 | (c) << 16)
#define TEN_OF(a, b)                                                                                                   \
    DIGITS_OF(a, b, 0), DIGITS_OF(a, b, 1), DIGITS_OF(a, b, 2), DIGITS_OF(a, b, 3), DIGITS_OF(a, b, 4),                \
        DIGITS_OF(a, b, 5), DIGITS_OF(a, b, 6), DIGITS_OF(a, b, 7), DIGITS_OF(a, b, 8), DIGITS_OF(a, b, 9)
#define HUNDRED_OF(a)                                                                                                  \
    TEN_OF(a, 0), TEN_OF(a, 1), TEN_OF(a, 2), TEN_OF(a, 3), TEN_OF(a, 4), TEN_OF(a, 5), TEN_OF(a, 6), TEN_OF(a, 7),    \
        TEN_OF(a, 8), TEN_OF(a, 9)

static const uint32_t three_digits[1000] = {HUNDRED_OF(0), HUNDRED_OF(1), HUNDRED_OF(2), HUNDRED_OF(3), HUNDRED_OF(4),
                                            HUNDRED_OF(5), HUNDRED_OF(6), HUNDRED_OF(7), HUNDRED_OF(8), HUNDRED_OF(9)};

static uint64_t word_of(uint32_t number) /* below a million */
{
    return three_digits[number / 1000] | (uint64_t)three_digits[number % 1000] << 24;
}

/* Digits up to the last that is not 0; there is one. */
static int count_digits(uint64_t word) { return 8 - __builtin_clzll(word & UINT64_C(0x0F0F0F0F0F0F)) / 8; }

/* Writes eight bytes. */
static void put_word(uint64_t word, char *out) { memcpy(out, &word, sizeof word); }

/* d.ddddd * 10^exponent as it is printed between 0.0001 and a million. */
static int put_plain(uint64_t word, int exponent, char *out)
{
    int count = count_digits(word), before = exponent + 1;
    if (exponent < 0) {
        memcpy(out, "0.000000", 8);
        put_word(word, out + 2 - before);
        return 2 - before + count;
    }
    uint64_t whole = (UINT64_C(1) << 8 * before) - 1;
    put_word((word & whole) | (uint64_t)'.' << 8 * before | (word & ~whole) << 8, out);
    return count > before ? count + 1 : before;
}

/* The same with an exponent of two digits: |exponent| stays below 100 here. */
static int put_scientific(uint64_t word, int exponent, char *out)
{
    int count = count_digits(word), length = count > 1 ? count + 1 : 1;
    int magnitude = exponent < 0 ? -exponent : exponent;
    put_word((word & 0xFF) | (uint64_t)'.' << 8 | (word & ~UINT64_C(0xFF)) << 8, out);
    out[length++] = 'e';
    out[length++] = exponent < 0 ? '-' : '+';
    out[length++] = (char)('0' + magnitude / 10);
    out[length++] = (char)('0' + magnitude % 10);
    return length;
}

/* ---- numbers of the usual size ---------------------------------------------------------------- */

static const double tens[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

/* Of 0.0001 <= size < 1e6, by one product. It is below 2^20, so rounding has moved it by 2^-34 at most: false where
 * that could decide which digit is the last, and where six digits become seven. */
static bool quick_digits(double size, uint32_t *digits, int *exponent)
{
    if (size < 1) /* none of these constants lies below the power of ten that it names */
        *exponent = -1 - (size < 0.1) - (size < 0.01) - (size < 0.001);
    else
        *exponent = (size >= 1e1) + (size >= 1e2) + (size >= 1e3) + (size >= 1e4) + (size >= 1e5);
    double product = size * tens[DIGITS - 1 - *exponent];
    *digits = (uint32_t)(product + 0.5);
    return fabs(product - (double)*digits) < 0.5 - 0x1p-30 && *digits < 1000000;
}

int hra_format_six_digits(double value, char out[HRA_NUMBER_TEXT])
{
    uint32_t quick;
    uint64_t number;
    int exponent, length = 0;
    double size = fabs(value);
    if (size >= 1e-4 && size < 1e6 && quick_digits(size, &quick, &exponent)) {
        length = put_sign(value, out);
        length += put_plain(word_of(quick), exponent, out + length);
    } else if (value == 0 && !signbit(value)) {
        out[length++] = '0';
    } else if (!isnormal(value) || !six_digits(parts_of(value), &number, &exponent)) {
        return snprintf(out, HRA_NUMBER_TEXT, "%.6g", value);
    } else {
        bool plain = exponent >= -4 && exponent < DIGITS;
        length = put_sign(value, out);
        length += (plain ? put_plain : put_scientific)(word_of((uint32_t)number), exponent, out + length);
    }
    out[length] = '\0';
    return length;
}

int hra_format_whole(double value, char out[HRA_NUMBER_TEXT])
{
    uint64_t rest = (uint64_t)fabs(value);
    int length = value < 0 ? put_sign(value, out) : 0, groups = 0; /* no "-0" */
    uint32_t threes[8];
    for (; rest >= 1000; rest /= 1000) threes[groups++] = three_digits[rest % 1000];
    int first = rest < 10 ? 1 : rest < 100 ? 2 : 3;
    put_word(three_digits[rest] >> 8 * (3 - first), out + length);
    for (length += first; groups > 0; length += 3) put_word(threes[--groups], out + length);
    out[length] = '\0';
    return length;
}
