/* Names of files that are not UTF-8, or would break a line, as they are shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/fail.h"
#include "base/shown_name.h"

static void check(const char *path, const char *want)
{
    hra_buffer out = {0};
    hra_buffer_path(&out, path);
    assert_false(out.failed);
    assert_string_equal(out.bytes, want);
    assert_int_equal(hra_is_shown_as_is(path), strcmp(path, want) == 0);
    assert_true(hra_is_shown_as_is(want));
    hra_buffer_destroy(&out);
}

static void test_what_can_be_shown_stays(void **state)
{
    (void)state;
    check("in/a.csv", "in/a.csv");
    check("/in//体检“甲”—二/a\\b=1 ,\".csv", "/in//体检“甲”—二/a\\b=1 ,\".csv");
}

static void test_gbk_is_read(void **state)
{
    (void)state;
    check("in/\xCC\xE5\xBC\xEC\xD2\xBB.csv", "in/体检一.csv");
    check("东院/\xC1\xAA\xCD\xA8.csv/体检", "东院/联通.csv/体检"); /* its trailing bytes are no slash */
    check("\x95\x32\x82\x36.csv", "𠀀.csv");                       /* four bytes */
}

static void test_other_bytes_are_escaped(void **state)
{
    (void)state;
    check("caf\xE9.csv", "caf\\xe9.csv");
    check("a\\b\xFF.csv", "a\\x5cb\\xff.csv");
    check("体检\xFF.csv", "体检\\xff.csv");
    check("a\nb\t\x1B[31m\x7F\r", "a\\x0ab\\x09\\x1b[31m\\x7f\\x0d");
    check("a\xC2\x9B"
          "b",
          "a\\xc2\\x9bb");
    check("gpj.\xE2\x80\xAEvsc", "gpj.\\xe2\\x80\\xaevsc");    /* turns the direction of text */
    check("\xA2\xA1\xAA\xA1.csv", "\\xa2\\xa1\\xaa\\xa1.csv"); /* AAA1 lies in an area that belongs to nobody */
    check("\xED\xA0\x80.csv", "\\xed\\xa0\\x80.csv");          /* half a pair */
}

static void test_names(void **state)
{
    (void)state;
    hra_arena *arena = hra_arena_new();
    assert_string_equal(hra_shown_name(arena, "in/\xCC\xE5\xBC\xEC/\xB6\xAB.csv"), "东.csv");
    assert_string_equal(hra_shown_path(arena, "in/\xCC\xE5\xBC\xEC/a"), "in/体检/a");
    hra_arena_free(arena);
}

static void test_messages_are_utf8(void **state)
{
    (void)state;
    hra_error error;
    hra_fail(&error, HRA_EINPUT, "%s: there is no column '%s'", "in/\xCC\xE5\xBC\xEC \xD2\xBB.csv", "体重");
    assert_string_equal(error.message, "in/体检 一.csv: there is no column '体重'");
}

static void test_long_messages_keep_their_end(void **state)
{
    (void)state;
    hra_error error;
    char path[4000] = "";
    for (int i = 0; i < 1200; i++) strcat(path, "检");
    hra_fail(&error, HRA_EINPUT, "in/%s.csv: the gzip file is cut off", path);
    assert_true(strlen(error.message) < HRA_ERROR_MESSAGE_SIZE && strlen(error.message) > HRA_ERROR_MESSAGE_SIZE - 8);
    assert_true(hra_is_shown_as_is(error.message));
    assert_memory_equal(error.message, "in/检", 6);
    assert_non_null(strstr(error.message, "检.csv: the gzip file is cut off"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_can_be_shown_stays), cmocka_unit_test(test_gbk_is_read),
        cmocka_unit_test(test_other_bytes_are_escaped), cmocka_unit_test(test_names),
        cmocka_unit_test(test_messages_are_utf8),       cmocka_unit_test(test_long_messages_keep_their_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
