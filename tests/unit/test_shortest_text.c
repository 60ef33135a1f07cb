/* Numbers that read back: the very bytes that printf gives with as few digits as do. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/shortest_text.h"

static void compare(double value)
{
    char ours[HRA_SHORTEST_TEXT], theirs[64];
    int length = hra_format_shortest(value, ours);
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(theirs, sizeof theirs, "%.*g", digits, value);
        if (strtod(theirs, NULL) == value) break;
    }
    if (strcmp(ours, theirs) != 0) fail_msg("%.17g: '%s' is not '%s'", value, ours, theirs);
    assert_int_equal(length, strlen(theirs));
}

static void and_neighbours(double value)
{
    compare(value);
    compare(-value);
    compare(nextafter(value, INFINITY));
    compare(nextafter(value, 0));
}

static uint64_t next(uint64_t *seed) { return *seed = *seed * 6364136223846793005u + 1442695040888963407u; }

static void known_numbers(void **state)
{
    static const double values[] = {0.0,  0.1,  1e-5, 1.5e-5,   9.999995e-5, 0.00012, 123456.0, 999999999.99, 1e15,
                                    1e16, 1e22, 5e-4, 1.7e308,  5e-324,      0.3,     2.0 / 3,  1.0 / 3,      0.5,
                                    1024, 5,    7.25, 12345678, 0.7,         1e17,    1e-300,   INFINITY};
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) and_neighbours(values[i]);
    for (int power = -40; power < 40; power++) and_neighbours(ldexp(1, power));
    for (int power = -12; power < 20; power++) and_neighbours(pow(10, power));
}

static void means(void **state)
{
    uint64_t seed = 3;
    (void)state;
    for (int i = 0; i < 200000; i++) {
        double sum = (double)(next(&seed) >> 20);
        compare(sum / 4294967296.0 / (double)(1 + (next(&seed) >> 50)));
    }
}

/* Decimals of up to seventeen digits and their neighbours. */
static void decimals(void **state)
{
    uint64_t seed = 1;
    (void)state;
    for (int i = 0; i < 100000; i++) {
        uint64_t number = next(&seed) >> (8 + next(&seed) % 50);
        and_neighbours((double)number / pow(10, (double)(next(&seed) >> 33) / 1e9 * 8));
        and_neighbours((double)number / pow(10, (double)((next(&seed) >> 33) % 20)));
    }
}

static void any_bits(void **state)
{
    uint64_t seed = 7;
    (void)state;
    for (int i = 0; i < 100000; i++) {
        uint64_t bits = next(&seed);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value)) compare(value);
        bits = (bits & ~(UINT64_C(0x7FF) << 52)) | (uint64_t)(1005 + i % 55) << 52; /* where it is quick */
        memcpy(&value, &bits, sizeof value);
        compare(value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_numbers), cmocka_unit_test(means),
                                       cmocka_unit_test(decimals), cmocka_unit_test(any_bits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
