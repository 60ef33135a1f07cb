/* The course of a value over several checkups: its words, by hand and by chance. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "service/tables/mean_interval.h"
#include "service/years/course.h"
#include "service/years/plan_effect_sums.h"

static const hra_change_rule ten = {.minimum = 10}, three_percent = {.percent = true, .minimum = 3};

/* Values one year apart. */
static hra_course judge(const hra_change_rule *rule, int decimals, int count, const int *steps)
{
    hra_course_point points[HRA_COURSE_RUNS];
    for (int i = 0; i < count; i++) points[i] = (hra_course_point){19000 + 365 * i, steps[i]};
    return hra_course_judge(rule, decimals, points, count);
}

#define WORD(expected, ...)                                                                                            \
    assert_string_equal(                                                                                               \
        hra_course_name(judge(&ten, 0, sizeof((int[]){__VA_ARGS__}) / sizeof(int), (int[]){__VA_ARGS__}).word),        \
        expected)

static void test_words(void **state)
{
    (void)state;
    WORD("", 120, 160); /* never of two */
    WORD("rising", 120, 125, 130);
    WORD("steady", 120, 125, 129);
    WORD("falling", 130, 125, 120);
    WORD("rising", 120, 120, 130);
    WORD("varying", 120, 150, 130); /* ten up over the span, but twenty down within it */
    WORD("rising", 120, 139, 130);  /* nine down is measurement */
    WORD("varying", 120, 130, 120);
    WORD("varying", 120, 121, 119, 120, 160); /* one high value is no course */
    WORD("rising", 120, 121, 139, 140, 160);
    WORD("steady", 120, 120, 120, 120);
    WORD("falling", 160, 150, 145, 141, 141, 120);
}

static void test_slopes(void **state)
{
    (void)state;
    hra_course c = judge(&ten, 0, 3, (int[]){120, 125, 130});
    assert_true(fabs(c.per_year - 5 * 365.25 / 365) < 1e-12);
    c = judge(&ten, 0, 4, (int[]){100, 110, 120, 190}); /* slopes 10 10 70, 10 40, 30: the middle ones 10 and 30 */
    assert_true(fabs(c.per_year - 20 * 365.25 / 365) < 1e-12);
    c = judge(&ten, 0, 2, (int[]){100, 110});
    assert_true(isnan(c.per_year));
    /* per cent of the value before, in steps of a tenth */
    assert_int_equal(judge(&three_percent, 1, 3, (int[]){1000, 1010, 1030}).word, HRA_COURSE_RISING);
    assert_int_equal(judge(&three_percent, 1, 3, (int[]){1000, 1010, 1029}).word, HRA_COURSE_STEADY);
    /* the minimum counts in steps: 0.5 are fifty of 0.01 */
    const hra_change_rule half = {.minimum = 0.5};
    assert_int_equal(judge(&half, 2, 3, (int[]){500, 520, 550}).word, HRA_COURSE_RISING);
    assert_int_equal(judge(&half, 2, 3, (int[]){500, 520, 549}).word, HRA_COURSE_STEADY);
}

/* Checkups close together are one point of the course, and their noise makes no slope. */
static void test_close_checkups(void **state)
{
    (void)state;
    const hra_course_point near[] = {{19000, 120}, {19001, 125}, {19002, 130}, {19400, 140}};
    assert_int_equal(hra_course_judge(&ten, 0, near, 4).word, HRA_COURSE_NONE);
    const hra_course_point more[] = {{19000, 120}, {19001, 129}, {19400, 120}, {19800, 121}};
    hra_course c = hra_course_judge(&ten, 0, more, 4);
    assert_int_equal(c.word, HRA_COURSE_STEADY);
    assert_true(fabs(c.per_year) < 10);
    const hra_course_point week[] = {{19000, 120}, {19001, 121}, {19002, 122}, {19003, 123},
                                     {19004, 124}, {19005, 125}, {19400, 120}, {19800, 121}};
    assert_true(fabs(hra_course_judge(&ten, 0, week, 8).per_year) < 10);
    const hra_course_point half_years[] = {{19000, 120}, {19180, 130}, {19360, 140}};
    assert_int_equal(hra_course_judge(&ten, 0, half_years, 3).word, HRA_COURSE_RISING);
    const hra_course_point nearly[] = {{19000, 120}, {19179, 130}, {19358, 140}};
    assert_int_equal(hra_course_judge(&ten, 0, nearly, 3).word, HRA_COURSE_NONE);
}

static void test_points_in_order(void **state)
{
    (void)state;
    hra_course_point points[HRA_COURSE_RUNS];
    int count = 0;
    const hra_course_point in[] = {{300, 3}, {100, 1}, {200, 2}, {100, 4}, {400, 5}};
    for (int i = 0; i < 5; i++) hra_course_add(points, &count, in[i]);
    assert_int_equal(count, 4);
    const hra_course_point want[] = {{100, 4}, {200, 2}, {300, 3}, {400, 5}};
    assert_memory_equal(points, want, sizeof want);
}

/* Values as large as a store holds them: nothing overflows. */
static void test_extremes(void **state)
{
    (void)state;
    const hra_course_point points[] = {{0, -1999999999}, {1000, 0}, {20000, 0}, {40000, 1999999999}};
    assert_int_equal(hra_course_judge(&ten, 0, points, 4).word, HRA_COURSE_RISING);
    const hra_course_point down[] = {{0, 1999999999}, {1000, 0}, {20000, 0}, {40000, -1999999999}};
    assert_int_equal(hra_course_judge(&three_percent, 2, down, 4).word, HRA_COURSE_FALLING);
}

/* A number near normal: twelve uniform ones less six. */
static double noise(uint64_t *seed)
{
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        sum += (double)(*seed >> 11) * 0x1p-53;
    }
    return sum;
}

/* Of people in whom nothing changes, measured so that two values differ by the minimum in one of twenty, at most one of
 * twenty is told a direction, however many checkups there are; of those who change by twice the minimum most are. */
static void test_false_alarms(void **state)
{
    (void)state;
    enum { PEOPLE = 20000, MINIMUM = 1000 };
    const hra_change_rule rule = {.minimum = MINIMUM};
    const double sd = MINIMUM / (1.959964 * sqrt(2));
    uint64_t seed = 88172645463325252u;
    for (int checkups = 3; checkups <= 10; checkups++) {
        int alarms = 0, found = 0;
        for (int n = 0; n < PEOPLE; n++) {
            int flat[HRA_COURSE_RUNS], rising[HRA_COURSE_RUNS];
            for (int i = 0; i < checkups; i++) {
                flat[i] = (int)lround(50000 + sd * noise(&seed));
                rising[i] = (int)lround(flat[i] + 2.0 * MINIMUM * i / (checkups - 1));
            }
            hra_course_word word = judge(&rule, 0, checkups, flat).word;
            alarms += word == HRA_COURSE_RISING || word == HRA_COURSE_FALLING;
            found += judge(&rule, 0, checkups, rising).word == HRA_COURSE_RISING;
        }
        print_message("%d checkups: %.2f %% false, %.1f %% found\n", checkups, 100.0 * alarms / PEOPLE,
                      100.0 * found / PEOPLE);
        assert_true(alarms <= PEOPLE * 52 / 1000);
        assert_true(found >= PEOPLE * 8 / 10);
    }
}

/* R: qt(0.975, df) */
static void test_student(void **state)
{
    static const struct {
        int64_t df;
        double point;
    } known[] = {{1, 12.7062047362},  {2, 4.30265272975},  {30, 2.04227245630},    {31, 2.03951344640},
                 {46, 2.01289559892}, {99, 1.98421695159}, {100000, 1.95998770753}};
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_true(fabs(hra_student(known[i].df) / known[i].point - 1) < 2e-8);
}

static void test_mean_interval(void **state)
{
    (void)state;
    /* -4, 2: mean -1, sd 3 sqrt(2), t 12.7062047362 */
    hra_interval m = hra_mean_interval(2, -2, 20);
    assert_true(fabs(m.value + 1) < 1e-12 && fabs(m.high - (-1 + 12.7062047362 * 3)) < 1e-9);
    m = hra_mean_interval(1, 7, 49);
    assert_true(m.value == 7 && isnan(m.low) && isnan(m.high));
    assert_true(isnan(hra_mean_interval(0, 0, 0).value));
}

/* Two bands: in the first, changes -10 and -20 beside five of -4; in the second -30 beside five of -10, -20; and one
 * with nobody beside. */
static void test_plan_effect(void **state)
{
    (void)state;
    hra_effect_stratum strata[4] = {{.rule = 0}, {.rule = 0}, {.rule = 0}, {.rule = 1}};
    hra_effect_add(&strata[0].inside, 150, 140);
    hra_effect_add(&strata[0].inside, 152, 132);
    hra_effect_add(&strata[1].inside, 160, 130);
    hra_effect_add(&strata[2].inside, 200, 100);
    for (int i = 0; i < 5; i++) hra_effect_add(&strata[0].beside, 150, 146);
    for (int i = 0; i < 6; i++) hra_effect_add(&strata[1].beside, 160, i % 2 ? 150 : 140);
    for (int i = 0; i < 4; i++) hra_effect_add(&strata[2].beside, 200, 200);
    hra_effect e = hra_effect_of(strata, 4, 0);
    assert_int_equal(e.people, 4);
    assert_true(e.before == (150 + 152 + 160 + 200) / 4.0);
    assert_true(e.change.value == -40);
    assert_int_equal(e.compared, 3);
    assert_int_equal(e.beside, 11);
    assert_true(fabs(e.beside_change - (-4 - 4 - 15) / 3.0) < 1e-12);
    /* -6, -16, -15: mean -37/3, variance 91/3 ; of the means 30/6 for one of three people */
    assert_true(fabs(e.difference.value + 37 / 3.0) < 1e-12);
    double half = hra_student(2) * sqrt((36 + 256 + 225 - 37 * 37 / 3.0) / 2 / 3 + 30.0 / 6 / 9);
    assert_true(fabs(e.difference.high - e.difference.value - half) < 1e-9);
    e = hra_effect_of(strata, 4, 1);
    assert_int_equal(e.people, 0);
    assert_true(isnan(e.difference.value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),          cmocka_unit_test(test_slopes),
        cmocka_unit_test(test_close_checkups), cmocka_unit_test(test_points_in_order),
        cmocka_unit_test(test_extremes),       cmocka_unit_test(test_false_alarms),
        cmocka_unit_test(test_student),        cmocka_unit_test(test_mean_interval),
        cmocka_unit_test(test_plan_effect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
