/* JSON as the run report has it: every value with its way, and clear words about what is damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "report/tools/json_values.h"

static char seen[2000];

static hra_code note(void *context, const char *path, const char *text, hra_error *error)
{
    size_t length = strlen(seen);
    if (strcmp(text, "stop") == 0) return hra_fail(error, HRA_EUSAGE, "stopped at %s", path);
    snprintf(seen + length, sizeof seen - length, "%s=%s;", path, text);
    return HRA_OK;
}

static hra_code read(const char *document, hra_error *error)
{
    seen[0] = '\0';
    return hra_json_values(document, "run.json", note, NULL, error);
}

static void values_and_ways(void **state)
{
    hra_error error = {0};
    assert_int_equal(
        read("{\n \"a\": \"x\", \"list\": [1, {\"b\": -2.5e3, \"c\": []}, \"y\"],\n \"n\": null, \"o\": {} }\n",
             &error),
        HRA_OK);
    assert_string_equal(seen, "a=x;list.0=1;list.1.b=-2.5e3;list.2=y;n=null;");
    assert_int_equal(read("[\"\", \"\\\"\\\\\\n\\u0001\\u00e9\\u4e2d\"]", &error), HRA_OK);
    assert_string_equal(seen, "0=;1=\"\\\n\001é中;");
    assert_int_equal(read("{\"a\": {\"b\": \"stop\"}}", &error), HRA_EUSAGE);
    assert_string_equal(error.message, "stopped at a.b");
}

static void damage(void **state)
{
    static const char *const documents[] = {"",
                                            "{",
                                            "{\"a\"}",
                                            "{\"a\": }",
                                            "{\"a\": 1",
                                            "{\"a\": 1,}",
                                            "[1 2]",
                                            "{} x",
                                            "\"a",
                                            "\"a\\",
                                            "\"\\q\"",
                                            "\"\\u12\"",
                                            "\"\\ud800\"",
                                            "\"\\u0000\"",
                                            "[1,",
                                            "{a: 1}",
                                            "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]"};
    hra_error error = {0};
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++)
        assert_int_equal(read(documents[i], &error), HRA_EINPUT);
    assert_int_equal(read("{\n\n \"a\": }", &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, "run.json:3: "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_and_ways),
        cmocka_unit_test(damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
