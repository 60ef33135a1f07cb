/* Groups by name with numbers of their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "service/tables/named_groups.h"

/* More of them than there is room for at first; the numbers of the first ones are still where they were. */
static void test_many(void **state)
{
    enum { MANY = 1000 };
    char name[16];
    hra_named_groups *groups = hra_named_groups_new(3 * sizeof(int64_t));
    assert_non_null(groups);
    int64_t *everybody = hra_named_groups_numbers(groups, 0);
    for (int k = 1; k <= MANY; k++) {
        snprintf(name, sizeof name, "group %d", k);
        assert_int_equal(hra_named_groups_of(groups, name), k);
        int64_t *numbers = hra_named_groups_numbers(groups, k);
        for (int i = 0; i < 3; i++) assert_int_equal(numbers[i], 0);
        numbers[2] = k;
        everybody[2] += k;
    }
    assert_int_equal(hra_named_groups_count(groups), MANY + 1);
    assert_int_equal(hra_named_groups_of(groups, "group 17"), 17);
    assert_int_equal(((int64_t *)hra_named_groups_numbers(groups, 17))[2], 17);
    assert_string_equal(hra_named_groups_name(groups, 17), "group 17");
    assert_ptr_equal(everybody, hra_named_groups_numbers(groups, 0));
    assert_int_equal(everybody[2], MANY * (MANY + 1) / 2);
    hra_named_groups_free(groups);
}

/* A company may be called as everybody is, or have no name. */
static void test_everybody_is_no_name(void **state)
{
    hra_named_groups *groups = hra_named_groups_new(1);
    assert_non_null(groups);
    assert_string_equal(hra_named_groups_name(groups, 0), "*");
    assert_int_equal(hra_named_groups_of(groups, "*"), 1);
    assert_int_equal(hra_named_groups_of(groups, ""), 2);
    assert_int_equal(hra_named_groups_of(groups, "*"), 1);
    hra_named_groups_free(groups);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_many), cmocka_unit_test(test_everybody_is_no_name)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
