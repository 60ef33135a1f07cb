/* Text that grows: JSON strings and CSV cells whatever stands in them and wherever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/buffer.h"

static const char *const escapes[] = {"\"", "\\", "\n", "\r", "\t", "\x01", "\x1f"};
static const char *const escaped[] = {"\\\"", "\\\\", "\\n", "\\r", "\\t", "\\u0001", "\\u001f"};

/* One character that needs an escape, at every place of texts up to six words long. */
static void test_json_escapes_at_every_place(void **state)
{
    (void)state;
    for (size_t e = 0; e < sizeof escapes / sizeof *escapes; e++)
        for (int length = 1; length < 54; length++)
            for (int at = length > 27 ? length - 27 : 0; at < length && at <= 26; at++) {
                char text[64], expected[96];
                snprintf(text, sizeof text, "%.*s%s%.*s", at, "abcdefghijklmnopqrstuvwxyz", escapes[e], length - at - 1,
                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
                snprintf(expected, sizeof expected, "\"%.*s%s%.*s\"", at, "abcdefghijklmnopqrstuvwxyz", escaped[e],
                         length - at - 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
                hra_buffer out = {0};
                hra_buffer_json(&out, text);
                assert_string_equal(out.bytes, expected);
                hra_buffer_destroy(&out);
            }
}

/* Every other byte stands as it is, whatever its neighbours are. */
static void test_json_leaves_the_rest_alone(void **state)
{
    (void)state;
    for (int byte = 0x20; byte < 0x100; byte++) {
        if (byte == '"' || byte == '\\') continue;
        for (int length = 0; length < 40; length++) {
            char text[48] = "", expected[64];
            for (int i = 0; i < length; i++) text[i] = (char)(i % 3 == 1 ? ' ' : byte);
            snprintf(expected, sizeof expected, "\"%s\"", text);
            hra_buffer out = {0};
            hra_buffer_json(&out, text);
            assert_string_equal(out.bytes, expected);
            assert_int_equal(out.length, (size_t)length + 2);
            hra_buffer_destroy(&out);
        }
    }
}

/* Every byte at every place: in quotes where it separates cells or rows, a quote doubled, else as it is. */
static void test_csv_quotes_what_separates(void **state)
{
    (void)state;
    for (int byte = 1; byte < 0x100; byte++)
        for (int length = 1; length < 54; length++)
            for (int at = length > 27 ? length - 27 : 0; at < length && at <= 26; at++) {
                char text[64], expected[96];
                const char *mark = byte == ',' || byte == '\r' || byte == '\n' || byte == '"' ? "\"" : "";
                snprintf(text, sizeof text, "%.*s%c%.*s", at, "abcdefghijklmnopqrstuvwxyz", byte, length - at - 1,
                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
                snprintf(expected, sizeof expected, "%s%.*s%s%s%s", mark, at, text, byte == '"' ? "\"" : "", text + at,
                         mark);
                hra_buffer out = {0};
                hra_buffer_csv(&out, text);
                assert_string_equal(out.bytes, expected);
                hra_buffer_destroy(&out);
            }
}

static void test_growth_keeps_what_is_there(void **state)
{
    (void)state;
    hra_buffer out = {0};
    for (int i = 0; i < 5000; i++) {
        hra_buffer_char(&out, (char)('a' + i % 26));
        hra_buffer_append(&out, "", 0);
        assert_int_equal(out.bytes[out.length], 0);
    }
    assert_int_equal(out.length, 5000);
    for (int i = 0; i < 5000; i++) assert_int_equal(out.bytes[i], 'a' + i % 26);
    hra_buffer_clear(&out);
    hra_buffer_text(&out, "new");
    assert_string_equal(out.bytes, "new");
    hra_buffer_destroy(&out);
    hra_buffer failed = {.failed = true};
    hra_buffer_text(&failed, "nothing");
    hra_buffer_json(&failed, "nothing");
    assert_null(failed.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_escapes_at_every_place), cmocka_unit_test(test_json_leaves_the_rest_alone),
        cmocka_unit_test(test_csv_quotes_what_separates), cmocka_unit_test(test_growth_keeps_what_is_there)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
