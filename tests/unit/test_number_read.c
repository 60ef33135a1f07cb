/* Numbers are read as strtod reads them: value, sign of zero, end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/number_read.h"

static void assert_same(const char *text)
{
    char *end, *expected_end;
    double value = hra_number_read(text, &end), expected = strtod(text, &expected_end);
    uint64_t bits, expected_bits;
    memcpy(&bits, &value, sizeof bits);
    memcpy(&expected_bits, &expected, sizeof bits);
    if (bits != expected_bits || end != expected_end) fail_msg("'%s': %.17g, not %.17g", text, value, expected);
}

static void test_forms(void **state)
{
    static const char *const texts[] = {"",
                                        "-",
                                        ".",
                                        "-.",
                                        "0",
                                        "-0",
                                        "0.0",
                                        "-0.00",
                                        "5",
                                        "5.",
                                        ".5",
                                        "-.5",
                                        "40..45",
                                        "40.<45",
                                        "1.2.3",
                                        "12 3",
                                        "1e3",
                                        "1E-3",
                                        "1e",
                                        "1.5e+",
                                        "0x1p3",
                                        "0X10",
                                        "1x",
                                        "5y",
                                        "inf",
                                        "nan",
                                        "+3",
                                        " 7",
                                        "--1",
                                        "-5,",
                                        "3\n4",
                                        "1,5",
                                        "1/0.02",
                                        "007",
                                        "0.1234",
                                        "1e400",
                                        "-1e400",
                                        "1e-400",
                                        "2.675",
                                        "17.",
                                        "999999999999999",
                                        "9999999999999999",
                                        "0.000000000000001",
                                        "0.00000000000000001",
                                        "123456789012345.",
                                        "9007199254740993",
                                        "1.7976931348623157e308",
                                        "6.0221e23"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) assert_same(texts[i]);
    assert_true(hra_number_read("2.5", NULL) == 2.5);
}

/* Every number of digits before and after the point. */
static void test_digits(void **state)
{
    (void)state;
    uint64_t seed = 88172645463325252u;
    for (int i = 0; i < 200000; i++) {
        char text[64];
        int before = 0, after = 0, at = 0;
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        before = (int)(seed % 12);
        after = (int)(seed / 12 % 10);
        if (seed >> 63) text[at++] = '-';
        for (int k = 0; k < before + after; k++) {
            if (k == before) text[at++] = '.';
            text[at++] = (char)('0' + (seed >> (k * 3 % 50)) % 10);
        }
        text[at] = '\0';
        assert_same(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_forms), cmocka_unit_test(test_digits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
