/* Numbers as text: the very bytes of printf. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/number_text.h"

static void compare(double value)
{
    char ours[HRA_NUMBER_TEXT], theirs[64];
    int length = hra_format_six_digits(value, ours);
    snprintf(theirs, sizeof theirs, "%.6g", value);
    if (strcmp(ours, theirs) != 0) fail_msg("%.17g: '%s' is not '%s'", value, ours, theirs);
    assert_int_equal(length, strlen(theirs));
}

static void known_numbers(void **state)
{
    static const double values[] = {
        0.0,     -0.0,     1.0,      0.1,      0.5,       1e-5,      1.5e-5, 9.999995e-5,
        0.0001,  0.00012,  123456.0, 1234565., 999999.5,  999999.49, 1e15,   1e300,
        5e-324,  1234.125, 1234.135, 0.999999, 0.9999995, 99999.95,  3e-20,  2.5e-35,
        1.25e-9, INFINITY, NAN,      -3.25,    -1e-7,     100000.5,  8.5e13, 4503599627370496.5};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) compare(values[i]);
    for (int whole = -1000013; whole <= 1000013; whole += 13) compare(whole);
    for (int i = -3; i <= 3; i++) compare(1e6 + i);
}

/* Decimals of up to nine digits and their neighbours: where rounding is decided by the last bits. */
static void neighbours_of_decimals(void **state)
{
    uint64_t seed = 1;
    for (int i = 0; i < 200000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        double value = (double)(seed >> 34) / pow(10, (double)(seed % 17));
        compare(value);
        compare(nextafter(value, INFINITY));
        compare(-nextafter(value, 0));
    }
}

static void any_bits(void **state)
{
    uint64_t seed = 7;
    for (int i = 0; i < 200000; i++) {
        double value;
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        memcpy(&value, &seed, sizeof value);
        if (!isnan(value)) compare(value);
    }
}

/* Risks: what rounds just so or just not at every size, and anything between. */
static void shares_of_one(void **state)
{
    uint64_t seed = 3;
    for (int i = 0; i < 150000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        double shift = pow(10, (double)(seed % 11)), tie = ((double)(seed >> 40) + 0.5) / shift;
        compare((double)(seed >> 11) * 0x1p-53);
        compare((double)(seed >> 11) * 0x1p-53 / shift);
        compare(tie);
        compare(nextafter(tie, 0));
        compare(nextafter(tie, INFINITY));
    }
    for (double power = 1e-9; power < 1e9; power *= 10) {
        compare(power);
        compare(nextafter(power, 0));
        compare(power * (1 - 0x1p-21)); /* 0.9999995 and the like: six digits or the next power */
    }
}

/* d.ddddd5 exactly representable: ties go to even. */
static void exact_ties(void **state)
{
    for (int i = 0; i < 100000; i++) {
        compare(i + 0.5);
        compare((i + 0.5) / 2);
        compare((1000000 + i) / 128.0);
        compare(i * 1e6 + 5);
    }
}

static void whole_numbers(void **state)
{
    static const double values[] = {0, -0.0, 1, -1, 9, 10, 999999999999999.0, -123456789012345.0, 65536};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        char ours[HRA_NUMBER_TEXT], theirs[64];
        hra_format_whole(values[i], ours);
        snprintf(theirs, sizeof theirs, "%.0f", values[i] + 0.0);
        assert_string_equal(ours, theirs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_numbers), cmocka_unit_test(neighbours_of_decimals),
        cmocka_unit_test(any_bits),      cmocka_unit_test(shares_of_one),
        cmocka_unit_test(exact_ties),    cmocka_unit_test(whole_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
