/* A flipped bit in a result store is told. */
#include "tests/unit/result_store_fixture.h"

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
    bool sealed;
    struct stat facts;
    assert_true(arena && file >= 0 && fstat(file, &facts) == 0);
    assert_int_equal(hra_summary_check(path, &sealed, &error), HRA_OK);
    assert_true(sealed);
    for (off_t place = 3; place < facts.st_size - 96; place += step, ++*tried) {
        unsigned char byte, flipped;
        assert_int_equal(pread(file, &byte, 1, place), 1);
        flipped = byte ^ 4;
        assert_int_equal(pwrite(file, &flipped, 1, place), 1);
        if (hra_summary_check(path, &sealed, &error) == HRA_EINPUT) {
            hra_result_info info;
            assert_int_equal(hra_result_info_read(path, arena, &info, &error), HRA_EINPUT);
            assert_non_null(strstr(error.message, "is damaged"));
            told++;
        }
        assert_int_equal(pwrite(file, &byte, 1, place), 1);
    }
    assert_int_equal(hra_summary_check(path, &sealed, &error), HRA_OK);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_damage_is_told),
        cmocka_unit_test(test_damage_is_told_of_grown_results),
    };
    return cmocka_run_group_tests(tests, NULL, fixture_teardown);
}
