/* Tables through the public API as a program outside hra passes them: only include/hra/. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hra/arrow.h"

/* What came in comes out again. */
static const char definitions[] = "model echo {\n"
                                  "  title \"What came in\"\n"
                                  "  age_in = age\n"
                                  "  tc_in = tc\n"
                                  "  steps_in = steps_per_day\n"
                                  "  race_in = number(race)\n"
                                  "  diabetes_in = if(diabetes, 1, 0)\n"
                                  "  years = years_between(birth_date, exam_date)\n"
                                  "  low_level = bands(age: <50 -> young, else -> old)\n"
                                  "}\n"
                                  "factor r_echo { title \"Over 60\" when age > 60 }\n";

static int setup(void **state)
{
    char path[] = "/tmp/hra_test_arrow_XXXXXX";
    int file = mkstemp(path);
    if (file < 0 || write(file, definitions, sizeof definitions - 1) != (ssize_t)sizeof definitions - 1) return -1;
    close(file);
    const char *files[] = {path};
    hra_error error = {0};
    hra_engine *engine = NULL;
    hra_code code = hra_engine_new(files, 1, &engine, &error);
    unlink(path);
    if (code != HRA_OK) print_error("%s\n", error.message);
    *state = engine;
    return code == HRA_OK ? 0 : -1;
}

static int teardown(void **state)
{
    hra_engine_free(*state);
    return 0;
}

/* ---- a table of the test's ----------------------------------------------------- */

enum { MOST = 40, BUFFERS = 5 };

typedef struct table {
    struct ArrowSchema schema, columns[MOST], dictionaries[MOST];
    struct ArrowSchema *column_list[MOST];
    struct ArrowArray array, values[MOST], words[MOST];
    struct ArrowArray *value_list[MOST];
    const void *buffers[MOST][BUFFERS], *word_buffers[MOST][BUFFERS], *row_buffers[1];
    int releases;
} table;

static void release_schema(struct ArrowSchema *schema)
{
    ++*(int *)schema->private_data;
    schema->release = NULL;
}

static void release_array(struct ArrowArray *array)
{
    ++*(int *)array->private_data;
    array->release = NULL;
}

static void begin(table *t, int64_t rows)
{
    memset(t, 0, sizeof *t);
    t->schema = (struct ArrowSchema){.format = "+s",
                                     .name = "",
                                     .children = t->column_list,
                                     .release = release_schema,
                                     .private_data = &t->releases};
    t->array = (struct ArrowArray){.length = rows,
                                   .n_buffers = 1,
                                   .buffers = t->row_buffers,
                                   .children = t->value_list,
                                   .release = release_array,
                                   .private_data = &t->releases};
}

/* A column with as many buffers as are given after `valid`; the array can be altered afterwards. */
static struct ArrowArray *add(table *t, const char *name, const char *format, const void *valid, const void *first,
                              const void *second)
{
    int c = (int)t->schema.n_children++;
    t->array.n_children++;
    t->columns[c] = (struct ArrowSchema){
        .format = format, .name = name, .flags = 2, .release = release_schema, .private_data = &t->releases};
    t->column_list[c] = &t->columns[c];
    t->buffers[c][0] = valid;
    t->buffers[c][1] = first;
    t->buffers[c][2] = second;
    t->values[c] = (struct ArrowArray){.length = t->array.length + t->array.offset,
                                       .null_count = valid ? -1 : 0,
                                       .n_buffers = strcmp(format, "n") == 0 ? 0
                                                    : second                 ? 3
                                                                             : 2,
                                       .buffers = t->buffers[c],
                                       .release = release_array,
                                       .private_data = &t->releases};
    t->value_list[c] = &t->values[c];
    return &t->values[c];
}

static struct ArrowArray *add_dictionary(table *t, const char *format, int64_t count, const void *offsets,
                                         const void *text)
{
    int c = (int)t->schema.n_children - 1;
    t->dictionaries[c] =
        (struct ArrowSchema){.format = format, .name = "", .release = release_schema, .private_data = &t->releases};
    t->columns[c].dictionary = &t->dictionaries[c];
    t->word_buffers[c][1] = offsets;
    t->word_buffers[c][2] = text;
    t->words[c] = (struct ArrowArray){.length = count,
                                      .n_buffers = 3,
                                      .buffers = t->word_buffers[c],
                                      .release = release_array,
                                      .private_data = &t->releases};
    t->values[c].dictionary = &t->words[c];
    return &t->words[c];
}

static hra_code score(hra_engine *engine, const char *request, const table *t, struct ArrowArray *out,
                      struct ArrowSchema *schema, hra_error *error)
{
    hra_scorer *scorer = NULL;
    *error = (hra_error){0};
    hra_code code = hra_scorer_open_arrow(engine, request, &t->schema, &scorer, error);
    if (code == HRA_OK && schema) code = hra_scorer_arrow_schema(scorer, schema, error);
    if (code == HRA_OK) code = hra_scorer_run_arrow(scorer, &t->array, out, 2, error);
    if (code != HRA_OK && schema && schema->release) schema->release(schema);
    hra_scorer_free(scorer); /* what came out does not need it */
    assert_int_equal(t->releases, 0);
    return code;
}

static bool is_known(const struct ArrowArray *column, int64_t row)
{
    const uint8_t *valid = column->buffers[0];
    return !valid || (valid[row / 8] >> (row % 8) & 1);
}

/* A cell of any result as a number, NaN for null. */
static double cell(const struct ArrowSchema *schema, const struct ArrowArray *array, const char *name, int64_t row)
{
    for (int64_t i = 0; i < schema->n_children; i++) {
        const struct ArrowArray *column = array->children[i];
        const char *format = schema->children[i]->format;
        if (strcmp(schema->children[i]->name, name) != 0) continue;
        assert_int_equal(column->length, array->length);
        if (!is_known(column, row)) return NAN;
        if (strcmp(format, "g") == 0) return ((const double *)column->buffers[1])[row];
        if (strcmp(format, "s") == 0) return ((const int16_t *)column->buffers[1])[row];
        if (strcmp(format, "C") == 0) return ((const uint8_t *)column->buffers[1])[row];
        assert_string_equal(format, "b");
        return ((const uint8_t *)column->buffers[1])[row / 8] >> (row % 8) & 1;
    }
    fail_msg("no result '%s'", name);
    return NAN;
}

static void is(double value, double wanted)
{
    if (isnan(wanted) ? !isnan(value) : value != wanted) fail_msg("%.17g is not %.17g", value, wanted);
}

/* One column of three rows, read as `result`. */
static void column_gives(hra_engine *engine, const table *t, const char *result, const double wanted[3])
{
    struct ArrowSchema schema = {0};
    struct ArrowArray out = {0};
    hra_error error;
    if (score(engine, "--models echo", t, &out, &schema, &error) != HRA_OK) fail_msg("%s", error.message);
    for (int row = 0; row < 3; row++) is(cell(&schema, &out, result, row), wanted[row]);
    schema.release(&schema);
    out.release(&out);
    assert_null(schema.release);
    assert_null(out.release);
}

/* ---- formats --------------------------------------------------------------------- */

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

typedef struct view {
    int32_t length;
    char prefix[4];
    int32_t buffer, offset;
} view;

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

/* ---- results ------------------------------------------------------------------------ */

static void test_levels_and_status_words(void **state)
{
    static const double ages[] = {40, NAN, 70};
    struct ArrowSchema schema = {0};
    struct ArrowArray out = {0};
    hra_error error;
    table t;
    begin(&t, 3);
    add(&t, "age", "g", NULL, ages, NULL);
    assert_int_equal(score(*state, "--models echo --factors", &t, &out, &schema, &error), HRA_OK);
    is(cell(&schema, &out, "echo.low_level", 0), 0);
    is(cell(&schema, &out, "echo.low_level", 1), NAN);
    is(cell(&schema, &out, "echo.low_level", 2), 1);
    is(cell(&schema, &out, "r_echo", 0), 0);
    is(cell(&schema, &out, "r_echo", 1), NAN);
    is(cell(&schema, &out, "r_echo", 2), 1);
    is(cell(&schema, &out, "r_echo.status", 0), 0);
    is(cell(&schema, &out, "r_echo.status", 1), 8);
    for (int64_t i = 0; i < schema.n_children; i++) {
        const struct ArrowArray *column = out.children[i];
        int64_t nulls = 0;
        for (int64_t row = 0; row < 3; row++) nulls += !is_known(column, row);
        assert_int_equal(column->null_count, nulls);
        assert_true(!!schema.children[i]->dictionary == !!column->dictionary);
        bool is_status = strcmp(schema.children[i]->format, "C") == 0;
        assert_int_equal(schema.children[i]->flags, is_status ? 0 : ARROW_FLAG_NULLABLE);
        if (!column->dictionary) continue;
        const int32_t *offsets = column->dictionary->buffers[1];
        const char *text = column->dictionary->buffers[2];
        if (is_status) {
            assert_int_equal(column->dictionary->length, 256);
            for (int status = 0; status < 256; status++) {
                char words[160];
                hra_status_words((uint8_t)status, words, sizeof words);
                assert_int_equal(offsets[status + 1] - offsets[status], strlen(words));
                assert_memory_equal(text + offsets[status], words, strlen(words));
            }
        } else if (strcmp(schema.children[i]->name, "echo.low_level") == 0) {
            assert_int_equal(column->dictionary->length, 2);
            assert_memory_equal(text, "youngold", 8);
            assert_int_equal(((const int16_t *)column->buffers[1])[1], 0); /* an index even behind a null */
        }
    }
    schema.release(&schema);
    out.release(&out);
}

/* A column that was moved out lives on; each of the others goes with the table, once (address sanitizer). */
static void test_moved_column(void **state)
{
    static const double ages[] = {40, NAN, 70};
    struct ArrowSchema schema = {0}, name;
    struct ArrowArray out = {0}, level;
    hra_error error;
    table t;
    begin(&t, 3);
    add(&t, "age", "g", NULL, ages, NULL);
    assert_int_equal(score(*state, "--models echo", &t, &out, &schema, &error), HRA_OK);
    int64_t at = 0;
    while (strcmp(schema.children[at]->name, "echo.low_level") != 0) at++;
    level = *out.children[at];
    out.children[at]->release = NULL;
    name = *schema.children[at];
    schema.children[at]->release = NULL;
    schema.release(&schema);
    out.release(&out);
    assert_string_equal(name.name, "echo.low_level");
    assert_string_equal(name.dictionary->format, "u");
    assert_int_equal(((const int16_t *)level.buffers[1])[2], 1);
    assert_memory_equal(level.dictionary->buffers[2], "youngold", 8);
    name.release(&name);
    level.release(&level);
    assert_null(level.release);
}

static void test_no_rows(void **state)
{
    struct ArrowSchema schema = {0};
    struct ArrowArray out = {0};
    hra_error error;
    table t;
    begin(&t, 0);
    add(&t, "age", "g", NULL, NULL, NULL);
    assert_int_equal(score(*state, "", &t, &out, &schema, &error), HRA_OK);
    assert_int_equal(out.length, 0);
    assert_int_equal(out.n_children, schema.n_children);
    schema.release(&schema);
    out.release(&out);
}

/* ---- the same as columns of doubles --------------------------------------------------- */

static const char *const people_columns[] = {
    "age", "sex",      "sbp",   "bp_treated",      "tc",   "hdl", "smoking_status",
    "bmi", "diabetes", "waist", "glucose_fasting", "urban"};
enum { PEOPLE_COLUMNS = sizeof people_columns / sizeof people_columns[0], PEOPLE = 140001 };

static double *people_values(int column)
{
    static const double low[] = {20, 1, 90, 0, 3, 0.6, 0, 17, 0, 60, 4, 0};
    static const double high[] = {80, 3, 190, 2, 8, 2.4, 3, 38, 2, 120, 9, 2};
    static const double steps[] = {1, 1, 1, 1, 0, 0.01, 1, 0.1, 1, 1, 0.01, 1}; /* tc: none, off every grid */
    double *values = malloc(PEOPLE * sizeof *values);
    uint64_t state = 77 + (uint64_t)column;
    for (int row = 0; row < PEOPLE; row++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        double share = (double)(state >> 40) / (1 << 24), value = low[column] + share * (high[column] - low[column]);
        if (steps[column] == 1) value = floor(value);
        if (steps[column] > 0 && steps[column] < 1) value = round(value / steps[column]) * steps[column];
        values[row] = (state >> 30) % 23 == 0 ? NAN : value;
    }
    return values;
}

typedef struct doubles {
    double **values;
    uint8_t **status;
    int count;
} doubles;

static doubles score_doubles(const hra_scorer *scorer, int rows, const double *const *inputs, int threads)
{
    doubles d = {.count = hra_scorer_output_count(scorer)};
    d.values = calloc((size_t)d.count, sizeof *d.values);
    d.status = calloc((size_t)d.count, sizeof *d.status);
    for (int i = 0; i < d.count; i++) {
        d.values[i] = malloc((size_t)rows * sizeof **d.values);
        d.status[i] = malloc((size_t)rows);
    }
    hra_error error = {0};
    assert_int_equal(hra_scorer_run(scorer, (size_t)rows, inputs, d.values, d.status, threads, &error), HRA_OK);
    return d;
}

static void free_doubles(doubles d)
{
    for (int i = 0; i < d.count; i++) {
        free(d.values[i]);
        free(d.status[i]);
    }
    free(d.values);
    free(d.status);
}

static void same_as_doubles(const hra_scorer *scorer, const table *t, const double *const *inputs, int threads)
{
    struct ArrowSchema schema;
    struct ArrowArray out;
    hra_error error = {0};
    doubles d = score_doubles(scorer, (int)t->array.length, inputs, 1);
    assert_int_equal(hra_scorer_arrow_schema(scorer, &schema, &error), HRA_OK);
    assert_int_equal(hra_scorer_run_arrow(scorer, &t->array, &out, threads, &error), HRA_OK);
    int64_t at = 0;
    for (int i = 0; i < d.count; i++) {
        assert_string_equal(schema.children[at]->name, hra_scorer_output(scorer, i));
        bool own_status = at + 1 < schema.n_children &&
                          strcmp(schema.children[at + 1]->name, hra_scorer_output_status(scorer, i)) == 0;
        struct ArrowSchema one = {.n_children = 1, .children = schema.children + at};
        struct ArrowArray column = {.length = out.length, .n_children = 1, .children = out.children + at};
        for (int64_t row = 0; row < t->array.length; row++) {
            double value = cell(&one, &column, schema.children[at]->name, row);
            if (memcmp(&value, &d.values[i][row], sizeof value) != 0 && !(isnan(value) && isnan(d.values[i][row])))
                fail_msg("%s, row %lld", schema.children[at]->name, (long long)row);
        }
        if (own_status) assert_memory_equal(out.children[at + 1]->buffers[1], d.status[i], (size_t)t->array.length);
        at += 1 + own_status;
    }
    assert_int_equal(at, schema.n_children);
    schema.release(&schema);
    out.release(&out);
    free_doubles(d);
}

static void test_same_as_doubles(void **state)
{
    static const struct {
        const char *request;
        int rows;
    } requests[] = {{"--factors --tiers --prescriptions --what-if --as-of 2026-01-31", 1500},
                    {"--models framingham_cvd_2008_lipid,china_par_2016", PEOPLE}};
    double *values[PEOPLE_COLUMNS];
    for (int c = 0; c < PEOPLE_COLUMNS; c++) values[c] = people_values(c);
    for (int k = 0; k < 2; k++) {
        table t;
        hra_scorer *scorer = NULL;
        hra_error error = {0};
        begin(&t, requests[k].rows);
        for (int c = 0; c < PEOPLE_COLUMNS; c++) add(&t, people_columns[c], "g", NULL, values[c], NULL);
        assert_int_equal(hra_scorer_open_arrow(*state, requests[k].request, &t.schema, &scorer, &error), HRA_OK);
        same_as_doubles(scorer, &t, (const double *const *)values, 1);
        same_as_doubles(scorer, &t, (const double *const *)values, 3);
        hra_scorer_free(scorer);
    }
    for (int c = 0; c < PEOPLE_COLUMNS; c++) free(values[c]);
}

/* ---- what is refused ------------------------------------------------------------------- */

static void refused(hra_engine *engine, const table *t, hra_code code, const char *first, const char *second)
{
    struct ArrowArray out = {0};
    hra_error error;
    assert_int_equal(score(engine, "--models echo", t, &out, NULL, &error), code);
    if (!strstr(error.message, first) || !strstr(error.message, second)) fail_msg("%s", error.message);
    assert_null(out.release);
}

static void test_refused_formats(void **state)
{
    static const char *const formats[][2] = {
        {"tc", "e"},    {"tc", "b"},        {"tc", "u"},           {"tc", "tdD"},      {"age", "d:9,2"}, {"sex", "b"},
        {"sex", "tdD"}, {"diabetes", "+l"}, {"exam_date", "tsn:"}, {"exam_date", "u"}, {"sex", "z"}};
    static const int32_t nothing[4];
    table t;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        begin(&t, 3);
        add(&t, formats[i][0], formats[i][1], NULL, nothing, NULL);
        char column[40], format[40];
        snprintf(column, sizeof column, "column '%s'", formats[i][0]);
        snprintf(format, sizeof format, "'%s'", formats[i][1]);
        refused(*state, &t, HRA_EUSAGE, column, format);
    }
    begin(&t, 3);
    add(&t, "sex", "g", NULL, nothing, NULL);
    add_dictionary(&t, "u", 1, nothing, "");
    refused(*state, &t, HRA_EUSAGE, "'sex'", "'g'"); /* no index */
    begin(&t, 3);
    add(&t, "tc", "c", NULL, nothing, NULL);
    add_dictionary(&t, "u", 1, nothing, "");
    refused(*state, &t, HRA_EUSAGE, "'tc'", "'u'"); /* text for a number */
    begin(&t, 3);
    add(&t, "sex", "c", NULL, nothing, NULL);
    add_dictionary(&t, "g", 1, nothing, "");
    refused(*state, &t, HRA_EUSAGE, "'sex'", "'g'");
    begin(&t, 3);
    add(&t, "blood_colour", "g", NULL, nothing, NULL);
    refused(*state, &t, HRA_EUSAGE, "blood_colour", "dictionary");
    begin(&t, 3);
    add(&t, "person_id", "u", NULL, nothing, "");
    refused(*state, &t, HRA_EUSAGE, "person_id", "leave it out");
    begin(&t, 3);
    t.schema.format = "g";
    refused(*state, &t, HRA_EUSAGE, "'+s'", "'g'");
}

static void test_refused_arrays(void **state)
{
    static const double ages[] = {40, 50, 60};
    static const int8_t at[] = {0, 0, 0};
    table t;
    begin(&t, 3);
    add(&t, "age", "g", NULL, ages, NULL)->length = 2;
    refused(*state, &t, HRA_EUSAGE, "'age'", "2 values");
    begin(&t, 3);
    add(&t, "age", "g", NULL, ages, NULL)->n_buffers = 1;
    refused(*state, &t, HRA_EUSAGE, "'age'", "buffers");
    begin(&t, 3);
    add(&t, "age", "g", NULL, NULL, NULL);
    refused(*state, &t, HRA_EUSAGE, "'age'", "buffers");
    begin(&t, 3);
    add(&t, "age", "g", NULL, ages, NULL)->offset = -1;
    refused(*state, &t, HRA_EUSAGE, "'age'", "-1");
    begin(&t, 3);
    add(&t, "age", "g", NULL, ages, NULL)->release = NULL;
    refused(*state, &t, HRA_EUSAGE, "'age'", "released");
    begin(&t, 3);
    add(&t, "age", "g", NULL, ages, NULL);
    t.array.n_children = 0;
    refused(*state, &t, HRA_EUSAGE, "0 columns", "1");
    begin(&t, 3);
    add(&t, "age", "g", NULL, ages, NULL);
    t.array.length = -3;
    refused(*state, &t, HRA_EUSAGE, "-3", "rows");
    begin(&t, 3);
    add(&t, "race", "c", NULL, at, NULL);
    add_dictionary(&t, "u", 1, at, "")->release = NULL;
    refused(*state, &t, HRA_EUSAGE, "the dictionary of column 'race'", "released");
    begin(&t, 3);
    add(&t, "race", "c", NULL, at, NULL);
    add_dictionary(&t, "u", 1, at, "");
    t.values[0].dictionary = NULL;
    refused(*state, &t, HRA_EUSAGE, "the dictionary of column 'race'", "released");
    begin(&t, 3);
    add(&t, "race", "c", NULL, at, NULL);
    add_dictionary(&t, "u", 1, at, "")->length = -1;
    refused(*state, &t, HRA_EUSAGE, "the dictionary of column 'race'", "-1");
}

/* A scorer for columns of doubles does not know a table. */
static void test_refused_scorer(void **state)
{
    static const char *const columns[] = {"age"};
    hra_scorer *scorer = NULL;
    hra_error error = {0};
    struct ArrowSchema schema;
    struct ArrowArray out;
    table t;
    begin(&t, 0);
    assert_int_equal(hra_scorer_open(*state, NULL, columns, 1, &scorer, &error), HRA_OK); /* the usual panel */
    assert_true(hra_scorer_output_count(scorer) > 4);
    assert_int_equal(hra_scorer_arrow_schema(scorer, &schema, &error), HRA_EUSAGE);
    assert_int_equal(hra_scorer_run_arrow(scorer, &t.array, &out, 1, &error), HRA_EUSAGE);
    assert_non_null(strstr(error.message, "not opened for tables"));
    hra_scorer_free(scorer);
}

/* The value is not told, the place is. */
static void test_refused_values(void **state)
{
    static const double two[] = {1, 0, 2}, infinite[] = {5, -INFINITY, 5}, code[] = {1, 17, 2};
    static const int64_t large[] = {40, INT64_C(1) << 53, 41};
    static const int32_t offsets[] = {0, 5, 11, 11}, turned[] = {0, 5, 3, 3};
    static const int8_t at[] = {0, 1, 2}, before[] = {0, 0, -1};
    table t;
    begin(&t, 3);
    add(&t, "diabetes", "g", NULL, two, NULL);
    refused(*state, &t, HRA_EINPUT, "column 'diabetes', row 2", "neither 0 nor 1");
    begin(&t, 3);
    add(&t, "tc", "g", NULL, infinite, NULL);
    refused(*state, &t, HRA_EINPUT, "column 'tc', row 1", "infinite");
    begin(&t, 3);
    add(&t, "steps_per_day", "l", NULL, large, NULL);
    refused(*state, &t, HRA_EINPUT, "column 'steps_per_day', row 1", "2^53");
    begin(&t, 3);
    add(&t, "race", "g", NULL, code, NULL);
    refused(*state, &t, HRA_EINPUT, "column 'race', row 1", "white, black");
    begin(&t, 3);
    add(&t, "race", "u", NULL, offsets, "blackpurple");
    refused(*state, &t, HRA_EINPUT, "column 'race', row 1", "white, black");
    begin(&t, 3);
    add(&t, "race", "u", NULL, turned, "blackpurple");
    refused(*state, &t, HRA_EINPUT, "column 'race', row 1", "white, black");
    begin(&t, 3);
    add(&t, "race", "c", NULL, at, NULL);
    add_dictionary(&t, "u", 2, offsets, "blackpurple");
    refused(*state, &t, HRA_EINPUT, "column 'race', row 1", "white, black");
    begin(&t, 3);
    add(&t, "race", "c", NULL, before, NULL);
    add_dictionary(&t, "u", 1, offsets, "blackpurple");
    refused(*state, &t, HRA_EINPUT, "column 'race', row 2", "white, black");
    static const view beyond[] = {{5, "whit", 'e', 0}, {32, "Amer", 0, 6}, {0, "", 0, 0}};
    static const int64_t size[] = {37};
    begin(&t, 3);
    struct ArrowArray *viewed = add(&t, "race", "vu", NULL, beyond, "blackAmerican Indian or Alaska Native");
    viewed->n_buffers = 4;
    t.buffers[0][3] = size;
    refused(*state, &t, HRA_EINPUT, "column 'race', row 1", "white, black");
    enum { MANY = 70001 };
    static uint8_t flags[MANY]; /* the first of two bad rows is told, whoever finds his first */
    flags[65540] = flags[MANY - 1] = 2;
    begin(&t, MANY);
    add(&t, "diabetes", "C", NULL, flags, NULL);
    refused(*state, &t, HRA_EINPUT, "column 'diabetes', row 65540", "neither 0 nor 1");
    begin(&t, 3);
    add(&t, "urban", "g", NULL, two, NULL); /* not read by anything */
    struct ArrowArray out;
    hra_error error;
    assert_int_equal(score(*state, "--models echo", &t, &out, NULL, &error), HRA_OK);
    out.release(&out);
}

/* ---- streams ------------------------------------------------------------------------------ */

/* Two tables of one column, then the end; or a failure in place of the second. */
typedef struct supply {
    double ages[3];
    table tables[2];
    int next, releases;
    bool fails;
} supply;

static int supply_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    supply *s = stream->private_data;
    *out = s->tables[0].schema;
    return 0;
}

static int supply_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    supply *s = stream->private_data;
    if (s->fails && s->next == 1) return 5;
    if (s->next < 2)
        *out = s->tables[s->next++].array;
    else
        out->release = NULL;
    return 0;
}

static const char *supply_error(struct ArrowArrayStream *stream) { return "the source ran dry"; }

static void supply_release(struct ArrowArrayStream *stream)
{
    ((supply *)stream->private_data)->releases++;
    stream->release = NULL;
}

static struct ArrowArrayStream supply_open(supply *s, bool fails)
{
    *s = (supply){.ages = {40, 50, 60}, .fails = fails};
    for (int k = 0; k < 2; k++) {
        begin(&s->tables[k], 3 - k);
        add(&s->tables[k], "age", "g", NULL, s->ages, NULL);
    }
    return (struct ArrowArrayStream){supply_schema, supply_next, supply_error, supply_release, s};
}

static void test_stream(void **state)
{
    supply s;
    struct ArrowArrayStream in = supply_open(&s, false), out;
    struct ArrowSchema schema;
    struct ArrowArray results;
    hra_error error = {0};
    assert_int_equal(hra_stream_arrow(*state, "--models echo", &in, &out, 1, &error), HRA_OK);
    assert_null(in.release);
    assert_int_equal(out.get_schema(&out, &schema), 0);
    for (int k = 0; k < 2; k++) {
        assert_int_equal(out.get_next(&out, &results), 0);
        assert_int_equal(results.length, 3 - k);
        is(cell(&schema, &results, "echo.age_in", 1), 50);
        results.release(&results);
        assert_int_equal(s.tables[k].releases, k == 0 ? 2 : 1); /* the schema of the first as well */
    }
    memset(&results, 1, sizeof results);
    assert_int_equal(out.get_next(&out, &results), 0);
    assert_null(results.release);
    schema.release(&schema);
    out.release(&out);
    assert_null(out.release);
    assert_int_equal(s.releases, 1);
}

static void test_stream_errors(void **state)
{
    supply s;
    struct ArrowArrayStream in = supply_open(&s, true), out;
    struct ArrowArray results;
    hra_error error = {0};
    assert_int_equal(hra_stream_arrow(*state, "--models no_such", &in, &out, 1, &error), HRA_EUSAGE);
    assert_non_null(in.release); /* still the caller's */
    assert_int_equal(s.releases, 0);
    in = supply_open(&s, true);
    assert_int_equal(hra_stream_arrow(*state, "--models echo", &in, &out, 1, &error), HRA_OK);
    assert_int_equal(out.get_next(&out, &results), 0);
    results.release(&results);
    assert_int_equal(out.get_next(&out, &results), 5);
    assert_non_null(strstr(out.get_last_error(&out), "the source ran dry"));
    out.release(&out);
    assert_int_equal(s.releases, 1);

    in = supply_open(&s, false);
    s.ages[2] = INFINITY;
    assert_int_equal(hra_stream_arrow(*state, "--models echo", &in, &out, 1, &error), HRA_OK);
    assert_int_not_equal(out.get_next(&out, &results), 0);
    assert_non_null(strstr(out.get_last_error(&out), "column 'age', row 2"));
    assert_int_equal(s.tables[0].releases, 2);
    out.release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),         cmocka_unit_test(test_extremes),
        cmocka_unit_test(test_scattered_nulls), cmocka_unit_test(test_exact_numbers),
        cmocka_unit_test(test_flags_and_dates), cmocka_unit_test(test_texts),
        cmocka_unit_test(test_offsets),         cmocka_unit_test(test_levels_and_status_words),
        cmocka_unit_test(test_moved_column),    cmocka_unit_test(test_no_rows),
        cmocka_unit_test(test_same_as_doubles), cmocka_unit_test(test_refused_formats),
        cmocka_unit_test(test_refused_arrays),  cmocka_unit_test(test_refused_values),
        cmocka_unit_test(test_refused_scorer),  cmocka_unit_test(test_stream),
        cmocka_unit_test(test_stream_errors),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
