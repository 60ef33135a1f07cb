/* Intervals of shares against R 4.2: prop.test(correct = FALSE), binom.test, and the formulas written out there. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "service/tables/proportion.h"

typedef struct reference {
    uint64_t yes, n;
    double low, high;
} reference;

static void close_to(double value, double expected)
{
    if (fabs(value - expected) > 1e-12 + 1e-10 * fabs(expected)) fail_msg("%.15g, expected %.15g", value, expected);
}

static void wilson(void **state)
{
    static const reference r[] = {{5, 10, 0.236593090512564, 0.763406909487436},
                                  {12, 40, 0.180748452297465, 0.454300188181449},
                                  {200, 450, 0.399196237334097, 0.490633131428456},
                                  {9995, 10000, 0.998829974053858, 0.999786411573836},
                                  {81, 263, 0.255288519878274, 0.3662095769828}};
    for (size_t i = 0; i < sizeof r / sizeof r[0]; i++) {
        hra_interval w = hra_proportion_wilson((double)r[i].yes / (double)r[i].n, (double)r[i].n);
        hra_interval chosen = hra_proportion(r[i].yes, r[i].n);
        close_to(w.low, r[i].low);
        close_to(w.high, r[i].high);
        close_to(chosen.low, r[i].low); /* five on the smaller side: still Wilson's */
    }
}

static void exact(void **state)
{
    static const reference r[] = {{0, 20, 0, 0.168433470983085},
                                  {1, 20, 0.00126508949794981, 0.248732762772028},
                                  {4, 30, 0.0375534963383633, 0.307218350276127},
                                  {3, 1000000, 6.18672550190639e-07, 8.76724778814522e-06},
                                  {19, 20, 0.751267237227972, 0.99873491050205},
                                  {20, 20, 0.831566529016915, 1},
                                  {2, 3, 0.0942993240502461, 0.991596241340387},
                                  {0, 1, 0, 0.975},
                                  {7, 15, 0.212666729519308, 0.734138652722603},
                                  {60, 400, 0.116458478607399, 0.188822136481906}};
    for (size_t i = 0; i < sizeof r / sizeof r[0]; i++) {
        hra_interval e = hra_proportion_exact(r[i].yes, r[i].n), chosen = hra_proportion(r[i].yes, r[i].n);
        close_to(e.low, r[i].low);
        close_to(e.high, r[i].high);
        close_to(e.value, (double)r[i].yes / (double)r[i].n);
        uint64_t fewer = r[i].yes < r[i].n - r[i].yes ? r[i].yes : r[i].n - r[i].yes;
        if (fewer < 5) close_to(chosen.high, r[i].high);
    }
    assert_true(isnan(hra_proportion(0, 0).low));
}

/* Every interval holds the share, and the exact ones are wider than nothing. */
static void order(void **state)
{
    for (uint64_t n = 1; n < 200; n++)
        for (uint64_t yes = 0; yes <= n; yes++) {
            hra_interval i = hra_proportion(yes, n);
            if (!(i.low <= i.value && i.value <= i.high && i.low < i.high && i.low >= 0 && i.high <= 1))
                fail_msg("%d of %d: %g in %g to %g", (int)yes, (int)n, i.value, i.low, i.high);
        }
}

static void standardised(void **state)
{
    const hra_stratum_count strata[] = {{3, 40, .2}, {10, 55, .15}, {25, 60, .15}, {0, 20, .2},
                                        {8, 44, .2}, {30, 70, .1},  {0, 0, .5}};
    hra_standardised s = hra_standardise(strata, 6);
    close_to(s.share.value, 0.183993506493506);
    close_to(s.share.low, 0.13711139831651);
    close_to(s.share.high, 0.24240265786969);
    close_to(s.covered, 1);
    s = hra_standardise(strata, 7); /* nobody is known in the seventh: left out, and said */
    close_to(s.share.value, 0.183993506493506);
    close_to(s.covered, 1 / 1.5);
    assert_true(isnan(hra_standardise(strata + 6, 1).share.value));
}

/* Newcombe 1998, table II, example a: 56/70 less 48/80. */
static void difference(void **state)
{
    hra_interval a = hra_proportion_wilson(56 / 70.0, 70), b = hra_proportion_wilson(48 / 80.0, 80);
    hra_interval d = hra_proportion_difference(a, b);
    close_to(d.value, 0.2);
    close_to(d.low, 0.0524314724023649);
    close_to(d.high, 0.333872654036906);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(wilson), cmocka_unit_test(exact), cmocka_unit_test(order),
                                       cmocka_unit_test(standardised), cmocka_unit_test(difference)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
