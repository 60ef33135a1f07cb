/* The public API as a program outside hra uses it: only include/hra/. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "hra/hra.h"

static const char *const columns[] = {"age", "sex", "sbp", "bp_treated", "tc", "hdl", "smoking_status", "diabetes"};
enum { COLUMNS = sizeof columns / sizeof columns[0] };

static int setup(void **state)
{
    hra_error error = {0};
    hra_engine *engine = NULL;
    if (hra_engine_new(NULL, 0, &engine, &error) != HRA_OK) {
        print_error("%s\n", error.message);
        return -1;
    }
    *state = engine;
    return 0;
}

static int teardown(void **state)
{
    hra_engine_free(*state);
    return 0;
}

/* First row of the model's published reference vectors, then the same person with cholesterol unknown. */
static void test_scores_columns(void **state)
{
    static const char *const models[] = {"framingham_cvd_2008_lipid"};
    hra_error error = {0};
    hra_scorer *scorer = NULL;
    assert_int_equal(hra_scorer_new(*state, models, 1, columns, COLUMNS, HRA_OUTSIDE_COMPUTE, &scorer, &error), HRA_OK);
    double rows[COLUMNS][2] = {{38, 38}, {2, 2}, {122, 122}, {1, 1}, {6.4, NAN}, {2.26, 2.26}, {0, 0}, {0, 0}};
    const double *inputs[COLUMNS];
    for (int c = 0; c < COLUMNS; c++) inputs[c] = rows[c];
    double values[8][2];
    uint8_t bits[8][2];
    double *results[8];
    uint8_t *status[8];
    int outputs = hra_scorer_output_count(scorer), risk = -1;
    assert_true(outputs >= 1 && outputs <= 8);
    for (int i = 0; i < outputs; i++) {
        results[i] = values[i];
        status[i] = bits[i];
        if (strcmp(hra_scorer_output(scorer, i), "framingham_cvd_2008_lipid.risk") == 0) risk = i;
    }
    assert_true(risk >= 0);
    assert_int_equal(hra_scorer_run(scorer, 2, inputs, results, status, 2, &error), HRA_OK);
    assert_true(fabs(values[risk][0] - 0.025978168367433163) < 1e-9);
    assert_true(isnan(values[risk][1]));
    char words[64];
    hra_status_words(bits[risk][1], words, sizeof words);
    assert_non_null(strstr(words, "missing"));
    hra_scorer_free(scorer);
}

static void test_refuses_unknown_names(void **state)
{
    static const char *const none[] = {"no_such_model"}, *const known[] = {"framingham_cvd_2008_lipid"};
    static const char *const wrong[] = {"blood_colour"}, *const unit[] = {"tc[bushel]"};
    hra_error error = {0};
    hra_scorer *scorer = NULL;
    assert_int_not_equal(hra_scorer_new(*state, none, 1, columns, COLUMNS, HRA_OUTSIDE_COMPUTE, &scorer, &error),
                         HRA_OK);
    assert_non_null(strstr(error.message, "no_such_model"));
    assert_int_not_equal(hra_scorer_new(*state, known, 1, wrong, 1, HRA_OUTSIDE_COMPUTE, &scorer, &error), HRA_OK);
    assert_non_null(strstr(error.message, "blood_colour"));
    assert_int_not_equal(hra_scorer_new(*state, known, 1, unit, 1, HRA_OUTSIDE_COMPUTE, &scorer, &error), HRA_OK);
    assert_non_null(strstr(error.message, "bushel"));
}

/* What would be read in one of two ways, or computes nothing, is refused. */
static void test_refuses_unclear_requests(void **state)
{
    static const char *const models[] = {"framingham_cvd_2008_lipid"};
    static const char *const open[] = {"tc[mg/dL"}, *const behind[] = {"tc[mg/dL]x"},
                             *const twice[] = {"tc", "tc[mg/dL]"};
    hra_error error = {0};
    hra_scorer *scorer = NULL;
    assert_int_equal(hra_scorer_new(*state, models, 1, open, 1, HRA_OUTSIDE_COMPUTE, &scorer, &error), HRA_EUSAGE);
    assert_non_null(strstr(error.message, "tc[mg/dL"));
    assert_int_equal(hra_scorer_new(*state, models, 1, behind, 1, HRA_OUTSIDE_COMPUTE, &scorer, &error), HRA_EUSAGE);
    assert_int_equal(hra_scorer_new(*state, models, 1, twice, 2, HRA_OUTSIDE_COMPUTE, &scorer, &error), HRA_EUSAGE);
    assert_non_null(strstr(error.message, "twice"));
    assert_int_equal(hra_scorer_new(*state, models, 0, columns, 1, HRA_OUTSIDE_COMPUTE, &scorer, &error), HRA_EUSAGE);
    assert_int_equal(hra_scorer_new(*state, models, 1, columns, 1, (hra_outside)99, &scorer, &error), HRA_EUSAGE);
    assert_null(scorer);
}

static void test_output_that_is_none(void **state)
{
    static const char *const models[] = {"framingham_cvd_2008_lipid"};
    hra_error error = {0};
    hra_scorer *scorer = NULL;
    assert_int_equal(hra_scorer_new(*state, models, 1, columns, COLUMNS, HRA_OUTSIDE_COMPUTE, &scorer, &error), HRA_OK);
    int count = -1;
    assert_null(hra_scorer_output_levels(scorer, hra_scorer_output_count(scorer), &count));
    assert_int_equal(count, 0);
    assert_null(hra_scorer_output(scorer, -1));
    hra_scorer_free(scorer);
}

static void test_catalogue(void **state)
{
    int found = 0;
    for (int i = 0; i < hra_engine_model_count(*state); i++)
        found += strcmp(hra_engine_model(*state, i), "china_par_2016") == 0;
    assert_int_equal(found, 1);
    assert_non_null(hra_engine_model_text(*state, "china_par_2016", "title", "zh"));
    assert_null(hra_engine_model_text(*state, "china_par_2016", "nonsense", "en"));
    assert_null(hra_engine_model(*state, 100000));
    bool reads_age = false;
    int inputs = 0;
    for (const char *name; (name = hra_engine_model_input(*state, "china_par_2016", inputs)) != NULL; inputs++)
        reads_age = reads_age || strcmp(name, "age") == 0;
    assert_true(reads_age);
    assert_null(hra_engine_model_input(*state, "china_par_2016", -1));
    assert_null(hra_engine_model_input(*state, "no_such_model", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scores_columns),
        cmocka_unit_test(test_refuses_unknown_names),
        cmocka_unit_test(test_refuses_unclear_requests),
        cmocka_unit_test(test_output_that_is_none),
        cmocka_unit_test(test_catalogue),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
