/* Names of columns that Python pickled: lists of texts and numbers are read, anything else is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "io/hdf5/hdf5_columns.h"

enum { MOST = 4 };

static void expect_names(const char *pickled, int wanted, const char *const *names)
{
    const char *found[MOST];
    int count;
    hra_arena *arena = hra_arena_new();
    assert_non_null(arena);
    assert_int_equal(hra_h5_pickled_names(pickled, arena, found, MOST, &count), wanted >= 0);
    if (wanted >= 0) assert_int_equal(count, wanted);
    for (int i = 0; i < wanted; i++) assert_string_equal(found[i], names[i]);
    hra_arena_free(arena);
}

static void test_lists(void **state)
{
    (void)state;
    expect_names("(lp0\nVage\np1\naVsex\np2\na.", 2, (const char *const[]){"age", "sex"});
    expect_names("(lp1\nS'age'\np2\naS\"o'k\"\na.", 2, (const char *const[]){"age", "o'k"});
    expect_names("(lp0\nV\\u6027\\u522b\np1\na.", 1, (const char *const[]){"性别"});
    expect_names("(lp0\nV\xE9\np1\na.", 1, (const char *const[]){"é"}); /* Latin-1 stands as it is */
    expect_names("(lp0\nI5\naL12L\na.", 2, (const char *const[]){"5", "12"});
    expect_names("(l.", 0, NULL);
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "age",
                                      "(lp0",
                                      "(lp0\nVage\np1\na",
                                      "(lp0\nVage",
                                      "(lp0\nVage\nVsex\na.",
                                      "(lp0\na.",
                                      "(lp0\nVage\n.",
                                      "(lp0\nVage\na.more",
                                      "(lp0\nSage\na.",
                                      "(lp0\nS'\na.",
                                      "(lp0\nV\\ud842\na.",
                                      "(lp0\nV\\u12g4\na.",
                                      "(lp0\nVa\naVb\naVc\naVd\naVe\na.",
                                      "cos\nsystem\n(S'true'\ntR.",
                                      "(dp0\nVage\np1\nI1\ns.",
                                      "\x80\x02]q\x00."};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) expect_names(bad[i], -1, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lists), cmocka_unit_test(test_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
