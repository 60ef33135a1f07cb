/* `recalibrates`: people, ranges and exclusions of another model's output; and the definition that hra recalibrate
 * writes. */
#include "language_fixture.h"

#include "report/models/recalibrated_definition.h"

#define ORIGINAL                                                                                                       \
    "model first {\n"                                                                                                  \
    "  title \"First\" title.zh \"一\" disease cvd kind cox horizon 10 years review unconfirmed\n"                    \
    "  source doi \"10.1/a\" source \"A \\\"quoted\\\" paper\"\n"                                                      \
    "  let half = age/2\n"                                                                                             \
    "  valid half in 10..40 for risk\n"                                                                                \
    "  valid sbp in 100..200 for other\n"                                                                              \
    "  exclude prior_mi\n"                                                                                             \
    "  risk = (age - 20)/100\n"                                                                                        \
    "  other = sbp/1000\n"                                                                                             \
    "  category = bands(risk: <0.5 -> low, >=0.5 -> high)\n"                                                           \
    "}\n"

static bench *bench_of(const char *second, hra_range_policy range)
{
    hra_buffer text = {0};
    hra_buffer_printf(&text, ORIGINAL "%s", second);
    static const char *models[] = {"first", "second"};
    hra_plan_request request = {.models = models, .model_count = 2, .as_of = NAN, .range = range};
    bench *b = open_bench(text.bytes, "age sbp prior_mi", request);
    hra_buffer_destroy(&text);
    return b;
}

static void test_people(void **state)
{
    (void)state;
    /* its own `half` is another number: the range is that of the first model */
    bench *b =
        bench_of("model second { recalibrates first.risk let half = 1000 risk = first.risk*2 }", HRA_RANGE_COMPUTE);
    put(b, "age", 60);
    put(b, "prior_mi", 0);
    assert_value(b, "second.risk", 0.8);
    assert_int_equal(status(b, "second.risk"), 0);
    put(b, "age", 90);
    assert_value(b, "second.risk", 1.4);
    assert_int_equal(status(b, "second.risk"), HRA_STATUS_OUTSIDE_RANGE);
    put(b, "prior_mi", NAN);
    put(b, "age", 60);
    assert_int_equal(status(b, "second.risk"), HRA_STATUS_EXCLUSION_UNVERIFIED);
    put(b, "prior_mi", 1);
    assert_true(isnan(value(b, "second.risk")));
    assert_int_equal(status(b, "second.risk"), HRA_STATUS_NOT_APPLICABLE);
    put(b, "prior_mi", 0);
    put(b, "age", NAN);
    assert_int_equal(status(b, "second.risk"), HRA_STATUS_MISSING);
    close_bench(b);
}

static void test_clamped(void **state)
{
    (void)state;
    bench *b = bench_of("model second { recalibrates first.risk risk = first.risk*2 }", HRA_RANGE_CLAMP);
    put(b, "age", 90);
    put(b, "prior_mi", 0);
    assert_int_equal(status(b, "second.risk"), status(b, "first.risk"));
    assert_true(status(b, "second.risk") & HRA_STATUS_CLAMPED);
    close_bench(b);
}

/* A recalibrated model can be recalibrated. */
static void test_twice(void **state)
{
    (void)state;
    bench *b = bench_of("model middle { recalibrates first.risk risk = first.risk/2 }\n"
                        "model second { recalibrates middle.risk risk = middle.risk*4 }",
                        HRA_RANGE_COMPUTE);
    put(b, "age", 90);
    put(b, "prior_mi", 0);
    assert_int_equal(status(b, "second.risk"), HRA_STATUS_OUTSIDE_RANGE);
    put(b, "prior_mi", 1);
    assert_int_equal(status(b, "second.risk"), HRA_STATUS_NOT_APPLICABLE);
    close_bench(b);
}

static void test_clauses(void **state)
{
    (void)state;
    hra_library *library = library_of(ORIGINAL "model second { recalibrates first.risk risk = first.risk*2 }");
    const hra_declaration *second = hra_library_find(library, "second");
    assert_int_equal(second->valid_count, 1);
    assert_string_equal(second->excludes[0], "prior_mi");
    hra_library_free(library);
}

static void refused(const char *text, const char *fault)
{
    hra_buffer all = {0};
    hra_buffer_printf(&all, ORIGINAL "%s", text);
    hra_buffer faults = faults_of(all.bytes);
    if (!strstr(faults.bytes, fault)) fail_msg("no '%s' in: %s", fault, faults.bytes);
    hra_buffer_destroy(&faults);
    hra_buffer_destroy(&all);
}

static void test_faults(void **state)
{
    (void)state;
    refused("model second { recalibrates age risk = 1 }", "name an output of another model here");
    refused("model second { recalibrates first.rsk risk = 1 }", "did you mean 'risk'?");
    refused("model second { recalibrates nothing.risk risk = 1 }", "no model 'nothing'");
    refused("model second { recalibrates second.risk risk = 1 }", "second");
    refused("model second {\n  recalibrates first.risk\n  risk = 1\n  recalibrates first.risk\n}",
            ":15:3: 'recalibrates' is already given on line 13");
    refused("model second { risk = 1 stratum age < 50 { recalibrates first.risk } }", "expected let");
}

/* ---- what is written ---------------------------------------------------------------------------- */

static hra_buffer written(bool timed, bool free_slope, double intercept, double slope)
{
    hra_library *library = library_of(ORIGINAL);
    const hra_new_calibration c = {
        timed, free_slope, {{intercept, NAN, NAN, NAN}, ""}, {{slope, NAN, NAN, NAN}, ""}, 0};
    const hra_agreement before = {.ratio = {{0.75, NAN, NAN, NAN}, ""}, .events = 300};
    const hra_recalibrated_facts facts = {hra_library_find(library, "first"),
                                          "risk",
                                          "second",
                                          10,
                                          &c,
                                          &before,
                                          1000,
                                          3652,
                                          5000,
                                          timed ? "days" : NULL,
                                          "died",
                                          NULL,
                                          NULL,
                                          "1.0",
                                          "2026-11-22"};
    hra_buffer text = {0};
    hra_recalibrated_definition(&text, &facts);
    assert_false(text.failed);
    hra_library_free(library);
    return text;
}

static void gives_new_risks(bool timed, bool free_slope, double intercept, double slope)
{
    const hra_new_calibration c = {
        timed, free_slope, {{intercept, NAN, NAN, NAN}, ""}, {{slope, NAN, NAN, NAN}, ""}, 0};
    hra_buffer text = written(timed, free_slope, intercept, slope);
    bench *b = bench_of(text.bytes, HRA_RANGE_COMPUTE);
    put(b, "prior_mi", 0);
    for (int age = 20; age <= 120; age += 5) { /* risks 0 to 1 */
        put(b, "age", age);
        double expected = hra_newly_calibrated(&c, (age - 20) / 100.0), found = value(b, "second.risk");
        assert_true(fabs(found - expected) <= 1e-14);
    }
    put(b, "age", 130); /* no risk at all */
    assert_true(isnan(value(b, "second.risk")) || value(b, "second.risk") > 1);
    close_bench(b);
    hra_buffer_destroy(&text);
}

static void test_formulas(void **state)
{
    (void)state;
    for (int timed = 0; timed < 2; timed++) {
        gives_new_risks(timed, false, -0.36205381433360223, 1);
        gives_new_risks(timed, false, 0.7, 1);
        gives_new_risks(timed, true, -0.1381730856140506, 1.1210195094497491);
        gives_new_risks(timed, true, 0.3, 0.7);
    }
}

static void test_texts(void **state)
{
    (void)state;
    hra_buffer text = written(true, false, -0.25, 1), all = {0};
    hra_buffer_printf(&all, ORIGINAL "%s", text.bytes);
    hra_library *library = library_of(all.bytes);
    const hra_declaration *d = hra_library_find(library, "second");
    assert_non_null(d);
    assert_string_equal(hra_declaration_text(d, "title", "en"), "First, recalibrated");
    assert_string_equal(hra_declaration_text(d, "title", "zh"), "一（重新校准）");
    assert_string_equal(hra_declaration_text(d, "horizon", "en"), "10 years");
    assert_string_equal(hra_declaration_text(d, "disease", "en"), "cvd");
    assert_string_equal(hra_declaration_text(d, "review", "en"), "unconfirmed");
    assert_string_equal(
        hra_declaration_text(d, "source", "en"),
        "first.risk with a new intercept (log cumulative hazard), by hra 1.0 on 2026-11-22: 1000 people, "
        "300 events by the horizon 3652, follow-up up to 5000, times in column 'days', events in column "
        "'died'; observed/expected before 0.75");
    assert_non_null(strstr(text.bytes, "source doi \"10.1/a\"\n  source \"A \\\"quoted\\\" paper\"\n"));
    assert_non_null(strstr(text.bytes, "category = bands(risk: <0.5 -> low, >=0.5 -> high)"));
    hra_library_free(library);
    hra_buffer_destroy(&all);
    hra_buffer_destroy(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_people),  cmocka_unit_test(test_clamped), cmocka_unit_test(test_twice),
        cmocka_unit_test(test_clauses), cmocka_unit_test(test_faults),  cmocka_unit_test(test_formulas),
        cmocka_unit_test(test_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
