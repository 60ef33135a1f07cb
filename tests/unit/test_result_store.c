/* The result store: values, statuses, bit sets, labels and keys as read by plain HDF5; resuming; failures. */
#include "tests/unit/store_fixture.h"

#include <fcntl.h>
#include <hdf5.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "engine/run/slices.h"
#include "io/result_info.h"
#include "io/result_reader.h"
#include "io/result_store.h"
#include "io/store_summary.h"

enum { OUT_RISK, OUT_RISK_5Y, OUT_TIER, OUT_MET, OUT_SUM, OUT_FACTOR, FACTORS = 70, OUT_COUNT = OUT_FACTOR + FACTORS };

static const char *const tiers[] = {"comprehensive", "standard", "economy"};
static hra_output outputs[OUT_COUNT];
static char factor_ids[FACTORS][16];

static void make_outputs(void)
{
    static const hra_output common = {.unit = "", .decimals = -1, .outside = -1, .excluded = -1};
    for (int i = 0; i < OUT_COUNT; i++) {
        outputs[i] = common;
        outputs[i].status_of = i;
        outputs[i].name = "";
    }
    outputs[OUT_RISK].id = "model_a.risk";
    outputs[OUT_RISK].owner = outputs[OUT_RISK_5Y].owner = "model_a";
    outputs[OUT_RISK].name = "risk";
    outputs[OUT_RISK_5Y].id = "model_a.risk_5y";
    outputs[OUT_RISK_5Y].name = "risk_5y";
    outputs[OUT_RISK_5Y].status_of = OUT_RISK;
    outputs[OUT_TIER].id = outputs[OUT_TIER].owner = "level";
    outputs[OUT_TIER].kind = HRA_OUTPUT_CATEGORY;
    outputs[OUT_TIER].role = HRA_ROLE_TIER;
    outputs[OUT_TIER].levels = tiers;
    outputs[OUT_TIER].level_count = 3;
    outputs[OUT_MET].id = "rule_b.met";
    outputs[OUT_MET].owner = "rule_b";
    outputs[OUT_MET].name = "met";
    outputs[OUT_MET].kind = HRA_OUTPUT_FLAG;
    outputs[OUT_SUM].id = outputs[OUT_SUM].owner = "internal";
    outputs[OUT_SUM].role = HRA_ROLE_AGGREGATE;
    for (int f = 0; f < FACTORS; f++) {
        hra_output *o = &outputs[OUT_FACTOR + f];
        snprintf(factor_ids[f], sizeof factor_ids[f], "r_%d", f);
        o->id = o->owner = factor_ids[f];
        o->kind = HRA_OUTPUT_FLAG;
        o->role = HRA_ROLE_FACTOR;
    }
}

static double result_value(int64_t row, int output)
{
    uint64_t r = fixture_random(row, 1000 + output);
    if (r % 9 == 0) return NAN;
    if (outputs[output].kind == HRA_OUTPUT_NUMBER) return (double)(r >> 11) / 9007199254740992.0;
    return (double)(r / 9 % (outputs[output].kind == HRA_OUTPUT_FLAG ? 2 : 3));
}

static uint8_t result_status(int64_t row, int output) { return (uint8_t)(fixture_random(row, 2000 + output) % 256); }

static hra_results *make_results(int64_t first, int rows)
{
    hra_results *r = hra_results_new(OUT_COUNT, outputs, rows);
    for (int o = 0; o < OUT_COUNT; o++)
        for (int i = 0; i < rows; i++) {
            hra_results_put(r, o, i, result_value(first + i, o));
            if (r->status[o]) r->status[o][i] = result_status(first + i, o);
        }
    return r;
}

static hra_result_provenance provenance = {.definitions_hash = "hash",
                                           .engine_version = "0.1",
                                           .input_hash = "input",
                                           .panel = "china_corporate",
                                           .command = "test"};

/* What an input that knows all its label texts announces; no count: it does not. */
static hra_label_texts announced;

static void announce(int count)
{
    const char **texts = calloc((size_t)count + 1, sizeof *texts);
    for (int i = 0; i < count; i++) {
        char text[32];
        snprintf(text, sizeof text, "集团 %d", i);
        texts[i] = strdup(text);
    }
    announced = (hra_label_texts){texts, count};
}

static void announce_nothing(void)
{
    for (int i = 0; i < announced.count; i++) free((void *)announced.texts[i]);
    free((void *)announced.texts);
    announced = (hra_label_texts){0};
}

/* The labels of a chunk by the announced numbers. */
static void number_as_announced(fixture_chunk *f, hra_label_codes *codes)
{
    for (int i = 0; i < f->chunk.rows; i++)
        if (f->index[i] >= 0) assert_int_equal(sscanf(f->texts[f->index[i]], "集团 %d", &f->index[i]), 1);
    *codes = (hra_label_codes){f->index, announced.texts, announced.count};
    f->chunk.labels = codes;
}

static hra_result_writer *open_writer(const char *path, int64_t rows, bool resume, bool f64, hra_code expected,
                                      hra_error *error)
{
    static hra_schema schema;
    hra_result_options options = {.f64 = f64, .resume = resume, .rows = rows};
    hra_result_writer *writer = NULL;
    schema = fixture_schema();
    schema.label_texts = announced.count ? &announced : NULL;
    make_outputs();
    hra_code code = hra_result_writer_new(path, outputs, OUT_COUNT, &schema, &provenance, &options, &writer, error);
    if (code != expected) fail_msg("%d: %s", code, error->message);
    return writer;
}

/* One chunk through prepare and commit. `mode`: 'h' hashed keys, 'p' plain ids. */
static hra_code send(hra_result_writer *writer, int64_t sequence, int64_t first, int rows, bool place, char mode,
                     hra_error *error)
{
    hra_schema schema = fixture_schema();
    fixture_chunk *f = fixture_chunk_new(&schema, sequence, first, rows);
    hra_results *results = make_results(first, rows);
    hra_sink *sink = hra_result_writer_sink(writer);
    void *prepared = NULL;
    hra_label_codes numbered;
    if (announced.count) number_as_announced(f, &numbered);
    if (!place) f->chunk.first_row = -1;
    for (int i = 0; i < rows && mode == 'p'; i++) f->keys[i] = "1234";
    hra_code code = sink->prepare(sink, 0, &f->chunk, results, &prepared, error);
    if (!code) code = sink->commit(sink, &f->chunk, results, prepared, error);
    hra_results_free(results);
    fixture_chunk_free(f);
    return code;
}

/* ---- reading with plain HDF5 ---- */

static void *read_all(hid_t file, const char *name, hid_t type, size_t size, int64_t expected_rows)
{
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
    if (dataset < 0) fail_msg("%s is not there", name);
    hid_t space = H5Dget_space(dataset);
    hsize_t dims[2] = {0, 1};
    H5Sget_simple_extent_dims(space, dims, NULL);
    assert_int_equal(dims[0], expected_rows);
    void *values = calloc(dims[0] * dims[1] + 1, size);
    assert_true(H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    H5Sclose(space);
    H5Dclose(dataset);
    return values;
}

static void check_numbers(hid_t file, int64_t rows, bool f64)
{
    double *risk = read_all(file, "outputs/model_a.risk", H5T_NATIVE_DOUBLE, 8, rows);
    double *risk5 = read_all(file, "outputs/model_a.risk_5y", H5T_NATIVE_DOUBLE, 8, rows);
    uint8_t *status = read_all(file, "outputs/model_a.status", H5T_NATIVE_UINT8, 1, rows);
    uint8_t *tier = read_all(file, "outputs/level", H5T_NATIVE_UINT8, 1, rows);
    uint8_t *tier_status = read_all(file, "outputs/level.status", H5T_NATIVE_UINT8, 1, rows);
    uint8_t *met = read_all(file, "outputs/rule_b.met", H5T_NATIVE_UINT8, 1, rows);
    for (int64_t i = 0; i < rows; i++) {
        double expected = result_value(i, OUT_RISK), expected5 = result_value(i, OUT_RISK_5Y);
        if (!f64) expected = (float)expected;
        if (!f64) expected5 = (float)expected5;
        assert_true(isnan(expected) ? isnan(risk[i]) : risk[i] == expected);
        assert_true(isnan(expected5) ? isnan(risk5[i]) : risk5[i] == expected5);
        double t = result_value(i, OUT_TIER), m = result_value(i, OUT_MET);
        assert_int_equal(tier[i], isnan(t) ? 255 : (int)t);
        assert_int_equal(met[i], isnan(m) ? 255 : (int)m);
        assert_int_equal(status[i], result_status(i, OUT_RISK));
        assert_int_equal(tier_status[i], result_status(i, OUT_TIER));
    }
    free(risk);
    free(risk5);
    free(status);
    free(tier);
    free(tier_status);
    free(met);
    assert_true(H5Lexists(file, "outputs/internal", H5P_DEFAULT) <= 0);
}

static void check_sets(hid_t file, int64_t rows)
{
    uint64_t *known = read_all(file, "factors/known", H5T_NATIVE_UINT64, 8, rows);
    uint64_t *truth = read_all(file, "factors/true", H5T_NATIVE_UINT64, 8, rows);
    for (int64_t i = 0; i < rows; i++)
        for (int f = 0; f < FACTORS; f++) {
            double v = result_value(i, OUT_FACTOR + f);
            assert_int_equal(known[2 * i + f / 64] >> (f % 64) & 1, !isnan(v));
            assert_int_equal(truth[2 * i + f / 64] >> (f % 64) & 1, v == 1);
        }
    free(known);
    free(truth);
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, 16);
    H5Tset_cset(type, H5T_CSET_UTF8);
    char(*ids)[16] = read_all(file, "factors/catalogue", type, 16, FACTORS);
    assert_string_equal(ids[69], "r_69");
    free(ids);
    H5Tclose(type);
}

static void check_people(hid_t file, int64_t rows, char mode)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, 33);
    if (mode == 'h') {
        char(*keys)[33] = read_all(file, "person/key", type, 33, rows);
        for (int64_t i = 0; i < rows; i++) {
            char key[33];
            fixture_key(i, key);
            assert_string_equal(keys[i], key);
        }
        free(keys);
    } else {
        int64_t *lines = read_all(file, "person/source_line", H5T_NATIVE_INT64, 8, rows);
        for (int64_t i = 0; i < rows; i++) assert_int_equal(lines[i], 2 + i * 3 / 2);
        free(lines);
        assert_true(H5Lexists(file, "person/key", H5P_DEFAULT) <= 0);
    }
    H5Tset_cset(type, H5T_CSET_UTF8);
    int32_t *index = read_all(file, "labels/fx_group_id", H5T_NATIVE_INT32, 4, rows);
    hid_t dataset = H5Dopen2(file, "labels/fx_group_id_text", H5P_DEFAULT), space = H5Dget_space(dataset);
    assert_in_range(H5Sget_simple_extent_npoints(space), 0,
                    announced.count ? announced.count : 37); /* each text once */
    char(*texts)[33] = read_all(file, "labels/fx_group_id_text", type, 33, H5Sget_simple_extent_npoints(space));
    for (int64_t i = 0; i < rows; i++) {
        const char *group = fixture_group(i);
        if (!group)
            assert_int_equal(index[i], -1);
        else
            assert_string_equal(texts[index[i]], group);
    }
    H5Sclose(space);
    H5Dclose(dataset);
    H5Tclose(type);
    free(index);
    free(texts);
}

/* Our reader compares everything it reads with the checksums. */
static void check_sums(const char *path, int64_t rows)
{
    hra_error error = {0};
    hra_result_reader *reader;
    if (hra_result_reader_open(path, &reader, &error)) fail_msg("%s", error.message);
    double *values = malloc(((size_t)rows + 1) * sizeof *values);
    int32_t *index = malloc(((size_t)rows + 1) * sizeof *index);
    assert_true(values && index);
    for (int i = 0; i < hra_result_reader_count(reader); i++)
        if (hra_result_reader_values(reader, i, 0, rows, values, &error)) fail_msg("%s", error.message);
    if (hra_result_reader_labels(reader, hra_result_reader_label(reader, "fx_group_id"), 0, rows, index, &error))
        fail_msg("%s", error.message);
    free(values);
    free(index);
    hra_result_reader_close(reader);
}

static void check_file(const char *path, int64_t rows, bool f64, char mode)
{
    check_sums(path, rows);
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    assert_true(file > 0);
    check_numbers(file, rows, f64);
    check_sets(file, rows);
    check_people(file, rows, mode);
    H5Fclose(file);
    char side[256];
    snprintf(side, sizeof side, "%s.journal", path);
    assert_int_equal(access(side, F_OK), -1);
    snprintf(side, sizeof side, "%s.partial", path);
    assert_int_equal(access(side, F_OK), -1);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

/* ---- tests ---- */

static void write_file(const char *path, int64_t rows, bool known, bool f64, char mode)
{
    hra_error error = {0};
    hra_result_writer *writer = open_writer(path, known ? rows : -1, false, f64, HRA_OK, &error);
    int64_t sequence = 0;
    for (int64_t first = 0; first < rows; sequence++) {
        int size = known ? 4096 : (int)(fixture_random(sequence, 3) % 5000);
        if (size > rows - first) size = (int)(rows - first);
        if (send(writer, sequence, first, size, known, mode, &error)) fail_msg("%s", error.message);
        first += size;
    }
    if (hra_result_writer_finish(writer, &error)) fail_msg("%s", error.message);
    hra_result_writer_free(writer);
}

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

static herr_t add_row_bytes(hid_t file, const char *name, const H5O_info_t *info, void *context)
{
    if (info->type != H5O_TYPE_DATASET || strstr(name, "_text") || strstr(name, "catalogue")) return 0;
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
    *(uint64_t *)context += H5Dget_storage_size(dataset);
    H5Dclose(dataset);
    return 0;
}

static uint64_t number_at(int file, off_t place)
{
    uint64_t number;
    assert_int_equal(pread(file, &number, sizeof number, place), sizeof number);
    return number;
}

/* The hash at the end guards exactly what holds no rows, and says so in few words. */
static void check_guarded(const char *path, uint64_t most_ranges)
{
    uint64_t rows = 0, guarded = 0;
    hid_t h5 = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    assert_true(H5Ovisit(h5, H5_INDEX_NAME, H5_ITER_NATIVE, add_row_bytes, &rows) >= 0);
    H5Fclose(h5);
    int file = open(path, O_RDONLY);
    struct stat facts;
    assert_true(file >= 0 && fstat(file, &facts) == 0);
    uint64_t start = number_at(file, facts.st_size - 64 - 8), count = number_at(file, (off_t)start);
    assert_in_range(count, 1, most_ranges);
    for (uint64_t i = 0; i < count; i++) guarded += number_at(file, (off_t)(start + 16 + 16 * i));
    assert_true(guarded + rows == start);
    close(file);
}

/* One flipped bit in each so many bytes: how many are told of how many, before HDF5 sees the file. */
static int flip_all(const char *path, off_t step, int *tried)
{
    hra_error error = {0};
    hra_arena *arena = hra_arena_new();
    int file = open(path, O_RDWR), told = 0;
    struct stat facts;
    assert_true(arena && file >= 0 && fstat(file, &facts) == 0);
    assert_int_equal(hra_summary_check(path, &error), HRA_OK);
    for (off_t place = 3; place < facts.st_size - 96; place += step, ++*tried) {
        unsigned char byte, flipped;
        assert_int_equal(pread(file, &byte, 1, place), 1);
        flipped = byte ^ 4;
        assert_int_equal(pwrite(file, &flipped, 1, place), 1);
        if (hra_summary_check(path, &error) == HRA_EINPUT) {
            hra_result_info info;
            assert_int_equal(hra_result_info_read(path, arena, &info, &error), HRA_EINPUT);
            assert_non_null(strstr(error.message, "is damaged"));
            told++;
        }
        assert_int_equal(pwrite(file, &byte, 1, place), 1);
    }
    assert_int_equal(hra_summary_check(path, &error), HRA_OK);
    close(file);
    hra_arena_free(arena);
    return told;
}

/* All of a result but its rows has a hash, which is looked at before HDF5 sees the file. A flipped bit is told, then,
 * or it is one of the rows, which nobody reads here. */
static void test_damage_is_told(void **state)
{
    (void)state;
    const char *path = fixture_path("damaged.h5");
    int tried = 0;
    write_file(path, 3000, true, false, 'h');
    check_guarded(path, 100);
    int told = flip_all(path, 1009, &tried);
    assert_in_range(told, 20, tried);
}

/* Also where the number of rows was not known; what is remembered of their places hardly grows with them. */
static void test_damage_is_told_of_grown_results(void **state)
{
    (void)state;
    const char *path = fixture_path("damaged_grown.h5");
    int tried = 0;
    write_file(path, 0, false, false, 'h');
    check_guarded(path, 1);
    write_file(path, 200000, false, false, 'h');
    check_guarded(path, 40);
    int told = flip_all(path, 4001, &tried);
    assert_in_range(told, 10, tried);
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
        cmocka_unit_test(test_resume_after_a_stop),
        cmocka_unit_test(test_resume_after_a_kill),
        cmocka_unit_test(test_resume_after_kills_at_the_end),
        cmocka_unit_test(test_resume_after_a_power_cut),
        cmocka_unit_test(test_announced_labels),
        cmocka_unit_test(test_resume_of_another_run_is_refused),
        cmocka_unit_test(test_resume_without_the_inputs_hash_is_refused),
        cmocka_unit_test(test_two_writers_of_one_file_are_refused),
        cmocka_unit_test(test_missing_rows_are_an_error),
        cmocka_unit_test(test_damage_is_told),
        cmocka_unit_test(test_damage_is_told_of_grown_results),
        cmocka_unit_test(test_full_disk_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, fixture_teardown);
}
