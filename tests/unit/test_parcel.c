/* Numbers and texts in bytes: what was put in comes out, from memory and from a file of which only a window is held;
 * what does not fit fails and stays failed. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/files/parcel.h"

enum { RECORDS = 20000, BEFORE = 17, LONG_TEXT = 300000 };

static void put_records(hra_buffer *out)
{
    char text[64];
    for (int i = 0; i < RECORDS; i++) {
        snprintf(text, sizeof text, "%.*s", i % 50, "a text of some length, never the same as the one before");
        hra_parcel_put_number(out, -i);
        hra_parcel_put_text(out, text);
        hra_parcel_put_real(out, i / 8.0);
    }
}

static void expect_records(hra_parcel *in)
{
    for (int i = 0; i < RECORDS; i++) {
        size_t length;
        assert_int_equal(hra_parcel_number(in), -i);
        const char *text = hra_parcel_text(in, &length);
        assert_int_equal(length, i % 50);
        assert_int_equal(strlen(text), length);
        assert_true(hra_parcel_real(in) == i / 8.0);
    }
    assert_false(in->failed);
    assert_int_equal(hra_parcel_left(in), 0);
}

/* A file of these bytes from place BEFORE on. */
static int file_of(const hra_buffer *bytes)
{
    char path[] = "/tmp/hra-parcel-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    unlink(path);
    assert_int_equal(pwrite(file, bytes->bytes, bytes->length, BEFORE), bytes->length);
    return file;
}

static void comes_back(void **state)
{
    hra_buffer bytes = {0};
    put_records(&bytes);
    hra_parcel in = {.at = (const uint8_t *)bytes.bytes, .end = (const uint8_t *)bytes.bytes + bytes.length};
    expect_records(&in);
    int file = file_of(&bytes);
    hra_parcel_open(&in, file, BEFORE, bytes.length);
    expect_records(&in);
    assert_int_equal(hra_parcel_place(&in), BEFORE + bytes.length);
    assert_true(in.capacity <= 1 << 16); /* however much was read */
    assert_true(bytes.length > 10 * in.capacity);
    assert_int_equal(hra_parcel_number(&in), 0);
    assert_true(in.failed);
    hra_parcel_close(&in);
    close(file);
    hra_buffer_destroy(&bytes);
}

static void is_skipped(void **state)
{
    hra_buffer bytes = {0};
    for (int i = 0; i < RECORDS; i++) hra_parcel_put_number(&bytes, i);
    int file = file_of(&bytes);
    const int far[] = {0, 1, 5, 9000, 100}; /* within the window and beyond */
    hra_parcel in;
    hra_parcel_open(&in, file, BEFORE, bytes.length);
    int at = 0;
    for (size_t i = 0; i < sizeof far / sizeof *far; i++) {
        hra_parcel_skip(&in, 8 * (uint64_t)far[i]);
        at += far[i];
        assert_int_equal(hra_parcel_place(&in), BEFORE + 8 * at);
        assert_int_equal(hra_parcel_left(&in), 8 * (RECORDS - at));
        assert_int_equal(hra_parcel_number(&in), at++);
    }
    hra_parcel_skip(&in, 8 * (uint64_t)(RECORDS - at));
    assert_false(in.failed);
    hra_parcel_skip(&in, 1);
    assert_true(in.failed);
    hra_parcel_close(&in);
    close(file);
    hra_buffer_destroy(&bytes);
}

static void a_text_may_be_longer_than_the_window(void **state)
{
    hra_buffer bytes = {0};
    char *text = malloc(LONG_TEXT + 1);
    assert_non_null(text);
    memset(text, 'x', LONG_TEXT);
    text[LONG_TEXT] = '\0';
    hra_parcel_put_number(&bytes, 7);
    hra_parcel_put_text(&bytes, text);
    hra_parcel_put_number(&bytes, 8);
    int file = file_of(&bytes);
    hra_parcel in;
    hra_parcel_open(&in, file, BEFORE, bytes.length);
    assert_int_equal(hra_parcel_number(&in), 7);
    assert_string_equal(hra_parcel_text(&in, NULL), text);
    assert_int_equal(hra_parcel_number(&in), 8);
    assert_false(in.failed);
    hra_parcel_close(&in);
    close(file);
    free(text);
    hra_buffer_destroy(&bytes);
}

/* Lengths and counts that claim more than there is, a text without its end, a file that is shorter than was said. */
static void is_not_trusted(void **state)
{
    const int64_t lengths[] = {-1, INT64_MIN, 9, 8, INT64_MAX};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        hra_buffer bytes = {0};
        hra_parcel_put_number(&bytes, lengths[i]);
        hra_buffer_append(&bytes, "12345678", 8);
        hra_parcel in = {.at = (const uint8_t *)bytes.bytes, .end = (const uint8_t *)bytes.bytes + bytes.length};
        assert_string_equal(hra_parcel_text(&in, NULL), "");
        assert_true(in.failed);
        assert_int_equal(hra_parcel_left(&in), 0);
        in = (hra_parcel){.at = (const uint8_t *)bytes.bytes, .end = (const uint8_t *)bytes.bytes + bytes.length};
        assert_int_equal(hra_parcel_count(&in, 1), lengths[i] == 8 ? 8 : 0);
        assert_true(in.failed == (lengths[i] != 8));
        hra_buffer_destroy(&bytes);
    }
    hra_buffer bytes = {0};
    put_records(&bytes);
    int file = file_of(&bytes);
    hra_parcel in;
    hra_parcel_open(&in, file, BEFORE, bytes.length);
    assert_int_equal(ftruncate(file, BEFORE + 1000), 0);
    for (int i = 0; i < RECORDS && !in.failed; i++) hra_parcel_number(&in);
    assert_true(in.failed);
    hra_parcel_close(&in);
    hra_parcel_open(&in, file, UINT64_MAX - 4, 8);
    assert_int_equal(hra_parcel_number(&in), 0);
    assert_true(in.failed);
    hra_parcel_close(&in);
    close(file);
    hra_buffer_destroy(&bytes);
}

/* What the disk says is no fault of the bytes. */
static void tells_a_fault_of_the_disk(void **state)
{
    hra_parcel in;
    int folder = open(".", O_RDONLY | O_DIRECTORY);
    assert_true(folder >= 0);
    hra_parcel_open(&in, folder, 0, 8);
    hra_parcel_number(&in);
    assert_true(in.failed);
    assert_int_equal(in.fault, EISDIR);
    hra_parcel_close(&in);
    close(folder);

    int file = open("/dev/null", O_RDONLY);
    hra_parcel_open(&in, file, 0, 8);
    hra_parcel_number(&in);
    assert_true(in.failed);
    assert_int_equal(in.fault, 0); /* cut off */
    hra_parcel_close(&in);
    close(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back),
        cmocka_unit_test(is_skipped),
        cmocka_unit_test(a_text_may_be_longer_than_the_window),
        cmocka_unit_test(is_not_trusted),
        cmocka_unit_test(tells_a_fault_of_the_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
