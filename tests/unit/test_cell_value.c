/* What cells say: numbers, flags, categories, dates, pairs, missing words. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/words/cell_value.h"

static const hra_unit_conversion tc_units[] = {{.unit = "mg/dL", .factor = 0.02586}};
static const hra_variable tc = {
    .name = "tc", .type = HRA_TYPE_MEASURE, .unit = "mmol/L", .decimals = 2, .units = tc_units, .unit_count = 1};

static hra_cell_value number_in(const char *unit, const char *text, bool grouped)
{
    hra_number_reader reader = {.variable = &tc, .unit = unit};
    return hra_cell_number(&reader, text, strlen(text), grouped);
}

static hra_cell_value number(const char *text) { return number_in("mmol/L", text, false); }

static void assert_known(hra_cell_value value, double expected, bool altered)
{
    assert_int_equal(value.kind, HRA_CELL_KNOWN);
    assert_memory_equal(&value.value, &expected, sizeof expected); /* to the bit */
    assert_int_equal(value.altered != 0 || value.mark != 0, altered);
}

static void plain_numbers(void **state)
{
    assert_known(number("5.6"), 5.6, false);
    assert_known(number(" 5.60 "), 5.6, false);
    assert_known(number("+5.6"), 5.6, false);
    assert_known(number(".5"), 0.5, false);
    assert_known(number("5."), 5, false);
    assert_known(number("1.2E+01"), 12, false);
    assert_known(number("-1.22"), -1.22, false);
    assert_known(number("-0"), 0, false);
    assert_known(number("-0.0"), 0, false);
}

static void full_width_and_marks(void **state)
{
    assert_known(number("５．６"), 5.6, true);
    assert_known(number("\xE3\x80\x80"
                        "5.6"),
                 5.6, false); /* an ideographic space before it */
    assert_known(number("<0.5"), 0.5, true);
    assert_known(number("＜ 0.50"), 0.5, true);
    assert_known(number("≥20"), 20, true);
    assert_known(number("4.15+"), 4.15, true);
    assert_known(number("5.6↑"), 5.6, true);
    assert_known(number("6.1(高)"), 6.1, true);
    assert_known(number("6.1 偏高"), 6.1, true);
    assert_known(number("*6.1"), 6.1, true);
    assert_known(number("7.75轻度乳糜"), 7.75, true);
    assert_known(number("5。6"), 5.6, true);
    assert_known(number_in("mmol/L", "1,203.5", true), 1203.5, true);
}

static void units_in_cells(void **state)
{
    assert_known(number("5.2mmol/L"), 5.2, true);
    assert_known(number("200 mg/dL"), 200 * 0.02586, true);
    assert_known(number_in("mg/dL", "200mg/dL", false), 200, true);
    assert_int_equal(number_in("mg/dL", "5.2mmol/L", false).kind, HRA_CELL_REJECTED);
    assert_int_equal(number("5.2g/L").kind, HRA_CELL_REJECTED);
}

static void missing_numbers(void **state)
{
    static const char *const words[] = {"",     "  ",   "-",    "--",   "—",        "/",    ".",
                                        "NA",   "n/a",  "NULL", "nan",  "未检",     "拒检", "#DIV/0!",
                                        "#N/A", "空白", "无",   "none", "详见报告", "Inf"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (number(words[i]).kind != HRA_CELL_MISSING) fail_msg("'%s' is not missing", words[i]);
}

static void rejected_numbers(void **state)
{
    static const char *const words[] = {"2.2.8", "16.04.", "5,6",  "1,203", "5 .6",  "120/80", "70-60", "O.5", "5l",
                                        "abc",   "??",     "0x10", "1e999", "3个月", "12kg5",  "<",     "+",   "=1+1"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        hra_cell_value value = number(words[i]);
        if (value.kind != HRA_CELL_REJECTED) fail_msg("'%s' was taken", words[i]);
        assert_non_null(value.reason);
    }
    assert_int_equal(number_in("mmol/L", "12,03", true).kind, HRA_CELL_REJECTED);
}

/* Rounding is that of strtod, also beyond 53 bits and in halfway cases. */
static void exact_rounding(void **state)
{
    static const char *const fixed[] = {"9007199254740993",
                                        "9007199254740992.9999999999",
                                        "0.1",
                                        "17.1",
                                        "5.5999999999999996",
                                        "1.7976931348623157e308",
                                        "4.9e-324",
                                        "2.2250738585072011e-308",
                                        "123456789012345678901234567890",
                                        "0.000000000000000000000000000001",
                                        "1e23",
                                        "8.5e22",
                                        "00000000000000000000000000000000000001.5"};
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        double value, expected = strtod(fixed[i], NULL);
        const char *end = fixed[i] + strlen(fixed[i]);
        assert_ptr_equal(hra_read_decimal(fixed[i], end, &value), end);
        assert_memory_equal(&value, &expected, sizeof value);
    }
    uint64_t seed = 42;
    for (int i = 0; i < 200000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        char text[64];
        double sample = (double)(seed >> 11) * 1e-9 * ((seed & 1) ? 1e6 : 1e-6);
        int length = snprintf(text, sizeof text, "%.*g", (int)(seed >> 40) % 18 + 1, sample);
        double value, expected = strtod(text, NULL);
        assert_ptr_equal(hra_read_decimal(text, text + length, &value), text + length);
        if (memcmp(&value, &expected, sizeof value) != 0) fail_msg("%s", text);
    }
}

static hra_cell_value flag(const char *text) { return hra_cell_flag(text, strlen(text)); }

static void flags(void **state)
{
    static const char *const yes[] = {"1", "是",   "有",      "yes", "Y",   "TRUE", "√",
                                      "✓", "阳性", "阳性(+)", "１",  "1.0", " 是 "};
    static const char *const no[] = {"0", "否", "无", "No", "n", "false", "×", "阴性", "阴性（-）", "0.0"};
    static const char *const missing[] = {"", "-", "未检", "NA", "拒检"};
    static const char *const rejected[] = {"2", "±", "maybe", "否认", "父亲有糖尿病，本人无", "10", "是是"};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) assert_known(flag(yes[i]), 1, false);
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++) assert_known(flag(no[i]), 0, false);
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++)
        assert_int_equal(flag(missing[i]).kind, HRA_CELL_MISSING);
    for (size_t i = 0; i < sizeof rejected / sizeof rejected[0]; i++)
        assert_int_equal(flag(rejected[i]).kind, HRA_CELL_REJECTED);
}

static void categories(void **state)
{
    static const char *const male[] = {"male", "1", "男", "M"}, *const female[] = {"female", "2", "女", "F"};
    static const char *const none[] = {"none", "-"};
    const hra_level levels[] = {{"male", 1, male, 4}, {"female", 2, female, 4}, {"none", 0, none, 2}};
    const hra_variable sex = {.name = "sex", .type = HRA_TYPE_CATEGORY, .levels = levels, .level_count = 3};
    hra_map *map = hra_cell_level_map(&sex);
    assert_non_null(map);
    assert_known(hra_cell_category(map, " 男 ", strlen(" 男 ")), 0, false);
    assert_known(hra_cell_category(map, "f", 1), 1, false);
    assert_known(hra_cell_category(map, "2.0", 3), 1, false);
    assert_known(hra_cell_category(map, "-", 1), 2, false); /* a level's own label comes before the missing words */
    assert_int_equal(hra_cell_category(map, "NA", 2).kind, HRA_CELL_MISSING);
    assert_int_equal(hra_cell_category(map, "??", 2).kind, HRA_CELL_REJECTED);
    assert_int_equal(hra_cell_category(map, "1.5", 3).kind, HRA_CELL_REJECTED);
    assert_int_equal(hra_cell_category(map, "\xEF\xBF\xBD", 3).kind, HRA_CELL_REJECTED);
    hra_map_free(map);
}

static hra_cell_value date(const char *text) { return hra_cell_date(NULL, text, strlen(text)); }

static void dates(void **state)
{
    static const char *const same[] = {"2024-01-31",
                                       "2024/1/31",
                                       "2024.1.31",
                                       "20240131",
                                       "2024年1月31日",
                                       "2024-01-31 08:12:00.000",
                                       "2024-01-31T08:12:00+08:00"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) assert_known(date(same[i]), 19753, false);
    assert_known(date("1970-01-01"), 0, false);
    assert_known(date("1969-12-31"), -1, false);
    assert_known(date("2000-02-29"), 11016, false);
    assert_known(date("２０２４-01-31"), 19753, true);
    static const char *const missing[] = {"", "NA", "0000-00-00", "1900-01-01", "9999-12-31", "1899-12-30"};
    static const char *const rejected[] = {"1999-02-29", "2024-13-05", "2024-00-10", "2024-04-31", "05/03/2024",
                                           "45356",      "2024-03",    "S50.10.2",   "75.10.02",   "2024-1-311",
                                           "1724-01-01", "20241301",   "2024-01/31"};
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++)
        if (date(missing[i]).kind != HRA_CELL_MISSING) fail_msg("'%s' is not missing", missing[i]);
    for (size_t i = 0; i < sizeof rejected / sizeof rejected[0]; i++)
        if (date(rejected[i]).kind != HRA_CELL_REJECTED) fail_msg("'%s' was taken", rejected[i]);
}

static void all_days(void **state)
{
    double expected = -719162, days; /* 0001-01-01 */
    for (int year = 1; year <= 9999; year++)
        for (int month = 1; month <= 12; month++)
            for (int day = 1; day <= 31; day++)
                if (hra_day_number(year, month, day, &days)) assert_true(days == expected++);
    assert_true(expected == 2932897); /* the day after 9999-12-31 */
}

static void pairs(void **state)
{
    double first, second;
    assert_int_equal(hra_cell_pair(NULL, "120/80", 6, &first, &second).kind, HRA_CELL_KNOWN);
    assert_true(first == 120 && second == 80);
    hra_cell_value wide = hra_cell_pair(NULL, "１３８／８８mmHg", strlen("１３８／８８mmHg"), &first, &second);
    assert_int_equal(wide.kind, HRA_CELL_KNOWN);
    assert_true(wide.altered && first == 138 && second == 88);
    assert_int_equal(hra_cell_pair(NULL, "", 0, &first, &second).kind, HRA_CELL_MISSING);
    static const char *const rejected[] = {
        "80/120", "120", "120/", "/80", "974", "120/80/60", "首测150/95 复测88/138", "120/80x", "120//80", "120/-80"};
    for (size_t i = 0; i < sizeof rejected / sizeof rejected[0]; i++)
        if (hra_cell_pair(NULL, rejected[i], strlen(rejected[i]), &first, &second).kind != HRA_CELL_REJECTED)
            fail_msg("'%s' was taken", rejected[i]);
}

/* Every day that can be written as 2024-01-31, and many that cannot be: the short way gives what the long one does. */
static void plain_dates(void **state)
{
    (void)state;
    for (int year = 0; year < 10000; year += year < 1840 || year > 2210 ? 97 : 1) {
        for (int at = 0; at < 14 * 33; at++) {
            char text[16];
            double day = -1;
            size_t length = (size_t)snprintf(text, sizeof text, "%04d-%02d-%02d", year, at / 33, at % 33);
            hra_cell_value value = hra_cell_date(NULL, text, length);
            assert_int_equal(hra_cell_plain_date(text, length, &day), value.kind == HRA_CELL_KNOWN);
            if (value.kind == HRA_CELL_KNOWN) assert_true(day == value.value && !value.altered && !value.mark);
        }
    }
    double day;
    assert_false(hra_cell_plain_date("2024-1-031", 10, &day));
    assert_false(hra_cell_plain_date("2024-01-3", 9, &day));
    assert_false(hra_cell_plain_date("2024/01/31", 10, &day));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_dates),    cmocka_unit_test(plain_numbers),   cmocka_unit_test(full_width_and_marks),
        cmocka_unit_test(units_in_cells), cmocka_unit_test(missing_numbers), cmocka_unit_test(rejected_numbers),
        cmocka_unit_test(exact_rounding), cmocka_unit_test(flags),           cmocka_unit_test(categories),
        cmocka_unit_test(dates),          cmocka_unit_test(all_days),        cmocka_unit_test(pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
