/* Decimal numbers, exactly rounded. */
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "io/words/cell_value.h"

static locale_t c_locale;

static void make_locale(void) { c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0); }

/* The library's exactly rounding conversion, whatever locale the program runs in. */
static double convert_exactly(const char *text, size_t length)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    char copy[HRA_CELL_TEXT + 1];
    pthread_once(&once, make_locale);
    if (length > HRA_CELL_TEXT || !c_locale) return NAN;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return strtod_l(copy, NULL, c_locale);
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Reads "e+12" if it is all there. */
static const char *read_exponent(const char *at, const char *end, int *exponent)
{
    const char *p = at + 1;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+')) p++;
    if (p == end || !is_digit(*p)) return at;
    int e = 0;
    for (; p < end && is_digit(*p); p++)
        if (e < 100000) e = 10 * e + (*p - '0');
    *exponent += negative ? -e : e;
    return p;
}

const char *hra_read_decimal(const char *text, const char *end, double *value)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const char *at = text;
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+')) at++;
    uint64_t mantissa = 0;
    int digits = 0, significant = 0, exponent = 0;
    bool point = false;
    for (; at < end; at++) {
        if (*at == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(*at)) break;
        digits++;
        if (significant > 0 || *at != '0') significant++;
        if (significant <= 18) mantissa = 10 * mantissa + (uint64_t)(*at - '0');
        exponent -= point;
    }
    if (digits == 0) return text;
    if (at < end && (*at == 'e' || *at == 'E')) at = read_exponent(at, end, &exponent);
    /* Both operands are exact, so one operation rounds exactly. */
    if (significant <= 18 && mantissa <= (UINT64_C(1) << 53) && exponent >= -22 && exponent <= 22) {
        double m = (double)mantissa;
        m = exponent < 0 ? m / powers[-exponent] : m * powers[exponent];
        *value = negative ? -m : m;
    } else {
        *value = convert_exactly(text, (size_t)(at - text));
    }
    return at;
}
