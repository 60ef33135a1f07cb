/* The map from texts to numbers: keys of any length and any number of them, and the caller's copy may go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/map.h"

enum { LONGEST = 70000, MANY = 20000 };

static void test_keys_of_every_length(void **state)
{
    static char key[LONGEST + 1];
    (void)state;
    hra_map *map = hra_map_new();
    assert_non_null(map);
    for (size_t length = 0; length < LONGEST; length += length < 600 ? 1 : 977) {
        memset(key, 'k', length);
        assert_int_equal(hra_map_set_n(map, key, length, (int64_t)length), 0);
    }
    for (size_t length = 0; length < LONGEST; length += length < 600 ? 1 : 977) {
        memset(key, 'k', length);
        assert_int_equal(hra_map_get_n(map, key, length), length);
    }
    assert_int_equal(hra_map_get_n(map, key, 601), -1);
    key[0] = 'x';
    assert_int_equal(hra_map_get_n(map, key, 5), -1);
    hra_map_free(map);
}

static void test_many_keys_and_new_values(void **state)
{
    char key[32];
    (void)state;
    hra_map *map = hra_map_new();
    assert_non_null(map);
    assert_int_equal(hra_map_get(map, "nothing yet"), -1);
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < MANY; i++) {
            snprintf(key, sizeof key, "%x", i * 7919);
            assert_int_equal(hra_map_set(map, key, i + round), 0);
        }
    for (int i = 0; i < MANY; i++) {
        snprintf(key, sizeof key, "%x", i * 7919);
        assert_int_equal(hra_map_get(map, key), i + 1);
    }
    assert_int_equal(hra_map_get(map, "no such key"), -1);
    hra_map_free(map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_of_every_length),
        cmocka_unit_test(test_many_keys_and_new_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
