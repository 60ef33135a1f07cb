/* Tables through the public API: what is refused, and that no value is told. */
#include "tests/unit/arrow_fixture.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_refused_formats), cmocka_unit_test(test_refused_arrays),
                                       cmocka_unit_test(test_refused_scorer), cmocka_unit_test(test_refused_values)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
