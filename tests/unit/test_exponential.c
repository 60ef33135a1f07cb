/* exp against MPFR, and every instruction set against the judge.
 *
 *     test_exponential [VALUES]
 *
 * By itself two million values; hundreds of millions take minutes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <mpfr.h>

#include "engine/kernels/isa.h"
#include "engine/kernels/kernels.h"
#include "engine/graph/scalar.h"
#include "tests/differential/random.h"

enum { BATCH = 4096, SUBNORMAL = 4, KINDS = 5 };
static long values = 2000000;

/* The bounds that the documentation states, in units in the last place: of normal and of subnormal results. */
static const double BOUND = 0.96, BOUND_SUBNORMAL = 1;

/* ---- where to look ------------------------------------------------------------------- */

static double of_any_binade(random_state *r)
{
    double size = ldexp(1 + random_unit(r), random_below(r, 1074 + 10) - 1074);
    return random_chance(r, 50) ? -size : size;
}

static double some_value(random_state *r, int kind)
{
    double unit = random_unit(r);
    switch (kind) {
    case 0: return of_any_binade(r);
    case 1: return 20 * unit - 10;                                                       /* linear predictors */
    case 2: return 1418 * unit - 708.39;                                                 /* all normal results */
    case 3: return (random_below(r, 2040) - 1020.5 + 1e-3 * (unit - 0.5)) * 0.693147181; /* the ends of reductions */
    default: return -745.2 + 36.8 * unit;                                                /* subnormal results */
    }
}

/* ---- how far from the truth ------------------------------------------------------------ */

/* Of a result that may be subnormal: the units are those of the true value, 2^-1074 at least. */
static double units_off(double x, double result, mpfr_t truth)
{
    mpfr_set_d(truth, x, MPFR_RNDN);
    mpfr_exp(truth, truth, MPFR_RNDN);
    mpfr_exp_t exponent = mpfr_get_exp(truth);
    long unit = exponent - 53 > -1074 ? (long)exponent - 53 : -1074;
    mpfr_sub_d(truth, truth, result, MPFR_RNDN);
    mpfr_mul_2si(truth, truth, -unit, MPFR_RNDN);
    return fabs(mpfr_get_d(truth, MPFR_RNDN));
}

static void test_within_the_bound(void **state)
{
    static const char *const names[KINDS] = {"any binade", "-10 .. 10", "-708.39 .. 709.61", "ends of reductions",
                                             "subnormal results"};
    mpfr_t truth;
    mpfr_init2(truth, 90);
    for (int kind = 0; kind < KINDS; kind++) {
        random_state r = {(uint64_t)kind + 1};
        double worst = 0, worst_at = 0;
        for (long i = 0; i < values / KINDS; i++) {
            double x = some_value(&r, kind), result = hra_scalar_exp(x);
            if (isinf(result) || x < -746) continue; /* test_edges */
            double off = units_off(x, result, truth);
            if (off <= worst) continue;
            worst = off;
            worst_at = x;
        }
        print_message("%-20s %.4f units in the last place, at %a\n", names[kind], worst, worst_at);
        if (worst > (kind == SUBNORMAL ? BOUND_SUBNORMAL : BOUND))
            fail_msg("%s: %.4f units off at %a", names[kind], worst, worst_at);
    }
    mpfr_clear(truth);
}

static void test_edges(void **state)
{
    const double largest = 0x1.62e42fefa39efp+9, least = -0x1.74910d52d3051p+9; /* of finite results that are not 0 */
    assert_true(hra_scalar_exp(0.0) == 1 && hra_scalar_exp(-0.0) == 1 && hra_scalar_exp(0x1p-1074) == 1);
    assert_true(isfinite(hra_scalar_exp(largest)) && isinf(hra_scalar_exp(nextafter(largest, 1000))));
    assert_true(hra_scalar_exp(least) == 0x1p-1074 && hra_scalar_exp(nextafter(least, -1000)) == 0);
    assert_true(isinf(hra_scalar_exp(INFINITY)) && hra_scalar_exp(-INFINITY) == 0);
    for (double x = 800; x < 1e308; x *= 1.7) assert_true(isinf(hra_scalar_exp(x)) && hra_scalar_exp(-x) == 0);
    assert_true(isnan(hra_scalar_exp(NAN)));
}

/* ---- the same bits --------------------------------------------------------------------- */

/* Unknown is any NaN in a slot. */
static bool same(double a, double b) { return isnan(a) ? isnan(b) : memcmp(&a, &b, sizeof a) == 0; }

/* Values of all kinds beside each other, so that one lane's must not disturb another's. */
static void fill_batch(double *x, random_state *r)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, 1e300, -1e300, 0.0, -0.0, -744.9, -709.5, 709.9};
    for (int i = 0; i < BATCH; i++)
        x[i] = random_chance(r, 3) ? odd[random_below(r, 10)] : some_value(r, random_below(r, KINDS));
    uint64_t payload = UINT64_C(0x7ff80000000007a2); /* an unknown of another program */
    memcpy(&x[random_below(r, BATCH)], &payload, sizeof payload);
}

/* One call. */
static void compare_batch(const hra_isa *isa, random_state *r)
{
    static _Alignas(64) double x[BATCH], out[BATCH];
    fill_batch(x, r);
    hra_operand operand = {x, 1};
    hra_call call = {.out = out, .numbers = &operand, .number_count = 1};
    isa->kernels->run[HRA_KERNEL_EXP](&call, &(hra_block){BATCH, BATCH / HRA_WORD_ROWS});
    for (int i = 0; i < BATCH; i++) {
        double expected = hra_scalar_exp(x[i]);
        if (!same(expected, out[i]))
            fail_msg("%s: exp(%a) is %a, the judge says %a", isa->name, x[i], out[i], expected);
    }
}

static void test_same_bits(void **state)
{
    for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++) {
        random_state r = {7};
        for (long i = 0; (*isa)->kernels && (*isa)->supported() && i < values; i += BATCH) compare_batch(*isa, &r);
    }
}

/* c - exp(x * factor), where c is one number and where it is many. */
static void compare_differences(const hra_isa *isa, double c, bool one, random_state *r)
{
    static _Alignas(64) double x[BATCH], from[BATCH], out[BATCH], factor[HRA_LANES_MAX];
    fill_batch(x, r);
    for (int i = 0; i < BATCH; i++) from[i] = c;
    double by = random_chance(r, 50) ? 1 : -0.05;
    for (int i = 0; i < HRA_LANES_MAX; i++) factor[i] = by;
    hra_operand operands[] = {{x, 1}, {factor, 0}, {from, !one}};
    hra_call call = {.out = out, .numbers = operands, .number_count = 3};
    isa->kernels->run[HRA_KERNEL_LESS_EXP_PRODUCT](&call, &(hra_block){BATCH, BATCH / HRA_WORD_ROWS});
    for (int i = 0; i < BATCH; i++) {
        double expected = c - hra_scalar_exp(x[i] * by);
        if (!same(expected, out[i]))
            fail_msg("%s: %a - exp(%a * %a) is %a, the judge says %a", isa->name, c, x[i], by, out[i], expected);
    }
}

/* The kernel leaves exponentials away that are too small to change c: never where they are not. */
static void test_differences(void **state)
{
    static const double from[] = {1, -1, 0x1p-900, 0x1p-1000, 0x1p-1021, -0x1p-1074, 0, -0.0, 1e300, INFINITY, NAN};
    for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++) {
        random_state r = {11};
        if (!(*isa)->kernels || !(*isa)->supported()) continue;
        for (size_t k = 0; k < sizeof from / sizeof *from; k++)
            for (int round = 0; round < 20; round++) compare_differences(*isa, from[k], round % 2 == 0, &r);
    }
}

int main(int argc, char **argv)
{
    if (argc > 1) values = atol(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_within_the_bound),
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_same_bits),
        cmocka_unit_test(test_differences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
