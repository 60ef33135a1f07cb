/* The public API as a program outside hra uses it: only include/hra/. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
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

    int models = 0;
    while (hra_engine_definition(*state, "model", models)) models++;
    assert_int_equal(models, hra_engine_model_count(*state));
    assert_non_null(hra_engine_model_text(*state, hra_engine_definition(*state, "factor", 0), "title", "zh"));
    assert_non_null(hra_engine_model_input(*state, "r_bmi_obese", 0));
    assert_null(hra_engine_definition(*state, "potion", 0));
    assert_null(hra_engine_definition(*state, "panel", -1));
}

/* Other definitions than models, and what is told of results. */
static void test_requests(void **state)
{
    hra_error error = {0};
    hra_scorer *scorer = NULL;
    assert_int_equal(hra_scorer_open(*state, "--panel china_corporate --factors\t--tiers --as-of 2026-01-31", columns,
                                     COLUMNS, &scorer, &error),
                     HRA_OK);
    int risk = -1, model = -1, factor = -1, tier = -1, levels = 0;
    for (int i = 0; i < hra_scorer_output_count(scorer); i++) {
        const char *id = hra_scorer_output(scorer, i);
        if (strcmp(id, "china_corporate.chd.risk") == 0) risk = i;
        if (strcmp(id, "china_corporate.chd.model") == 0) model = i;
        if (strcmp(id, "r_bmi_obese") == 0) factor = i;
        if (strcmp(id, "health_level") == 0) tier = i;
    }
    assert_true(risk >= 0 && model >= 0 && factor >= 0 && tier >= 0);
    assert_string_equal(hra_scorer_output_kind(scorer, risk), "number");
    assert_string_equal(hra_scorer_output_unit(scorer, risk), "1");
    assert_string_equal(hra_scorer_output_definition(scorer, risk), "china_corporate");
    assert_string_equal(hra_scorer_output_status(scorer, risk), "china_corporate.chd.risk.status");
    assert_string_equal(hra_scorer_output_status(scorer, model), "china_corporate.chd.risk.status");
    assert_string_equal(hra_scorer_output_kind(scorer, factor), "flag");
    assert_string_equal(hra_scorer_output_status(scorer, factor), "r_bmi_obese.status");
    assert_string_equal(hra_scorer_output_kind(scorer, tier), "category");
    assert_non_null(hra_scorer_output_levels(scorer, tier, &levels));
    assert_true(levels > 1);
    assert_null(hra_scorer_output_kind(scorer, 100000));
    assert_null(hra_scorer_output_unit(scorer, -1));
    assert_null(hra_scorer_output_definition(scorer, 100000));
    assert_null(hra_scorer_output_status(scorer, 100000));
    hra_scorer_free(scorer);
}

static void test_refuses_unclear_words(void **state)
{
    static const char *const wrong[][2] = {{"--groups", "'--groups' is none"},
                                           {"--models china_par_2016 factors", "'factors' is none"},
                                           {"--factors --models", "--models needs a value"},
                                           {"--models ,", "--models names none"},
                                           {"--models no_such", "no_such"},
                                           {"--panel no_such", "no_such"},
                                           {"--panel china_corporate --models china_par_2016", "not both"},
                                           {"--outside-range none", "not 'none'"},
                                           {"--as-of 2026-02-30", "not '2026-02-30'"}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        hra_error error = {0};
        hra_scorer *scorer = NULL;
        assert_int_equal(hra_scorer_open(*state, wrong[i][0], columns, COLUMNS, &scorer, &error), HRA_EUSAGE);
        if (!strstr(error.message, wrong[i][1])) fail_msg("%s", error.message);
        assert_null(scorer);
    }
}

/* What is no value of its variable ends the run; the message says where, not what. */
static void test_refuses_values(void **state)
{
    static const struct {
        int column;
        double value;
        const char *message;
    } wrong[] = {{1, 3, "column 'sex', row 1 (from 0): none of its levels: male, female"},
                 {3, 0.5, "column 'bp_treated', row 1 (from 0): neither 0 nor 1"},
                 {4, INFINITY, "column 'tc', row 1 (from 0): an infinite number"}};
    hra_error error = {0};
    hra_scorer *scorer = NULL;
    assert_int_equal(hra_scorer_open(*state, "--models framingham_cvd_2008_lipid", columns, COLUMNS, &scorer, &error),
                     HRA_OK);
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        double rows[COLUMNS][2] = {{38, 38}, {2, 2}, {122, 122}, {1, 1}, {6.4, 5}, {2.26, 2.26}, {0, 0}, {0, 0}};
        const double *inputs[COLUMNS];
        double values[8][2], *results[8];
        for (int c = 0; c < COLUMNS; c++) inputs[c] = rows[c];
        for (int i = 0; i < 8; i++) results[i] = values[i];
        assert_true(hra_scorer_output_count(scorer) <= 8);
        rows[wrong[k].column][1] = wrong[k].value;
        assert_int_equal(hra_scorer_run(scorer, 2, inputs, results, NULL, 1, &error), HRA_EINPUT);
        if (!strstr(error.message, wrong[k].message)) fail_msg("%s", error.message);
    }
    hra_scorer_free(scorer);
}

/* ---- several threads: one engine, one scorer, and scorers of their own ------------------ */

enum { THREADS = 4, ROWS = 5000 };

typedef struct worker {
    const hra_engine *engine;
    const hra_scorer *shared;
    double risks[2][ROWS]; /* of the shared scorer, of an own one */
    bool failed;
} worker;

static hra_code score_rows(const hra_scorer *scorer, double *risks)
{
    double *rows = malloc((size_t)COLUMNS * ROWS * sizeof *rows), *others = malloc(8 * ROWS * sizeof *others);
    const double *inputs[COLUMNS];
    double *results[8];
    for (int c = 0; c < COLUMNS; c++) inputs[c] = rows + (size_t)c * ROWS;
    for (int r = 0; r < ROWS; r++) {
        const double person[COLUMNS] = {30 + r % 45,       1 + r % 2, 100 + r % 90, r % 3 == 0,
                                        3 + r % 50 / 10.0, 1.3,       r % 3,        r % 7 == 0};
        for (int c = 0; c < COLUMNS; c++) rows[(size_t)c * ROWS + (size_t)r] = person[c];
    }
    for (int i = 0; i < 8; i++) results[i] = others + (size_t)i * ROWS;
    results[0] = risks;
    hra_error error = {0};
    hra_code code = hra_scorer_run(scorer, ROWS, inputs, results, NULL, 2, &error);
    free(rows);
    free(others);
    return code;
}

static void *work(void *context)
{
    worker *w = context;
    hra_error error = {0};
    hra_scorer *own = NULL;
    w->failed = score_rows(w->shared, w->risks[0]) != HRA_OK ||
                hra_scorer_open(w->engine, "--models framingham_cvd_2008_lipid", columns, COLUMNS, &own, &error) ||
                score_rows(own, w->risks[1]) != HRA_OK;
    hra_scorer_free(own);
    return NULL;
}

static void test_threads_share(void **state)
{
    pthread_t threads[THREADS];
    worker *workers = calloc(THREADS, sizeof *workers);
    hra_scorer *shared = NULL;
    hra_error error = {0};
    assert_int_equal(hra_scorer_open(*state, "--models framingham_cvd_2008_lipid", columns, COLUMNS, &shared, &error),
                     HRA_OK);
    for (int t = 0; t < THREADS; t++) {
        workers[t].engine = *state;
        workers[t].shared = shared;
        assert_int_equal(pthread_create(&threads[t], NULL, work, &workers[t]), 0);
    }
    for (int t = 0; t < THREADS; t++) {
        pthread_join(threads[t], NULL);
        assert_false(workers[t].failed);
        for (int k = 0; k < 2; k++)
            assert_memory_equal(workers[t].risks[k], workers[0].risks[0], sizeof workers[0].risks[0]);
    }
    hra_scorer_free(shared);
    free(workers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scores_columns),
        cmocka_unit_test(test_refuses_unknown_names),
        cmocka_unit_test(test_refuses_unclear_requests),
        cmocka_unit_test(test_output_that_is_none),
        cmocka_unit_test(test_catalogue),
        cmocka_unit_test(test_requests),
        cmocka_unit_test(test_refuses_unclear_words),
        cmocka_unit_test(test_refuses_values),
        cmocka_unit_test(test_threads_share),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
