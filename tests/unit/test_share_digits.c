/* The digits of many risks at once: the very bytes of printf, on every instruction set, and few that are left out. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "report/tools/share_digits.h"

enum { COUNT = 61 }; /* no multiple of a vector's length */

static uint64_t seed = 11;

static uint64_t next_random(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return seed >> 11;
}

/* Returns how many were left out. */
static int compare(hra_vector_level level, const double *values)
{
    uint64_t words[COUNT];
    int left_out = 0;
    hra_share_digits(level, values, COUNT, words);
    for (int i = 0; i < COUNT; i++) {
        char ours[HRA_SHARE_TEXT + 1], theirs[64];
        left_out += words[i] == 0;
        if (words[i] == 0) continue;
        ours[hra_share_text(words[i], ours)] = '\0';
        snprintf(theirs, sizeof theirs, "%.6g", values[i]);
        if (strcmp(ours, theirs) != 0) fail_msg("%.17g: '%s' is not '%s'", values[i], ours, theirs);
    }
    return left_out;
}

/* The level must run here. */
static hra_vector_level best(void) { return hra_vector_level_choose(); }

/* Next to none is left out: those just below a power of ten. */
static void random_risks(void **state)
{
    for (hra_vector_level level = HRA_VECTOR_PLAIN; level <= best(); level++) {
        int left_out = 0;
        for (int round = 0; round < 10000; round++) {
            double values[COUNT];
            for (int i = 0; i < COUNT; i++) values[i] = 1e-4 + 0.9998 * (double)next_random() * 0x1p-53;
            for (int i = 0; i < COUNT; i += 2) values[i] = 1e-4 * pow(0.99e4, values[i]);
            left_out += compare(level, values);
        }
        assert_true(left_out < 10);
    }
}

/* Numbers of up to seven decimals behind the first digit, halves among them, and their neighbours. */
static void risks_that_nearly_round_otherwise(void **state)
{
    for (hra_vector_level level = HRA_VECTOR_PLAIN; level <= best(); level++)
        for (int round = 0; round < 10000; round++) {
            double values[COUNT];
            for (int i = 0; i < COUNT; i++) {
                double shift = pow(10, (double)(6 + next_random() % 5));
                values[i] = ((double)(next_random() % 2000000) + (double)(next_random() % 2) / 2) / shift;
                if (next_random() % 2) values[i] = nextafter(values[i], (double)(next_random() % 2));
            }
            compare(level, values);
        }
}

static void what_is_left_out(void **state)
{
    static const double others[] = {0,          -0.0,          -0.5,         1,         1.5, 1e-5,
                                    1e300,      5e-324,        INFINITY,     -INFINITY, NAN, 0.99999999,
                                    0.09999999, 0.5 + 0x1p-53, 0x1.000002p-1 /* rounds to 0.5 */};
    for (hra_vector_level level = HRA_VECTOR_PLAIN; level <= best(); level++) {
        double values[COUNT];
        uint64_t words[COUNT];
        for (int i = 0; i < COUNT; i++) values[i] = others[i % 15];
        hra_share_digits(level, values, COUNT, words);
        for (int i = 0; i < COUNT; i++) {
            bool left_out = i % 15 < 13;
            assert_int_equal(words[i] == 0, left_out);
        }
        compare(level, values);
        hra_share_digits(level, values, 0, NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_risks),
        cmocka_unit_test(risks_that_nearly_round_otherwise),
        cmocka_unit_test(what_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
