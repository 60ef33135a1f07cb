/* Tables through the public API: every format of a column, nulls and offsets. */
#include "tests/unit/arrow_fixture.h"

#define NUMBERS(type, format)                                                                                          \
    do {                                                                                                               \
        static const type ages[] = {55, 0, 62};                                                                        \
        table t;                                                                                                       \
        begin(&t, 3);                                                                                                  \
        add(&t, "age", format, valid, ages, NULL);                                                                     \
        column_gives(*state, &t, "echo.age_in", wanted);                                                               \
    } while (0)

static void test_numbers(void **state)
{
    static const uint8_t valid[] = {5};
    static const double wanted[] = {55, NAN, 62};
    NUMBERS(int8_t, "c");
    NUMBERS(uint8_t, "C");
    NUMBERS(int16_t, "s");
    NUMBERS(uint16_t, "S");
    NUMBERS(int32_t, "i");
    NUMBERS(uint32_t, "I");
    NUMBERS(int64_t, "l");
    NUMBERS(uint64_t, "L");
    NUMBERS(float, "f");
    NUMBERS(double, "g");
}

#define EXTREMES(type, format, lowest, highest)                                                                        \
    do {                                                                                                               \
        static const type steps[] = {lowest, 0, highest};                                                              \
        const double exactly[] = {(double)(lowest), 0, (double)(highest)};                                             \
        table t;                                                                                                       \
        begin(&t, 3);                                                                                                  \
        add(&t, "steps_per_day", format, NULL, steps, NULL);                                                           \
        column_gives(*state, &t, "echo.steps_in", exactly);                                                            \
    } while (0)

static void test_extremes(void **state)
{
    EXTREMES(int8_t, "c", INT8_MIN, INT8_MAX);
    EXTREMES(uint8_t, "C", 1, UINT8_MAX);
    EXTREMES(int16_t, "s", INT16_MIN, INT16_MAX);
    EXTREMES(uint16_t, "S", 1, UINT16_MAX);
    EXTREMES(int32_t, "i", INT32_MIN, INT32_MAX);
    EXTREMES(uint32_t, "I", 1, UINT32_MAX);
    EXTREMES(int64_t, "l", 1 - (INT64_C(1) << 53), (INT64_C(1) << 53) - 1);
    EXTREMES(uint64_t, "L", 1, (UINT64_C(1) << 53) - 1);
}

/* Nulls here and there, from every bit of a byte on. */
static void test_scattered_nulls(void **state)
{
    enum { ROWS = 61, BEHIND = 20 };
    static const uint8_t valid[] = {0xff, 0xf7, 0xff, 0xff, 0x00, 0xfe, 0xff, 0x7f, 0xff, 0x0f, 0xff};
    double ages[ROWS + BEHIND];
    for (int r = 0; r < ROWS + BEHIND; r++) ages[r] = r;
    for (int offset = 0; offset < BEHIND; offset++)
        for (int of_rows = 0; of_rows < 2; of_rows++) {
            struct ArrowSchema schema = {0};
            struct ArrowArray out = {0};
            hra_error error;
            table t;
            begin(&t, ROWS);
            if (of_rows) {
                t.array.offset = offset;
                t.array.null_count = -1;
                t.row_buffers[0] = valid;
            }
            struct ArrowArray *column = add(&t, "age", "g", of_rows ? NULL : valid, ages, NULL);
            if (!of_rows) column->offset = offset;
            assert_int_equal(score(*state, "--models echo", &t, &out, &schema, &error), HRA_OK);
            for (int r = 0; r < ROWS; r++) {
                int at = r + offset;
                is(cell(&schema, &out, "echo.age_in", r), valid[at / 8] >> (at % 8) & 1 ? ages[at] : NAN);
            }
            schema.release(&schema);
            out.release(&out);
        }
}

/* What is off the dictionary's grid, out of its range, or NaN; and another unit. */
static void test_exact_numbers(void **state)
{
    static const double tc[] = {5.123456789, 1e5, NAN}, mg[] = {200, 201.5, NAN};
    static const double mmol[] = {200 / 38.67, 201.5 / 38.67, NAN};
    static const float single[] = {5.2f, 5.25f, NAN};
    static const double widened[] = {5.2f, 5.25, NAN}, unknown[] = {NAN, NAN, NAN};
    table t;
    begin(&t, 3);
    add(&t, "tc", "g", NULL, tc, NULL);
    column_gives(*state, &t, "echo.tc_in", tc);
    begin(&t, 3);
    add(&t, "tc", "f", NULL, single, NULL);
    column_gives(*state, &t, "echo.tc_in", widened);
    begin(&t, 3);
    add(&t, "tc", "n", NULL, NULL, NULL);
    column_gives(*state, &t, "echo.tc_in", unknown);
    begin(&t, 3);
    add(&t, "tc[mg/dL]", "g", NULL, mg, NULL);
    struct ArrowSchema schema = {0};
    struct ArrowArray out = {0};
    hra_error error;
    assert_int_equal(score(*state, "--models echo", &t, &out, &schema, &error), HRA_OK);
    for (int row = 0; row < 2; row++) assert_true(fabs(cell(&schema, &out, "echo.tc_in", row) / mmol[row] - 1) < 1e-3);
    is(cell(&schema, &out, "echo.tc_in", 2), NAN);
    schema.release(&schema);
    out.release(&out);
}

static void test_flags_and_dates(void **state)
{
    static const uint8_t bits[] = {1}, valid[] = {5};
    static const double wanted[] = {1, NAN, 0}, years[] = {30, NAN, 29};
    static const int32_t born[] = {0, 0, 1}, examined[] = {10957, 0, 10957}; /* 2000-01-01 */
    static const int32_t offsets[] = {0, 3, 3, 5};
    table t;
    begin(&t, 3);
    add(&t, "diabetes", "b", valid, bits, NULL);
    column_gives(*state, &t, "echo.diabetes_in", wanted);
    begin(&t, 3);
    add(&t, "diabetes", "g", NULL, wanted, NULL);
    column_gives(*state, &t, "echo.diabetes_in", wanted);
    begin(&t, 3);
    add(&t, "diabetes", "u", NULL, offsets, "yesno");
    column_gives(*state, &t, "echo.diabetes_in", wanted);
    begin(&t, 3);
    add(&t, "birth_date", "tdD", valid, born, NULL);
    add(&t, "exam_date", "tdD", NULL, examined, NULL);
    column_gives(*state, &t, "echo.years", years);
}

/* race: "black" is the level, "American Indian ..." what a file may call one; codes 2 and 6. */
static void test_texts(void **state)
{
    static const char text[] = "blackAmerican Indian or Alaska Native";
    static const int32_t offsets[] = {0, 5, 5, 37};
    static const int64_t large[] = {0, 5, 5, 37};
    static const double wanted[] = {2, NAN, 6}, codes[] = {2, NAN, 6}, words[] = {6, NAN, 2};
    view views[3] = {{5, "blac", 0, 0}, {0, "", 0, 0}, {32, "Amer", 1, 5}};
    memcpy(&views[0].buffer, "k", 2);
    const int64_t sizes[] = {0, 37};
    table t;
    begin(&t, 3);
    add(&t, "race", "u", NULL, offsets, text);
    column_gives(*state, &t, "echo.race_in", wanted);
    begin(&t, 3);
    add(&t, "race", "U", NULL, large, text);
    column_gives(*state, &t, "echo.race_in", wanted);
    begin(&t, 3);
    add(&t, "race", "g", NULL, codes, NULL);
    column_gives(*state, &t, "echo.race_in", wanted);
    begin(&t, 3);
    struct ArrowArray *viewed = add(&t, "race", "vu", NULL, views, text);
    t.buffers[0][3] = text;
    t.buffers[0][4] = sizes;
    viewed->n_buffers = 5;
    column_gives(*state, &t, "echo.race_in", wanted);
    static const double third[] = {2, NAN, 3};
    views[2].length = 12; /* just fits into the view */
    memcpy(views[2].prefix, "    hispanic", 12);
    column_gives(*state, &t, "echo.race_in", third);

    static const uint8_t known[] = {5}, known_words[] = {5};
    static const int8_t at[] = {2, 99, 0}; /* behind a null may stand anything */
    begin(&t, 3);
    add(&t, "race", "c", known, at, NULL);
    add_dictionary(&t, "u", 3, offsets, text);
    column_gives(*state, &t, "echo.race_in", words);
    static const uint32_t null_word[] = {1, 0, 2};
    static const double behind_null[] = {NAN, 2, 6};
    begin(&t, 3);
    add(&t, "race", "I", NULL, null_word, NULL);
    static const int64_t three[] = {0, 5, 10, 42};
    struct ArrowArray *dictionary = add_dictionary(&t, "U", 3, three, "blackwhiteAmerican Indian or Alaska Native");
    t.word_buffers[0][0] = known_words;
    dictionary->null_count = 1;
    column_gives(*state, &t, "echo.race_in", behind_null);
    static const double later[] = {6, 1, 1};
    static const uint16_t from_second[] = {1, 0, 0};
    begin(&t, 3);
    add(&t, "race", "S", NULL, from_second, NULL);
    add_dictionary(&t, "U", 2, three, "blackwhiteAmerican Indian or Alaska Native")->offset = 1;
    column_gives(*state, &t, "echo.race_in", later);
}

/* Rows begin within the buffers, in the table and in each column; a row may be null as a whole. */
static void test_offsets(void **state)
{
    static const int16_t ages[] = {0, 0, 0, 0, 42, 43, 44}; /* the table's rows are 4, 5 and 6 here, the last null */
    static const uint8_t valid_ages[] = {0x3f}, rows[] = {0x1b}; /* of the table 2, 3 and 4, the first null */
    static const uint8_t bits[] = {0x18};                        /* 3, 4 and 5 */
    static const int32_t offsets[] = {0, 0, 0, 5, 10, 15};       /* 2, 3 and 4 */
    static const double wanted[][3] = {{NAN, 43, NAN}, {NAN, 1, 0}, {NAN, 1, 2}};
    static const char *const names[] = {"echo.age_in", "echo.diabetes_in", "echo.race_in"};
    table t;
    begin(&t, 3);
    t.array.offset = 2;
    t.row_buffers[0] = rows;
    t.array.null_count = -1;
    add(&t, "age", "s", valid_ages, ages, NULL)->offset = 2;
    add(&t, "diabetes", "b", NULL, bits, NULL)->offset = 1;
    add(&t, "race", "u", NULL, offsets, "blackwhiteblack");
    for (int k = 0; k < 3; k++) column_gives(*state, &t, names[k], wanted[k]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_numbers),         cmocka_unit_test(test_extremes),
                                       cmocka_unit_test(test_scattered_nulls), cmocka_unit_test(test_exact_numbers),
                                       cmocka_unit_test(test_flags_and_dates), cmocka_unit_test(test_texts),
                                       cmocka_unit_test(test_offsets)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
