/* The pieces of years, register and tables of rules: sums that add up, keys that are found, transitions in order. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/calendar.h"
#include "service/enrolment/register_rules.h"
#include "service/tables/key_index.h"
#include "service/tables/rule_table.h"
#include "service/years/years_internal.h"

/* ---- parts of a change ---- */

static void test_parts_add_up(void **state)
{
    (void)state;
    uint64_t seed = 88172645463325252u;
    for (int n = 0; n < 100000; n++) {
        double risk[5];
        for (int i = 0; i < 5; i++) {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            risk[i] = (double)(seed >> 11) * 0x1p-53;
        }
        hra_risk_parts p = hra_risk_split(risk[0], risk[1], risk[2], risk[3], risk[4]);
        assert_int_equal(p.model + p.data + p.person, p.change);
        assert_int_equal(p.before + p.change, p.now);
        assert_int_equal(p.rest, p.data + p.person);
    }
}

static void test_parts_of_unknown_risks(void **state)
{
    (void)state;
    hra_risk_parts p = hra_risk_split(NAN, 0.2, 0.3, 0.2, 0.3); /* no risk last year, but its inputs give one */
    assert_true(p.change == HRA_RISK_UNKNOWN && p.model == HRA_RISK_UNKNOWN);
    assert_int_equal(p.person, 1000000);
    assert_int_equal(p.data, 0);
    p = hra_risk_split(0.1, 0.2, 0.3, NAN, 0.3); /* too little in common */
    assert_int_equal(p.change, 2000000);
    assert_int_equal(p.model, 1000000);
    assert_int_equal(p.rest, 1000000);
    assert_true(p.person == HRA_RISK_UNKNOWN && p.data == HRA_RISK_UNKNOWN);
    p = hra_risk_split(0.1, 0.2, NAN, 0.2, NAN);
    assert_true(p.change == HRA_RISK_UNKNOWN && p.person == HRA_RISK_UNKNOWN);
    assert_int_equal(p.model, 1000000);
}

/* A stored float and the double it was narrowed from are the same risk. */
static void test_stored_and_computed_risks_are_equal(void **state)
{
    (void)state;
    for (int i = 1; i < 100000; i++) {
        double risk = 1.0 / i;
        assert_int_equal(hra_risk_steps(risk), hra_risk_steps((float)risk));
    }
}

/* ---- keys ---- */

static void key_of(int64_t i, uint64_t key[2])
{
    key[0] = (uint64_t)i * 0x9e3779b97f4a7c15u;
    key[1] = (uint64_t)i * 0xbf58476d1ce4e5b9u;
}

static void test_keys_are_found(void **state)
{
    (void)state;
    enum { KEYS = 50000 };
    char beside[] = "/tmp/hra-test-years";
    hra_error error = {0};
    hra_key_index *index = NULL;
    int64_t rows = KEYS + 3, row;
    uint64_t key[2];
    assert_int_equal(hra_key_index_new(beside, rows, &index, &error), HRA_OK);
    for (int64_t i = 0; i < KEYS; i++) {
        key_of(i, key);
        assert_int_equal(hra_key_index_add(index, key, i, &error), HRA_OK);
    }
    key_of(7, key); /* twice, and one three times */
    assert_int_equal(hra_key_index_add(index, key, KEYS, &error), HRA_OK);
    key_of(KEYS - 1, key);
    assert_int_equal(hra_key_index_add(index, key, KEYS + 1, &error), HRA_OK);
    assert_int_equal(hra_key_index_add(index, key, KEYS + 2, &error), HRA_OK);
    assert_int_equal(hra_key_index_finish(index, &error), HRA_OK);
    assert_int_equal(hra_key_index_repeated(index), 2);
    for (int64_t i = 0; i < KEYS + 100; i++) {
        key_of(i, key);
        bool found = hra_key_index_find(index, key, &row);
        assert_int_equal(found, i < KEYS - 1 && i != 7);
        if (found) assert_int_equal(row, i);
    }
    hra_key_index_free(index);
    assert_int_equal(hra_key_index_new(beside, 0, &index, &error), HRA_OK);
    assert_int_equal(hra_key_index_finish(index, &error), HRA_OK);
    assert_false(hra_key_index_find(index, key, &row));
    hra_key_index_free(index);
}

static void test_keys_as_text(void **state)
{
    (void)state;
    uint64_t key[2];
    char text[HRA_RESULT_KEY_SIZE];
    assert_true(hra_person_key_read("0123456789abcdefFEDCBA9876543210", key));
    assert_true(key[0] == 0x0123456789abcdefu && key[1] == 0xfedcba9876543210u);
    hra_person_key_write(key, text);
    assert_string_equal(text, "0123456789abcdeffedcba9876543210");
    assert_false(hra_person_key_read("0123456789abcdeffedcba987654321", key));
    assert_false(hra_person_key_read("0123456789abcdeffedcba98765432100", key));
    assert_false(hra_person_key_read("0123456789abcdeffedcba987654321g", key));
    assert_false(hra_person_key_read("", key));
}

/* ---- tables of rules ---- */

static hra_code load_text(const char *text, hra_rule_table *table, hra_arena *arena, hra_error *error)
{
    static const char *const columns[] = {"name", "days"};
    char path[] = "/tmp/hra-test-rules-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
    hra_code code = hra_rule_table_load(path, NULL, columns, 2, arena, table, error);
    unlink(path);
    return code;
}

static void test_tables_of_rules(void **state)
{
    (void)state;
    static const char *const columns[] = {"name", "days"};
    hra_arena *arena = hra_arena_new();
    hra_rule_table table;
    hra_error error = {0};
    double days;
    assert_int_equal(load_text("# a remark, with commas\n\xef\xbb\xbf", &table, arena, &error), HRA_EINPUT);
    assert_int_equal(
        load_text("\xef\xbb\xbf# remark\r\ndays, name\r\n\r\n 7 ,\"a, \"\"b\"\"\"\r\n,c\r\n", &table, arena, &error),
        HRA_OK);
    assert_int_equal(table.count, 2);
    assert_string_equal(table.rows[0].cells[0], "a, \"b\"");
    assert_int_equal(hra_rule_number(&table, &table.rows[0], columns, 1, NAN, &days, &error), HRA_OK);
    assert_true(days == 7);
    assert_int_equal(hra_rule_number(&table, &table.rows[1], columns, 1, 3, &days, &error), HRA_OK);
    assert_true(days == 3);
    assert_int_equal(load_text("name,days\nx,1d\n", &table, arena, &error), HRA_OK);
    assert_int_equal(hra_rule_number(&table, &table.rows[0], columns, 1, 0, &days, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, ":2: '1d' in the column 'days' is not a number"));
    assert_int_equal(load_text("name\nx\n", &table, arena, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, "the column 'days' is missing"));
    assert_int_equal(load_text("name,days,more\n", &table, arena, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, "'more' is not known here"));
    assert_int_equal(load_text("name,days\nx,1,2\n", &table, arena, &error), HRA_EINPUT);
    assert_int_equal(load_text("name,days\n\"x,1\n", &table, arena, &error), HRA_EINPUT);
    assert_int_equal(load_text("", &table, arena, &error), HRA_EINPUT);
    hra_arena_free(arena);
}

/* ---- transitions ---- */

static void test_the_first_transition_that_applies(void **state)
{
    (void)state;
    hra_transition moves[] = {
        {.plan = "p", .from = "in", .to = "out", .consent = HRA_ANSWER_NO},
        {.plan = "p", .from = "in", .to = "gone", .when_absent = true, .days = 60},
        {.plan = "p", .from = "in", .to = "done", .decision = HRA_ANSWER_YES, .days = 10},
        {.plan = "q", .from = "in", .to = "other"},
    };
    hra_register_rules rules = {.transitions = moves, .count = 4};
    hra_register_case c = {.plan = "p",
                           .state = "in",
                           .consent = HRA_ANSWER_NONE,
                           .decision = HRA_ANSWER_NONE,
                           .days_in_state = 100,
                           .days_unseen = 59,
                           .holds = 15};
    assert_null(hra_register_next(&rules, &c));
    c.days_unseen = 60;
    assert_ptr_equal(hra_register_next(&rules, &c), &moves[1]);
    c.holds = 13; /* present again */
    assert_null(hra_register_next(&rules, &c));
    c.decision = HRA_ANSWER_YES;
    assert_ptr_equal(hra_register_next(&rules, &c), &moves[2]);
    c.days_in_state = 9;
    assert_null(hra_register_next(&rules, &c));
    c.consent = HRA_ANSWER_NO;
    assert_ptr_equal(hra_register_next(&rules, &c), &moves[0]);
    c.plan = "q";
    assert_ptr_equal(hra_register_next(&rules, &c), &moves[3]);
    assert_true(hra_register_has_state(&rules, "p", "gone"));
    assert_false(hra_register_has_state(&rules, "q", "gone"));
    assert_false(hra_register_has_plan(&rules, "r"));
}

static void test_days(void **state)
{
    (void)state;
    double day;
    assert_true(hra_day_read("1970-01-02", &day) && day == 1);
    assert_true(hra_day_read("2024-02-29", &day) && day == 19782);
    assert_false(hra_day_read("2026-02-29", &day));
    assert_false(hra_day_read("2026-01-01x", &day));
    assert_false(hra_day_read("2026/01/01", &day));
    assert_false(hra_day_read("", &day));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_add_up),
        cmocka_unit_test(test_parts_of_unknown_risks),
        cmocka_unit_test(test_stored_and_computed_risks_are_equal),
        cmocka_unit_test(test_keys_are_found),
        cmocka_unit_test(test_keys_as_text),
        cmocka_unit_test(test_tables_of_rules),
        cmocka_unit_test(test_the_first_transition_that_applies),
        cmocka_unit_test(test_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
