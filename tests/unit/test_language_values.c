/* What expressions mean, on one person, by the judge; with and without sharing. */
#include <stdio.h>

#include "language_fixture.h"

/* A model `m` whose outputs are given; every check runs on both kinds of graph. */
static bench *open_outputs(const char *outputs, const char *columns, bool share)
{
    char text[4096];
    snprintf(text, sizeof text, "model m {\n%s\n}\n", outputs);
    return open_model(text, columns, "m", HRA_RANGE_COMPUTE, share);
}

static void for_both(void (*check)(bool share))
{
    check(true);
    check(false);
}

static void arithmetic(bool share)
{
    bench *b = open_outputs("a = 2 + 3*4 - 10/4\n b = -2^2\n c = 2^3^2\n d = 2^-1\n e = age^0\n f = 0*sbp\n"
                            "g = min(3, age, 2)\n h = clamp(age, 20, 60)\n i = trunc(-2.7)\n j = round(2.675, 2)\n"
                            "k = linear_plus(age, 50)\n l = cubic_plus(age, 68)\n n = rcs(age, 1, 40, 50, 60)\n"
                            "o = 10 - 3 - 2\n p = 1 - diabetes\n q = age^-1.5*2",
                            "age sbp diabetes", share);
    put(b, "age", 70);
    put(b, "diabetes", 1);
    assert_value(b, "m.a", 11.5);
    assert_value(b, "m.b", -4);
    assert_value(b, "m.c", 512);
    assert_value(b, "m.d", 0.5);
    assert_value(b, "m.f", NAN);
    assert_value(b, "m.g", 2);
    assert_value(b, "m.h", 60);
    assert_value(b, "m.i", -2);
    assert_value(b, "m.j", 2.68);
    assert_value(b, "m.k", 20);
    assert_value(b, "m.l", 8);
    /* ((30^3) - 20^3 * 2 + 10^3 * 1) / 20^2 */
    assert_value(b, "m.n", (27000.0 - 16000.0 + 1000.0) / 400.0);
    assert_value(b, "m.o", 5);
    assert_value(b, "m.p", 0);
    assert_true(fabs(value(b, "m.q") - 2 / (70 * sqrt(70))) < 1e-15);
    close_bench(b);
}

/* R 4.2.2, pnorm(x): the three approximations, their borders, both tails, where nothing is left. */
static void normal_distribution(bool share)
{
    static const double rows[][2] = {{0, 0.5},
                                     {-0.25, 0.4012936743170763},
                                     {0.67448975, 0.74999999993768973},
                                     {-0.67448975000010003, 0.2500000000622784},
                                     {1, 0.84134474606854293},
                                     {-2.2999999999999998, 0.010724110021675811},
                                     {5.6567999999999996, 0.9999999922889351},
                                     {-5.6568542500000003, 7.7086289273503851e-09},
                                     {-8.5, 9.4795348222033192e-18},
                                     {-20, 2.7536241186062337e-89},
                                     {-37, 5.7255712225245771e-300},
                                     {9, 1},
                                     {-60, 0},
                                     {60, 1}};
    bench *b = open_outputs("a = normal_cdf(age)\n b = normal_cdf(0)", "age", share);
    assert_value(b, "m.a", NAN);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        put(b, "age", rows[i][0]);
        double found = value(b, "m.a"), expected = rows[i][1];
        if (fabs(found - expected) > 1e-15 * expected) fail_msg("%g: %.17g, not %.17g", rows[i][0], found, expected);
    }
    assert_value(b, "m.b", 0.5);
    close_bench(b);
}

static void three_values(bool share)
{
    bench *b = open_outputs("a = diabetes and af\n b = diabetes or af\n c = not diabetes\n d = if(diabetes, 1, 2)\n"
                            "e = first_known(age, 3)\n f = known(age)\n g = diabetes == 1\n h = diabetes == 0\n"
                            "i = diabetes != 1\n j = present(diabetes)\n k = if(af, age, 5)\n l = sbp > 140",
                            "age sbp diabetes af", share);
    assert_value(b, "m.a", NAN);
    assert_value(b, "m.e", 3);
    assert_value(b, "m.f", 0);
    assert_value(b, "m.j", 0);
    assert_value(b, "m.l", NAN);
    put(b, "af", 0);
    assert_value(b, "m.a", 0);
    assert_value(b, "m.b", NAN);
    assert_value(b, "m.k", 5); /* the age is not needed */
    put(b, "diabetes", 1);
    assert_value(b, "m.a", 0);
    assert_value(b, "m.b", 1);
    assert_value(b, "m.c", 0);
    assert_value(b, "m.d", 1);
    assert_value(b, "m.g", 1);
    assert_value(b, "m.h", 0);
    assert_value(b, "m.i", 0);
    close_bench(b);
}

static void counting(bool share)
{
    bench *b =
        open_outputs("let n = count(diabetes, af, ckd)\n a = n >= 2\n b = n < 2\n c = n == 3\n d = n\n e = n in 1..2\n"
                     "f = 2 > n\n g = n > 1.5",
                     "diabetes af ckd", share);
    put(b, "diabetes", 1);
    put(b, "af", 1); /* ckd unknown: 2 or 3 */
    assert_value(b, "m.a", 1);
    assert_value(b, "m.b", 0);
    assert_value(b, "m.c", NAN);
    assert_value(b, "m.d", NAN);
    assert_value(b, "m.e", NAN);
    assert_value(b, "m.f", 0);
    assert_value(b, "m.g", 1);
    put(b, "ckd", 0);
    assert_value(b, "m.c", 0);
    assert_value(b, "m.d", 2);
    assert_value(b, "m.e", 1);
    close_bench(b);
}

static void categories(bool share)
{
    bench *b = open_outputs(
        "map race { white -> w, black -> b, chinese | asian -> a, hispanic | american_indian | pacific | other -> "
        "outside }\n"
        "r = race\n x = if(race == b, 1, 0)\n y = case(race: w -> 1, b -> 2, a -> 3)\n"
        "z = case(sex: male -> \"diabetes\", female -> other)\n"
        "u = urine_protein >= 1\n v = number(urine_protein)\n w = number(urine_protein) in {0, 0.5}\n"
        "t = bands(age: <40 -> young, 40..<60 -> middle, >=60 -> old)\n"
        "s = points(age: <40 -> 1, 50..<60 -> 2)\n q = points(age: <=40 -> if(sex == male, 1, 2), else -> 9)\n"
        "o = if(age < 50, z, \"diabetes\")",
        "race sex urine_protein age", share);
    assert_string_equal(level(b, "m.r"), "");
    put_level(b, "race", "asian");
    put_level(b, "sex", "female");
    put_level(b, "urine_protein", "trace");
    put(b, "age", 40);
    assert_string_equal(level(b, "m.r"), "a");
    assert_value(b, "m.x", 0);
    assert_value(b, "m.y", 3);
    assert_string_equal(level(b, "m.z"), "other");
    assert_value(b, "m.u", 0);
    assert_value(b, "m.v", 0.5);
    assert_value(b, "m.w", 1);
    assert_string_equal(level(b, "m.t"), "middle");
    assert_value(b, "m.s", NAN); /* in the gap: outside the published range */
    assert_int_equal(status(b, "m.s"), HRA_STATUS_OUTSIDE_RANGE);
    assert_value(b, "m.q", 2);
    assert_string_equal(level(b, "m.o"), "other");
    put_level(b, "race", "pacific");
    assert_value(b, "m.y", NAN); /* never silently the reference */
    assert_int_equal(status(b, "m.y"), HRA_STATUS_OUTSIDE_RANGE);
    close_bench(b);
}

static void units(bool share)
{
    bench *b = open_outputs("a = tc[mg/dL = 38.67]\n b = tc\n c = tc[mg/dL]\n d = hba1c[mmol/mol]\n e = height[m]",
                            "tc tc[mg/dL] hba1c height", share);
    put(b, "tc", 5.2);
    put(b, "hba1c", 6.5);
    put(b, "height", 170);
    assert_value(b, "m.a", 5.2 * 38.67);
    assert_value(b, "m.b", 5.2);
    assert_value(b, "m.c", 5.2 / 0.02586);
    assert_value(b, "m.d", (6.5 - 2.15) / 0.0915);
    assert_value(b, "m.e", 1.7);
    put(b, "tc[mg/dL]", 201); /* the number measured in that very unit is used */
    assert_value(b, "m.a", 201);
    assert_value(b, "m.c", 201);
    assert_value(b, "m.b", 5.2);
    put(b, "tc", NAN);
    assert_value(b, "m.b", 201 * 0.02586);
    close_bench(b);
}

static void strata(bool share)
{
    bench *b = open_outputs("stratum sex == female { let k = 1 risk = age*k name = \"low\" }\n"
                            "stratum sex == male { let k = 2 stratum age < 50 { risk = 10 } stratum age >= 50 { risk = "
                            "outside } name = \"high\" }\n"
                            "twice = 2*risk\n stratum age < 60 { part = 1 }",
                            "sex age", share);
    assert_value(b, "m.risk", NAN);
    assert_int_equal(status(b, "m.risk"), HRA_STATUS_MISSING);
    put_level(b, "sex", "female");
    put(b, "age", 60);
    assert_value(b, "m.twice", 120);
    assert_string_equal(level(b, "m.name"), "low");
    assert_value(b, "m.part", NAN);
    assert_int_equal(status(b, "m.part"), HRA_STATUS_OUTSIDE_RANGE);
    put_level(b, "sex", "male");
    assert_value(b, "m.risk", NAN);
    assert_int_equal(status(b, "m.risk"), HRA_STATUS_OUTSIDE_RANGE);
    assert_string_equal(level(b, "m.name"), "high");
    put(b, "age", 40);
    assert_value(b, "m.risk", 10);
    close_bench(b);
}

static void loops(bool share)
{
    char text[2048];
    snprintf(
        text, sizeof text, "%s",
        "table hazards { value step, hazard rows { 1, 0.1; 2, 0.2; 3, 0.4; } }\n"
        "table t { key s of sex key a bands key g words value v, w rows { male, <50, x, 1, 10; male, 50.., x, 2, 20; "
        "female, <40, x, 3, 30; female, >=40, y, 4, 40; } }\n"
        "model m {\n"
        "a = sum(k in 0..9: k*age)\n b = sum(k in 1..3: k)\n c = sum(row in hazards: hazard*age)\n"
        "fold over hazards { state free = 1 state gone = 0 let p = hazard*(age/100) + ln(exp(0*step)) next gone = gone "
        "+ free*p\n"
        "  next free = free*(1 - p) emit at_2 = gone at step <= 2 emit left = free }\n"
        "d = at_2\n e = left\n"
        "f = lookup(t.v, sex, age, x)\n g = lookup(t.w, sex, age, y)\n h = sum(k in 0..1: sum(j in 0..5: lookup(t.v, "
        "male, 47 + j, x) + k))\n"
        "}");
    bench *b = open_model(text, "sex age", "m", HRA_RANGE_COMPUTE, share);
    assert_value(b, "m.b", 6);
    assert_value(b, "m.d", NAN);
    put(b, "age", 50);
    put_level(b, "sex", "male");
    assert_value(b, "m.a", 45 * 50);
    assert_true(fabs(value(b, "m.c") - 35) < 1e-12);
    assert_true(fabs(value(b, "m.d") - (0.05 + 0.95 * 0.1)) < 1e-15);
    assert_true(fabs(value(b, "m.e") - 0.95 * 0.9 * 0.8) < 1e-15);
    assert_value(b, "m.f", 2);
    assert_value(b, "m.g", NAN); /* no such row */
    assert_int_equal(status(b, "m.g"), HRA_STATUS_OUTSIDE_RANGE);
    assert_value(b, "m.h", 3 * 1 + 3 * 2 + 3 * 1 + 3 * 2 + 6);
    put_level(b, "sex", "female");
    assert_value(b, "m.g", 40);
    assert_value(b, "m.f", NAN);
    close_bench(b);
}

static void substitutes(bool share)
{
    const char *text =
        "substitute bmi with weight/height[m]^2\n"
        "substitute bmi with 22\n"
        "substitute cigs_per_day with if(smoking_status == never, 0, unknown)\n"
        "substitute smoking_status with if(cigs_per_day > 0, current, if(cigs_per_day == 0, never, unknown))\n"
        "model m { risk = bmi\n cigs = cigs_per_day\n smoker = smoking_status == current valid smoking_status in "
        "{never, former, current} }";
    bench *b = open_model(text, "bmi weight height cigs_per_day smoking_status", "m", HRA_RANGE_COMPUTE, share);
    assert_value(b, "m.risk", 22);
    assert_int_equal(status(b, "m.risk"), HRA_STATUS_SUBSTITUTED);
    put(b, "weight", 80);
    put(b, "height", 200);
    assert_value(b, "m.risk", 20);
    put(b, "bmi", 31);
    assert_value(b, "m.risk", 31);
    assert_int_equal(status(b, "m.risk"), 0);
    assert_value(b, "m.smoker", NAN);
    assert_int_equal(status(b, "m.cigs"), HRA_STATUS_MISSING);
    put_level(b, "smoking_status", "never");
    assert_value(b, "m.cigs", 0);
    assert_value(b, "m.smoker", 0);
    put(b, "smoking_status", NAN);
    put(b, "cigs_per_day", 5);
    assert_value(b, "m.smoker", 1);
    close_bench(b);
}

static void test_arithmetic(void **state) { (void)state, for_both(arithmetic); }
static void test_normal_distribution(void **state) { (void)state, for_both(normal_distribution); }
static void test_three_values(void **state) { (void)state, for_both(three_values); }
static void test_counting(void **state) { (void)state, for_both(counting); }
static void test_categories(void **state) { (void)state, for_both(categories); }
static void test_units(void **state) { (void)state, for_both(units); }
static void test_strata(void **state) { (void)state, for_both(strata); }
static void test_loops(void **state) { (void)state, for_both(loops); }
static void test_substitutes(void **state) { (void)state, for_both(substitutes); }

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arithmetic),   cmocka_unit_test(test_normal_distribution),
        cmocka_unit_test(test_three_values), cmocka_unit_test(test_counting),
        cmocka_unit_test(test_categories),   cmocka_unit_test(test_units),
        cmocka_unit_test(test_strata),       cmocka_unit_test(test_loops),
        cmocka_unit_test(test_substitutes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
