/* Runs into a result store that were stopped, killed or cut off go on to the same file, with the same labels, or are
 * refused. */
#include "tests/unit/result_store_fixture.h"

static void copy_file(const char *from, const char *to)
{
    char command[512];
    snprintf(command, sizeof command, "cp '%s' '%s'", from, to);
    assert_int_equal(system(command), 0);
}

/* Stops after some chunks, as a signal would, and goes on. */
static void test_resume_after_a_stop(void **state)
{
    (void)state;
    const char *path = fixture_path("resumed.h5");
    hra_error error = {0};
    hra_result_writer *writer = open_writer(path, 20000, false, false, HRA_OK, &error);
    for (int i = 0; i < 7; i++) assert_int_equal(send(writer, i, i * 1000, 1000, true, 'h', &error), HRA_OK);
    hra_result_writer_free(writer);
    assert_int_equal(access(path, F_OK), -1);
    writer = open_writer(path, 20000, true, false, HRA_OK, &error);
    int64_t next = hra_result_writer_resume_at(writer);
    assert_int_equal(next, 7);
    for (; next < 20; next++) assert_int_equal(send(writer, next, next * 1000, 1000, true, 'h', &error), HRA_OK);
    assert_int_equal(hra_result_writer_finish(writer, &error), HRA_OK);
    hra_result_writer_free(writer);
    check_file(path, 20000, false, 'h');
}

/* Copies of both files from the middle of a run, and a writer that takes them up. */
static void resume_copies(const char *path, void (*change)(const char *journal), int64_t expected)
{
    char partial[160], journal[160], kept_partial[160], kept_journal[160];
    snprintf(partial, sizeof partial, "%s.partial", path);
    snprintf(journal, sizeof journal, "%s.journal", path);
    snprintf(kept_partial, sizeof kept_partial, "%s.kept1", path);
    snprintf(kept_journal, sizeof kept_journal, "%s.kept2", path);
    hra_error error = {0};
    hra_result_writer *writer = open_writer(path, 20000, false, false, HRA_OK, &error);
    for (int i = 0; i < 18; i++) assert_int_equal(send(writer, i, i * 1000, 1000, true, 'h', &error), HRA_OK);
    copy_file(partial, kept_partial);
    copy_file(journal, kept_journal);
    hra_result_writer_free(writer);
    assert_int_equal(rename(kept_partial, partial), 0);
    assert_int_equal(rename(kept_journal, journal), 0);
    change(journal);
    writer = open_writer(path, 20000, true, false, HRA_OK, &error);
    int64_t next = hra_result_writer_resume_at(writer);
    assert_int_equal(next, expected);
    for (; next < 20; next++) assert_int_equal(send(writer, next, next * 1000, 1000, true, 'h', &error), HRA_OK);
    assert_int_equal(hra_result_writer_finish(writer, &error), HRA_OK);
    hra_result_writer_free(writer);
    check_file(path, 20000, false, 'h');
}

static void append(const char *path, const char *text)
{
    FILE *file = fopen(path, "a");
    fputs(text, file);
    fclose(file);
}

static void cut_last_line(const char *journal) { append(journal, "chunk 16 10"); }

/* A kill leaves what was written; the journal gets its records 16 chunks at a time. */
static void test_resume_after_a_kill(void **state)
{
    (void)state;
    resume_copies(fixture_path("killed.h5"), cut_last_line, 16);
}

/* Killed between the hash at the end and the last name, and once more while the end is made again: the hash of the
 * first time must not stand behind bytes that changed since. */
static void test_resume_after_kills_at_the_end(void **state)
{
    (void)state;
    const char *path = fixture_path("sealed.h5");
    char partial[160];
    snprintf(partial, sizeof partial, "%s.partial", path);
    hra_error error = {0};
    hra_result_writer *writer = open_writer(path, 20000, false, false, HRA_OK, &error);
    for (int i = 0; i < 16; i++) assert_int_equal(send(writer, i, i * 1000, 1000, true, 'h', &error), HRA_OK);
    hra_result_writer_free(writer);
    const hra_summary_range no_rows = {0};
    assert_int_equal(hra_summary_seal(partial, &no_rows, 0, &error), HRA_OK);
    assert_true(hra_summary_is_there(partial));
    for (int i = 16; i < 20; i += 2) {
        writer = open_writer(path, 20000, true, false, HRA_OK, &error);
        assert_int_equal(hra_result_writer_resume_at(writer), i);
        assert_false(hra_summary_is_there(partial));
        for (int k = i; k < i + 2; k++) assert_int_equal(send(writer, k, k * 1000, 1000, true, 'h', &error), HRA_OK);
        if (i == 18) assert_int_equal(hra_result_writer_finish(writer, &error), HRA_OK);
        hra_result_writer_free(writer);
    }
    check_file(path, 20000, false, 'h');
}

/* The journal as another start of the machine would have written it, with `synced` after chunk `last`. */
static void of_another_boot(const char *journal, int last)
{
    char line[4096], wanted[32], copy[200];
    snprintf(copy, sizeof copy, "%s.other", journal);
    snprintf(wanted, sizeof wanted, "chunk %d ", last);
    FILE *in = fopen(journal, "r"), *out = fopen(copy, "w");
    while (fgets(line, sizeof line, in)) {
        bool boot = strncmp(line, "boot ", 5) == 0;
        fputs(boot ? "boot 00000000-0000-0000-0000-000000000000\n" : line, out);
        if (strncmp(line, wanted, strlen(wanted)) == 0) fputs("synced\n", out);
    }
    fclose(in);
    fclose(out);
    assert_int_equal(rename(copy, journal), 0);
}

static void never_synced(const char *journal) { of_another_boot(journal, -1); }
static void synced_after_nine(const char *journal) { of_another_boot(journal, 8); }

/* What was not on disk when the machine stopped does not count. */
static void test_resume_after_a_power_cut(void **state)
{
    (void)state;
    resume_copies(fixture_path("unsynced.h5"), never_synced, 0);
    resume_copies(fixture_path("synced.h5"), synced_after_nine, 9);
}

static int label_width(const char *path)
{
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT),
          dataset = H5Dopen2(file, "labels/fx_group_id", H5P_DEFAULT);
    hid_t type = H5Dget_type(dataset);
    int width = (int)H5Tget_size(type);
    H5Tclose(type);
    H5Dclose(dataset);
    H5Fclose(file);
    return width;
}

/* Texts known beforehand keep their numbers, as narrow as these allow; two equal ones are told apart by nobody. */
static void test_announced_labels(void **state)
{
    (void)state;
    static const int counts[] = {37, 200, 40000}, widths[] = {1, 2, 4};
    for (int k = 0; k < 3; k++) {
        announce(counts[k]);
        resume_copies(fixture_path("numbered.h5"), synced_after_nine, 9);
        assert_int_equal(label_width(fixture_path("numbered.h5")), widths[k]);
        announce_nothing();
    }
    announce(37);
    free((void *)announced.texts[36]);
    ((const char **)(uintptr_t)announced.texts)[36] = strdup("集团 0");
    hra_error error = {0};
    hra_result_writer *writer = open_writer(fixture_path("twice.h5"), 0, false, false, HRA_OK, &error);
    assert_int_equal(hra_result_writer_finish(writer, &error), HRA_OK);
    hra_result_writer_free(writer);
    assert_int_equal(label_width(fixture_path("twice.h5")), 4);
    announce_nothing();
}

static void test_resume_of_another_run_is_refused(void **state)
{
    (void)state;
    const char *path = fixture_path("other.h5");
    hra_error error = {0};
    hra_result_writer *writer = open_writer(path, 5000, false, false, HRA_OK, &error);
    assert_int_equal(send(writer, 0, 0, 1000, true, 'h', &error), HRA_OK);
    hra_result_writer_free(writer);
    open_writer(path, 5000, true, true, HRA_ECONFLICT, &error); /* doubles this time */
    assert_non_null(strstr(error.message, "other definitions"));
    open_writer(path, 5001, true, false, HRA_ECONFLICT, &error);
    provenance.input_hash = "another";
    open_writer(path, 5000, true, false, HRA_ECONFLICT, &error);
    provenance.input_hash = "input";
    writer = open_writer(path, 5000, true, false, HRA_OK, &error); /* the refusals left everything as it was */
    assert_int_equal(hra_result_writer_resume_at(writer), 1);
    hra_result_writer_free(writer);
    writer = open_writer(path, 5000, false, false, HRA_OK, &error); /* without resume: anew */
    assert_int_equal(hra_result_writer_resume_at(writer), 0);
    hra_result_writer_free(writer);
}

static void test_resume_without_the_inputs_hash_is_refused(void **state)
{
    (void)state;
    const char *path = fixture_path("nohash.h5");
    hra_error error = {0};
    provenance.input_hash = "";
    hra_result_writer *writer = open_writer(path, 5000, false, false, HRA_OK, &error);
    assert_int_equal(send(writer, 0, 0, 1000, true, 'h', &error), HRA_OK);
    hra_result_writer_free(writer);
    open_writer(path, 5000, true, false, HRA_ECONFLICT, &error);
    assert_non_null(strstr(error.message, "which input"));
    provenance.input_hash = "input";
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resume_after_a_stop),
        cmocka_unit_test(test_resume_after_a_kill),
        cmocka_unit_test(test_resume_after_kills_at_the_end),
        cmocka_unit_test(test_resume_after_a_power_cut),
        cmocka_unit_test(test_announced_labels),
        cmocka_unit_test(test_resume_of_another_run_is_refused),
        cmocka_unit_test(test_resume_without_the_inputs_hash_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, fixture_teardown);
}
