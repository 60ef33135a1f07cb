/* Foreign text in messages and in tables that people open in a spreadsheet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/plain_text.h"
#include "base/fail.h"

static void test_control_characters_never_reach_a_message(void **state)
{
    (void)state;
    hra_error error;
    hra_fail(&error, HRA_EINPUT, "column '%s'",
             "a\x1b[31m\x07\x7f\nb\tc\rd \xC2\x9B"
             "31m 收缩压");
    assert_string_equal(error.message, "column 'a?[31m?? b c d ??31m 收缩压'");
    char lines[] = "one\n\ttwo\x1b\r";
    hra_plain_lines(lines);
    assert_string_equal(lines, "one\n\ttwo??");
    char cut[] = "\xC2"; /* half a character at the end */
    hra_plain_text(cut);
    assert_string_equal(cut, "\xC2");
}

static void test_long_numbers_are_masked(void **state)
{
    (void)state;
    char text[] = "tc2 12345 x13800990001y 110105";
    hra_mask_long_numbers(text);
    assert_string_equal(text, "tc2 12345 x***********y ******");
}

static void check_cell(const char *text, const char *want)
{
    hra_buffer out = {0};
    hra_buffer_csv_foreign(&out, text, strlen(text));
    assert_false(out.failed);
    assert_string_equal(out.bytes ? out.bytes : "", want);
    hra_buffer_destroy(&out);
}

static void test_no_cell_starts_a_formula(void **state)
{
    (void)state;
    check_cell("", "");
    check_cell("plain", "plain");
    check_cell("=1+1", "'=1+1");
    check_cell("@SUM(A1)", "'@SUM(A1)");
    check_cell("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0");
    check_cell("-2+3", "'-2+3");
    check_cell("\t=1", "'\t=1");
    check_cell("\n=1", "\"'\n=1\"");
    check_cell("=A1,\"x\"", "\"'=A1,\"\"x\"\"\"");
    check_cell("-5.2", "-5.2"); /* numbers stay numbers */
    check_cell("+86", "+86");
    check_cell("-", "'-");
    check_cell("a=b", "a=b");
    check_cell("\uFF1D1+1", "'\uFF1D1+1"); /* in full width */
    check_cell("\uFF0B1", "'\uFF0B1");
    check_cell("\uFF0D1\u697C", "'\uFF0D1\u697C");
    check_cell("\uFF20SUM(A1)", "'\uFF20SUM(A1)");
    check_cell("\uFF21", "\uFF21");
}

static void test_a_guarded_cell_leads_back(void **state)
{
    static const char *const texts[] = {"", "plain", "=1+1", "\t=1", "-5.2", "-", "\uFF1D1+1", "'quoted", "'-5", "''"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        hra_buffer out = {0};
        hra_buffer_csv_foreign(&out, texts[i], strlen(texts[i]));
        assert_string_equal(hra_csv_unguarded(out.bytes ? out.bytes : ""), texts[i]);
        hra_buffer_destroy(&out);
    }
}

static void test_cells_are_quoted_where_they_must(void **state)
{
    (void)state;
    hra_buffer out = {0};
    hra_buffer_csv(&out, "a,b");
    hra_buffer_csv(&out, "say \"x\" \"\"");
    hra_buffer_csv(&out, "=plain");
    assert_string_equal(out.bytes, "\"a,b\"\"say \"\"x\"\" \"\"\"\"\"=plain");
    hra_buffer_destroy(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_control_characters_never_reach_a_message),
        cmocka_unit_test(test_long_numbers_are_masked),
        cmocka_unit_test(test_no_cell_starts_a_formula),
        cmocka_unit_test(test_a_guarded_cell_leads_back),
        cmocka_unit_test(test_cells_are_quoted_where_they_must),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
