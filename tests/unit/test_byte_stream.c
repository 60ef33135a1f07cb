/* A file that changes while it is read is refused, not taken for a shorter one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/byte_stream.h"

enum { SIZE = 1 << 20 };

static char path[] = "/tmp/hra_bytes_XXXXXX";

static int make_file(void **state)
{
    (void)state;
    strcpy(path + strlen(path) - 6, "XXXXXX");
    int descriptor = mkstemp(path);
    if (descriptor < 0) return -1;
    static char text[SIZE];
    memset(text, 'x', sizeof text);
    bool good = write(descriptor, text, sizeof text) == SIZE;
    return close(descriptor) == 0 && good ? 0 : -1;
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

/* The first block is read, then the file is changed by `change`, then the rest is read. */
static hra_code read_around(void (*change)(void), int64_t *total, hra_error *error)
{
    hra_byte_stream *stream;
    const unsigned char *bytes;
    size_t length;
    assert_int_equal(hra_byte_stream_open(path, &stream, error), HRA_OK);
    hra_code code = hra_byte_stream_next(stream, &bytes, &length, error);
    assert_int_equal(code, HRA_OK);
    *total = (int64_t)length;
    if (change) change();
    while (code == HRA_OK && length > 0) {
        code = hra_byte_stream_next(stream, &bytes, &length, error);
        if (code == HRA_OK) *total += (int64_t)length;
    }
    hra_byte_stream_close(stream);
    return code;
}

static void cut(void) { assert_int_equal(truncate(path, SIZE / 2), 0); }

static void grow(void)
{
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    fputs("more", file);
    assert_int_equal(fclose(file), 0);
}

static void test_unchanged(void **state)
{
    (void)state;
    hra_error error;
    int64_t total;
    assert_int_equal(read_around(NULL, &total, &error), HRA_OK);
    assert_int_equal(total, SIZE); /* its end falls on the end of a block */
    cut();
    assert_int_equal(truncate(path, SIZE / 2 + 7), 0);
    assert_int_equal(read_around(NULL, &total, &error), HRA_OK);
    assert_int_equal(total, SIZE / 2 + 7);
}

static void test_changed(void **state)
{
    (void)state;
    hra_error error;
    int64_t total;
    assert_int_equal(read_around(cut, &total, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, "changed while it was being read"));
    assert_int_equal(read_around(grow, &total, &error), HRA_EINPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_unchanged, make_file, remove_file),
        cmocka_unit_test_setup_teardown(test_changed, make_file, remove_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
