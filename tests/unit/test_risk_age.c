/* The ideal state and the risk age: small models whose answers are known, and the shipped ones against a plain search
 * that scores the same person again and again with other ages. */
#include <stdio.h>

#include "language_fixture.h"
#include "tests/differential/random.h"

static const char *const IDEAL =
    "ideal best { over age\n sbp = 120 { source \"x\" }\n tc = 5.0\n hdl = 1.0\n tg = 2.2\n"
    " smoking_status = never\n bp_treated = false }\n";

static bench *open_with_ideal(const char *models, const char *columns, const char *model, hra_range_policy range)
{
    char text[4096];
    snprintf(text, sizeof text, "%s%s", IDEAL, models);
    hra_plan_request request = {.models = &model,
                                .model_count = 1,
                                .range = range,
                                .as_of = NAN,
                                .share = true,
                                .ideal = true,
                                .risk_age = true};
    return open_bench(text, columns, request);
}

static void assert_age(bench *b, double age, unsigned expected_status)
{
    assert_value(b, "m.risk.risk_age", age);
    assert_int_equal(status(b, "m.risk.risk_age"), expected_status);
}

/* ---- known answers ------------------------------------------------------------------- */

static void test_smooth_model(void **state)
{
    (void)state;
    bench *b = open_with_ideal("model m { valid age in 30..70\n exclude prior_mi\n risk = age + (sbp - 120)/10 }",
                               "age sbp prior_mi", "m", HRA_RANGE_COMPUTE);
    put(b, "age", 50);
    put(b, "sbp", 160);
    put(b, "prior_mi", 0);
    assert_value(b, "m.risk", 54);
    assert_value(b, "m.risk.ideal", 50);
    assert_age(b, 54, 0);
    put(b, "sbp", 85); /* better than ideal */
    assert_age(b, 46.5, 0);
    put(b, "sbp", 120); /* ideal: the own age, exactly */
    put(b, "age", 70);
    assert_age(b, 70, 0);
    put(b, "age", 30);
    assert_age(b, 30, 0);
    put(b, "prior_mi", 1);
    assert_age(b, NAN, HRA_STATUS_NOT_APPLICABLE);
    assert_int_equal(status(b, "m.risk.ideal"), HRA_STATUS_NOT_APPLICABLE);
    put(b, "prior_mi", NAN);
    assert_age(b, 30, HRA_STATUS_EXCLUSION_UNVERIFIED);
    close_bench(b);
}

static void test_limits(void **state)
{
    (void)state;
    const char *model = "model m { valid age in 30..<70\n risk = age + (sbp - 120)/10 }";
    bench *b = open_with_ideal(model, "age sbp", "m", HRA_RANGE_COMPUTE);
    put(b, "age", 65);
    put(b, "sbp", 200);
    assert_age(b, 70, HRA_STATUS_CLAMPED); /* at least: the limit is not enough */
    put(b, "age", 31);
    put(b, "sbp", 80);
    assert_age(b, 30, HRA_STATUS_CLAMPED);
    put(b, "age", 75); /* a risk is computed, an age is not made up */
    assert_value(b, "m.risk.ideal", 75);
    assert_age(b, NAN, HRA_STATUS_OUTSIDE_RANGE);
    close_bench(b);
    b = open_with_ideal(model, "age sbp", "m", HRA_RANGE_BLANK);
    put(b, "age", 75);
    put(b, "sbp", 120);
    assert_age(b, NAN, HRA_STATUS_OUTSIDE_RANGE);
    close_bench(b);
    b = open_with_ideal("model m { valid age in 30..60\n risk = age + (sbp - 120)/10 }", "age sbp", "m",
                        HRA_RANGE_CLAMP);
    put(b, "age", 75); /* scored as at 60 */
    put(b, "sbp", 100);
    assert_age(b, 58, HRA_STATUS_CLAMPED);
    close_bench(b);
}

static void test_unknown_inputs(void **state)
{
    (void)state;
    bench *b = open_with_ideal("model m { valid age in 30..70\n stratum sex == female { risk = age + sbp/10 }\n"
                               "  stratum sex == male { risk = age + sbp/10 + weight/100 } }",
                               "age sbp sex weight", "m", HRA_RANGE_COMPUTE);
    bool missing[4] = {false};
    put(b, "age", 50);
    put_level(b, "sex", "female");
    assert_age(b, NAN, HRA_STATUS_MISSING);
    hra_judge_missing(b->judge, output_of(b, "m.risk.risk_age")->value, missing);
    assert_true(missing[1] && !missing[0] && !missing[2] && !missing[3]); /* sbp; a woman's weight is not asked for */
    assert_value(b, "m.risk.ideal", 62);                                  /* known: sbp is replaced */
    put(b, "sbp", 140);
    assert_age(b, 52, 0);
    put_level(b, "sex", "male");
    assert_age(b, NAN, HRA_STATUS_MISSING);
    assert_value(b, "m.risk.ideal", NAN); /* an unknown input that is not replaced stays unknown */
    put(b, "weight", 80);
    assert_age(b, 52, 0);
    close_bench(b);
}

static void test_derived_values_follow(void **state)
{
    (void)state;
    const char *text =
        "substitute ldl with tc - hdl - tg/2.2\nlet nonhdl = tc - hdl\nsubstitute bmi with weight/height[m]^2\n"
        "model m { risk = ldl + 100*nonhdl + bmi/1000 }";
    bench *b = open_with_ideal(text, "age tc hdl tg ldl weight height", "m", HRA_RANGE_COMPUTE);
    put(b, "tc", 7);
    put(b, "hdl", 1.5);
    put(b, "ldl", 4.5);
    put(b, "height", 200);
    put(b, "weight", 80);
    assert_value(b, "m.risk", 4.5 + 100 * 5.5 + 20.0 / 1000);
    assert_value(b, "m.risk.ideal", 3.0 + 100 * 4.0 + 20.0 / 1000);      /* the measured ldl does not count */
    assert_int_equal(status(b, "m.risk.ideal"), HRA_STATUS_SUBSTITUTED); /* for bmi */
    int count;
    hra_plan_outputs(b->plan, &count);
    assert_int_equal(count, 2); /* no risk age of a model that does not read age */
    close_bench(b);
}

/* A score in steps: the age nearest to the own one. */
static void test_steps(void **state)
{
    (void)state;
    bench *b = open_with_ideal("model m { valid age in 30..<70\n"
                               " risk = points(age: <40 -> 0, 40..<50 -> 2, >=50 -> 4) + if(sbp >= 140, 2, 0) }",
                               "age sbp", "m", HRA_RANGE_COMPUTE);
    put(b, "sbp", 120);
    put(b, "age", 45);
    assert_age(b, 45, 0);
    put(b, "sbp", 140);
    assert_age(b, 50, 0);
    put(b, "age", 55);
    assert_age(b, 70, HRA_STATUS_CLAMPED);
    close_bench(b);
    b = open_with_ideal("model m { valid age in 30..70\n"
                        " risk = points(age: <40 -> 4, 40..<50 -> 2, >=50 -> 0) + if(sbp >= 140, 2, 0) }",
                        "age sbp", "m", HRA_RANGE_COMPUTE);
    put(b, "sbp", 140);
    put(b, "age", 65); /* falls with age: the search goes on where it leads, and says that it did not arrive */
    assert_age(b, 70, HRA_STATUS_CLAMPED);
    close_bench(b);
}

/* Annual recursion with a table: a fold inside the search. */
static void test_fold_model(void **state)
{
    (void)state;
    bench *b = open_with_ideal("table deaths { key age bands value hazard rows { 30..<60, 0.01; 60..90, 0.03; } }\n"
                               "model m { valid age in 30..70\n let x = 0.001*(age + (sbp - 120)/4)\n"
                               " fold over year in 1..10 { state free = 1  state sum = 0  state now = age\n"
                               "  next sum = sum + free*x\n next free = free*(1 - x)*(1 - lookup(deaths.hazard, now))\n"
                               "  next now = now + 1\n emit total = sum }\n risk = total }",
                               "age sbp", "m", HRA_RANGE_COMPUTE);
    put(b, "age", 40);
    put(b, "sbp", 120);
    assert_age(b, 40, 0);
    put(b, "sbp", 140); /* 45 instead of 40, and nobody of either age reaches 60 */
    assert_age(b, 45, 0);
    close_bench(b);
}

static void test_role(void **state)
{
    (void)state;
    char text[2048];
    snprintf(text, sizeof text,
             "%smodel a { valid age in 30..70\n risk = age*1 + tc*1 + sbp/10 }\nmodel c { risk = age + sbp/10 }\n"
             "panel p { role cvd { use a because \"x\" use c because \"y\" } }",
             IDEAL);
    hra_plan_request request = {.panel = "p", .as_of = NAN, .share = true, .ideal = true, .risk_age = true};
    bench *b = open_bench(text, "age sbp tc", request);
    put(b, "age", 50);
    put(b, "sbp", 150);
    put(b, "tc", 6);
    assert_value(b, "p.cvd.ideal", 67);
    assert_value(b, "p.cvd.risk_age", 54);
    put(b, "tc", NAN); /* the second model is chosen, and its answers too */
    assert_value(b, "p.cvd.ideal", 62);
    assert_value(b, "p.cvd.risk_age", 53);
    assert_int_equal(status(b, "p.cvd.risk_age"), 0);
    put(b, "sbp", NAN);
    assert_value(b, "p.cvd.risk_age", NAN);
    assert_int_equal(status(b, "p.cvd.risk_age"), HRA_STATUS_MISSING);
    close_bench(b);
}

static void expect_fault(const char *text, const char *part)
{
    hra_buffer out = faults_of(text);
    if (!out.bytes || !strstr(out.bytes, part)) fail_msg("expected \"%s\", got:\n%s", part, out.bytes ? out.bytes : "");
    hra_buffer_destroy(&out);
}

static void test_faults(void **state)
{
    (void)state;
    expect_fault("ideal i { sbp = 120 }", "has no 'over'");
    expect_fault("ideal i { over age over sbp }", "a second 'over'");
    expect_fault("ideal i { over sex }", "not a variable with numbers");
    expect_fault("ideal i { over agee }", "unknown name 'agee'");
    expect_fault("ideal i { over age\n age = 3 }", "'age' is searched");
    expect_fault("ideal i { over age\n sbp = 1\n sbp = 2 }", "already given above");
    expect_fault("ideal i { over age\n sbp = never }", "'never'");
    expect_fault("ideal i { over age\n smoking_status = 3 }", "is a category");
    expect_fault("ideal i { over age\n xyz = 3 }", "unknown name 'xyz'");
    expect_fault("ideal i { over age\n sbp = }", "expected a value");
    expect_fault("ideal i { over age }\nideal k { over age }", "there is one ideal state, 'i'");
    expect_fault("ideal i { over age }\nreplace ideal i { over age\n sbp = 120 }", "");
    hra_library *library = library_of("model m { risk = age }");
    const char *model = "m";
    hra_plan_request request = {.models = &model, .model_count = 1, .as_of = NAN, .risk_age = true};
    hra_schema schema = {.dictionary = hra_library_dictionary(library)};
    hra_plan *plan;
    hra_error error;
    assert_int_equal(hra_plan_new(library, &schema, &request, &plan, &error), HRA_EUSAGE);
    assert_non_null(strstr(error.message, "ideal"));
    hra_library_free(library);
}

/* ---- the shipped models against a plain search --------------------------------------------- */

typedef struct shipped {
    hra_library *library;
    hra_schema schema;
    hra_plan *plain, *plan;
    hra_judge *plain_judge, *judge;
    double *person, *ideal;
    int age;
} shipped;

static hra_plan *plan_of(shipped *s, const char *model, bool with_ideal)
{
    hra_plan *plan;
    hra_error error;
    hra_plan_request request = {
        .models = &model, .model_count = 1, .as_of = 20400, .share = true, .ideal = with_ideal, .risk_age = with_ideal};
    if (hra_plan_new(s->library, &s->schema, &request, &plan, &error) != HRA_OK) fail_msg("%s", error.message);
    return plan;
}

static void open_shipped(shipped *s, const char *model)
{
    hra_error error;
    hra_diagnostics *faults = hra_diagnostics_new();
    s->library = hra_library_new();
    assert_int_equal(hra_library_add_builtin(s->library, faults, &error), HRA_OK);
    assert_int_equal(hra_library_check(s->library, faults, &error), HRA_OK);
    hra_diagnostics_free(faults);
    const hra_dictionary *d = hra_library_dictionary(s->library);
    int count = hra_dictionary_count(d);
    s->schema = (hra_schema){.dictionary = d, .columns = calloc((size_t)count, sizeof(hra_column))};
    for (int v = 0; v < count; v++)
        if (hra_dictionary_at(d, v)->type <= HRA_TYPE_DATE)
            assert_int_equal(hra_column_for(d, v, NULL, &s->schema.columns[s->schema.column_count++], &error), HRA_OK);
    s->plain = plan_of(s, model, false);
    s->plan = plan_of(s, model, true);
    s->plain_judge = hra_judge_new(hra_plan_graph(s->plain));
    s->judge = hra_judge_new(hra_plan_graph(s->plan));
    s->person = calloc((size_t)s->schema.column_count, sizeof(double));
    s->ideal = calloc((size_t)s->schema.column_count, sizeof(double));
    assert_true(s->plain_judge && s->judge && s->person && s->ideal);
}

static void close_shipped(shipped *s)
{
    hra_judge_free(s->plain_judge);
    hra_judge_free(s->judge);
    hra_plan_free(s->plain);
    hra_plan_free(s->plan);
    hra_library_free(s->library);
    free(s->schema.columns);
    free(s->person);
    free(s->ideal);
}

static int column_of(const shipped *s, const char *name)
{
    for (int c = 0; c < s->schema.column_count; c++)
        if (strcmp(hra_dictionary_at(s->schema.dictionary, s->schema.columns[c].variable)->name, name) == 0) return c;
    fail_msg("no column %s", name);
    return -1;
}

static void fill_person(shipped *s, random_state *r)
{
    for (int c = 0; c < s->schema.column_count; c++) {
        const hra_variable *v = hra_dictionary_at(s->schema.dictionary, s->schema.columns[c].variable);
        double low = isnan(v->plausible_min) ? 0 : v->plausible_min;
        double high = isnan(v->plausible_max) ? 1 : v->plausible_max;
        s->person[c] = low + random_unit(r) * (high - low);
        if (v->type == HRA_TYPE_FLAG) s->person[c] = random_chance(r, 20);
        if (v->type == HRA_TYPE_CATEGORY) s->person[c] = random_below(r, v->level_count);
        if (v->type == HRA_TYPE_COUNT) s->person[c] = floor(s->person[c]);
        if (random_chance(r, 2)) s->person[c] = NAN;
    }
    s->person[column_of(s, "birth_date")] = NAN; /* no age but the one given */
    s->person[column_of(s, "who_region")] = hra_variable_level(
        hra_dictionary_at(s->schema.dictionary, hra_dictionary_find(s->schema.dictionary, "who_region")), "east_asia");
}

/* The ideal state, written down a second time. */
static void make_ideal(shipped *s)
{
    static const struct {
        const char *name;
        double value;
    } values[] = {{"sbp", 120},
                  {"dbp", 79},
                  {"bp_treated", 0},
                  {"hypertension", 0},
                  {"tc", 200 * 0.0259},
                  {"hdl", 40 * 0.0259},
                  {"tg", 1.69},
                  {"ldl", NAN},
                  {"lipid_treated", 0},
                  {"bmi", 23.9},
                  {"diabetes", 0},
                  {"glucose_fasting", 5.5},
                  {"glucose_2h", 7.7},
                  {"hba1c", 5.6},
                  {"high_glucose_history", 0},
                  {"egfr", 90},
                  {"smoking_status", 0},
                  {"cigs_per_day", 0},
                  {"smoking_years", 0},
                  {"pack_years", 0},
                  {"quit_years", 0},
                  {"fh_ascvd", 0},
                  {"fh_chd_premature", 0},
                  {"physical_activity", 1}};
    memcpy(s->ideal, s->person, (size_t)s->schema.column_count * sizeof(double));
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        s->ideal[column_of(s, values[i].name)] = values[i].value;
    double sex = s->person[column_of(s, "sex")];
    s->ideal[column_of(s, "waist")] = isnan(sex) ? NAN : sex == 0 ? 90 : 85;
}

static double risk_of(shipped *s, const double *inputs)
{
    int count;
    const hra_output *outputs = hra_plan_outputs(s->plain, &count);
    hra_judge_person(s->plain_judge, inputs);
    return hra_judge_value(s->plain_judge, outputs[0].value);
}

static double ideal_risk_at(shipped *s, double age)
{
    s->ideal[s->age] = age;
    return risk_of(s, s->ideal);
}

/* The first age, going from the own one in steps of 1/64, at which the ideal person's risk has passed this one. */
static double search(shipped *s, double risk, double low, double high, bool *met)
{
    double age = s->person[s->age], here = ideal_risk_at(s, age);
    *met = true;
    if (here == risk) return age;
    double step = here < risk ? 1.0 / 64 : -1.0 / 64;
    for (age += step; age >= low && age <= high; age += step) {
        double there = ideal_risk_at(s, age);
        if (step > 0 ? there >= risk : there <= risk) return age;
    }
    *met = false;
    return step > 0 ? high : low;
}

static const hra_output *named(const hra_plan *plan, const char *end)
{
    int count;
    const hra_output *outputs = hra_plan_outputs(plan, &count);
    for (int i = 0; i < count; i++) {
        size_t n = strlen(outputs[i].id), m = strlen(end);
        if (n > m && strcmp(outputs[i].id + n - m, end) == 0) return &outputs[i];
    }
    fail_msg("no output %s", end);
    return NULL;
}

/* Returns 1 where there was an age to compare. */
static int compare_person(shipped *s, const char *model, double low, double high)
{
    make_ideal(s);
    double risk = risk_of(s, s->person);
    hra_judge_person(s->judge, s->person);
    const hra_output *ideal = named(s->plan, ".ideal"), *age = named(s->plan, ".risk_age");
    double is_ideal = hra_judge_value(s->judge, ideal->value), is_age = hra_judge_value(s->judge, age->value);
    double own = s->person[s->age];
    unsigned bits = hra_judge_status(s->judge, age);
    if (bits & HRA_STATUS_NOT_APPLICABLE) {
        assert_true(isnan(risk) && isnan(is_ideal) && isnan(is_age));
        return 0;
    }
    double should = ideal_risk_at(s, own);
    if (!(is_ideal == should || (isnan(is_ideal) && isnan(should))))
        fail_msg("%s: ideal %.17g instead of %.17g", model, is_ideal, should);
    if (isnan(risk) || isnan(should) || own < low || own > high) {
        assert_true(isnan(is_age) && (bits & (HRA_STATUS_MISSING | HRA_STATUS_OUTSIDE_RANGE)));
        return 0;
    }
    bool met;
    double age_should = search(s, risk, low, high, &met);
    if (!(fabs(is_age - age_should) <= 0.1))
        fail_msg("%s: age %g instead of %g (status %u, own age %g, risk %g, ideal %g)", model, is_age, age_should, bits,
                 own, risk, should);
    bool near_limit = age_should < low + 0.1 || age_should > high - 0.1;
    if (!near_limit || !met) assert_int_equal((bits & HRA_STATUS_CLAMPED) != 0, !met);
    return 1;
}

static void test_shipped_models(void **state)
{
    (void)state;
    static const struct {
        const char *model;
        double low, high;
    } models[] = {{"framingham_cvd_2008_lipid", 30, 74},
                  {"china_par_2016_calc", 35, 74},
                  {"who_cvd_2019_lab", 40, 80},
                  {"framingham_chd_1998_tc", 30, 74},
                  {"prevent_2023_base", 30, 79}};
    for (size_t m = 0; m < sizeof models / sizeof models[0]; m++) {
        shipped s = {0};
        random_state r = {m + 1};
        int compared = 0;
        open_shipped(&s, models[m].model);
        s.age = column_of(&s, "age");
        for (int person = 0; person < 400; person++) {
            fill_person(&s, &r);
            compared += compare_person(&s, models[m].model, models[m].low, models[m].high);
        }
        if (compared < 20) fail_msg("%s: only %d people compared", models[m].model, compared);
        make_ideal(&s);
        close_shipped(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_smooth_model),   cmocka_unit_test(test_limits),
        cmocka_unit_test(test_unknown_inputs), cmocka_unit_test(test_derived_values_follow),
        cmocka_unit_test(test_steps),          cmocka_unit_test(test_fold_model),
        cmocka_unit_test(test_role),           cmocka_unit_test(test_faults),
        cmocka_unit_test(test_shipped_models),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
