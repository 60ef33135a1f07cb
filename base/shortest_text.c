#include "base/shortest_text.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned __int128 wide;

enum { FEWEST = 15, MOST = 17, MANTISSA_BITS = 52 };

/* Doubles just above or equal to the power of ten they name, so none lies between the two. */
static const double tens[] = {1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
enum { TENS = sizeof tens / sizeof *tens, LEAST_EXPONENT = -4 };

static int slowly(double value, char out[HRA_SHORTEST_TEXT])
{
    int length = 0;
    for (int digits = FEWEST; digits <= MOST; digits++) {
        length = snprintf(out, HRA_SHORTEST_TEXT, "%.*g", digits, value);
        if (strtod(out, NULL) == value) break;
    }
    return length;
}

/* The number size * 10^decimals = mantissa * 10^decimals / 2^bits, rounded to the nearest, ties to even. All products
 * stay below 2^124. */
static uint64_t rounded(uint64_t mantissa, int bits, wide power)
{
    wide exact = mantissa * power, half = (wide)1 << (bits - 1), rest = exact & (2 * half - 1);
    uint64_t whole = (uint64_t)(exact >> bits);
    return whole + (rest > half || (rest == half && whole % 2 == 1));
}

/* Is this nearer to the double than half the way to its neighbours? *tie: exactly half the way. */
static bool reads_back(uint64_t digits, uint64_t mantissa, int bits, wide power, bool *tie)
{
    wide text = (wide)digits << bits, exact = mantissa * power;
    wide apart = 2 * (text > exact ? text - exact : exact - text);
    *tie = apart == power;
    return apart < power;
}

static int put_decimal(bool negative, uint64_t digits, int decimals, char *out)
{
    char reversed[HRA_SHORTEST_TEXT];
    int count = 0, length = 0;
    for (; decimals > 0 && digits % 10 == 0; decimals--) digits /= 10;
    for (; digits > 0 || count <= decimals; digits /= 10) {
        if (count == decimals && decimals > 0) reversed[length++] = '.';
        reversed[length++] = (char)('0' + digits % 10);
        count++;
    }
    if (negative) reversed[length++] = '-';
    for (int i = 0; i < length; i++) out[i] = reversed[length - 1 - i];
    out[length] = '\0';
    return length;
}

int hra_format_shortest(double value, char out[HRA_SHORTEST_TEXT])
{
    double size = fabs(value);
    if (size == 0 && !signbit(value)) return put_decimal(false, 0, 0, out);
    if (!(size >= tens[0] && size < tens[TENS - 1])) return slowly(value, out);
    uint64_t pattern, one = UINT64_C(1) << MANTISSA_BITS;
    memcpy(&pattern, &size, sizeof pattern);
    uint64_t mantissa = (pattern & (one - 1)) | one;
    int bits = 1023 + MANTISSA_BITS - (int)(pattern >> MANTISSA_BITS), place = 0;
    if (mantissa == one) return slowly(value, out); /* its neighbours are not equally far */
    while (size >= tens[place + 1]) place++;
    wide power = 1;
    int decimals = FEWEST - 1 - (place + LEAST_EXPONENT);
    for (int i = 0; i < decimals; i++) power *= 10;
    for (int digits = FEWEST; digits <= MOST; digits++, decimals++, power *= 10) {
        uint64_t number = rounded(mantissa, bits, power);
        bool tie;
        if (reads_back(number, mantissa, bits, power, &tie)) return put_decimal(value < 0, number, decimals, out);
        if (tie) break;
    }
    return slowly(value, out);
}
