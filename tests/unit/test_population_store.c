/* The population store: what is written comes back, bit for bit, in every encoding; damaged files are refused. */
#include "tests/unit/store_fixture.h"

#include <hdf5.h>
#include <signal.h>
#include <sys/resource.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/people/population_store.h"

enum { ROWS = 150001 };

static const hra_store_facts facts = {.definitions_hash = "abc",
                                      .command = "test",
                                      .key_fingerprint = "f00d",
                                      .files = (const char *const[]){"a.csv", "b.csv", "c.csv", "d.csv"},
                                      .file_hashes = (const char *const[]){"1", "2", "3", "4"},
                                      .file_count = 4};

/* The keys of a chunk as hashes instead of texts. */
static hra_key_hash *hash_keys(hra_chunk *chunk)
{
    hra_key_hash *hashes = calloc((size_t)chunk->rows, sizeof *hashes);
    assert_non_null(hashes);
    for (int i = 0; i < chunk->rows; i++)
        for (int byte = 0; byte < 16; byte++) {
            unsigned value;
            assert_int_equal(sscanf(chunk->keys[i] + 2 * byte, "%2x", &value), 1);
            hashes[i].word[byte / 8] |= (uint64_t)value << 8 * (byte % 8);
        }
    chunk->keys = NULL;
    chunk->key_hashes = hashes;
    return hashes;
}

/* Chunks of uneven sizes, every other with hashes for keys: the writer makes them even. */
static void write_store(const char *path, hra_store_encoding encoding, int64_t rows)
{
    hra_schema schema = fixture_schema();
    hra_store_writer *writer;
    hra_error error = {0};
    if (hra_store_writer_new(path, &schema, encoding, &writer, &error)) fail_msg("%s", error.message);
    int64_t sequence = 0;
    for (int64_t first = 0; first < rows; sequence++) {
        int64_t size = 1 + (int64_t)(fixture_random(sequence, 500) % 65536);
        if (size > rows - first) size = rows - first;
        fixture_chunk *f = fixture_chunk_new(&schema, sequence, first, (int)size);
        hra_key_hash *hashes = sequence % 2 == 0 ? hash_keys(&f->chunk) : NULL;
        if (hra_store_writer_append(writer, &f->chunk, &error)) fail_msg("%s", error.message);
        free(hashes);
        fixture_chunk_free(f);
        first += size;
    }
    if (hra_store_writer_finish(writer, &facts, &error)) fail_msg("%s", error.message);
    hra_store_writer_free(writer);
}

static hra_source *open_store(const char *path)
{
    hra_source *source = NULL;
    hra_error error = {0};
    if (hra_store_open(path, fixture_dictionary(), &source, &error)) fail_msg("%s", error.message);
    source->want_keys = true;
    return source;
}

static double chunk_value(const hra_chunk *chunk, const hra_schema *schema, int column, int row)
{
    const hra_codes *codes = &chunk->columns[column];
    uint32_t code = hra_code_at(codes, row);
    const hra_column *c = &schema->columns[column];
    if (code != hra_column_escape(c)) return hra_column_value(c, code);
    int low = 0, high = chunk->exception_count;
    while (low < high) {
        int middle = (low + high) / 2;
        const hra_exception *e = &chunk->exceptions[middle];
        if (e->row < row || (e->row == row && e->column < column))
            low = middle + 1;
        else
            high = middle;
    }
    assert_true(low < chunk->exception_count);
    assert_int_equal(chunk->exceptions[low].row, row);
    assert_int_equal(chunk->exceptions[low].column, column);
    return chunk->exceptions[low].value;
}

static void assert_same_bits(double a, double b)
{
    if (isnan(a) && isnan(b)) return;
    assert_memory_equal(&a, &b, sizeof a);
}

/* Columns of the opened schema in the order of the fixture; -1: not there. */
static void find_columns(const hra_schema *schema, int *columns)
{
    hra_schema expected = fixture_schema();
    for (int c = 0; c < FIX_COLUMNS; c++) {
        columns[c] = -1;
        for (int i = 0; i < schema->column_count; i++)
            if (schema->columns[i].variable == expected.columns[c].variable &&
                strcmp(schema->columns[i].unit, expected.columns[c].unit) == 0)
                columns[c] = i;
    }
}

static void check_people(const hra_chunk *chunk, int i, int64_t row)
{
    char key[33];
    fixture_key(row, key);
    assert_string_equal(chunk->keys[i], key);
    assert_int_equal(chunk->source_lines[i], 2 + row * 3 / 2);
    assert_int_equal(chunk->source_files[i], row / 50000);
    const char *group = fixture_group(row);
    if (group)
        assert_string_equal(chunk->labels[0].texts[chunk->labels[0].index[i]], group);
    else
        assert_int_equal(chunk->labels[0].index[i], -1);
}

/* Codes of whole chunks, or asked for in pieces. */
static void check_codes(const char *path, int64_t rows, int piece)
{
    hra_source *source = open_store(path);
    source->by_piece = piece > 0;
    hra_error error = {0};
    int columns[FIX_COLUMNS];
    int64_t sequence, seen = 0;
    void *ticket;
    find_columns(source->schema, columns);
    assert_int_equal(source->rows, rows);
    assert_int_equal(source->schema->label_count, 1);
    for (;;) {
        hra_chunk chunk;
        assert_int_equal(source->claim(source, &sequence, &ticket, &error), HRA_OK);
        if (sequence < 0) break;
        if (source->fill(source, sequence, ticket, &chunk, &error)) fail_msg("%s", error.message);
        assert_int_equal(chunk.first_row, seen);
        hra_codes *gathered = piece > 0 ? fixture_gather(source, &chunk, piece) : NULL;
        if (gathered) chunk.columns = gathered;
        for (int c = 0; c < FIX_COLUMNS; c++) {
            assert_true(columns[c] >= 0);
            for (int i = 0; i < chunk.rows; i++)
                assert_same_bits(chunk_value(&chunk, source->schema, columns[c], i), fixture_value(seen + i, c));
        }
        for (int i = 0; i < chunk.rows; i++) check_people(&chunk, i, seen + i);
        seen += chunk.rows;
        source->release(source, &chunk);
        fixture_gathered_free(gathered);
    }
    assert_int_equal(seen, rows);
    source->close(source);
}

static void check_store(const char *path, int64_t rows)
{
    check_codes(path, rows, 0);
    check_codes(path, rows, 512);
    check_codes(path, rows, 1000);
}

static void round_trip(hra_store_encoding encoding, const char *encoding_name)
{
    const char *path = fixture_path("round.h5");
    write_store(path, encoding, ROWS);
    check_store(path, ROWS);
    hra_source *source = open_store(path);
    const char *stored;
    uint64_t bytes;
    for (int i = 0; i < source->schema->column_count; i++) {
        hra_store_column_facts(source, i, &stored, &bytes);
        assert_string_equal(stored, encoding_name);
    }
    source->close(source);
}

static void test_scale_offset_round_trip(void **state)
{
    (void)state;
    round_trip(HRA_STORE_SCALE_OFFSET, "scale-offset");
}

static void test_deflate_round_trip(void **state)
{
    (void)state;
    round_trip(HRA_STORE_DEFLATE, "shuffle+deflate");
}

static void test_raw_round_trip(void **state)
{
    (void)state;
    round_trip(HRA_STORE_RAW, "plain");
}

static void test_sizes_at_the_edges(void **state)
{
    (void)state;
    const int64_t sizes[] = {0, 1, 2, 65535, 65536, 65537};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (hra_store_encoding encoding = HRA_STORE_SCALE_OFFSET; encoding <= HRA_STORE_RAW; encoding++) {
            const char *path = fixture_path("edge.h5");
            write_store(path, encoding, sizes[i]);
            check_store(path, sizes[i]);
        }
}

static void test_facts_and_mode(void **state)
{
    (void)state;
    const char *path = fixture_path("facts.h5");
    write_store(path, HRA_STORE_SCALE_OFFSET, 10);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_true(hra_is_hdf5(path));
    hra_source *source = open_store(path);
    const hra_store_about *about = hra_store_describe(source);
    assert_string_equal(hra_store_key_fingerprint(source), "f00d");
    assert_string_equal(about->definitions_hash, "abc");
    assert_int_equal(about->file_count, 4);
    assert_string_equal(about->files[2], "c.csv");
    source->close(source);
}

static void test_unwanted_columns_are_not_read(void **state)
{
    (void)state;
    const char *path = fixture_path("wanted.h5");
    write_store(path, HRA_STORE_SCALE_OFFSET, 1000);
    hra_source *source = open_store(path);
    bool wanted[FIX_COLUMNS] = {false};
    int64_t sequence;
    void *ticket;
    hra_chunk chunk;
    wanted[1] = true;
    source->wanted = wanted;
    source->want_keys = false;
    assert_int_equal(source->claim(source, &sequence, &ticket, NULL), HRA_OK);
    assert_int_equal(source->fill(source, sequence, ticket, &chunk, NULL), HRA_OK);
    assert_null(chunk.keys);
    for (int i = 0; i < source->schema->column_count; i++) {
        assert_int_equal(chunk.columns[i].u16 || chunk.columns[i].u32, i == 1);
        assert_true(i == 1 || chunk.columns[i].constant == hra_column_missing(&source->schema->columns[i]));
    }
    source->release(source, &chunk);
    source->close(source);
}

static void test_identifiers_in_the_clear_are_refused(void **state)
{
    (void)state;
    hra_schema schema = fixture_schema();
    hra_store_writer *writer;
    hra_error error = {0};
    const char *path = fixture_path("clear.h5");
    assert_int_equal(hra_store_writer_new(path, &schema, HRA_STORE_RAW, &writer, &error), HRA_OK);
    fixture_chunk *f = fixture_chunk_new(&schema, 0, 0, 5);
    f->keys[3] = "110101199003070011";
    assert_int_equal(hra_store_writer_append(writer, &f->chunk, &error), HRA_EUSAGE);
    assert_null(strstr(error.message, "1101"));
    fixture_chunk_free(f);
    hra_store_writer_free(writer);
    assert_int_equal(access(path, F_OK), -1); /* nothing appears */
}

/* ---- files of others and damaged files ---- */

/* For rewriting one attribute or dataset of a good store, without the hash that would tell. */
static hid_t open_copy(const char *path)
{
    write_store(path, HRA_STORE_SCALE_OFFSET, 1000);
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    assert_true(file > 0 && H5Adelete(file, "content_hash") >= 0);
    return file;
}

static void set_integer_attribute(hid_t file, const char *dataset, const char *name, int64_t value)
{
    hid_t object = H5Oopen(file, dataset, H5P_DEFAULT), attribute = H5Aopen(object, name, H5P_DEFAULT);
    assert_true(attribute > 0 && H5Awrite(attribute, H5T_NATIVE_INT64, &value) >= 0);
    H5Aclose(attribute);
    H5Oclose(object);
}

static hra_code read_first(const char *path, bool by_piece, hra_error *error)
{
    hra_source *source;
    hra_code code = hra_store_open(path, fixture_dictionary(), &source, error);
    if (code) return code;
    hra_chunk chunk = {0};
    int64_t sequence;
    void *ticket;
    source->want_keys = true;
    source->by_piece = by_piece;
    code = source->claim(source, &sequence, &ticket, error);
    if (!code && sequence >= 0) code = source->fill(source, sequence, ticket, &chunk, error);
    if (!code) source->release(source, &chunk);
    source->close(source);
    return code;
}

/* With codes that wait packed it comes to the same. */
static hra_code first_chunk(const char *path, hra_error *error)
{
    hra_error other = {0};
    hra_code code = read_first(path, false, error);
    assert_int_equal(read_first(path, true, &other), code);
    if (code) assert_string_equal(other.message, error->message);
    return code;
}

static void expect_refusal(const char *path, const char *word)
{
    hra_error error = {0};
    assert_int_equal(first_chunk(path, &error), HRA_EINPUT);
    if (!strstr(error.message, word)) fail_msg("'%s' not in: %s", word, error.message);
}

static void test_contradictions_are_refused(void **state)
{
    (void)state;
    const char *path = fixture_path("contradiction.h5");
    hid_t file = open_copy(path);
    set_integer_attribute(file, "variables/fx_tc", "decimals", 1);
    H5Fclose(file);
    expect_refusal(path, "contradict");

    file = open_copy(path);
    set_integer_attribute(file, "/", "rows", 999);
    H5Fclose(file);
    expect_refusal(path, "rows");

    file = open_copy(path);
    set_integer_attribute(file, "/", "format_version", 2);
    H5Fclose(file);
    expect_refusal(path, "version");

    file = open_copy(path);
    H5Ldelete(file, "labels/fx_group_id_text", H5P_DEFAULT);
    H5Fclose(file);
    expect_refusal(path, "fx_group_id_text");

    file = open_copy(path);
    H5Ldelete(file, "exceptions/fx_tc", H5P_DEFAULT); /* escape codes without their values */
    H5Fclose(file);
    expect_refusal(path, "exact value");
}

/* What the reader cannot judge is told by the hash and by the checksums of the values. */
static void test_changes_are_noticed(void **state)
{
    (void)state;
    const char *path = fixture_path("changed.h5");
    write_store(path, HRA_STORE_SCALE_OFFSET, 1000);
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    set_integer_attribute(file, "variables/fx_tc", "first", 7);
    H5Fclose(file);
    expect_refusal(path, "content_hash");

    file = open_copy(path);
    hid_t data = H5Dopen2(file, "variables/fx_age", H5P_DEFAULT), memory = H5Screate(H5S_SCALAR);
    hid_t space = H5Dget_space(data);
    hsize_t row = 500;
    int age = 42;
    H5Sselect_elements(space, H5S_SELECT_SET, 1, &row);
    assert_true(H5Dwrite(data, H5T_NATIVE_INT, memory, space, H5P_DEFAULT, &age) >= 0);
    H5Sclose(space);
    H5Sclose(memory);
    H5Dclose(data);
    H5Fclose(file);
    expect_refusal(path, "fx_age: rows 0 to 999");

    file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT); /* as it is, on purpose */
    data = H5Dopen2(file, "variables/fx_age", H5P_DEFAULT);
    assert_true(H5Adelete(data, "chunk_crc32") >= 0);
    H5Dclose(data);
    H5Fclose(file);
    hra_error error = {0};
    assert_int_equal(first_chunk(path, &error), HRA_OK);
}

/* Of equal content is what holds the same, wherever it stands; different is what holds anything else. */
static void test_content_hash(void **state)
{
    (void)state;
    char hash[4][80];
    const char *const names[] = {"hash_a.h5", "hash_b.h5", "hash_c.h5", "hash_d.h5"};
    write_store(fixture_path(names[0]), HRA_STORE_SCALE_OFFSET, 1000);
    write_store(fixture_path(names[1]), HRA_STORE_SCALE_OFFSET, 1000);
    write_store(fixture_path(names[2]), HRA_STORE_SCALE_OFFSET, 1001);
    hid_t file = open_copy(fixture_path(names[3]));
    H5Fclose(file);
    for (int i = 0; i < 4; i++) {
        hra_source *source = open_store(fixture_path(names[i]));
        snprintf(hash[i], sizeof hash[i], "%s", hra_store_content_hash(source));
        source->close(source);
    }
    assert_int_equal(strlen(hash[0]), 64);
    assert_string_equal(hash[0], hash[1]);
    assert_string_not_equal(hash[0], hash[2]);
    assert_string_equal(hash[3], ""); /* nobody vouches for it */
}

static void test_links_to_other_files_are_not_followed(void **state)
{
    (void)state;
    const char *path = fixture_path("link.h5");
    hid_t file = open_copy(path);
    H5Ldelete(file, "variables/fx_age", H5P_DEFAULT);
    assert_true(H5Lcreate_external("other.h5", "/x", file, "variables/fx_age", H5P_DEFAULT, H5P_DEFAULT) >= 0);
    H5Fclose(file);
    hra_source *source = open_store(path);
    assert_int_equal(source->schema->column_count, FIX_COLUMNS - 1);
    source->close(source);
}

/* Where the summary behind the HDF5 file begins. */
static off_t end_of_hdf5(const char *path, off_t size)
{
    unsigned char bytes[8];
    uint64_t start = 0;
    int file = open(path, O_RDONLY);
    assert_int_equal(pread(file, bytes, sizeof bytes, size - 72), sizeof bytes);
    close(file);
    for (int i = 7; i >= 0; i--) start = start << 8 | bytes[i];
    return (off_t)start;
}

/* Cutting the file anywhere gives a message, never a crash or silent rows; only the summary may be lost. */
static void test_truncated_files_are_refused(void **state)
{
    (void)state;
    const char *path = fixture_path("cut.h5");
    write_store(path, HRA_STORE_SCALE_OFFSET, 1000);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    off_t end = end_of_hdf5(path, st.st_size);
    assert_true(end > 0 && end < st.st_size);
    for (off_t size = st.st_size - 1; size > end; size = size * 99 / 100) {
        hra_error error = {0};
        assert_int_equal(truncate(path, size), 0);
        assert_int_equal(first_chunk(path, &error), HRA_OK);
    }
    for (off_t size = end - 1; size > 0; size = size * 9 / 10) {
        hra_error error = {0};
        assert_int_equal(truncate(path, size), 0);
        assert_int_not_equal(first_chunk(path, &error), HRA_OK);
        assert_true(strlen(error.message) > 0);
    }
    expect_refusal(fixture_path("absent.h5"), "cannot be opened");
}

static void test_unknown_variables_are_reported(void **state)
{
    (void)state;
    const char *path = fixture_path("unknown.h5");
    hid_t file = open_copy(path);
    assert_true(H5Lmove(file, "variables/fx_age", file, "variables/fx_aeg", H5P_DEFAULT, H5P_DEFAULT) >= 0);
    assert_true(H5Lmove(file, "variables/fx_sex", file, "variables/fx_name", H5P_DEFAULT, H5P_DEFAULT) >= 0);
    H5Fclose(file);
    hra_source *source = open_store(path);
    const char *const *names;
    assert_int_equal(hra_store_unmatched(source, &names), 2);
    assert_string_equal(names[0], "fx_aeg");
    assert_string_equal(names[1], "fx_name");
    source->close(source);
}

/* A level's stored integer goes by the file's own table. */
static void test_levels_go_by_the_files_own_table(void **state)
{
    (void)state;
    const char *path = fixture_path("levels.h5");
    hid_t file = open_copy(path);
    hid_t dataset = H5Dopen2(file, "variables/fx_sex", H5P_DEFAULT);
    hid_t attribute = H5Aopen(dataset, "flag_meanings", H5P_DEFAULT), type = H5Aget_type(attribute);
    const char *meanings = "female male";
    assert_true(H5Awrite(attribute, type, &meanings) >= 0);
    H5Tclose(type);
    H5Aclose(attribute);
    H5Dclose(dataset);
    H5Fclose(file);
    hra_source *source = open_store(path);
    int columns[FIX_COLUMNS];
    int64_t sequence;
    void *ticket;
    hra_chunk chunk;
    find_columns(source->schema, columns);
    assert_int_equal(source->claim(source, &sequence, &ticket, NULL), HRA_OK);
    assert_int_equal(source->fill(source, sequence, ticket, &chunk, NULL), HRA_OK);
    for (int i = 0; i < chunk.rows; i++)
        assert_same_bits(chunk_value(&chunk, source->schema, columns[FIX_SEX], i), 1 - fixture_value(i, FIX_SEX));
    source->release(source, &chunk);
    source->close(source);
}

/* 0: a file that could not grow was told and removed. */
static int fill_the_disk(const char *path)
{
    struct rlimit small;
    getrlimit(RLIMIT_FSIZE, &small);
    small.rlim_cur = 300000;
    signal(SIGXFSZ, SIG_IGN);
    hra_schema schema = fixture_schema();
    hra_store_writer *writer;
    hra_error error = {0};
    if (hra_store_writer_new(path, &schema, HRA_STORE_SCALE_OFFSET, &writer, &error)) return 1;
    fixture_chunk *f = fixture_chunk_new(&schema, 0, 0, 65536);
    setrlimit(RLIMIT_FSIZE, &small);
    hra_code code = HRA_OK;
    for (int i = 0; i < 3 && !code; i++) code = hra_store_writer_append(writer, &f->chunk, &error);
    if (!code) code = hra_store_writer_finish(writer, &facts, &error);
    hra_store_writer_free(writer);
    fixture_chunk_free(f);
    if (code != HRA_EIO) return 2;
    if (!strstr(error.message, "File too large")) return 3;
    return access(path, F_OK) == -1 ? 0 : 4;
}

/* In a process of its own: HDF5 never gives back a file whose last bytes it could not write. */
static void test_full_disk_is_reported(void **state)
{
    (void)state;
    const char *path = fixture_path("full.h5");
    int status = -1;
    pid_t child = fork();
    if (child == 0) _exit(fill_the_disk(path));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

/* No descriptor is left when it is asked what the file is, and one when it is read: never a table, so that it would be
 * refused for being a store. */
static void test_a_store_that_cannot_be_looked_into_stays_one(void **state)
{
    const char *path = fixture_path("looked.h5"), *text = fixture_path("looked.csv");
    struct rlimit before, none;
    write_store(path, HRA_STORE_RAW, 10);
    assert_true(hra_is_store(path));
    getrlimit(RLIMIT_NOFILE, &before);
    none = (struct rlimit){.rlim_cur = 0, .rlim_max = before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
    bool blind = hra_is_store(path), other = hra_is_store(text);
    hra_source *source = NULL;
    hra_error error = {0};
    hra_code code = hra_store_open(path, fixture_dictionary(), &source, &error);
    setrlimit(RLIMIT_NOFILE, &before);
    assert_true(blind);
    assert_false(other);
    assert_int_not_equal(code, HRA_OK);
    assert_non_null(strstr(error.message, "Too many open files"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scale_offset_round_trip),
        cmocka_unit_test(test_deflate_round_trip),
        cmocka_unit_test(test_raw_round_trip),
        cmocka_unit_test(test_sizes_at_the_edges),
        cmocka_unit_test(test_facts_and_mode),
        cmocka_unit_test(test_unwanted_columns_are_not_read),
        cmocka_unit_test(test_identifiers_in_the_clear_are_refused),
        cmocka_unit_test(test_contradictions_are_refused),
        cmocka_unit_test(test_changes_are_noticed),
        cmocka_unit_test(test_content_hash),
        cmocka_unit_test(test_links_to_other_files_are_not_followed),
        cmocka_unit_test(test_truncated_files_are_refused),
        cmocka_unit_test(test_unknown_variables_are_reported),
        cmocka_unit_test(test_levels_go_by_the_files_own_table),
        cmocka_unit_test(test_full_disk_is_reported),
        cmocka_unit_test(test_a_store_that_cannot_be_looked_into_stays_one),
    };
    return cmocka_run_group_tests(tests, NULL, fixture_teardown);
}
