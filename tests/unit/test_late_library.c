/* Libraries that are loaded when they are first needed: found, absent, too old. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/late_library.h"

static struct {
    double (*cos)(double);
    double (*sin)(double);
} calls;

static hra_late_library of(const char *const *files, const char *const *names)
{
    return (hra_late_library){.purpose = "angles",
                              .packages = "a-package",
                              .files = files,
                              .names = names,
                              .count = 2,
                              .calls = &calls,
                              .lock = PTHREAD_MUTEX_INITIALIZER};
}

static const char *const mathematics[] = {"libc.so.6", "libm.so.6", NULL};
static const char *const absent[] = {"libm.so.6", "libhra-nowhere.so.1", NULL};
static const char *const both[] = {"cos", "sin"};
static const char *const one[] = {"cos", "hra_no_such_function"};

static void test_found(void **state)
{
    hra_late_library library = of(mathematics, both);
    hra_error error = {HRA_OK, ""};
    assert_int_equal(hra_late_load(&library, &error), HRA_OK);
    assert_true(calls.cos(0) == 1 && calls.sin(0) == 0);
    memset(&calls, 0, sizeof calls);
    assert_int_equal(hra_late_load(&library, &error), HRA_OK); /* nothing is done again */
    assert_null(calls.cos);
}

static void expect_absent(hra_late_library library, const char *what)
{
    for (int again = 0; again < 2; again++) {
        hra_error error = {HRA_OK, ""};
        assert_int_equal(hra_late_load(&library, &error), HRA_EUSAGE);
        assert_non_null(strstr(error.message, what));
        assert_non_null(strstr(error.message, "angles need"));
        assert_non_null(strstr(error.message, "'apt install a-package'"));
        assert_false(library.loaded);
    }
}

static void test_absent(void **state) { expect_absent(of(absent, both), "libhra-nowhere.so.1"); }

static void test_too_old(void **state) { expect_absent(of(mathematics, one), "hra_no_such_function"); }

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_found), cmocka_unit_test(test_absent),
                                       cmocka_unit_test(test_too_old)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
