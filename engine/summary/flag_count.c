#include "engine/summary/flag_count.h"

#include <stdlib.h>
#include <string.h>

#include "base/bit_rows.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "eight counters are read from a word in this order");

/* Words that are added side by side; digits of a counter; people until it is read, so that a byte holds it. */
enum { SIDE = 2, DIGITS = 8, PEOPLE = 255 };

typedef uint64_t words __attribute__((vector_size(SIDE * sizeof(uint64_t))));

bool hra_flag_rows_make(const hra_results *results, const int *outputs, int count, hra_flag_rows *out)
{
    size_t width = (hra_bit_words(2 * count) + SIDE - 1) / SIDE * SIDE, height = (size_t)results->rows + 1;
    *out = (hra_flag_rows){.flags = count, .words = width};
    const uint64_t **planes = calloc(2 * (size_t)count + 1, sizeof *planes);
    out->rows = aligned_alloc(sizeof(words), width * height * sizeof(uint64_t));
    out->counters = calloc(8 * width + 1, sizeof(uint64_t));
    for (int f = 0; planes && f < count; f++) {
        planes[f] = results->truth[outputs[f]];
        planes[count + f] = results->known[outputs[f]];
    }
    bool ok = planes && out->rows && out->counters;
    if (ok) hra_bit_rows(planes, 2 * count, results->rows, out->rows, width);
    free(planes);
    return ok;
}

void hra_flag_rows_destroy(hra_flag_rows *rows)
{
    free(rows->rows);
    free(rows->counters);
    *rows = (hra_flag_rows){0};
}

/* a + b + c: the sum's lower digit goes to *a, the upper one comes back. */
static inline words add_three(words *a, words b, words c)
{
    words half = *a ^ b, carry = (*a & b) | (half & c);
    *a = half ^ c;
    return carry;
}

/* Counters of SIDE words of the rows of at most PEOPLE people. */
static void add_up(const uint64_t *rows, size_t width, const int32_t *people, int count, words digits[DIGITS])
{
    const words none = {0};
    for (int d = 0; d < DIGITS; d++) digits[d] = none;
    for (int i = 0; i < count; i += 4) {
        words row[4];
        for (int k = 0; k < 4; k++)
            row[k] = i + k < count ? *(const words *)(const void *)(rows + (size_t)people[i + k] * width) : none;
        words two = add_three(&digits[0], row[0], row[1]), other_two = add_three(&digits[0], row[2], row[3]);
        words carry = add_three(&digits[1], two, other_two);
        for (int d = 2; d < DIGITS; d++) {
            words before = digits[d];
            digits[d] ^= carry;
            carry &= before;
        }
    }
}

/* Byte i of the result: bit i of each of eight bytes. */
static uint64_t transpose_bytes(uint64_t x)
{
    uint64_t swapped = (x ^ x >> 7) & UINT64_C(0x00AA00AA00AA00AA);
    x ^= swapped ^ swapped << 7;
    swapped = (x ^ x >> 14) & UINT64_C(0x0000CCCC0000CCCC);
    x ^= swapped ^ swapped << 14;
    swapped = (x ^ x >> 28) & UINT64_C(0x00000000F0F0F0F0);
    return x ^ swapped ^ swapped << 28;
}

/* The counters of one word: eight of them in a word of `counts`, a byte each. */
static void read_counters(const words digits[DIGITS], int word, uint64_t counts[8])
{
    for (unsigned k = 0; k < 8; k++) {
        uint64_t bytes = 0;
        for (unsigned d = 0; d < DIGITS; d++) bytes |= (digits[d][word] >> (8 * k) & 0xff) << (8 * d);
        counts[k] = transpose_bytes(bytes);
    }
}

void hra_flag_rows_count(const hra_flag_rows *rows, const int32_t *people, int count, uint32_t *counts)
{
    for (int start = 0; start < count; start += PEOPLE) {
        for (size_t w = 0; w < rows->words; w += SIDE) {
            words digits[DIGITS];
            add_up(rows->rows + w, rows->words, people + start, count - start < PEOPLE ? count - start : PEOPLE,
                   digits);
            for (int k = 0; k < SIDE; k++) read_counters(digits, k, rows->counters + 8 * (w + (size_t)k));
        }
        const uint8_t *yes = (const uint8_t *)rows->counters, *known = yes + rows->flags;
        for (int f = 0; f < rows->flags; f++) {
            counts[2 * f] += yes[f];
            counts[2 * f + 1] += (uint32_t)known[f] - yes[f];
        }
    }
}
