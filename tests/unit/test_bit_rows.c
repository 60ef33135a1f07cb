/* Bits by column become bits by row, for every odd size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bit_rows.h"

enum { PLANES = 200, ROWS = 300, WORDS = 6, PITCH = 5 };

static uint64_t planes[PLANES][WORDS];
static uint64_t out[ROWS * PITCH];

static void fill(void)
{
    uint64_t x = 88172645463325252u;
    for (int f = 0; f < PLANES; f++)
        for (int w = 0; w < WORDS; w++) {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            planes[f][w] = x;
        }
}

static void expect(int count, int rows)
{
    const uint64_t *list[PLANES];
    size_t words = hra_bit_words(count);
    for (int f = 0; f < count; f++) list[f] = planes[f];
    memset(out, 0x5a, sizeof out);
    hra_bit_rows(list, count, rows, out, PITCH);
    for (int r = 0; r < ROWS; r++)
        for (size_t f = 0; f < 64 * PITCH; f++) {
            unsigned got = out[(size_t)r * PITCH + f / 64] >> (f % 64) & 1, want = 0x5a >> (f % 8) & 1;
            if (r < rows && f < 64 * words) want = f < (size_t)count ? planes[f][r / 64] >> (r % 64) & 1 : 0;
            if (got != want) fail_msg("%d planes of %d rows: row %d, bit %zu is %u", count, rows, r, f, got);
        }
}

static void every_bit_has_its_place(void **state)
{
    const int counts[] = {0, 1, 63, 64, 65, 128, 200}, rows[] = {0, 1, 63, 64, 65, 300};
    fill();
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
        for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) expect(counts[c], rows[r]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_bit_has_its_place)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
