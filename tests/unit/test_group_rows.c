/* The rows of a group at a time: searched for, and in the order of the table with and without a filter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "service/group/group_rows.h"

static const char *const columns[] = {"kind", "sex", "people"};
static char path[64];

/* Columns stand in another order than they are asked for, one between them is not asked for; a row is short; a group
 * has no name, one would be computed by a spreadsheet, one has a comma. */
static const char table[] = "group,sex,other,kind,people\n"
                            "one,all,x,people,10\n"
                            "one,female,x,people,4\n"
                            "one,all,x,factor,3\n"
                            ",all,x,people,7\n"
                            "'=two,all,x,factor\n"
                            "'=two,male,x,people,2\r\n"
                            "\"a, b\",all,\"x, y\",people,1\n";

static void put(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    snprintf(path, sizeof path, "/tmp/hra-group-rows-%ld.csv", (long)getpid());
    return 0;
}

static int tear_down(void **state) { return unlink(path); }

static void searched(void **state)
{
    hra_group_rows *rows;
    hra_error error;
    int count;
    put(table);
    assert_int_equal(hra_group_rows_open(path, columns, 3, &rows, &error), HRA_OK);
    assert_int_equal(hra_group_rows_read(rows, "a, b", &count, &error), HRA_OK);
    assert_int_equal(count, 1);
    assert_int_equal(hra_group_rows_read(rows, "=two", &count, &error), HRA_OK);
    assert_int_equal(count, 2);
    assert_string_equal(hra_group_rows_cell(rows, 0, 0), "factor");
    assert_string_equal(hra_group_rows_cell(rows, 0, 2), "");
    assert_true(hra_group_rows_number(rows, 1, 2) == 2);
    assert_int_equal(hra_group_rows_read(rows, "one", &count, &error), HRA_OK);
    assert_int_equal(count, 3);
    assert_int_equal(hra_group_rows_find(rows, (const char *const[]){"people", "female"}, 2), 1);
    assert_int_equal(hra_group_rows_read(rows, "nobody", &count, &error), HRA_OK);
    assert_int_equal(count, 0);
    hra_group_rows_close(rows);
}

static int asked;

static bool is_people(void *context, const char *const *cells)
{
    asked++;
    assert_string_equal(context, "context");
    return strcmp(cells[0], "people") == 0;
}

static void read_all(const hra_group_rows_filter *filter, const int *counts)
{
    static const char *const names[] = {"one", "", "'=two", "a, b"};
    hra_group_rows *rows;
    hra_error error;
    const char *group;
    int count;
    assert_int_equal(hra_group_rows_open_in_order(path, columns, 3, filter, &rows, &error), HRA_OK);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(hra_group_rows_next(rows, &group, &count, &error), HRA_OK);
        assert_string_equal(group, names[i]);
        assert_int_equal(count, counts[i]);
    }
    assert_string_equal(hra_group_rows_cell(rows, 0, 1), "all");
    assert_true(hra_group_rows_number(rows, 0, 2) == 1);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(hra_group_rows_next(rows, &group, &count, &error), HRA_OK);
        assert_null(group);
        assert_int_equal(count, 0);
    }
    hra_group_rows_close(rows);
}

static void in_order(void **state)
{
    const hra_group_rows_filter filter = {1, is_people, "context"}, late = {3, is_people, "context"};
    put(table);
    read_all(NULL, (const int[]){3, 1, 2, 1});
    read_all(&filter, (const int[]){2, 1, 1, 1});
    assert_int_equal(asked, 7);                 /* once for each row */
    read_all(&late, (const int[]){2, 1, 1, 1}); /* a short row is asked about at its end */
    assert_int_equal(asked, 14);
    char marked[256];
    snprintf(marked, sizeof marked, "\xEF\xBB\xBF%s", table); /* saved by a spreadsheet */
    put(marked);
    read_all(NULL, (const int[]){3, 1, 2, 1});
}

static void refusals(void **state)
{
    hra_group_rows *rows;
    hra_error error;
    const char *group;
    int count;
    put("group,kind,sex,people\na,x,all,1\nb,x,all,1\na,x,all,2\n");
    assert_int_equal(hra_group_rows_open(path, columns, 3, &rows, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, "do not stand together"));
    assert_int_equal(hra_group_rows_open_in_order(path, columns, 3, NULL, &rows, &error), HRA_OK);
    assert_int_equal(hra_group_rows_next(rows, &group, &count, &error), HRA_OK);
    assert_int_equal(hra_group_rows_next(rows, &group, &count, &error), HRA_OK);
    assert_int_equal(hra_group_rows_next(rows, &group, &count, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, "do not stand together"));
    hra_group_rows_close(rows);
    put("group,kind,sex\n");
    assert_int_equal(hra_group_rows_open_in_order(path, columns, 3, NULL, &rows, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, "'people' is missing"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(searched),
        cmocka_unit_test(in_order),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
