/* Tables through the public API: what comes out, and that columns of doubles give the same. */
#include "tests/unit/arrow_fixture.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_levels_and_status_words),
                                       cmocka_unit_test(test_moved_column), cmocka_unit_test(test_no_rows),
                                       cmocka_unit_test(test_same_as_doubles)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
