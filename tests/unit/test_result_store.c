/* The result store: values, statuses, bit sets, labels and keys as read by plain HDF5; failures. */
#include "tests/unit/result_store_fixture.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static void test_known_length(void **state)
{
    (void)state;
    const char *path = fixture_path("known.h5");
    write_file(path, 20000, true, false, 'h');
    check_file(path, 20000, false, 'h');
}

static void test_unknown_length(void **state)
{
    (void)state;
    const char *path = fixture_path("unknown.h5");
    write_file(path, 20000, false, false, 'h');
    check_file(path, 20000, false, 'h');
}

static void test_double_precision(void **state)
{
    (void)state;
    const char *path = fixture_path("double.h5");
    write_file(path, 3000, true, true, 'h');
    check_file(path, 3000, true, 'h');
}

/* Identifiers that are not hashed never enter the file; the source line stands for them. */
static void test_plain_identifiers_stay_out(void **state)
{
    (void)state;
    const char *path = fixture_path("plain.h5");
    write_file(path, 3000, false, false, 'p');
    check_file(path, 3000, false, 'p');
}

static void test_no_rows(void **state)
{
    (void)state;
    const char *path = fixture_path("none.h5");
    write_file(path, 0, true, false, 'h');
    write_file(path, 0, false, false, 'h');
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    check_numbers(file, 0, false);
    H5Fclose(file);
}

/* Threads prepare the slices of a short chunk in any order; those behind its end have no rows and no keys. */
static void test_a_slice_without_rows_decides_nothing(void **state)
{
    (void)state;
    enum { ROWS = 100 };
    hra_error error = {0};
    hra_schema schema = fixture_schema();
    const char *path = fixture_path("slices.h5");
    hra_result_writer *writer = open_writer(path, ROWS, false, false, HRA_OK, &error);
    fixture_chunk *empty = fixture_chunk_new(&schema, 1, ROWS, 0);
    hra_results *results = make_results(ROWS, 0);
    hra_sink *sink = hra_result_writer_sink(writer);
    void *prepared = NULL;
    assert_int_equal(sink->prepare(sink, 0, &empty->chunk, results, &prepared, &error), HRA_OK);
    assert_int_equal(send(writer, 0, 0, ROWS, true, 'h', &error), HRA_OK);
    assert_int_equal(sink->commit(sink, &empty->chunk, results, prepared, &error), HRA_OK);
    assert_int_equal(hra_result_writer_finish(writer, &error), HRA_OK);
    hra_result_writer_free(writer);
    hra_results_free(results);
    fixture_chunk_free(empty);
    check_file(path, ROWS, false, 'h');
}

/* Rows `start` and on of a chunk that begins with row `first`, as a thread prepares them. */
static void prepare_piece(hra_sink *sink, int thread, const fixture_chunk *f, int start, int rows, void **prepared)
{
    hra_schema schema = fixture_schema();
    hra_error error = {0};
    hra_slice slice;
    hra_chunk piece;
    assert_int_equal(hra_slice_view(&schema, &f->chunk, start, rows, &slice, &piece, &error), HRA_OK);
    hra_results *results = make_results(piece.first_row, piece.rows);
    hra_code code = sink->prepare(sink, thread, &piece, results, prepared, &error);
    if (code) fail_msg("%d: %s", code, error.message);
    hra_results_free(results);
    hra_slice_destroy(&slice);
}

/* Three chunks that end before rows `ends`, prepared in turns, sealed in the wrong order, committed in the right one.
 */
static void write_in_pieces(const char *path, const int ends[3], int piece_rows)
{
    hra_error error = {0};
    hra_schema schema = fixture_schema();
    hra_result_writer *writer = open_writer(path, ends[2], false, false, HRA_OK, &error);
    hra_sink *sink = hra_result_writer_sink(writer);
    fixture_chunk *chunks[3];
    void *prepared[3] = {NULL, NULL, NULL};
    for (int k = 0; k < 3; k++) {
        int first = k ? ends[k - 1] : 0;
        chunks[k] = fixture_chunk_new(&schema, k, first, ends[k] - first);
    }
    for (int start = 0; start < ends[2]; start += piece_rows)
        for (int k = 2; k >= 0; k--)
            if (start < chunks[k]->chunk.rows) prepare_piece(sink, k, chunks[k], start, piece_rows, &prepared[k]);
    for (int k = 2; k >= 0; k--) assert_int_equal(sink->seal(sink, &chunks[k]->chunk, &prepared[k], &error), HRA_OK);
    for (int k = 0; k < 3; k++) {
        assert_int_equal(sink->commit(sink, &chunks[k]->chunk, NULL, prepared[k], &error), HRA_OK);
        fixture_chunk_free(chunks[k]);
    }
    assert_int_equal(hra_result_writer_finish(writer, &error), HRA_OK);
    hra_result_writer_free(writer);
    check_file(path, ends[2], false, 'h');
}

/* Pieces of checksums end with the chunks, or amid them. */
static void test_chunks_in_pieces(void **state)
{
    (void)state;
    const int whole[] = {2048, 7168, 9000}, cut[] = {1000, 2500, 9000};
    write_in_pieces(fixture_path("pieces.h5"), whole, 512);
    write_in_pieces(fixture_path("pieces.h5"), whole, 100);
    write_in_pieces(fixture_path("pieces.h5"), cut, 100);
}

/* A long chunk is written in several batches; a run that fails gives back what it had prepared. */
static void test_batches_of_a_long_chunk(void **state)
{
    (void)state;
    const int ends[] = {HRA_CHUNK_ROWS, 2 * HRA_CHUNK_ROWS, 2 * HRA_CHUNK_ROWS + 1500};
    write_in_pieces(fixture_path("long.h5"), ends, 4096);
    hra_error error = {0};
    hra_schema schema = fixture_schema();
    hra_result_writer *writer = open_writer(fixture_path("lost.h5"), 3000, false, false, HRA_OK, &error);
    fixture_chunk *f = fixture_chunk_new(&schema, 0, 0, 3000);
    hra_sink *sink = hra_result_writer_sink(writer);
    void *prepared = NULL;
    prepare_piece(sink, 0, f, 0, 1024, &prepared);
    assert_non_null(prepared);
    sink->discard(sink, prepared);
    hra_result_writer_free(writer);
    fixture_chunk_free(f);
}

static void test_two_writers_of_one_file_are_refused(void **state)
{
    (void)state;
    const char *path = fixture_path("twice.h5");
    hra_error error = {0};
    hra_result_writer *writer = open_writer(path, 2000, false, false, HRA_OK, &error);
    assert_int_equal(send(writer, 0, 0, 1000, true, 'h', &error), HRA_OK);
    open_writer(path, 2000, false, false, HRA_ECONFLICT, &error);
    assert_int_equal(send(writer, 1, 1000, 1000, true, 'h', &error), HRA_OK);
    assert_int_equal(hra_result_writer_finish(writer, &error), HRA_OK);
    hra_result_writer_free(writer);
    check_file(path, 2000, false, 'h');
}

static void test_missing_rows_are_an_error(void **state)
{
    (void)state;
    const char *path = fixture_path("short.h5");
    hra_error error = {0};
    hra_result_writer *writer = open_writer(path, 2000, false, false, HRA_OK, &error);
    assert_int_equal(send(writer, 0, 0, 1000, true, 'h', &error), HRA_OK);
    assert_int_equal(hra_result_writer_finish(writer, &error), HRA_EINTERNAL);
    hra_result_writer_free(writer);
    assert_int_equal(access(path, F_OK), -1);
}

/* In a child: after a failed write HDF5 never lets go of some of its memory. */
static void fill_disk(const char *path, int64_t rows, int64_t limit)
{
    pid_t child = fork();
    if (child == 0) {
        struct rlimit small = {(rlim_t)limit, RLIM_INFINITY};
        hra_error error = {0};
        signal(SIGXFSZ, SIG_IGN);
        hra_result_writer *writer = open_writer(path, rows, false, false, HRA_OK, &error);
        setrlimit(RLIMIT_FSIZE, &small);
        hra_code code = HRA_OK;
        for (int i = 0; i < 20 && !code; i++) code = send(writer, i, i * 1000, 1000, rows >= 0, 'h', &error);
        if (!code) code = hra_result_writer_finish(writer, &error);
        hra_result_writer_free(writer);
        bool told = code == HRA_EIO && strstr(error.message, "File too large") != NULL;
        _exit(told && access(path, F_OK) != 0 ? 0 : 1);
    }
    int status = 1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void test_full_disk_is_reported(void **state)
{
    (void)state;
    fill_disk(fixture_path("full1.h5"), 20000, 200000);
    fill_disk(fixture_path("full2.h5"), -1, 200000);
    fill_disk(fixture_path("full3.h5"), 20000, 1000);
    hra_error error = {0};
    make_outputs();
    hra_result_writer *writer = open_writer(fixture_path("no/such/folder.h5"), 10, false, false, HRA_EIO, &error);
    assert_null(writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_length),
        cmocka_unit_test(test_unknown_length),
        cmocka_unit_test(test_double_precision),
        cmocka_unit_test(test_plain_identifiers_stay_out),
        cmocka_unit_test(test_no_rows),
        cmocka_unit_test(test_a_slice_without_rows_decides_nothing),
        cmocka_unit_test(test_chunks_in_pieces),
        cmocka_unit_test(test_batches_of_a_long_chunk),
        cmocka_unit_test(test_two_writers_of_one_file_are_refused),
        cmocka_unit_test(test_missing_rows_are_an_error),
        cmocka_unit_test(test_full_disk_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, fixture_teardown);
}
