/* What rows add to sums is the same by every instruction set of this processor, for every number of rows. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/summary/block_sums.c" /* its own functions, one set after the other */

enum { ROWS = 300 };

static uint64_t next(uint64_t *seed) { return *seed = *seed * 6364136223846793005u + 1442695040888963407u; }

static double some_value(uint64_t *seed)
{
    static const double odd[] = {NAN, INFINITY,     -INFINITY, 16384,  -16384,  16383.999999999998,
                                 1e9, 1000000001.0, -0.0,      5e-324, 0x1p-33, 3 * 0x1p-33};
    uint64_t r = next(seed) >> 20;
    if (r % 5 == 0) return odd[r / 5 % (sizeof odd / sizeof *odd)];
    return ((double)(r >> 4) / 0x1p40 - 0.5) * (r % 3 ? 1 : 40000);
}

static void same_odd(hra_block_odd a, hra_block_odd b)
{
    assert_int_equal(a.large, b.large);
    assert_int_equal(a.unknown, b.unknown);
}

static void numbers(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (int round = 0; round < 3000; round++) {
        double values[BLOCK];
        int rows = 1 + round % BLOCK;
        int64_t plain, sum, units[BLOCK], plain_units[BLOCK];
        for (int r = 0; r < BLOCK; r++) values[r] = some_value(&seed);
        hra_block_odd odd = sum_plain(values, rows, &plain);
        same_odd(sum_block(values, rows, &sum), odd);
        assert_int_equal(sum, plain);
        same_odd(units_plain(values, BLOCK, plain_units), hra_block_units(values, BLOCK, units));
        assert_memory_equal(units, plain_units, sizeof units);
#if defined(__x86_64__)
        if (has_avx2()) same_odd(sum_avx2(values, &sum), sum_plain(values, BLOCK, &plain));
        if (has_avx2()) assert_int_equal(sum, plain);
#endif
    }
}

static void long_sums(void **state)
{
    (void)state;
    double values[ROWS];
    uint64_t seed = 11;
    for (int r = 0; r < ROWS; r++) values[r] = some_value(&seed);
    for (int rows = 0; rows <= ROWS; rows++) {
        __int128 wanted = 7, sum = 7;
        uint32_t unknown = 3, missing = 3;
        for (int r = 0; r < rows; r++) {
            bool usable = fabs(values[r]) <= 1e9;
            wanted += usable ? hra_fixed_point(values[r]) : 0;
            missing += !usable;
        }
        hra_rows_sum(values, rows, &sum, &unknown);
        assert_true(sum == wanted);
        assert_int_equal(unknown, missing);
    }
}

/* Sums without a large value are made in one go. */
static void small_sums(void **state)
{
    (void)state;
    double values[ROWS];
    uint64_t seed = 17;
    for (int r = 0; r < ROWS; r++) {
        values[r] = some_value(&seed);
        if (fabs(values[r]) >= SMALL && fabs(values[r]) <= LARGEST) values[r] = NAN;
    }
    for (int rows = 0; rows <= ROWS; rows++) {
        __int128 wanted = 0, sum = 0;
        uint32_t unknown = 0, missing = 0;
        for (int r = 0; r < rows; r++) {
            bool usable = fabs(values[r]) <= LARGEST;
            wanted += usable ? hra_fixed_point(values[r]) : 0;
            missing += !usable;
        }
        hra_rows_sum(values, rows, &sum, &unknown);
        assert_true(sum == wanted);
        assert_int_equal(unknown, missing);
    }
}

static void levels(void **state)
{
    (void)state;
    static uint16_t all[70000];
    static const int some[] = {0, 1, 31, 400, 65535, 65536, 70000};
    uint64_t seed = 23;
    for (int r = 0; r < 70000; r++) {
        unsigned level = r < 66000 ? 1 : (unsigned)(next(&seed) >> 40) % 7;
        all[r] = level == 6 ? UINT16_MAX : (uint16_t)level;
    }
    for (size_t k = 0; k < sizeof some / sizeof *some; k++) {
        const uint16_t *from = all + 70000 - some[k];
        uint32_t wanted[7] = {1, 2}, found[7] = {1, 2}, plain[7] = {1, 2};
        for (int r = 0; r < some[k]; r++) wanted[(uint16_t)(from[r] + 1)]++;
        hra_rows_levels(from, some[k], 6, found);
        levels_plain(from, some[k], 6, plain);
        assert_memory_equal(found, wanted, sizeof wanted);
        assert_memory_equal(plain, wanted, sizeof wanted);
    }
    uint32_t ones[7] = {0};
    hra_rows_levels(all, 66000, 6, ones);
    assert_int_equal(ones[2], 66000);
}

/* More planes than are counted together, and not a whole number of times as many. */
static void bits(void **state)
{
    (void)state;
    enum { LONG = 11, PLANES = 19 };
    uint64_t words[PLANES][LONG], *planes[PLANES], seed = 9;
    for (int p = 0; p < PLANES; p++) {
        planes[p] = words[p];
        for (int w = 0; w < LONG; w++) words[p][w] = next(&seed) ^ next(&seed) << 31;
    }
    for (int start = 0; start < LONG * BLOCK; start += 5)
        for (int end = start + 1; end <= LONG * BLOCK; end += 3) {
            int count = (start + end) % (PLANES + 1);
            uint32_t found[PLANES + 1], plain[PLANES + 1];
            for (uint32_t p = 0; p <= PLANES; p++) found[p] = plain[p] = 3 + p;
            hra_rows_bits(planes, count, start, end, found);
            bits_plain(planes, count, start, end, plain);
            assert_memory_equal(found, plain, sizeof found);
            uint32_t wanted = 3;
            for (int r = start; r < end; r++) wanted += words[0][r / BLOCK] >> (r % BLOCK) & 1;
            if (count > 0) assert_int_equal(found[0], wanted);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers), cmocka_unit_test(long_sums),
                                       cmocka_unit_test(small_sums), cmocka_unit_test(levels), cmocka_unit_test(bits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
