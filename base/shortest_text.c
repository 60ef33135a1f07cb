#include "base/shortest_text.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned __int128 wide;

enum { FEWEST = 15, MOST = 17, MANTISSA_BITS = 52, MOST_DECIMALS = 20 };

static const wide powers[MOST_DECIMALS + 1] = {UINT64_C(1),
                                               UINT64_C(10),
                                               UINT64_C(100),
                                               UINT64_C(1000),
                                               UINT64_C(10000),
                                               UINT64_C(100000),
                                               UINT64_C(1000000),
                                               UINT64_C(10000000),
                                               UINT64_C(100000000),
                                               UINT64_C(1000000000),
                                               UINT64_C(10000000000),
                                               UINT64_C(100000000000),
                                               UINT64_C(1000000000000),
                                               UINT64_C(10000000000000),
                                               UINT64_C(100000000000000),
                                               UINT64_C(1000000000000000),
                                               UINT64_C(10000000000000000),
                                               UINT64_C(100000000000000000),
                                               UINT64_C(1000000000000000000),
                                               UINT64_C(10000000000000000000),
                                               (wide)UINT64_C(10000000000000000000) * 10};

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

/* mantissa * power / 2^bits rounded to the nearest, ties to even: the digits; all products stay below 2^124. True where
 * they are nearer to the double than half the way to its neighbours; *tie: exactly half the way. */
static bool reads_back(uint64_t mantissa, int bits, wide power, uint64_t *digits, bool *tie)
{
    wide exact = mantissa * power, half = (wide)1 << (bits - 1), rest = exact & (2 * half - 1);
    uint64_t whole = (uint64_t)(exact >> bits);
    bool up = rest > half || (rest == half && whole % 2 == 1);
    wide apart = 2 * (up ? 2 * half - rest : rest);
    *digits = whole + up;
    *tie = apart == power;
    return apart < power;
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the digits are the bytes of a word in this order");

/* The eight digits of a number: halves, quarters and eighths of a word are divided side by side. */
static void put_eight(uint64_t number, char *out)
{
    uint64_t word = number / 10000 | number % 10000 << 32;
    uint64_t high = (word * 5243 >> 19) & UINT64_C(0x0000007F0000007F); /* hundredth part, below 10000 */
    word = high | (word - high * 100) << 16;
    high = (word * 103 >> 10) & UINT64_C(0x000F000F000F000F); /* tenth part, below 100 */
    word = high | (word - high * 10) << 8 | UINT64_C(0x3030303030303030);
    memcpy(out, &word, sizeof word);
}

enum { PLACES = 24, COPIED = 20 }; /* more than the digits there are: 18 of a number, 20 decimals */

/* digits / 10^decimals, at least six digits short of PLACES. */
static int put_decimal(bool negative, uint64_t digits, int decimals, char *out)
{
    char text[PLACES + COPIED] = {0};
    int point = PLACES - decimals, first = 0, last = PLACES, length = 0;
    put_eight(digits / UINT64_C(10000000000000000), text);
    put_eight(digits / UINT64_C(100000000) % UINT64_C(100000000), text + PLACES / 3);
    put_eight(digits % UINT64_C(100000000), text + 2 * PLACES / 3);
    while (first < point - 1 && text[first] == '0') first++;
    while (last > point && text[last - 1] == '0') last--;
    if (negative) out[length++] = '-';
    memcpy(out + length, text + first, COPIED);
    length += point - first;
    if (last > point) {
        out[length++] = '.';
        memcpy(out + length, text + point, COPIED);
        length += last - point;
    }
    out[length] = '\0';
    return length;
}

int hra_format_shortest(double value, char out[HRA_SHORTEST_TEXT])
{
    double size = fabs(value);
    if (size == 0 && !signbit(value)) {
        memcpy(out, "0", 2);
        return 1;
    }
    if (!(size >= tens[0] && size < tens[TENS - 1])) return slowly(value, out);
    uint64_t pattern, number, one = UINT64_C(1) << MANTISSA_BITS;
    memcpy(&pattern, &size, sizeof pattern);
    /* A power of two is not equally far from its neighbours; those here have so few digits that they are exact. */
    uint64_t mantissa = (pattern & (one - 1)) | one;
    int bits = 1023 + MANTISSA_BITS - (int)(pattern >> MANTISSA_BITS), place = 0;
    while (size >= tens[place + 1]) place++;
    int decimals = FEWEST - 1 - (place + LEAST_EXPONENT);
    for (int digits = FEWEST; digits <= MOST; digits++, decimals++) {
        bool tie;
        if (reads_back(mantissa, bits, powers[decimals], &number, &tie))
            return put_decimal(value < 0, number, decimals, out);
        if (tie) break;
    }
    return slowly(value, out);
}
