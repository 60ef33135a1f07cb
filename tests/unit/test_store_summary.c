/* The summary behind a population store: with it a store is the same as without it, a changed byte is found before HDF5
 * sees the file, and one that was forged is refused or read, but never trusted. */
#include "tests/unit/store_fixture.h"

#include <fcntl.h>
#include <hdf5.h>
#include <sys/stat.h>

#include "io/files/blake3.h"
#include "io/files/checksum.h"
#include "io/hdf5/store_summary.h"
#include "io/people/population_store.h"

enum { ROWS = 70001, TRAILER = 96, HASH = 64 };

static void write_store(const char *path, hra_store_encoding encoding, int64_t rows)
{
    hra_schema schema = fixture_schema();
    hra_store_writer *writer;
    hra_error error = {0};
    const char *const files[] = {"a.csv"};
    const hra_store_facts facts = {
        .definitions_hash = "abc", .command = "test", .key_fingerprint = "f00d", .files = files, .file_count = 1};
    if (hra_store_writer_new(path, &schema, encoding, &writer, &error)) fail_msg("%s", error.message);
    int64_t sequence = 0;
    for (int64_t first = 0; first < rows; sequence++) {
        int64_t size = rows - first < 40000 ? rows - first : 40000;
        fixture_chunk *f = fixture_chunk_new(&schema, sequence, first, (int)size);
        hra_cell_mark marks[] = {{3, 1, HRA_MARK_BELOW}, {7, 3, HRA_MARK_REJECTED}};
        f->chunk.marks = marks;
        f->chunk.mark_count = size > 7 ? 2 : 0;
        if (hra_store_writer_append(writer, &f->chunk, &error)) fail_msg("%s", error.message);
        f->chunk.marks = NULL;
        f->chunk.mark_count = 0;
        fixture_chunk_free(f);
        first += size;
    }
    if (hra_store_writer_finish(writer, &facts, &error)) fail_msg("%s", error.message);
    hra_store_writer_free(writer);
}

/* ---- the bytes at the end */

typedef struct ending {
    unsigned char *bytes; /* summary and trailer */
    size_t length;
    off_t start;
} ending;

static uint64_t number_at(const unsigned char *bytes)
{
    uint64_t number = 0;
    for (int i = 7; i >= 0; i--) number = number << 8 | bytes[i];
    return number;
}

static ending ending_of(const char *path)
{
    struct stat st;
    unsigned char trailer[TRAILER];
    assert_int_equal(stat(path, &st), 0);
    int file = open(path, O_RDONLY);
    assert_int_equal(pread(file, trailer, TRAILER, st.st_size - TRAILER), TRAILER);
    assert_memory_equal(trailer, "hra-summary", 11);
    ending e = {.start = (off_t)number_at(trailer + 24)};
    e.length = (size_t)(st.st_size - e.start);
    e.bytes = malloc(e.length);
    assert_non_null(e.bytes);
    assert_int_equal(pread(file, e.bytes, e.length, e.start), e.length);
    close(file);
    return e;
}

static void put_at(const char *path, off_t place, const void *bytes, size_t size)
{
    int file = open(path, O_WRONLY);
    assert_int_equal(pwrite(file, bytes, size, place), size);
    close(file);
}

static bool has_summary(const char *path)
{
    hra_arena *arena = hra_arena_new();
    const hra_summary *summary;
    hra_error error;
    assert_non_null(arena);
    assert_int_equal(hra_summary_of(path, arena, &summary, &error), HRA_OK);
    bool has = summary != NULL;
    hra_arena_free(arena);
    return has;
}

/* ---- all that a store gives, as one number */

static uint32_t sum_of_chunk(uint32_t sum, const hra_chunk *c, const hra_schema *schema)
{
    size_t rows = (size_t)c->rows;
    for (int i = 0; i < schema->column_count; i++) {
        sum = hra_checksum(sum, &c->columns[i].constant, sizeof c->columns[i].constant);
        if (c->columns[i].u16) sum = hra_checksum(sum, c->columns[i].u16, rows * 2);
        if (c->columns[i].u32) sum = hra_checksum(sum, c->columns[i].u32, rows * 4);
    }
    for (int i = 0; i < schema->label_count; i++)
        for (int r = 0; r < c->rows; r++) {
            int32_t index = c->labels[i].index[r];
            if (index >= 0) sum = hra_checksum(sum, c->labels[i].texts[index], strlen(c->labels[i].texts[index]));
        }
    for (int i = 0; i < c->exception_count; i++)
        sum = hra_checksum(sum, &c->exceptions[i].value, sizeof c->exceptions[i].value);
    for (int i = 0; i < c->mark_count; i++) sum = hra_checksum(sum, &c->marks[i].mark, 1);
    for (int r = 0; r < c->rows && c->keys; r++) sum = hra_checksum(sum, c->keys[r], strlen(c->keys[r]));
    if (c->source_lines) sum = hra_checksum(sum, c->source_lines, rows * sizeof *c->source_lines);
    if (c->source_files) sum = hra_checksum(sum, c->source_files, rows * sizeof *c->source_files);
    return sum;
}

/* `looked`: the summary is read before, by itself. */
static hra_code open_store(const char *path, bool looked, hra_source **source, hra_error *error)
{
    hra_summary_file known = {0};
    if (!looked) return hra_store_open(path, fixture_dictionary(), source, error);
    HRA_TRY(hra_summary_open(path, &known, error));
    assert_int_equal(known.summary != NULL, has_summary(path));
    hra_code code = hra_store_open_known(path, &known, fixture_dictionary(), source, error);
    assert_null(known.arena);
    return code;
}

static hra_code read_all(const char *path, bool looked, uint32_t *sum, hra_error *error)
{
    hra_source *source;
    HRA_TRY(open_store(path, looked, &source, error));
    const hra_store_about *about = hra_store_describe(source);
    const char *hash = hra_store_content_hash(source);
    *sum = hra_checksum(0, hash, strlen(hash));
    *sum = hra_checksum(*sum, about->command, strlen(about->command));
    *sum = hra_checksum(*sum, &about->file_count, sizeof about->file_count);
    *sum = hra_checksum(*sum, &source->rows, sizeof source->rows);
    source->want_keys = source->want_marks = true;
    hra_code code = HRA_OK;
    for (;;) {
        hra_chunk chunk = {0};
        int64_t sequence;
        void *ticket;
        code = source->claim(source, &sequence, &ticket, error);
        if (code || sequence < 0) break;
        code = source->fill(source, sequence, ticket, &chunk, error);
        if (code) break;
        *sum = sum_of_chunk(*sum, &chunk, source->schema);
        source->release(source, &chunk);
    }
    source->close(source);
    return code;
}

static uint32_t sum_of(const char *path)
{
    uint32_t sum, again;
    hra_error error;
    if (read_all(path, false, &sum, &error)) fail_msg("%s", error.message);
    if (read_all(path, true, &again, &error)) fail_msg("%s", error.message);
    assert_int_equal(sum, again);
    return sum;
}

/* ---- tests */

static void a_store_is_the_same_without_its_summary(void **state)
{
    const hra_store_encoding encodings[] = {HRA_STORE_SCALE_OFFSET, HRA_STORE_DEFLATE, HRA_STORE_RAW};
    const int64_t rows[] = {0, 1, 1000, ROWS};
    for (int e = 0; e < 3; e++)
        for (int r = 0; r < 4; r++) {
            const char *path = fixture_path("same.h5");
            write_store(path, encodings[e], rows[r]);
            assert_true(has_summary(path));
            uint32_t with = sum_of(path);
            ending end = ending_of(path);
            assert_int_equal(truncate(path, end.start), 0);
            assert_false(has_summary(path));
            assert_int_equal(sum_of(path), with);
            free(end.bytes);
        }
}

/* One bit of anything but the rows, which have checksums of their own. Where the signature of the summary is hit, there
 * is none. */
static void a_changed_bit_is_found(void **state)
{
    const char *path = fixture_path("bit.h5");
    write_store(path, HRA_STORE_SCALE_OFFSET, 1000);
    uint32_t sound = sum_of(path), sum;
    ending end = ending_of(path);
    off_t size = end.start + (off_t)end.length;
    int found = 0, tried = 0;
    for (off_t place = size % 97; place < size; place += place < size - 300 ? 211 : 1, tried++) {
        bool of_signature = place >= size - TRAILER && place < size - TRAILER + 16;
        unsigned char byte, flipped;
        hra_error error = {0};
        int file = open(path, O_RDONLY);
        assert_int_equal(pread(file, &byte, 1, place), 1);
        close(file);
        flipped = byte ^ 16;
        put_at(path, place, &flipped, 1);
        if (of_signature) {
            assert_false(has_summary(path));
            assert_int_equal(sum_of(path), sound);
        } else if (read_all(path, false, &sum, &error) == HRA_EINPUT) {
            found++;
            if (!strstr(error.message, "damaged")) fail_msg("byte %lld: %s", (long long)place, error.message);
        } else {
            assert_int_equal(sum, sound); /* of a padded chunk */
            assert_true(place < end.start);
        }
        put_at(path, place, &byte, 1);
    }
    assert_true(found > tried * 9 / 10);
    assert_true(has_summary(path));
    free(end.bytes);
}

/* The hash of a summary whose bytes were changed by somebody who knows how. */
static void seal(const char *path, ending *end)
{
    hra_blake3 *hash = hra_blake3_new(HRA_VECTOR_PLAIN);
    char text[HRA_BLAKE3_TEXT];
    size_t length = end->length - TRAILER;
    assert_non_null(hash);
    int file = open(path, O_RDONLY);
    for (uint64_t i = 0, count = number_at(end->bytes); i < count; i++) {
        uint64_t offset = number_at(end->bytes + 8 + 16 * i), size = number_at(end->bytes + 16 + 16 * i);
        unsigned char *bytes = malloc(size);
        assert_non_null(bytes);
        assert_int_equal(pread(file, bytes, size, (off_t)offset), size);
        hra_blake3_add(hash, bytes, size);
        free(bytes);
    }
    close(file);
    hra_blake3_add(hash, end->bytes, length);
    hra_blake3_finish(hash, text);
    hra_blake3_free(hash);
    memcpy(end->bytes + end->length - HASH, text, HASH);
    put_at(path, end->start, end->bytes, end->length);
}

static void a_forged_summary_is_not_trusted(void **state)
{
    const char *path = fixture_path("forged.h5");
    write_store(path, HRA_STORE_SCALE_OFFSET, 500);
    ending end = ending_of(path);
    size_t first = 8 + 16 * (size_t)number_at(end.bytes), last = end.length - TRAILER;
    seal(path, &end);
    assert_true(has_summary(path)); /* else nothing below is tested */
    for (size_t place = first; place < last; place += 7) {
        unsigned char byte = end.bytes[place];
        end.bytes[place] = place % 3 ? (unsigned char)(byte + 1) : 0xFF;
        seal(path, &end);
        uint32_t sum;
        hra_error error = {0};
        if (read_all(path, false, &sum, &error)) assert_true(strlen(error.message) > 0);
        end.bytes[place] = byte;
    }
    free(end.bytes);
}

/* Another program that writes to the store, in place or at its end. */
static void other_programs_may_write(void **state)
{
    const char *path = fixture_path("other.h5");
    write_store(path, HRA_STORE_SCALE_OFFSET, 1000);
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    assert_true(file > 0);
    hid_t note = H5Gcreate2(file, "note", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(note > 0);
    H5Gclose(note);
    H5Fclose(file);
    uint32_t sum;
    hra_error error;
    assert_false(has_summary(path));
    assert_int_equal(read_all(path, false, &sum, &error), HRA_EINPUT);
    assert_non_null(strstr(error.message, "changed after it was written"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_is_the_same_without_its_summary),
        cmocka_unit_test(a_changed_bit_is_found),
        cmocka_unit_test(a_forged_summary_is_not_trusted),
        cmocka_unit_test(other_programs_may_write),
    };
    return cmocka_run_group_tests(tests, NULL, fixture_teardown);
}
