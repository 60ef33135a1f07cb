/* Population files that other programs wrote: plain HDF5 in our layout, with any storage HDF5 offers. */
#include "tests/unit/store_fixture.h"

#include <hdf5.h>

#include "io/people/population_store.h"

enum { ROWS = 70000 };

typedef enum storage {
    CONTIGUOUS,
    CHUNKED,
    SHUFFLE_DEFLATE,
    SCALE_OFFSET,
    SCALE_OFFSET_DEFLATE,
    FLETCHER,
    SMALL_CHUNKS
} storage;

static hid_t new_file(const char *path)
{
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    H5Gclose(H5Gcreate2(file, "variables", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    return file;
}

static void put_text(hid_t object, const char *name, const char *text)
{
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
    H5Tset_size(type, H5T_VARIABLE); /* as h5py writes them */
    H5Tset_cset(type, H5T_CSET_UTF8);
    hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(H5Awrite(attribute, type, &text) >= 0);
    H5Aclose(attribute);
    H5Sclose(space);
    H5Tclose(type);
}

static void put_number(hid_t object, const char *name, hid_t type, double value)
{
    hid_t space = H5Screate(H5S_SCALAR), attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(H5Awrite(attribute, H5T_NATIVE_DOUBLE, &value) >= 0);
    H5Aclose(attribute);
    H5Sclose(space);
}

/* A dataset of `type` holding the doubles; fill: the file's fill value where it is not NaN. */
static hid_t put_column(hid_t file, const char *name, hid_t type, storage how, double fill, const double *values)
{
    char path[100];
    hsize_t rows = ROWS, chunk = how == SMALL_CHUNKS ? 1000 : 65536;
    hid_t space = H5Screate_simple(1, &rows, NULL), create = H5Pcreate(H5P_DATASET_CREATE);
    snprintf(path, sizeof path, "variables/%s", name);
    if (how != CONTIGUOUS) H5Pset_chunk(create, 1, &chunk);
    if (!isnan(fill)) H5Pset_fill_value(create, H5T_NATIVE_DOUBLE, &fill);
    if (how == SCALE_OFFSET || how == SCALE_OFFSET_DEFLATE) H5Pset_scaleoffset(create, H5Z_SO_INT, 0);
    if (how == SHUFFLE_DEFLATE) H5Pset_shuffle(create);
    if (how == SHUFFLE_DEFLATE || how == SCALE_OFFSET_DEFLATE) H5Pset_deflate(create, 4);
    if (how == FLETCHER) H5Pset_fletcher32(create);
    hid_t dataset = H5Dcreate2(file, path, type, space, H5P_DEFAULT, create, H5P_DEFAULT);
    assert_true(dataset > 0);
    assert_true(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    H5Pclose(create);
    H5Sclose(space);
    return dataset;
}

/* All values of the only column, with what became exceptions put in. NULL: the file is refused. Codes are those of
 * whole chunks, or asked for in pieces. */
static double *read_column(const char *path, int piece, hra_error *error)
{
    hra_source *source;
    if (hra_store_open(path, fixture_dictionary(), &source, error)) return NULL;
    double *values = malloc(ROWS * sizeof *values);
    hra_code code = HRA_OK;
    assert_int_equal(source->schema->column_count, 1);
    source->by_piece = piece > 0;
    for (int64_t sequence = 0; !code;) {
        hra_chunk chunk;
        void *ticket;
        code = source->claim(source, &sequence, &ticket, error);
        if (sequence < 0) break;
        code = source->fill(source, sequence, ticket, &chunk, error);
        if (code) break;
        hra_codes *gathered = piece > 0 ? fixture_gather(source, &chunk, piece) : NULL;
        const hra_codes *codes = gathered ? gathered : chunk.columns;
        for (int i = 0; i < chunk.rows; i++) {
            uint32_t c = hra_code_at(codes, i);
            values[chunk.first_row + i] = hra_column_value(source->schema->columns, c);
        }
        for (int i = 0; i < chunk.exception_count; i++)
            values[chunk.first_row + chunk.exceptions[i].row] = chunk.exceptions[i].value;
        source->release(source, &chunk);
        fixture_gathered_free(gathered);
    }
    source->close(source);
    if (!code) return values;
    free(values);
    return NULL;
}

static const int pieces[] = {0, 512, 2048};

static void expect_values(const char *path, const double *expected)
{
    for (size_t k = 0; k < sizeof pieces / sizeof *pieces; k++) {
        hra_error error = {0};
        double *values = read_column(path, pieces[k], &error);
        if (!values) fail_msg("%s", error.message);
        for (int i = 0; i < ROWS; i++)
            if (isnan(expected[i]) ? !isnan(values[i]) : values[i] != expected[i])
                fail_msg("pieces of %d, row %d: %.17g instead of %.17g", pieces[k], i, values[i], expected[i]);
        free(values);
    }
}

static void expect_refusal(const char *path, const char *word)
{
    for (size_t k = 0; k < sizeof pieces / sizeof *pieces; k++) {
        hra_error error = {0};
        assert_null(read_column(path, pieces[k], &error));
        if (!strstr(error.message, word)) fail_msg("'%s' not in: %s", word, error.message);
    }
}

static double stored[ROWS], expected[ROWS];

/* Ages from -5 to 130 (the dictionary's limit is 120), some missing. */
static void make_ages(double fill)
{
    for (int i = 0; i < ROWS; i++) {
        stored[i] = expected[i] = (double)(fixture_random(i, 1) % 136) - 5;
        if (i % 7 != 0) continue;
        stored[i] = isnan(fill) ? stored[i] : fill;
        expected[i] = isnan(fill) ? stored[i] : NAN;
    }
}

static void test_every_storage_and_type(void **state)
{
    (void)state;
    const hid_t types[] = {H5T_STD_I16LE, H5T_STD_I32LE, H5T_STD_I64LE, H5T_STD_I16BE, H5T_IEEE_F64LE, H5T_IEEE_F32BE};
    const char *path = fixture_path("foreign.h5");
    for (size_t t = 0; t < sizeof types / sizeof *types; t++)
        for (storage how = CONTIGUOUS; how <= SMALL_CHUNKS; how++) {
            bool real = H5Tget_class(types[t]) == H5T_FLOAT;
            if (real && (how == SCALE_OFFSET || how == SCALE_OFFSET_DEFLATE)) continue;
            for (int with_fill = 0; with_fill < 2; with_fill++) {
                double fill = with_fill ? -999 : NAN;
                make_ages(fill);
                hid_t file = new_file(path), dataset = put_column(file, "fx_age", types[t], how, fill, stored);
                put_text(dataset, "units", "year");
                if (with_fill) put_number(dataset, "_FillValue", types[t], fill);
                H5Dclose(dataset);
                H5Fclose(file);
                expect_values(path, expected);
            }
        }
}

/* HDF5 takes 0 as the fill value where none is given; the scale-offset filter then treats 0 as fill. It is a value. */
static void test_zero_is_a_value(void **state)
{
    (void)state;
    const char *path = fixture_path("zero.h5");
    for (int i = 0; i < ROWS; i++) stored[i] = expected[i] = i % 3;
    hid_t file = new_file(path), dataset = put_column(file, "fx_age", H5T_STD_I16LE, SCALE_OFFSET, NAN, stored);
    H5Dclose(dataset);
    H5Fclose(file);
    expect_values(path, expected);
}

/* Our own chunk layout with values just past the dictionary's range, and a _FillValue that is not the filter's fill:
 * what the fast way through the chunk must notice. */
static void test_values_past_the_range(void **state)
{
    (void)state;
    const char *path = fixture_path("past.h5");
    for (int past = 0; past < 2; past++) {
        double missing = past ? 127 : 99;
        for (int i = 0; i < ROWS; i++) {
            stored[i] = (double)(fixture_random(i, 6) % 121);
            if (past && i % 10 == 0) stored[i] = 125;
            if (i % 9 == 0) stored[i] = missing;
            expected[i] = stored[i] == missing ? NAN : stored[i];
        }
        hid_t file = new_file(path);
        hid_t dataset = put_column(file, "fx_age", H5T_STD_I16LE, SCALE_OFFSET, past ? missing : NAN, stored);
        put_number(dataset, "_FillValue", H5T_STD_I16LE, missing);
        H5Dclose(dataset);
        H5Fclose(file);
        expect_values(path, expected);
    }
}

/* `stored` as hundredths in integers of `bits` bits, read back; one of them means missing. */
static void check_hundredths(const char *name, int bits, storage how, double missing)
{
    const char *path = fixture_path("small.h5");
    hid_t file = new_file(path), type = bits == 8 ? H5T_STD_I8LE : H5T_STD_I16LE;
    hid_t dataset = put_column(file, name, type, how, NAN, stored);
    put_number(dataset, "_FillValue", H5T_STD_I32LE, missing);
    put_number(dataset, "scale_factor", H5T_IEEE_F64LE, 0.01);
    H5Dclose(dataset);
    H5Fclose(file);
    for (int i = 0; i < ROWS; i++) expected[i] = stored[i] == missing ? NAN : stored[i] / 100;
    expect_values(path, expected);
}

/* Every integer of one and of two bytes as it stands in the file, ordinary, beyond the range on either side, missing;
 * then without those beyond, so that nothing is looked at twice. A missing number may be none of these integers, though
 * its low bytes are those of one; and codes may be more than 16-bit integers span. */
static void test_all_small_integers(void **state)
{
    (void)state;
    const double missing[] = {-32768, -100, 65536 - 100, 32767, 65536 + 300};
    for (int high = 0; high < 2; high++)
        for (size_t m = 0; m < sizeof missing / sizeof *missing; m++)
            for (int bits = 8; bits <= 16; bits += 8) {
                const char *name = high ? "fx_high" : "fx_change";
                for (int i = 0; i < ROWS; i++) stored[i] = (i & ((1 << bits) - 1)) - (1 << (bits - 1));
                check_hundredths(name, bits, m % 2 ? SHUFFLE_DEFLATE : CHUNKED, missing[m]);
                for (int i = 0; i < ROWS; i++)
                    if (stored[i] != missing[m] && (stored[i] < (high ? 0 : -25000) || stored[i] > 25000))
                        stored[i] = 1;
                check_hundredths(name, bits, m % 2 ? SHUFFLE_DEFLATE : CHUNKED, missing[m]);
            }
}

static void test_scales(void **state)
{
    (void)state;
    const char *path = fixture_path("scale.h5");
    const struct {
        hid_t attribute_type;
        double scale, offset;
        bool grid;
    } cases[] = {{H5T_IEEE_F64LE, 0.01, 0, true},
                 {H5T_IEEE_F32LE, 0.01, 0, true},
                 {H5T_IEEE_F64LE, 0.1, 0, true},
                 {H5T_IEEE_F64LE, 0.001, 0, true},
                 {H5T_IEEE_F64LE, 0.02, 1, false}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        for (int i = 0; i < ROWS; i++) {
            stored[i] = (double)(fixture_random(i, 3) % 1500);
            expected[i] =
                cases[c].grid ? stored[i] / round(1 / cases[c].scale) : stored[i] * cases[c].scale + cases[c].offset;
        }
        hid_t file = new_file(path), dataset = put_column(file, "fx_tc", H5T_STD_I16LE, SCALE_OFFSET, -32768, stored);
        put_number(dataset, "_FillValue", H5T_STD_I16LE, -32768);
        put_number(dataset, "scale_factor", cases[c].attribute_type, cases[c].scale);
        put_number(dataset, "add_offset", H5T_IEEE_F64LE, cases[c].offset);
        put_text(dataset, "units", "mmol/L");
        H5Dclose(dataset);
        H5Fclose(file);
        expect_values(path, expected);
    }
}

static void test_physical_values_keep_every_bit(void **state)
{
    (void)state;
    const char *path = fixture_path("physical.h5");
    for (int i = 0; i < ROWS; i++) {
        stored[i] = i % 5 == 0 ? NAN : i % 5 == 1 ? 5.2 + i * 1e-9 : (double)(i % 900) / 100;
        expected[i] = stored[i];
    }
    hid_t file = new_file(path),
          dataset = put_column(file, "fx_tc@mg_per_dL", H5T_IEEE_F64LE, SHUFFLE_DEFLATE, NAN, stored);
    put_text(dataset, "units", "mg/dL");
    H5Dclose(dataset);
    H5Fclose(file);
    expect_values(path, expected);
}

static void one_column(const char *path, const char *name, hid_t type, const char *units)
{
    hid_t file = new_file(path), dataset = put_column(file, name, type, CHUNKED, NAN, stored);
    if (units) put_text(dataset, "units", units);
    H5Dclose(dataset);
    H5Fclose(file);
}

static void test_what_cannot_be_understood_is_refused(void **state)
{
    (void)state;
    const char *path = fixture_path("refused.h5");
    for (int i = 0; i < ROWS; i++) stored[i] = i % 2;
    one_column(path, "fx_tc", H5T_IEEE_F64LE, "furlong");
    expect_refusal(path, "furlong");
    one_column(path, "fx_tc@mg_per_dL", H5T_IEEE_F64LE, NULL);
    expect_refusal(path, "units");
    one_column(path, "fx_sex", H5T_STD_I8LE, NULL);
    expect_refusal(path, "flag_meanings");
    one_column(path, "fx_exam_date", H5T_STD_I32LE, "days since 1900-01-01");
    expect_refusal(path, "days since");
    one_column(path, "fx_age", H5T_STD_U64LE, NULL);
    expect_refusal(path, "64 bits");
    stored[66000] = 2;
    one_column(path, "fx_diabetes", H5T_STD_I8LE, NULL);
    expect_refusal(path, "row 66000");
    stored[66000] = INFINITY;
    one_column(path, "fx_tc", H5T_IEEE_F64LE, "mmol/L");
    expect_refusal(path, "infinite");
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    H5Fclose(file);
    expect_refusal(path, "not a population store");
}

static void test_levels_and_booleans(void **state)
{
    (void)state;
    const char *path = fixture_path("levels.h5");
    const int8_t values[] = {5, 7, 9};
    const int ordinals[] = {2, 0, 1};
    for (int i = 0; i < ROWS; i++) {
        stored[i] = values[i % 3];
        expected[i] = ordinals[i % 3];
    }
    hid_t file = new_file(path), dataset = put_column(file, "fx_smoking", H5T_STD_U8LE, CHUNKED, NAN, stored);
    hsize_t three = 3;
    hid_t space = H5Screate_simple(1, &three, NULL);
    hid_t attribute = H5Acreate2(dataset, "flag_values", H5T_STD_U8LE, space, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(H5Awrite(attribute, H5T_NATIVE_INT8, values) >= 0);
    put_text(dataset, "flag_meanings", "current never former");
    H5Aclose(attribute);
    H5Sclose(space);
    H5Dclose(dataset);
    H5Fclose(file);
    expect_values(path, expected);

    hid_t boolean = H5Tenum_create(H5T_STD_I8LE); /* as h5py writes booleans */
    H5Tenum_insert(boolean, "FALSE", &(int8_t){0});
    H5Tenum_insert(boolean, "TRUE", &(int8_t){1});
    hsize_t rows = ROWS;
    int8_t *flags = malloc(ROWS);
    for (int i = 0; i < ROWS; i++) expected[i] = flags[i] = i % 2;
    file = new_file(path);
    space = H5Screate_simple(1, &rows, NULL);
    dataset = H5Dcreate2(file, "variables/fx_diabetes", boolean, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(H5Dwrite(dataset, boolean, H5S_ALL, H5S_ALL, H5P_DEFAULT, flags) >= 0);
    free(flags);
    H5Dclose(dataset);
    H5Sclose(space);
    H5Tclose(boolean);
    H5Fclose(file);
    expect_values(path, expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_storage_and_type),
        cmocka_unit_test(test_zero_is_a_value),
        cmocka_unit_test(test_values_past_the_range),
        cmocka_unit_test(test_all_small_integers),
        cmocka_unit_test(test_scales),
        cmocka_unit_test(test_physical_values_keep_every_bit),
        cmocka_unit_test(test_what_cannot_be_understood_is_refused),
        cmocka_unit_test(test_levels_and_booleans),
    };
    return cmocka_run_group_tests(tests, NULL, fixture_teardown);
}
