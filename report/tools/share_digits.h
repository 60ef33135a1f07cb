/* The digits of many risks at once: numbers from 0.0001 up to 1, to six significant digits, correctly rounded. */
#ifndef HRA_REPORT_SHARE_DIGITS_H
#define HRA_REPORT_SHARE_DIGITS_H

#include <stdint.h>
#include <string.h>

#include "io/files/vector_level.h"

/* words[i] of values[i]: bytes 0 to 5 are the digits (0 to 9, the first is not 0), byte 7 the number of zeros between
 * the point and them. 0: another number, or one whose rounding is decided by more than a product tells. */
void hra_share_digits(hra_vector_level level, const double *values, int count, uint64_t *words);

enum { HRA_SHARE_TEXT = 16 };

/* The text of such a number ("0.0012"), as printf's %.6g has it; its length. Writes HRA_SHARE_TEXT bytes. */
static inline int hra_share_text(uint64_t word, char out[HRA_SHARE_TEXT])
{
    const uint64_t digits = word & UINT64_C(0xFFFFFFFFFFFF), ascii = digits | UINT64_C(0x303030303030);
    int before = 2 + (int)(word >> 56), count = 8 - (int)((unsigned)__builtin_clzll(digits) / 8);
    memcpy(out, "0.000000", 8);
    memcpy(out + before, &ascii, sizeof ascii);
    return before + count;
}

#endif
