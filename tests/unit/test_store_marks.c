/* Marks of cells (below, range, refused ...) come back from a population store; stores without them still open. */
#include "tests/unit/store_fixture.h"

#include <hdf5.h>

#include "io/people/population_store.h"

enum { ROWS = 140001, TC = 3, SEX = 1 };

/* 0: no mark. The second column is marked wholesale, as one that nobody had examined. */
static uint8_t expected_mark(int64_t row, int column)
{
    if (column == TC) return row % 97 == 5 ? (uint8_t)(1 + row % 6) : 0;
    return column == SEX && row < 70000 ? HRA_MARK_NOT_DONE : 0;
}

static void write_store(const char *path)
{
    hra_schema schema = fixture_schema();
    hra_store_writer *writer;
    hra_error error = {0};
    const hra_store_facts facts = {.definitions_hash = "abc", .command = "test", .key_fingerprint = "f00d"};
    if (hra_store_writer_new(path, &schema, HRA_STORE_SCALE_OFFSET, &writer, &error)) fail_msg("%s", error.message);
    int64_t sequence = 0;
    for (int64_t first = 0; first < ROWS; sequence++) {
        int64_t size = 40000 - 1234 * (sequence % 3), count = 0;
        if (size > ROWS - first) size = ROWS - first;
        fixture_chunk *f = fixture_chunk_new(&schema, sequence, first, (int)size);
        hra_cell_mark *marks = malloc(sizeof *marks * 2 * (size_t)size);
        assert_non_null(marks);
        for (int i = 0; i < size; i++)
            for (int c = 0; c < FIX_COLUMNS; c++)
                if (expected_mark(first + i, c)) marks[count++] = (hra_cell_mark){i, c, expected_mark(first + i, c)};
        f->chunk.marks = marks;
        f->chunk.mark_count = (int)count;
        f->chunk.source_files = NULL;
        if (hra_store_writer_append(writer, &f->chunk, &error)) fail_msg("%s", error.message);
        free(marks);
        fixture_chunk_free(f);
        first += size;
    }
    if (hra_store_writer_finish(writer, &facts, &error)) fail_msg("%s", error.message);
    hra_store_writer_free(writer);
}

static int column_of(const hra_schema *schema, int fixture_column)
{
    hra_schema expected = fixture_schema();
    for (int i = 0; i < schema->column_count; i++)
        if (schema->columns[i].variable == expected.columns[fixture_column].variable &&
            strcmp(schema->columns[i].unit, expected.columns[fixture_column].unit) == 0)
            return i;
    fail_msg("column %d is not there", fixture_column);
    return -1;
}

static void check_chunk(const hra_chunk *chunk, int tc, int sex)
{
    int at = 0;
    int64_t last = -1;
    for (int i = 0; i < chunk->mark_count; i++) { /* by row, then column */
        int64_t place = (int64_t)chunk->marks[i].row * 1000 + chunk->marks[i].column;
        assert_true(place > last);
        last = place;
    }
    for (int r = 0; r < chunk->rows; r++) {
        uint8_t found_tc = 0, found_sex = 0;
        for (; at < chunk->mark_count && chunk->marks[at].row == r; at++) {
            if (chunk->marks[at].column == tc) found_tc = chunk->marks[at].mark;
            if (chunk->marks[at].column == sex) found_sex = chunk->marks[at].mark;
        }
        assert_int_equal(found_tc, expected_mark(chunk->first_row + r, TC));
        assert_int_equal(found_sex, expected_mark(chunk->first_row + r, SEX));
    }
    assert_int_equal(at, chunk->mark_count);
}

/* Rows read, or -1 with the error. */
static int64_t read_store(const char *path, bool want, bool check, hra_error *error)
{
    hra_source *source;
    if (hra_store_open(path, fixture_dictionary(), &source, error)) return -1;
    source->want_marks = want;
    int tc = column_of(source->schema, TC), sex = column_of(source->schema, SEX);
    int64_t rows = 0, sequence = 0;
    hra_code code = HRA_OK;
    while (!code) {
        void *ticket;
        hra_chunk chunk;
        code = source->claim(source, &sequence, &ticket, error);
        if (code || sequence < 0) break;
        code = source->fill(source, sequence, ticket, &chunk, error);
        if (code) break;
        if (check) check_chunk(&chunk, tc, sex);
        if (!want) assert_int_equal(chunk.mark_count, 0);
        rows += chunk.rows;
        source->release(source, &chunk);
    }
    source->close(source);
    return code ? -1 : rows;
}

static void marks_come_back(void **state)
{
    (void)state;
    const char *path = fixture_path("marks.h5");
    hra_error error = {0};
    write_store(path);
    assert_int_equal(read_store(path, true, true, &error), ROWS);
    assert_int_equal(read_store(path, false, false, &error), ROWS); /* nobody asks: none are read */
}

static void a_store_without_marks_opens(void **state)
{
    (void)state;
    const char *path = fixture_path("old.h5");
    hra_error error = {0};
    write_store(path);
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    assert_true(H5Ldelete(file, "marks", H5P_DEFAULT) >= 0 && H5Adelete(file, "content_hash") >= 0);
    H5Fclose(file);
    assert_int_equal(read_store(path, true, false, &error), ROWS);
}

/* A stock program sees names for the numbers; a number that is no mark, or a row out of order, is a damaged file. */
static void damage_is_noticed(void **state)
{
    (void)state;
    const char *path = fixture_path("bad.h5");
    hra_error error = {0};
    hsize_t one = 1, at = 3;
    uint8_t bad_mark = 9, good_mark = HRA_MARK_BELOW;
    int64_t bad_row = 1;
    for (int which = 0; which < 3; which++) { /* the last: a mark that could be, but is not what was written */
        write_store(path);
        hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
        hid_t data = H5Dopen2(file, which == 1 ? "marks/fx_tc/row" : "marks/fx_tc/mark", H5P_DEFAULT);
        assert_true(H5Adelete(file, "content_hash") >= 0);
        if (which < 2) assert_true(H5Adelete(data, "crc32") >= 0);
        if (!which) assert_true(H5Aexists(data, "flag_meanings") > 0);
        hid_t space = H5Dget_space(data), memory = H5Screate_simple(1, &one, NULL);
        H5Sselect_hyperslab(space, H5S_SELECT_SET, &at, NULL, &one, NULL);
        assert_true(H5Dwrite(data, which == 1 ? H5T_NATIVE_INT64 : H5T_NATIVE_UINT8, memory, space, H5P_DEFAULT,
                             which == 1 ? (void *)&bad_row
                             : which    ? &good_mark
                                        : &bad_mark) >= 0);
        H5Sclose(space);
        H5Sclose(memory);
        H5Dclose(data);
        H5Fclose(file);
        assert_int_equal(read_store(path, true, false, &error), -1);
        assert_non_null(strstr(error.message, "bad.h5"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_come_back),
        cmocka_unit_test(a_store_without_marks_opens),
        cmocka_unit_test(damage_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, fixture_teardown);
}
