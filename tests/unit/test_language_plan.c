/* Plans: range policies, exclusions, shared statuses, rules, panels, group
 * actions, columns; and the worked example of docs/language.md. */
#include <stdio.h>

#include "language_fixture.h"

static const char *const RANGES =
    "let nonhdl = tc - hdl\n"
    "model m {\n valid age in 40..70\n valid tc[mg/dL] in 100..300 for risk\n valid not pregnant\n"
    "exclude prior_mi\n exclude prior_stroke\n risk = age + nonhdl*0\n other = 2*age\n"
    "band = bands(other: <100 -> low, >=100 -> high)\n gap = bands(other: <100 -> low, >=110 -> high) }";
static const char *const RANGE_COLUMNS = "age tc hdl pregnant prior_mi prior_stroke";

static bench *open_ranges(hra_range_policy policy)
{
    bench *b = open_model(RANGES, RANGE_COLUMNS, "m", policy, true);
    put(b, "age", 30);
    put(b, "tc", 5);
    put(b, "hdl", 1);
    put(b, "prior_mi", 0);
    put(b, "prior_stroke", 0);
    return b;
}

static void test_range_policies(void **state)
{
    (void)state;
    bench *b = open_ranges(HRA_RANGE_COMPUTE);
    assert_value(b, "m.risk", 30);
    assert_int_equal(status(b, "m.risk"), HRA_STATUS_OUTSIDE_RANGE);
    close_bench(b);
    b = open_ranges(HRA_RANGE_BLANK);
    assert_value(b, "m.risk", NAN);
    assert_int_equal(status(b, "m.risk"), HRA_STATUS_OUTSIDE_RANGE);
    put(b, "age", 50);
    assert_value(b, "m.risk", 50);
    assert_int_equal(status(b, "m.risk"), 0); /* whether pregnant is unknown: nothing */
    close_bench(b);
    b = open_ranges(HRA_RANGE_CLAMP);
    assert_value(b, "m.risk", 40);
    assert_int_equal(status(b, "m.risk"), HRA_STATUS_CLAMPED);
    put(b, "age", 90);
    assert_value(b, "m.other", 140);
    put(b, "age", 50);
    assert_int_equal(status(b, "m.risk"), 0);
    put(b, "tc", 9); /* 348 mg/dL: a range of risk only */
    assert_int_equal(status(b, "m.risk"), HRA_STATUS_CLAMPED);
    assert_int_equal(status(b, "m.other"), 0);
    put(b, "pregnant", 1); /* no range: cannot be clamped */
    assert_value(b, "m.risk", NAN);
    assert_int_equal(status(b, "m.risk"), HRA_STATUS_OUTSIDE_RANGE | HRA_STATUS_CLAMPED);
    close_bench(b);
}

static void test_clamped_limits_reach_lets(void **state)
{
    (void)state;
    bench *b = open_model(
        "let twice = 2*age\nmodel m { valid age in 40..70\n valid tc[mg/dL = 38.67] in 100..200\n risk = twice\n"
        "mg = tc[mg/dL = 38.67]\n mmol = tc }",
        "age tc", "m", HRA_RANGE_CLAMP, true);
    put(b, "age", 90);
    put(b, "tc", 8);
    assert_value(b, "m.risk", 140);
    assert_value(b, "m.mg", 200);
    assert_value(b, "m.mmol", 200 / 38.67);
    close_bench(b);
}

static void test_exclusion(void **state)
{
    (void)state;
    bench *b = open_ranges(HRA_RANGE_COMPUTE);
    put(b, "age", 50);
    put(b, "prior_stroke", NAN);
    assert_value(b, "m.risk", 50);
    assert_int_equal(status(b, "m.risk"), HRA_STATUS_EXCLUSION_UNVERIFIED);
    put(b, "prior_mi", 1); /* true or unknown is true */
    assert_value(b, "m.risk", NAN);
    assert_int_equal(status(b, "m.risk"), HRA_STATUS_NOT_APPLICABLE);
    close_bench(b);
}

static void test_shared_status(void **state)
{
    (void)state;
    bench *b = open_ranges(HRA_RANGE_COMPUTE);
    int count;
    const hra_output *outputs = hra_plan_outputs(b->plan, &count);
    assert_int_equal(count, 4);
    assert_string_equal(outputs[0].id, "m.risk");
    assert_int_equal(output_of(b, "m.risk")->status_of, 0);
    assert_int_equal(output_of(b, "m.other")->status_of, 1); /* other inputs and ranges */
    assert_int_equal(output_of(b, "m.band")->status_of, 1);  /* the same inputs, and no gap of its own */
    assert_int_equal(output_of(b, "m.gap")->status_of, 3);
    close_bench(b);
}

static void test_other_models_output(void **state)
{
    (void)state;
    const char *text = "model a { exclude af\n risk = age\n extra = sbp }\nmodel b { risk = a.risk + 1 }";
    bench *b = open_model(text, "age sbp af", "b", HRA_RANGE_COMPUTE, true);
    int count;
    hra_plan_outputs(b->plan, &count);
    assert_int_equal(count, 1);
    put(b, "age", 50);
    put(b, "af", 0);
    assert_value(b, "b.risk", 51);
    put(b, "af", 1);
    assert_value(b, "b.risk", NAN);
    close_bench(b);
}

static void test_rules_read_reported_values(void **state)
{
    (void)state;
    const char *text =
        "let ratio = tc/hdl { decimals 1 }\n"
        "factor f { when tc >= 5.2 }\nfactor g { when ratio >= 3.0 }\nfactor h { when f and sbp > 140 }\n"
        "tier t { level high { when h } level middle { when g } level low { otherwise } }\n"
        "prescription P { domain diet when t == middle text \"{tc} and {ratio}\" }\n"
        "model m { risk = tc }";
    const char *model = "m";
    hra_plan_request request = {.models = &model,
                                .model_count = 1,
                                .factors = true,
                                .tiers = true,
                                .prescriptions = true,
                                .as_of = NAN,
                                .share = true};
    bench *b = open_bench(text, "tc hdl sbp", request);
    put(b, "tc", 5.1951); /* a laboratory prints 5.20 */
    put(b, "hdl", 1.75);  /* ratio 2.9686: 3.0 */
    assert_value(b, "f", 1);
    assert_value(b, "g", 1);
    assert_value(b, "m.risk", 5.1951);
    assert_string_equal(level(b, "t"), "middle");
    assert_int_equal(status(b, "t"), HRA_STATUS_PROVISIONAL); /* the pressure is unknown: could be high */
    put(b, "sbp", 130);
    assert_int_equal(status(b, "t"), 0);
    assert_value(b, "P", 1);
    put(b, "tc", NAN);
    assert_value(b, "f", NAN);
    assert_int_equal(status(b, "f"), HRA_STATUS_MISSING);
    assert_string_equal(level(b, "t"), "low");
    assert_int_equal(status(b, "t"), HRA_STATUS_PROVISIONAL);
    close_bench(b);
}

static void test_panel(void **state)
{
    (void)state;
    const char *text = "model first { valid age in 40..80\n exclude prior_mi\n risk = age/100 + 0*tc }\n"
                       "model second { risk = age/200 }\n"
                       "factor alert { when panel.chd >= 0.3 }\n"
                       "panel p { substitute tc with 5 { title \"house\" } role chd { use first.risk because \"x\" use "
                       "second because \"y\"\n"
                       "category = bands(risk: <0.3 -> low, >=0.3 -> high) level low { title \"Low\" } } }\n"
                       "panel q { role chd { use first } }";
    hra_plan_request request = {.panel = "p", .factors = true, .as_of = NAN, .share = true};
    bench *b = open_bench(text, "age tc prior_mi", request);
    put(b, "age", 50);
    assert_value(b, "p.chd.risk", 0.5);
    assert_string_equal(level(b, "p.chd.model"), "first");
    assert_string_equal(level(b, "p.chd.category"), "high");
    assert_int_equal(status(b, "p.chd.risk"), HRA_STATUS_SUBSTITUTED | HRA_STATUS_EXCLUSION_UNVERIFIED);
    assert_value(b, "alert", 1);
    put(b, "age", 30); /* outside the first model's range: the second is used */
    assert_value(b, "p.chd.risk", 0.15);
    assert_string_equal(level(b, "p.chd.model"), "second");
    assert_int_equal(status(b, "p.chd.risk"), 0);
    put(b, "age", NAN);
    assert_value(b, "p.chd.risk", NAN);
    assert_string_equal(level(b, "p.chd.model"), "");
    assert_true(status(b, "p.chd.risk") & HRA_STATUS_MISSING);
    const hra_declaration *panel = hra_library_find(b->library, "p");
    assert_string_equal(hra_declaration_text(panel, "chd.use1.because", "zh"), "x");
    assert_string_equal(hra_declaration_text(panel, "chd.low.title", "en"), "Low");
    close_bench(b);
    request.panel = "q"; /* the house substitute of p does not leak */
    b = open_bench(text, "age tc prior_mi", request);
    put(b, "age", 50);
    assert_value(b, "q.chd.risk", NAN);
    close_bench(b);
}

static void test_group_actions(void **state)
{
    (void)state;
    const char *text =
        "let threshold = 0.40\n"
        "group_action G1 { title \"t\" when prevalence(bmi >= 28) >= threshold and mean(age) > 40 roster bmi >= 28 }\n"
        "group_action G2 { when 1 - prevalence(diabetes) < 0.5 or prevalence(bmi >= 28) > 0.9 }";
    hra_plan_request request = {.aggregates = true, .as_of = NAN, .share = true};
    bench *b = open_bench(text, "bmi age diabetes", request);
    int count;
    hra_plan_outputs(b->plan, &count);
    double means[8];
    assert_int_equal(count, 5);
    for (int i = 0; i < count; i++) means[i] = NAN;
    assert_int_equal(hra_plan_action_count(b->plan), 2);
    assert_string_equal(hra_plan_action(b->plan, 0)->id, "G1");
    assert_int_equal(hra_plan_action_roster(b->plan, 0), 2);
    assert_int_equal(hra_plan_action_roster(b->plan, 1), -1);
    assert_true(isnan(hra_plan_action_due(b->plan, 0, means)));
    means[0] = 0.3;
    assert_true(hra_plan_action_due(b->plan, 0, means) == 0);
    means[0] = 0.4;
    means[1] = 41;
    assert_true(hra_plan_action_due(b->plan, 0, means) == 1);
    means[4] = 0.95;
    assert_true(hra_plan_action_due(b->plan, 1, means) == 1); /* unknown or true */
    close_bench(b);
}

static void test_requests_that_fail(void **state)
{
    (void)state;
    hra_library *library = library_of("model first { risk = age }");
    hra_schema schema = {.dictionary = hra_library_dictionary(library)};
    const char *const wrong[] = {"frist", "first.rsk"};
    const char *const told[] = {"no model 'frist'; did you mean 'first'?",
                                "model 'first' has no output 'rsk'; did you mean 'risk'?"};
    for (int i = 0; i < 2; i++) {
        hra_plan_request request = {.models = &wrong[i], .model_count = 1, .as_of = NAN};
        hra_plan *plan = NULL;
        hra_error error;
        assert_int_equal(hra_plan_new(library, &schema, &request, &plan, &error), HRA_EUSAGE);
        assert_null(plan);
        if (!strstr(error.message, told[i])) fail_msg("%s", error.message);
    }
    hra_library_free(library);
}

static void test_columns(void **state)
{
    (void)state;
    hra_library *library = library_of("");
    const hra_dictionary *dictionary = hra_library_dictionary(library);
    hra_column c;
    hra_error error;
    assert_int_equal(hra_column_for(dictionary, hra_dictionary_find(dictionary, "sbp"), NULL, &c, &error), HRA_OK);
    assert_int_equal(hra_column_code(&c, 120), 120 - 70);
    assert_true(hra_column_value(&c, hra_column_code(&c, 120)) == 120);
    assert_int_equal(hra_column_code(&c, 120.5), hra_column_escape(&c));
    assert_int_equal(hra_column_code(&c, 5000), hra_column_escape(&c));
    assert_int_equal(hra_column_code(&c, INFINITY), hra_column_escape(&c));
    assert_int_equal(hra_column_code(&c, NAN), hra_column_missing(&c));
    assert_int_equal(hra_column_for(dictionary, hra_dictionary_find(dictionary, "tc"), "mg/dL", &c, &error), HRA_OK);
    assert_true(hra_column_value(&c, hra_column_code(&c, 201)) == 201);
    assert_false(hra_column_wide(&c));
    assert_int_equal(hra_column_for(dictionary, hra_dictionary_find(dictionary, "tc"), "mg/L", &c, &error), HRA_EINPUT);
    assert_int_equal(hra_column_for(dictionary, hra_dictionary_find(dictionary, "name"), NULL, &c, &error), HRA_EINPUT);
    for (int i = 0; i < hra_dictionary_count(dictionary); i++) { /* every grid point decodes to itself */
        const hra_variable *v = hra_dictionary_at(dictionary, i);
        if (v->type >= HRA_TYPE_LABEL) continue;
        assert_int_equal(hra_column_for(dictionary, i, NULL, &c, &error), HRA_OK);
        for (uint32_t code = 0; code < c.levels; code += 1 + c.levels / 97)
            if (hra_column_code(&c, hra_column_value(&c, code)) != code) fail_msg("%s, code %u", v->name, code);
    }
    hra_library_free(library);
}

static void test_variable_declarations(void **state)
{
    (void)state;
    const char *text =
        "variable grip { type measure unit \"kg\" decimals 1 plausible 10..60 hard 0..120 title \"Grip\" "
        "title.zh \"握力\" alias \"grip strength\" convert \"lb\" 0.45359237 }\n"
        "variable hand { type category level left 0 \"左\" level right 1 \"右\" }\n"
        "model m { risk = grip[lb]\n hand_is = hand }";
    bench *b = open_model(text, "grip hand", "m", HRA_RANGE_COMPUTE, true);
    put(b, "grip", 45.359237);
    put_level(b, "hand", "right");
    assert_true(fabs(value(b, "m.risk") - 100) < 1e-12);
    assert_string_equal(level(b, "m.hand_is"), "right");
    const hra_variable *v = hra_dictionary_at(b->schema.dictionary, hra_dictionary_find(b->schema.dictionary, "grip"));
    assert_string_equal(v->label_zh, "握力");
    close_bench(b);
}

/* The indented block of the section, without the indentation. */
static char *worked_example(void)
{
    FILE *file = fopen(HRA_SOURCE_DIR "/docs/language.md", "r");
    assert_non_null(file);
    hra_buffer text = {0};
    char line[512];
    bool inside = false;
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, "## ", 3) == 0) inside = strcmp(line, "## A worked example\n") == 0;
        if (inside && strncmp(line, "    ", 4) == 0) hra_buffer_text(&text, line + 4);
    }
    fclose(file);
    assert_non_null(text.bytes);
    return text.bytes;
}

static void test_worked_example(void **state)
{
    (void)state;
    char *text = worked_example();
    bench *b = open_model(text, "sex age tc bp_treated smoking_status prior_mi prior_stroke", "example_2026",
                          HRA_RANGE_COMPUTE, true);
    put_level(b, "sex", "male");
    put_level(b, "smoking_status", "current");
    put(b, "age", 62);
    put(b, "tc", 5.2);
    put(b, "bp_treated", 1);
    put(b, "prior_mi", 0);
    put(b, "prior_stroke", 0);
    assert_true(fabs(value(b, "example_2026.risk") - 0.13178284671442467) < 1e-12);
    assert_true(fabs(value(b, "example_2026.risk_1y") - 0.028799717278122583) < 1e-12);
    assert_string_equal(level(b, "example_2026.category"), "high");
    assert_int_equal(status(b, "example_2026.risk"), 0);
    put_level(b, "smoking_status", "former");
    put(b, "bp_treated", 0);
    assert_true(fabs(value(b, "example_2026.risk") - 0.05865779364121959) < 1e-12);
    put(b, "tc", NAN);
    assert_int_equal(status(b, "example_2026.risk"), HRA_STATUS_MISSING);
    put(b, "tc", 5.2);
    put(b, "age", 39);
    assert_int_equal(status(b, "example_2026.risk"), HRA_STATUS_OUTSIDE_RANGE);
    put(b, "prior_stroke", 1);
    assert_int_equal(status(b, "example_2026.risk"), HRA_STATUS_NOT_APPLICABLE);
    close_bench(b);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_range_policies),
        cmocka_unit_test(test_clamped_limits_reach_lets),
        cmocka_unit_test(test_exclusion),
        cmocka_unit_test(test_shared_status),
        cmocka_unit_test(test_other_models_output),
        cmocka_unit_test(test_rules_read_reported_values),
        cmocka_unit_test(test_panel),
        cmocka_unit_test(test_group_actions),
        cmocka_unit_test(test_requests_that_fail),
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_variable_declarations),
        cmocka_unit_test(test_worked_example),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
