/* What the tests of the result store share: made-up results, written to a file and read back by plain HDF5. */
#ifndef HRA_TESTS_RESULT_STORE_FIXTURE_H
#define HRA_TESTS_RESULT_STORE_FIXTURE_H

#include "tests/unit/store_fixture.h"

#include <fcntl.h>
#include <hdf5.h>
#include <sys/stat.h>

#include "engine/run/slices.h"
#include "io/hdf5/store_summary.h"
#include "io/results/result_info.h"
#include "io/results/result_reader.h"
#include "io/results/result_store.h"

enum { OUT_RISK, OUT_RISK_5Y, OUT_TIER, OUT_MET, OUT_SUM, OUT_FACTOR, FACTORS = 70, OUT_COUNT = OUT_FACTOR + FACTORS };

static const char *const tiers[] = {"comprehensive", "standard", "economy"};
static hra_output outputs[OUT_COUNT];
static char factor_ids[FACTORS][16];

static inline void make_outputs(void)
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

static inline double result_value(int64_t row, int output)
{
    uint64_t r = fixture_random(row, 1000 + output);
    if (r % 9 == 0) return NAN;
    if (outputs[output].kind == HRA_OUTPUT_NUMBER) return (double)(r >> 11) / 9007199254740992.0;
    return (double)(r / 9 % (outputs[output].kind == HRA_OUTPUT_FLAG ? 2 : 3));
}

static uint8_t result_status(int64_t row, int output) { return (uint8_t)(fixture_random(row, 2000 + output) % 256); }

static inline hra_results *make_results(int64_t first, int rows)
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

static inline void announce(int count)
{
    const char **texts = calloc((size_t)count + 1, sizeof *texts);
    for (int i = 0; i < count; i++) {
        char text[32];
        snprintf(text, sizeof text, "集团 %d", i);
        texts[i] = strdup(text);
    }
    announced = (hra_label_texts){texts, count};
}

static inline void announce_nothing(void)
{
    for (int i = 0; i < announced.count; i++) free((void *)announced.texts[i]);
    free((void *)announced.texts);
    announced = (hra_label_texts){0};
}

/* The labels of a chunk by the announced numbers. */
static inline void number_as_announced(fixture_chunk *f, hra_label_codes *codes)
{
    for (int i = 0; i < f->chunk.rows; i++)
        if (f->index[i] >= 0) assert_int_equal(sscanf(f->texts[f->index[i]], "集团 %d", &f->index[i]), 1);
    *codes = (hra_label_codes){f->index, announced.texts, announced.count};
    f->chunk.labels = codes;
}

static inline hra_result_writer *open_writer(const char *path, int64_t rows, bool resume, bool f64, hra_code expected,
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
static inline hra_code send(hra_result_writer *writer, int64_t sequence, int64_t first, int rows, bool place, char mode,
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

static inline void *read_all(hid_t file, const char *name, hid_t type, size_t size, int64_t expected_rows)
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

static inline void check_numbers(hid_t file, int64_t rows, bool f64)
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

static inline void check_sets(hid_t file, int64_t rows)
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

static inline void check_people(hid_t file, int64_t rows, char mode)
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
static inline void check_sums(const char *path, int64_t rows)
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

static inline void check_file(const char *path, int64_t rows, bool f64, char mode)
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

static inline void write_file(const char *path, int64_t rows, bool known, bool f64, char mode)
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

#endif
