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

/* Digits without trailing zeros, a point behind the first `before` of them. */
static int put_digits(const char *digits, int count, int before, char *out)
{
    int length = 0;
    for (int i = 0; i < count || i < before; i++) {
        if (i == before) out[length++] = '.';
        out[length++] = i < count ? digits[i] : '0';
    }
    return length;
}

/* Below a million in magnitude and not -0. */
static bool is_small_whole(double value)
{
    return fabs(value) < 1e6 && value == (double)(int)value && (value != 0 || !signbit(value));
}

static int put_small_whole(int value, char *out)
{
    char digits[8];
    int at = sizeof digits, length = 0;
    unsigned rest = value < 0 ? (unsigned)-value : (unsigned)value;
    do digits[--at] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0) out[length++] = '-';
    for (; at < (int)sizeof digits; at++) out[length++] = digits[at];
    out[length] = '\0';
    return length;
}

/* Two digits at a time. */
static void put_six(uint64_t number, char digits[DIGITS])
{
    static const char pairs[] =
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
        "4950515253545556575859606162636465666768697071727374757677787980818283848586878889909192939495969798"
        "99";
    uint32_t n = (uint32_t)number, high = n / 10000, low = n % 10000;
    memcpy(digits, pairs + 2 * (size_t)high, 2);
    memcpy(digits + 2, pairs + 2 * (size_t)(low / 100), 2);
    memcpy(digits + 4, pairs + 2 * (size_t)(low % 100), 2);
}

int hra_format_six_digits(double value, char out[HRA_NUMBER_TEXT])
{
    uint64_t number;
    int exponent;
    if (is_small_whole(value)) return put_small_whole((int)value, out);
    if (!isnormal(value) || !six_digits(parts_of(value), &number, &exponent))
        return snprintf(out, HRA_NUMBER_TEXT, "%.6g", value);
    char digits[DIGITS];
    int count = DIGITS, length = put_sign(value, out);
    put_six(number, digits);
    while (count > 1 && digits[count - 1] == '0') count--;
    if (exponent < -4 || exponent >= DIGITS) {
        length += put_digits(digits, count, 1, out + length);
        int magnitude = exponent < 0 ? -exponent : exponent; /* two digits: |exponent| stays below 100 here */
        out[length++] = 'e';
        out[length++] = exponent < 0 ? '-' : '+';
        out[length++] = (char)('0' + magnitude / 10);
        out[length++] = (char)('0' + magnitude % 10);
    } else if (exponent < 0) {
        memcpy(out + length, "0.0000", 6);
        memcpy(out + length + 1 - exponent, digits, DIGITS);
        length += 1 - exponent + count;
    } else {
        length += put_digits(digits, count, exponent + 1, out + length);
    }
    out[length] = '\0';
    return length;
}

int hra_format_whole(double value, char out[HRA_NUMBER_TEXT])
{
    char reversed[24];
    uint64_t rest = (uint64_t)fabs(value);
    int count = 0, length = value < 0 ? put_sign(value, out) : 0; /* no "-0" */
    do reversed[count++] = (char)('0' + rest % 10);
    while (rest /= 10);
    while (count > 0) out[length++] = reversed[--count];
    out[length] = '\0';
    return length;
}
