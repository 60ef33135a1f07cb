/* The judge and the scalar arithmetic it stands on. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "engine/graph/judge.h"
#include "engine/graph/scalar.h"
#include "engine/graph/status.h"

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

#define assert_same_bits(a, b) assert_int_equal(bits_of(a), bits_of(b))

/* ---- scalar arithmetic */

static void rounding_is_half_away_from_zero_as_printed(void **state)
{
    const struct {
        double x;
        int decimals;
        double expected;
    } cases[] = {
        {2.675, 2, 2.68},
        {5.185, 2, 5.19},
        {1.005, 2, 1.01},
        {-2.675, 2, -2.68},
        {0.5, 0, 1},
        {1.5, 0, 2},
        {2.5, 0, 3},
        {-2.5, 0, -3},
        {0.49, 0, 0},
        {2.674, 2, 2.67},
        {2.6749999, 2, 2.67},
        {1e15, 0, 1e15},
        {123456789.5, 0, 1.2345679e8},
        {5.5555, 3, 5.556},
        {0.0005, 3, 0.001},
        {1e300, 2, 1e300},
        {9007199254740993.0, 3, 9007199254740992.0},
        {-1e17, 0, -1e17},
        {INFINITY, 1, INFINITY},
        {562949953421311.0, 0, 562949953421311.0},
        {35184372088832.5, 0, 35184372088833.0},
        {4503599627370495.5, 0, 4503599627370496.0},
        {70368744177664.25, 0, 70368744177664.0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_same_bits(hra_scalar_round(cases[i].x, cases[i].decimals), cases[i].expected);
    assert_same_bits(hra_scalar_round(-0.2, 0), -0.0);
    assert_same_bits(hra_scalar_round(NAN, 1), NAN);
}

/* Every value printed with one digit more than it is rounded to, against whole-number arithmetic. */
static void rounding_agrees_with_the_printed_decimal(void **state)
{
    for (int decimals = 0; decimals <= 3; decimals++) {
        for (int64_t steps = 0; steps < 300000; steps += 7) {
            double x = (double)steps / hra_pow10(decimals + 1);
            double expected = (double)((steps + 5) / 10) / hra_pow10(decimals);
            assert_same_bits(hra_scalar_round(x, decimals), expected);
            assert_same_bits(hra_scalar_round(-x, decimals), -expected);
        }
    }
}

/* A whole number stays itself, however large. */
static void rounding_keeps_whole_numbers(void **state)
{
    for (int e = 0; e < 62; e++)
        for (int d = -2; d <= 2; d++) {
            double x = (double)((INT64_C(1) << e) + d);
            assert_same_bits(hra_scalar_round(fabs(x), 0), fabs(x));
        }
}

static double day(int year, int month, int d)
{
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = d};
    return (double)(timegm(&tm) / 86400);
}

static void years_are_counted_by_calendar(void **state)
{
    assert_true(hra_scalar_years_between(day(1960, 5, 17), day(2020, 5, 16)) == 59);
    assert_true(hra_scalar_years_between(day(1960, 5, 17), day(2020, 5, 17)) == 60);
    assert_true(hra_scalar_years_between(day(2000, 2, 29), day(2001, 2, 28)) == 0);
    assert_true(hra_scalar_years_between(day(2000, 2, 29), day(2001, 3, 1)) == 1);
    assert_true(hra_scalar_years_between(day(2000, 2, 29), day(2004, 2, 28)) == 3);
    assert_true(hra_scalar_years_between(day(2000, 2, 29), day(2004, 2, 29)) == 4);
    assert_true(hra_scalar_years_between(day(1899, 12, 31), day(1900, 3, 1)) == 0);
    assert_true(hra_scalar_years_between(day(2020, 1, 1), day(2019, 12, 31)) == -1);
    assert_true(isnan(hra_scalar_years_between(NAN, 3)));
    assert_true(isnan(hra_scalar_years_between(0, INFINITY)));
    assert_true(isnan(hra_scalar_years_between(-1e300, 0)));
}

static void years_agree_with_the_c_library(void **state)
{
    for (int64_t a = -80000; a < 80000; a += 977) {
        for (int64_t b = -90000; b < 90000; b += 631) {
            time_t ta = a * 86400, tb = b * 86400;
            struct tm da, db;
            gmtime_r(&ta, &da);
            gmtime_r(&tb, &db);
            int years = db.tm_year - da.tm_year -
                        (db.tm_mon < da.tm_mon || (db.tm_mon == da.tm_mon && db.tm_mday < da.tm_mday));
            assert_true(hra_scalar_years_between((double)a, (double)b) == years);
        }
    }
}

static void exp_and_ln_are_within_one_unit(void **state)
{
    for (int i = -7000; i <= 7000; i++) {
        double x = i * 0.1, e = hra_scalar_exp(x), l = hra_scalar_ln(fabs(x) + 1e-9);
        double exact = exp(x), exact_ln = log(fabs(x) + 1e-9);
        assert_true(fabs(e - exact) <= 2 * (nextafter(exact, INFINITY) - exact));
        assert_true(fabs(l - exact_ln) <= 2 * (nextafter(fabs(exact_ln), INFINITY) - fabs(exact_ln)));
    }
    assert_same_bits(hra_scalar_exp(0), 1.0);
    assert_same_bits(hra_scalar_ln(1), 0.0);
    assert_same_bits(hra_scalar_exp(-INFINITY), 0.0);
    assert_same_bits(hra_scalar_exp(800), INFINITY);
    assert_same_bits(hra_scalar_ln(INFINITY), INFINITY);
    assert_same_bits(hra_scalar_exp(-NAN), NAN);
    const double no_logarithm[] = {0, -0.0, -1, -INFINITY, NAN};
    for (int i = 0; i < 5; i++) assert_same_bits(hra_scalar_ln(no_logarithm[i]), NAN);
}

static void powers_follow_the_language(void **state)
{
    assert_same_bits(hra_scalar_pow(2.5, 1.3), hra_scalar_exp(1.3 * hra_scalar_ln(2.5)));
    assert_same_bits(hra_scalar_pow(0, 2), 0.0);
    assert_same_bits(hra_scalar_pow(-0.0, 2), 0.0);
    const double unknown[][2] = {{0, 0}, {0, -1}, {-2, 2}, {NAN, 0}, {0, NAN}, {NAN, 1}, {INFINITY, 0}};
    for (int i = 0; i < 7; i++) assert_same_bits(hra_scalar_pow(unknown[i][0], unknown[i][1]), NAN);
}

static double apply(hra_op op, double a, double b)
{
    const double operand[3] = {a, b, 0};
    return hra_scalar_operation(op, operand, 0);
}

static void arithmetic_knows_its_limits(void **state)
{
    assert_same_bits(apply(HRA_OP_DIV, 1, 0), NAN);
    assert_same_bits(apply(HRA_OP_DIV, 0, -0.0), NAN);
    assert_same_bits(apply(HRA_OP_SQRT, -1, 0), NAN);
    assert_same_bits(apply(HRA_OP_SUB, INFINITY, INFINITY), NAN);
    assert_same_bits(apply(HRA_OP_MUL, 0, NAN), NAN);
    assert_same_bits(apply(HRA_OP_MUL, 0, INFINITY), NAN);
    assert_same_bits(apply(HRA_OP_NEG, NAN, 0), NAN);
    assert_same_bits(apply(HRA_OP_ABS, -NAN, 0), NAN);
    assert_same_bits(apply(HRA_OP_MUL, 1e300, 1e300), INFINITY);
    assert_same_bits(apply(HRA_OP_MIN, NAN, 1), NAN);
    assert_same_bits(apply(HRA_OP_MAX, 1, NAN), NAN);
    assert_same_bits(apply(HRA_OP_MIN, 0.0, -0.0), -0.0);
    assert_same_bits(apply(HRA_OP_MAX, -0.0, 0.0), 0.0);
}

static void logic_is_three_valued(void **state)
{
    const double v[] = {0, 1, NAN};
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++) {
            double a = v[i], b = v[k];
            double and = a == 0 || b == 0 ? 0 : a == 1 && b == 1 ? 1 : (double)NAN;
            double or = a == 1 || b == 1 ? 1 : a == 0 && b == 0 ? 0 : (double)NAN;
            assert_same_bits(apply(HRA_OP_AND, a, b), and);
            assert_same_bits(apply(HRA_OP_OR, a, b), or);
            assert_same_bits(apply(HRA_OP_LT, a, b), isnan(a) || isnan(b) ? (double)NAN : a < b);
            assert_same_bits(apply(HRA_OP_NE, a, b), isnan(a) || isnan(b) ? (double)NAN : a != b);
        }
    assert_same_bits(apply(HRA_OP_NOT, NAN, 0), NAN);
    assert_same_bits(apply(HRA_OP_IS_TRUE, NAN, 0), 0.0);
    assert_same_bits(apply(HRA_OP_KNOWN_FLAG, 0, 0), 1.0);
}

static void steps_and_tables(void **state)
{
    /* <45 -> 0, 45..<50 -> 2, 50 -> 3, gap up to and including 60, >60 -> 9 */
    const double cuts[] = {45, 50, 50, 60}, values[] = {0, 2, 3, NAN, 9};
    const bool after[] = {false, false, true, true};
    hra_step step = {4, cuts, after, values};
    const double points[][2] = {{-1e9, 0}, {44.999, 0}, {45, 2}, {49.9, 2}, {50, 3}, {60.0001, 9}, {INFINITY, 9}};
    for (int i = 0; i < 7; i++) assert_same_bits(hra_step_value(&step, points[i][0]), points[i][1]);
    assert_same_bits(hra_step_value(&step, 50.1), NAN);
    assert_same_bits(hra_step_value(&step, 60), NAN);
    assert_same_bits(hra_step_value(&step, NAN), NAN);
    hra_gather table = {3, values, NULL};
    assert_same_bits(hra_scalar_gather(&table, 1), 2.0);
    assert_same_bits(hra_scalar_gather(&table, -0.0), 0.0);
    const double no_entry[] = {-1, 3, 0.5, NAN, INFINITY, 1e300};
    for (int i = 0; i < 6; i++) assert_same_bits(hra_scalar_gather(&table, no_entry[i]), NAN);
}

/* ---- the walk */

static void folds_loop_over_rows(void **state)
{
    /* two states read each other's old values: Fibonacci, with a row factor and a captured summand */
    const double rows[] = {1, 10, 1, 20, 1, 30};
    hra_graph *body = hra_graph_new(true);
    hra_node a = hra_graph_leaf(body, HRA_OP_STATE, 0), b = hra_graph_leaf(body, HRA_OP_STATE, 1);
    hra_node both = hra_graph_binary(body, HRA_OP_ADD, a, b);
    hra_node scaled = hra_graph_binary(body, HRA_OP_MUL, both, hra_graph_leaf(body, HRA_OP_ROW_VALUE, 0));
    hra_node next[] = {b, hra_graph_binary(body, HRA_OP_ADD, scaled, hra_graph_leaf(body, HRA_OP_CAPTURE, 0))};
    hra_graph *g = hra_graph_new(true);
    hra_node capture = hra_graph_input(g, 0), initial[] = {hra_graph_number(g, 0), hra_graph_input(g, 1)};
    const int emit_state[] = {1, 1, 0, 1}, emit_row[] = {-1, 0, 2, 2};
    int fold = hra_graph_add_fold(g, &(hra_fold){.body = body,
                                                 .row_count = 3,
                                                 .value_count = 2,
                                                 .rows = rows,
                                                 .state_count = 2,
                                                 .initial = initial,
                                                 .next = next,
                                                 .capture_count = 1,
                                                 .captures = &capture,
                                                 .emit_count = 4,
                                                 .emit_state = emit_state,
                                                 .emit_row = emit_row});
    hra_node out[4];
    for (int i = 0; i < 4; i++) out[i] = hra_graph_fold_out(g, fold, i);
    hra_judge *judge = hra_judge_new(g);
    double person[] = {100, 1};
    const double expected[] = {1, 101, 202, 403};
    hra_judge_person(judge, person);
    for (int i = 3; i >= 0; i--) assert_same_bits(hra_judge_value(judge, out[i]), expected[i]);
    double incomplete[] = {NAN, 1};
    hra_judge_person(judge, incomplete);
    for (int i = 0; i < 4; i++) assert_same_bits(hra_judge_value(judge, out[i]), NAN);
    bool columns[2] = {false, false};
    hra_judge_missing(judge, out[2], columns);
    assert_true(columns[0] && !columns[1]);
    hra_judge_person(judge, person);
    assert_same_bits(hra_judge_value(judge, out[2]), 202.0);
    hra_judge_free(judge);
    hra_graph_free(g);
}

static void missing_names_are_those_on_the_path(void **state)
{
    enum { SMOKER, CIGARETTES, BMI, WEIGHT, AGE, COUNT };
    hra_graph *g = hra_graph_new(true);
    hra_node smoker = hra_graph_input_flag(g, SMOKER), zero = hra_graph_number(g, 0);
    hra_node dose = hra_graph_select(g, smoker, hra_graph_input(g, CIGARETTES), zero);
    hra_node bmi = hra_graph_binary(g, HRA_OP_SUBSTITUTE, hra_graph_input(g, BMI), hra_graph_input(g, WEIGHT));
    hra_node absent = hra_graph_binary(g, HRA_OP_SUBSTITUTE, hra_graph_absent(g, 2, HRA_KIND_NUM), bmi);
    hra_node sum = hra_graph_binary(g, HRA_OP_ADD, dose, bmi), all = hra_graph_binary(g, HRA_OP_ADD, sum, absent);
    hra_judge *judge = hra_judge_new(g);
    const struct {
        double inputs[COUNT];
        bool columns[COUNT], absent;
    } cases[] = {
        {{0, NAN, 20, NAN, NAN}, {0}, false},
        {{1, NAN, 20, NAN, NAN}, {[CIGARETTES] = true}, false},
        {{NAN, NAN, NAN, 20, 1}, {[SMOKER] = true}, false},
        {{0, 1, NAN, NAN, 1}, {[BMI] = true}, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool columns[COUNT] = {false}, variables[3] = {false};
        hra_judge_person(judge, cases[i].inputs);
        hra_judge_missing_all(judge, all, columns, variables);
        assert_memory_equal(columns, cases[i].columns, sizeof columns);
        assert_int_equal(variables[2], cases[i].absent);
    }
    hra_judge_free(judge);
    hra_graph_free(g);
}

static void chunk_gives_values_and_exceptions(void **state)
{
    hra_column columns[] = {{.decimals = 1, .first = 30, .levels = 100}, {.levels = 70000}, {.levels = 2}};
    hra_schema schema = {.columns = columns, .column_count = 3};
    const uint16_t narrow[] = {0, 17, 100, 101};
    const uint32_t wide[] = {69999, 70000, 70001, 5};
    hra_codes codes[] = {{.u16 = narrow}, {.u32 = wide}, {.constant = 1}};
    hra_exception exceptions[] = {{2, 1, 0.25}, {3, 0, 4.55}};
    hra_chunk chunk = {.rows = 4, .columns = codes, .exceptions = exceptions, .exception_count = 2};
    const double expected[4][3] = {{3.0, 69999, 1}, {4.7, NAN, 1}, {NAN, 0.25, 1}, {4.55, 5, 1}};
    for (int row = 0; row < 4; row++) {
        double inputs[3];
        hra_chunk_person(&schema, &chunk, row, inputs);
        for (int i = 0; i < 3; i++) assert_same_bits(inputs[i], expected[row][i]);
    }
}

/* ---- status */

static unsigned status_of(const double *inputs)
{
    hra_graph *g = hra_graph_new(true);
    hra_output output = {.value = hra_graph_input(g, 0),
                         .outside = hra_graph_input_flag(g, 1),
                         .excluded = hra_graph_input_flag(g, 2),
                         .substituted = hra_graph_input_flag(g, 3),
                         .clamped = -1,
                         .missing = hra_graph_input_flag(g, 4),
                         .provisional = hra_graph_input_flag(g, 5)};
    hra_judge *judge = hra_judge_new(g);
    hra_judge_person(judge, inputs);
    unsigned status = hra_judge_status(judge, &output);
    hra_judge_free(judge);
    hra_graph_free(g);
    return status;
}

static void status_says_why(void **state)
{
    const struct {
        double inputs[6]; /* value, outside, excluded, substituted, missing, provisional */
        unsigned status;
    } cases[] = {
        {{0.1, 0, 0, 0, 0, 0}, 0},
        {{0.1, NAN, 0, 0, 0, 0}, 0},
        {{0.1, 0, 0, 1, 1, 0}, HRA_STATUS_SUBSTITUTED},
        {{0.1, 1, 0, 0, 0, 0}, HRA_STATUS_OUTSIDE_RANGE},
        {{NAN, 1, 0, 0, 0, 0}, HRA_STATUS_OUTSIDE_RANGE},
        {{NAN, 0, 0, 0, 1, 0}, HRA_STATUS_MISSING},
        {{NAN, 1, 0, 0, 1, 0}, HRA_STATUS_OUTSIDE_RANGE | HRA_STATUS_MISSING},
        {{NAN, 0, 0, 0, 0, 0}, HRA_STATUS_NUMERIC_ERROR},
        {{NAN, 1, 1, 1, 1, 1}, HRA_STATUS_NOT_APPLICABLE},
        {{0.1, 0, NAN, 0, 0, 0}, HRA_STATUS_EXCLUSION_UNVERIFIED},
        {{2, 0, 0, 0, 0, 1}, HRA_STATUS_PROVISIONAL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(status_of(cases[i].inputs), cases[i].status);
}

static void assert_words(unsigned status, const char *const *names, int count, const char *expected)
{
    hra_buffer out = {0};
    hra_status_text(status, names, count, &out);
    assert_string_equal(out.bytes, expected);
    hra_buffer_destroy(&out);
}

static void status_in_words(void **state)
{
    const char *const names[] = {"tc", "hdl"};
    assert_words(0, names, 2, "ok");
    assert_words(HRA_STATUS_MISSING, names, 2, "missing:tc,hdl");
    assert_words(HRA_STATUS_MISSING, NULL, 0, "missing");
    assert_words(HRA_STATUS_SUBSTITUTED | HRA_STATUS_EXCLUSION_UNVERIFIED, names, 2,
                 "substituted;exclusion_unverified");
    assert_words(255, names, 1,
                 "substituted;outside_range;clamped;missing:tc;not_applicable;exclusion_unverified;numeric_error;"
                 "provisional");
    assert_string_equal(hra_status_word(HRA_STATUS_NUMERIC_ERROR), "numeric_error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounding_is_half_away_from_zero_as_printed),
        cmocka_unit_test(rounding_agrees_with_the_printed_decimal),
        cmocka_unit_test(rounding_keeps_whole_numbers),
        cmocka_unit_test(years_are_counted_by_calendar),
        cmocka_unit_test(years_agree_with_the_c_library),
        cmocka_unit_test(exp_and_ln_are_within_one_unit),
        cmocka_unit_test(powers_follow_the_language),
        cmocka_unit_test(arithmetic_knows_its_limits),
        cmocka_unit_test(logic_is_three_valued),
        cmocka_unit_test(steps_and_tables),
        cmocka_unit_test(folds_loop_over_rows),
        cmocka_unit_test(missing_names_are_those_on_the_path),
        cmocka_unit_test(chunk_gives_values_and_exceptions),
        cmocka_unit_test(status_says_why),
        cmocka_unit_test(status_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
