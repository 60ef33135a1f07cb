/* Scanning: what cells look like, counts of columns, tallies of numbers in bounded memory. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/language/library.h"
#include "intake/profiles/cell_look.h"
#include "intake/profiles/scan.h"

/* ---- cells ---------------------------------------------------------------------------------- */

static void looks(const char *text, hra_look_kind kind, int date)
{
    hra_cell_look look = hra_look_at_cell(text, strlen(text));
    if (look.kind != kind || look.date != date) fail_msg("'%s' looks like %d with date %d", text, look.kind, look.date);
}

static void kinds_of_cells(void **state)
{
    looks("", HRA_LOOK_BLANK, -1);
    looks("-", HRA_LOOK_OTHER_MISSING, -1);
    looks("#DIV/0!", HRA_LOOK_OTHER_MISSING, -1);
    looks("120", HRA_LOOK_NUMBER, -1);
    looks("5.6", HRA_LOOK_NUMBER, -1);
    looks("120/80", HRA_LOOK_PAIR, -1);
    looks("138／88mmHg", HRA_LOOK_PAIR, -1);
    looks("窦性心律", HRA_LOOK_TEXT, -1);
    looks("2.2.8", HRA_LOOK_TEXT, -1);
    looks("首测150/95 复测138/88", HRA_LOOK_TEXT, -1);
    looks("2024-03-05", HRA_LOOK_TEXT, HRA_SHAPE_YEAR_FIRST);
    looks("2024年3月5日", HRA_LOOK_TEXT, HRA_SHAPE_YEAR_FIRST);
    looks("2024-03-05 08:12:00", HRA_LOOK_TEXT, HRA_SHAPE_YEAR_FIRST);
    looks("20240305", HRA_LOOK_NUMBER, HRA_SHAPE_COMPACT);
    looks("20241305", HRA_LOOK_NUMBER, -1);
    looks("45356", HRA_LOOK_NUMBER, HRA_SHAPE_SERIAL);
    looks("25/03/2024", HRA_LOOK_TEXT, HRA_SHAPE_DAY_FIRST);
    looks("03/25/2024", HRA_LOOK_TEXT, HRA_SHAPE_MONTH_FIRST);
    looks("05/03/2024", HRA_LOOK_TEXT, HRA_SHAPE_EITHER);
    looks("25/13/2024", HRA_LOOK_TEXT, -1);
    looks("75.10.02", HRA_LOOK_TEXT, HRA_SHAPE_TWO_DIGIT_YEAR);
}

static void parts_of_numbers(void **state)
{
    hra_cell_look look = hra_look_at_cell("＜0.50", strlen("＜0.50"));
    assert_true(look.kind == HRA_LOOK_NUMBER && look.bound && look.full_width && look.value == 0.5);
    assert_int_equal(look.decimals, 2);
    assert_int_equal(look.last_digit, 0);
    look = hra_look_at_cell("5.6↑", strlen("5.6↑"));
    assert_true(look.kind == HRA_LOOK_NUMBER && look.marked && !look.with_unit && look.value == 5.6);
    static const char limits[] = "1.46(0.56-1.70)";
    look = hra_look_at_cell(limits, strlen(limits));
    assert_true(look.kind == HRA_LOOK_NUMBER && look.marked && look.value == 1.46);
    looks("1.46(0.56)", HRA_LOOK_TEXT, -1);
    look = hra_look_at_cell("6.1H", 4);
    assert_true(look.marked);
    look = hra_look_at_cell("72次/分", strlen("72次/分"));
    assert_true(look.kind == HRA_LOOK_NUMBER && look.with_unit && !look.marked && look.value == 72);
    look = hra_look_at_cell("1.10101E+17", 11);
    assert_true(look.kind == HRA_LOOK_NUMBER && look.exponent);
    look = hra_look_at_cell("110101199001010000", 18);
    assert_true(look.zero_tail);
    assert_false(hra_look_at_cell("110101199001011234", 18).zero_tail);
    assert_false(hra_look_at_cell("0000000000000000000", 19).zero_tail);
}

/* ---- tallies ------------------------------------------------------------------------------------ */

static void small_grids_are_exact(void **state)
{
    const hra_tally_entry *entries;
    int count;
    hra_tally *tally = hra_tally_new(1000);
    for (int i = 0; i < 5000; i++) assert_true(hra_tally_add(tally, (i * 37 % 500) / 10.0));
    assert_true(hra_tally_add(tally, -0.0));
    assert_true(hra_tally_finish(tally, &entries, &count));
    assert_int_equal(count, 500);
    assert_int_equal(hra_tally_total(tally), 5001);
    assert_int_equal(entries[0].count, 11); /* -0 is 0 */
    for (int i = 1; i < count; i++) assert_true(entries[i].value == i / 10.0 && entries[i].count == 10);
    assert_true(hra_tally_quantile(tally, 0.5) == 24.9 || hra_tally_quantile(tally, 0.5) == 25.0);
    assert_int_equal(hra_tally_between(tally, 1, 2), 110);
    hra_tally_free(tally);
}

static void large_grids_are_near(void **state)
{
    const hra_tally_entry *entries;
    int count;
    hra_tally *tally = hra_tally_new(256);
    for (int i = 0; i < 100000; i++) assert_true(hra_tally_add(tally, 100 + i * 0.001)); /* 100 to 200 */
    assert_true(hra_tally_finish(tally, &entries, &count));
    assert_in_range(count, 64, 256);
    int64_t total = 0;
    for (int i = 0; i < count; i++) total += entries[i].count;
    assert_int_equal(total, 100000);
    for (int q = 1; q < 20; q++) {
        double true_value = 100 + 5.0 * q, found = hra_tally_quantile(tally, q / 20.0);
        if (fabs(found - true_value) > 2) fail_msg("quantile %d/20 is %g instead of %g", q, found, true_value);
    }
    hra_tally_free(tally);
    tally = hra_tally_new(16);
    assert_true(hra_tally_finish(tally, &entries, &count));
    assert_true(count == 0 && isnan(hra_tally_quantile(tally, 0.5)));
    hra_tally_free(tally);
}

/* ---- files ------------------------------------------------------------------------------------------ */

typedef struct scanned {
    hra_library *library;
    hra_name_index *names;
    hra_arena *arena;
    hra_file_plan plan;
    hra_scan *scan;
    char path[64];
} scanned;

static scanned open_scan(const char *text, const hra_scan_options *options)
{
    scanned s = {.path = "/tmp/hra-scan-XXXXXX"};
    hra_error error = {0};
    hra_diagnostics *faults = hra_diagnostics_new();
    int file = mkstemp(s.path);
    assert_true(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text));
    close(file);
    s.library = hra_library_new();
    assert_int_equal(hra_library_add_builtin(s.library, faults, &error), HRA_OK);
    hra_diagnostics_free(faults);
    s.names = hra_name_index_new(hra_library_dictionary(s.library));
    s.arena = hra_arena_new();
    hra_code code = hra_header_read(s.names, s.arena, s.path, &s.plan, &error);
    if (code == HRA_OK) code = hra_header_names(s.arena, &s.plan, &error);
    if (code == HRA_OK) code = hra_scan_file(&s.plan, options, &s.scan, &error);
    if (code != HRA_OK) fail_msg("%s", error.message);
    return s;
}

static void close_scan(scanned *s)
{
    unlink(s->path);
    hra_scan_free(s->scan);
    hra_name_index_free(s->names);
    hra_arena_free(s->arena);
    hra_library_free(s->library);
}

static void columns_are_counted(void **state)
{
    hra_scan_options options = {.most_texts = 4};
    scanned s = open_scan("title above\n"
                          "age,sex,tc,sex2,note\n"
                          "50,男,5.1,男,a\n"
                          "61,女,<0.5,女,b\n"
                          "\n"
                          "未检,女,201mg/dL,女,c\n"
                          "age,sex,tc,sex2,note\n"
                          "70,男,120/80,男,d\n"
                          "70,,见报告,,e\n"
                          "70\n"
                          "1,2,3,4,5,6\n"
                          "70,男,x,男,f,\n"
                          "80,男,0,男,\"f \n g\"\n",
                          &options);
    const hra_scan *scan = s.scan;
    assert_int_equal(scan->width, 5);
    assert_int_equal(scan->rows, 10);
    assert_int_equal(scan->header_again, 1);
    assert_int_equal(scan->lean, 1);
    assert_int_equal(scan->wide, 2);
    const hra_scan_column *age = &scan->columns[0], *tc = &scan->columns[2], *note = &scan->columns[4];
    assert_int_equal(age->numbers, 6);
    assert_int_equal(age->blank + age->not_done + age->refused + age->other_missing, 1);
    assert_true(age->minimum == 50 && age->maximum == 80);
    assert_int_equal(age->last_digits[0], 5);
    assert_int_equal(tc->bounds, 1);
    assert_int_equal(tc->with_unit, 1);
    assert_int_equal(tc->pairs, 1);
    assert_int_equal(tc->numbers, 4);
    assert_int_equal(tc->last_digits[0], 0); /* zero itself does not count */
    assert_int_equal(scan->columns[1].list_count, 2);
    assert_int_equal(scan->columns[1].list[0].count, 3);
    assert_int_equal(scan->columns[1].list[1].first_line, 4);
    assert_true(scan->columns[1].digest == scan->columns[3].digest);
    assert_true(scan->columns[1].digest != age->digest);
    assert_int_equal(note->list_count, 4);
    assert_int_equal(note->beyond_list, 2);
    assert_in_range(note->different, 5, 7);
    close_scan(&s);
}

static void unwanted_columns_are_left_out(void **state)
{
    bool wanted[] = {false, true};
    hra_scan_options options = {.wanted = wanted};
    scanned s = open_scan("age,sex\n50,1\n60,2\n", &options);
    assert_int_equal(s.scan->columns[0].numbers, 0);
    assert_int_equal(s.scan->columns[1].numbers, 2);
    close_scan(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_of_cells),        cmocka_unit_test(parts_of_numbers),
        cmocka_unit_test(small_grids_are_exact), cmocka_unit_test(large_grids_are_near),
        cmocka_unit_test(columns_are_counted),   cmocka_unit_test(unwanted_columns_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
