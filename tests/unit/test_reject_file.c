/* Rejects of chunks that finish in any order, and what is in the file when a reading ends early. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/csv/reject_file.h"

#define HEAD "file,line,column,variable,value,reason\n"

static char folder[64], path[96];

static void earlier(const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void expect(const char *want)
{
    char text[512] = "";
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    assert_string_equal(text, want);
}

static void write_line(hra_reject_file *r, int64_t sequence, const char *value)
{
    hra_buffer text = {0};
    if (value) hra_reject_line(&text, "a.csv", sequence, "", "", value, strlen(value), "why");
    assert_int_equal(hra_reject_write(r, sequence, &text, NULL), HRA_OK);
    hra_buffer_destroy(&text);
}

static void written_in_order(void **state)
{
    (void)state;
    hra_reject_file *r;
    earlier("earlier\n");
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(hra_reject_open(path, &r, NULL), HRA_OK);
    write_line(r, 2, "c");
    write_line(r, 0, NULL);
    expect("earlier\n"); /* nothing of its own was written yet */
    write_line(r, 1, "b");
    assert_int_equal(hra_reject_finish(r, NULL), HRA_OK);
    assert_int_equal(hra_reject_finish(r, NULL), HRA_OK);
    hra_reject_free(r);
    expect(HEAD "a.csv,1,,,b,why\na.csv,2,,,c,why\n");
    struct stat facts;
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
}

static void without_rejects(void **state)
{
    (void)state;
    hra_code (*const open_as[])(const char *, hra_reject_file **, hra_error *) = {hra_reject_open,
                                                                                  hra_reject_open_whole};
    for (int i = 0; i < 2; i++) {
        hra_reject_file *r;
        earlier("earlier\n");
        assert_int_equal(open_as[i](path, &r, NULL), HRA_OK);
        write_line(r, 0, NULL);
        write_line(r, 2, NULL);
        hra_reject_free(r); /* the reading failed */
        expect("earlier\n");
        assert_int_equal(open_as[i](path, &r, NULL), HRA_OK);
        write_line(r, 0, NULL);
        assert_int_equal(hra_reject_finish(r, NULL), HRA_OK);
        hra_reject_free(r);
        expect(HEAD);
    }
}

static void ended_early(void **state)
{
    (void)state;
    hra_reject_file *r;
    earlier("earlier\n");
    assert_int_equal(hra_reject_open(path, &r, NULL), HRA_OK);
    write_line(r, 3, "d"); /* the chunks before it never came */
    hra_reject_free(r);
    expect(HEAD "a.csv,3,,,d,why\n");
    assert_int_equal(hra_reject_open_whole(path, &r, NULL), HRA_OK);
    write_line(r, 0, "e");
    hra_reject_free(r);
    expect(HEAD "a.csv,3,,,d,why\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_in_order),
        cmocka_unit_test(without_rejects),
        cmocka_unit_test(ended_early),
    };
    snprintf(folder, sizeof folder, "/tmp/hra-rejects-XXXXXX");
    if (!mkdtemp(folder)) return 1;
    snprintf(path, sizeof path, "%s/r.csv", folder);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return rmdir(folder) != 0 || failed;
}
