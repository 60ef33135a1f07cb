/* What is noted of attributes as they are written is what is read of them afterwards; where something was written past
 * the notes, or taken away, there are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/hdf5/attribute_notes.h"

static const char path[] = "test_attribute_notes.h5";
static hra_error error;

static void done(hra_code code)
{
    if (code != HRA_OK) fail_msg("%s", error.message);
}

/* `count` attributes of every kind, their names not in order. */
static void put_some(hid_t object, int count)
{
    static const int64_t levels[] = {-1, 0, 300};
    static const uint32_t sums[] = {7, UINT32_MAX};
    for (int i = 0; i < count; i++) {
        char name[16];
        snprintf(name, sizeof name, "%c%d", 'a' + (i * 7) % 26, i);
        switch (i % 8) {
        case 0: done(hra_h5_put_text(object, name, "mmol/L, 血糖", &error)); break;
        case 1: done(hra_h5_put_int(object, name, INT64_MIN + i, &error)); break;
        case 2: done(hra_h5_put_real(object, name, 1.0 / 3, &error)); break;
        case 3: done(hra_h5_put_ints(object, name, H5T_STD_I16LE, levels, 3, &error)); break;
        case 4: done(hra_h5_put_words(object, name, sums, 2, &error)); break;
        case 5: done(hra_h5_put_words(object, name, NULL, 0, &error)); break;
        case 6: done(hra_h5_put_int_as(object, name, H5T_STD_I8LE, -128, &error)); break;
        default: done(hra_h5_put_text(object, name, "", &error));
        }
    }
}

static void expect_noted(const hra_attribute_notes *notes, hid_t file, const char *place, int count)
{
    hra_h5_id object = H5Oopen(file, place, H5P_DEFAULT);
    const hra_attribute_list *noted = hra_attribute_notes_of(notes, object, place);
    hra_attribute_list read = {0};
    done(hra_attribute_list_read(&read, object, &error));
    assert_non_null(noted);
    assert_int_equal(read.count, count);
    assert_int_equal(noted->count, count);
    for (int i = 0; i < count; i++) {
        const hra_attribute *a = &noted->items[i], *b = &read.items[i];
        assert_string_equal(hra_attribute_name(noted, i), hra_attribute_name(&read, i));
        assert_int_equal(a->told - a->hashed, b->told - b->hashed);
        assert_int_equal(a->end - a->told, b->end - b->told);
        assert_memory_equal(noted->bytes.bytes + a->hashed, read.bytes.bytes + b->hashed, a->end - a->hashed);
    }
    hra_attribute_list_destroy(&read);
}

static void expect_no_notes(const hra_attribute_notes *notes, hid_t object, const char *place)
{
    assert_null(hra_attribute_notes_of(notes, object, place));
}

/* HDF5 keeps up to eight attributes in one way and more in another. */
static void test_noted_is_read(void **state)
{
    hra_attribute_notes *notes = hra_attribute_notes_new();
    assert_non_null(notes);
    hra_h5_note_attributes(notes);
    hra_h5_id access = H5Pcreate(H5P_FILE_ACCESS);
    assert_true(H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_LATEST) >= 0);
    hra_h5_id file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    hra_h5_id group = hra_h5_group(file, "variables");
    hra_h5_id space = H5Screate(H5S_SCALAR);
    hra_h5_id few = H5Dcreate2(group, "few", H5T_STD_I8LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    hra_h5_id many = H5Dcreate2(group, "many", H5T_STD_I8LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    put_some(file, 9);
    put_some(many, 5);
    put_some(few, 8);
    for (int i = 0; i < 40; i++) {
        char name[16];
        snprintf(name, sizeof name, "more%d", (i * 17) % 40);
        done(hra_h5_put_int(many, name, i, &error));
    }
    expect_noted(notes, file, "/", 9);
    expect_noted(notes, file, "/variables", 0);
    expect_noted(notes, file, "/variables/few", 8);
    expect_noted(notes, file, "/variables/many", 45);
    assert_true(H5Fflush(file, H5F_SCOPE_GLOBAL) >= 0);
    expect_noted(notes, file, "/variables/many", 45);
    hra_attribute_notes_free(notes);
    unlink(path);
}

static void test_what_is_not_noted(void **state)
{
    hra_attribute_notes *notes = hra_attribute_notes_new();
    assert_non_null(notes);
    hra_h5_id file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    hra_h5_id past = hra_h5_group(file, "past"), gone = hra_h5_group(file, "gone"), twice = hra_h5_group(file, "twice");
    hra_h5_note_attributes(notes);
    done(hra_h5_put_int(past, "one", 1, &error));
    done(hra_h5_put_int(gone, "one", 1, &error));
    done(hra_h5_put_int(twice, "one", 1, &error));
    assert_true(H5Adelete(gone, "one") >= 0 && H5Adelete(twice, "one") >= 0);
    done(hra_h5_put_int(twice, "one", 2, &error));
    expect_noted(notes, file, "/past", 1);
    expect_no_notes(notes, gone, "/gone");
    expect_no_notes(notes, twice, "/twice");
    hra_h5_unlock(); /* ends it */
    hra_h5_lock();
    done(hra_h5_put_int(past, "two", 2, &error));
    expect_no_notes(notes, past, "/past");
    hra_attribute_notes_free(notes);
    unlink(path);
}

/* A test that fails leaves no lock behind. */
static int lock(void **state)
{
    hra_h5_lock();
    return 0;
}

static int unlock(void **state)
{
    hra_h5_unlock();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(test_noted_is_read, lock, unlock),
                                       cmocka_unit_test_setup_teardown(test_what_is_not_noted, lock, unlock)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
