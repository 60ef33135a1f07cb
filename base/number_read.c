#include "base/number_read.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_DIGITS = 15 };

/* Up to 15 digits are a whole number that a double holds exactly, and so is the power of ten: one division rounds
 * correctly. */
double hra_number_read(const char *text, char **end)
{
    static const double powers[MOST_DIGITS + 1] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                   1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    const char *c = text + (*text == '-');
    uint64_t digits = 0;
    int count = 0, decimals = 0;
    bool point = false;
    for (; (*c >= '0' && *c <= '9') || (*c == '.' && !point); c++) {
        if (*c == '.') {
            point = true;
            continue;
        }
        if (++count > MOST_DIGITS) return strtod(text, end);
        digits = digits * 10 + (uint64_t)(*c - '0');
        decimals += point;
    }
    if (count == 0 || (*c && strchr("eExX", *c))) return strtod(text, end);
    if (end) *end = (char *)c;
    double value = (double)digits / powers[decimals];
    return *text == '-' ? -value : value;
}
