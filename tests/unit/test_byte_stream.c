/* Files as streams of bytes: one that changes while it is read is refused, not taken for a shorter one; a large gzip
 * file is unpacked in a thread of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <libdeflate.h>

#include "io/csv/csv_source.h"
#include "io/files/byte_stream.h"

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
    hra_code code = read_around(cut, &total, &error);
    assert_int_equal(code, HRA_EIO);
    assert_non_null(strstr(error.message, "changed while it was being read"));
    assert_false(hra_csv_tries_again(true, code)); /* a second reading would take the half for the whole */
    assert_int_equal(read_around(grow, &total, &error), HRA_EIO);
}

/* ---- gzip ------------------------------------------------------------------------------ */

enum { TEXT = 6 << 20 };

/* Text that packs to about a half, so that the thread has many blocks to make. */
static char *make_gzip(size_t *packed)
{
    char *text = malloc(TEXT), *out = malloc(2 * TEXT);
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(1);
    assert_true(text && out && compressor);
    uint32_t random = 1;
    for (int i = 0; i < TEXT; i++) {
        random = random * 1664525 + 1013904223;
        text[i] = (char)('0' + (random >> 24) % 10);
    }
    *packed = libdeflate_gzip_compress(compressor, text, TEXT, out, 2 * TEXT);
    assert_true(*packed > SIZE);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(out, 1, *packed, file), *packed);
    assert_int_equal(fclose(file), 0);
    libdeflate_free_compressor(compressor);
    free(out);
    return text;
}

/* Reads at most `blocks` blocks; what they hold must be the beginning of the text. */
static hra_code read_gzip(const char *text, int blocks, size_t *total, hra_error *error)
{
    hra_byte_stream *stream;
    const unsigned char *bytes;
    size_t length = 1;
    int64_t done = 0;
    *total = 0;
    assert_int_equal(hra_byte_stream_open(path, &stream, error), HRA_OK);
    assert_true(hra_byte_stream_is_gzip(stream));
    hra_code code = HRA_OK;
    for (int i = 0; i < blocks && code == HRA_OK && length > 0; i++) {
        code = hra_byte_stream_next(stream, &bytes, &length, error);
        if (code != HRA_OK) break;
        assert_true(*total + length <= TEXT && memcmp(bytes, text + *total, length) == 0);
        *total += length;
        assert_true(hra_byte_stream_done(stream) >= done);
        done = hra_byte_stream_done(stream);
    }
    if (code != HRA_OK || length == 0) { /* what was said at the end is said again */
        hra_error again;
        assert_int_equal(hra_byte_stream_next(stream, &bytes, &length, &again), code);
        if (code != HRA_OK) assert_string_equal(again.message, error->message);
        assert_int_equal(length, 0);
    }
    hra_byte_stream_close(stream);
    return code;
}

static void test_large_gzip(void **state)
{
    (void)state;
    hra_error error;
    size_t packed, total;
    char *text = make_gzip(&packed);
    assert_int_equal(read_gzip(text, INT32_MAX, &total, &error), HRA_OK);
    assert_int_equal(total, TEXT);
    for (int blocks = 0; blocks < 12; blocks++) /* closed while the thread waits or works */
        assert_int_equal(read_gzip(text, blocks, &total, &error), HRA_OK);
    assert_int_equal(truncate(path, (off_t)packed - 100000), 0);
    assert_int_equal(read_gzip(text, INT32_MAX, &total, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, "cut off"));
    assert_true(total > TEXT / 2); /* the blocks before it were given out */
    free(text);
}

static void test_damaged_gzip(void **state)
{
    (void)state;
    hra_error error;
    size_t packed, total;
    char *text = make_gzip(&packed);
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, -8, SEEK_END), 0); /* the checksum of the text */
    fputs("bad", file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(read_gzip(text, INT32_MAX, &total, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, "damaged"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_unchanged, make_file, remove_file),
        cmocka_unit_test_setup_teardown(test_changed, make_file, remove_file),
        cmocka_unit_test_setup_teardown(test_large_gzip, make_file, remove_file),
        cmocka_unit_test_setup_teardown(test_damaged_gzip, make_file, remove_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
