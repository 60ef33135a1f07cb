/* What the tests of the service rules share: one person against all shipped
 * rules, and people made at random. */
#ifndef HRA_TESTS_RULES_FIXTURE_H
#define HRA_TESTS_RULES_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/language/library.h"
#include "engine/language/plan.h"
#include "engine/graph/judge.h"

/* ---- one person against all rules ------------------------------------------ */

typedef struct bench {
    hra_library *library;
    const hra_dictionary *dictionary;
    hra_schema schema;
    hra_plan *plan;
    const hra_output *outputs;
    int output_count;
    hra_judge *judge;
    double *inputs; /* of the person under test, one per column */
} bench;

static bench the_bench;

static const char *const wanted_lets[] = {"htn_stratum",
                                          "htn_rf_count",
                                          "ascvd_stratum",
                                          "ldl_target",
                                          "stroke8_count",
                                          "cdrs",
                                          "target_weight",
                                          "weight_loss_kg",
                                          "bp_goal_below_systolic",
                                          "bp_goal_below_diastolic",
                                          "bp_home_below_systolic",
                                          "topic_pressure_below_systolic"};

static inline void build_schema(bench *b)
{
    int count = hra_dictionary_count(b->dictionary);
    b->schema.dictionary = b->dictionary;
    b->schema.columns = calloc((size_t)count, sizeof *b->schema.columns);
    assert_non_null(b->schema.columns);
    for (int i = 0; i < count; i++) {
        hra_type type = hra_dictionary_at(b->dictionary, i)->type;
        if (type == HRA_TYPE_LABEL || type == HRA_TYPE_TEXT || type == HRA_TYPE_ID) continue;
        hra_error error;
        hra_column *column = &b->schema.columns[b->schema.column_count++];
        assert_int_equal(hra_column_for(b->dictionary, i, NULL, column, &error), HRA_OK);
    }
}

static inline int set_up(void **state)
{
    (void)state;
    bench *b = &the_bench;
    hra_error error;
    hra_diagnostics *diagnostics = hra_diagnostics_new();
    b->library = hra_library_new();
    hra_code code = hra_library_add_builtin(b->library, diagnostics, &error);
    if (code == HRA_OK) code = hra_library_check(b->library, diagnostics, &error);
    if (code != HRA_OK) {
        hra_buffer text = {0};
        hra_diagnostics_print(diagnostics, &text);
        fprintf(stderr, "%.*s\n%s\n", (int)text.length, text.bytes ? text.bytes : "", error.message);
        hra_buffer_destroy(&text);
        return -1;
    }
    hra_diagnostics_free(diagnostics);
    b->dictionary = hra_library_dictionary(b->library);
    build_schema(b);
    hra_plan_request request = {.panel = "china_corporate",
                                .factors = true,
                                .tiers = true,
                                .prescriptions = true,
                                .aggregates = true,
                                .items = true,
                                .monitors = true,
                                .topics = true,
                                .what_if = true,
                                .lets = wanted_lets,
                                .let_count = (int)(sizeof wanted_lets / sizeof *wanted_lets),
                                .as_of = 20000,
                                .share = true};
    if (hra_plan_new(b->library, &b->schema, &request, &b->plan, &error) != HRA_OK) {
        fprintf(stderr, "%s\n", error.message);
        return -1;
    }
    b->outputs = hra_plan_outputs(b->plan, &b->output_count);
    b->judge = hra_judge_new(hra_plan_graph(b->plan));
    b->inputs = calloc((size_t)b->schema.column_count, sizeof *b->inputs);
    return b->judge && b->inputs ? 0 : -1;
}

static inline int tear_down(void **state)
{
    (void)state;
    free(the_bench.inputs);
    hra_judge_free(the_bench.judge);
    hra_plan_free(the_bench.plan);
    free(the_bench.schema.columns);
    hra_library_free(the_bench.library);
    return 0;
}

static inline const hra_variable *column_variable(int column)
{
    return hra_dictionary_at(the_bench.dictionary, the_bench.schema.columns[column].variable);
}

static inline int column_of(const char *name)
{
    int variable = hra_dictionary_find(the_bench.dictionary, name);
    if (variable < 0) fail_msg("no variable %s", name);
    int column = hra_schema_find(&the_bench.schema, variable, NULL);
    assert_true(column >= 0);
    return column;
}

static inline void nobody(void)
{
    for (int i = 0; i < the_bench.schema.column_count; i++) the_bench.inputs[i] = NAN;
}

static inline void set(const char *name, double value) { the_bench.inputs[column_of(name)] = value; }

static inline void set_level(const char *name, const char *level)
{
    int column = column_of(name);
    int ordinal = hra_variable_level(column_variable(column), level);
    if (ordinal < 0) fail_msg("%s has no level %s", name, level);
    the_bench.inputs[column] = ordinal;
}

static inline const hra_output *output_of(const char *id)
{
    for (int i = 0; i < the_bench.output_count; i++) {
        if (strcmp(the_bench.outputs[i].id, id) == 0) return &the_bench.outputs[i];
    }
    fail_msg("no output %s", id);
    return NULL;
}

/* Call present() after the person is complete, then read any number of values. */
static inline void present(void) { hra_judge_person(the_bench.judge, the_bench.inputs); }

static inline double value_of(const char *id) { return hra_judge_value(the_bench.judge, output_of(id)->value); }

static inline unsigned status_of(const char *id) { return hra_judge_status(the_bench.judge, output_of(id)); }

#define UNKNOWN NAN

static inline void expect(const char *id, double expected)
{
    double value = value_of(id);
    if (isnan(expected) ? !isnan(value) : !(value == expected)) fail_msg("%s is %g, expected %g", id, value, expected);
}

static inline void expect_number(const char *id, double expected)
{
    double value = value_of(id);
    if (!(fabs(value - expected) <= 1e-12 * fabs(expected)))
        fail_msg("%s is %.17g, expected %.17g", id, value, expected);
}

static inline void expect_level(const char *id, const char *level)
{
    const hra_output *output = output_of(id);
    double value = value_of(id);
    const char *found = value >= 0 && value < output->level_count ? output->levels[(int)value] : "unknown";
    if (strcmp(found, level) != 0) fail_msg("%s is %s, expected %s", id, found, level);
}

/* ---- random people --------------------------------------------------------- */

static uint64_t random_state = 88172645463325252u;

static inline double uniform(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (double)(random_state >> 11) * 0x1p-53;
}

static inline double random_value(const hra_variable *variable)
{
    if (variable->type == HRA_TYPE_FLAG) return uniform() < 0.3;
    if (variable->type == HRA_TYPE_CATEGORY) return floor(uniform() * variable->level_count);
    if (variable->type == HRA_TYPE_DATE) return floor(uniform() * 20000);
    bool wide = uniform() < 0.2;
    double low = wide ? variable->hard_min : variable->plausible_min;
    double high = wide ? variable->hard_max : variable->plausible_max;
    double scale = pow(10, variable->decimals);
    return round((low + uniform() * (high - low)) * scale) / scale;
}

static inline void random_person(void)
{
    for (int i = 0; i < the_bench.schema.column_count; i++) the_bench.inputs[i] = random_value(column_variable(i));
    /* two questions with one answer */
    set("fatty_liver_any", the_bench.inputs[column_of("fatty_liver")] > 0);
    if (the_bench.inputs[column_of("sex")] == hra_variable_level(column_variable(column_of("sex")), "male") ||
        the_bench.inputs[column_of("age")] >= 60)
        set("pregnant", 0);
}

static inline bool is_due(const char *id) { return value_of(id) == 1; }

/* A healthy man of 35 about whom everything is known that plans and classes ask. */
static inline void healthy_man(void)
{
    nobody();
    set("age", 35);
    set_level("sex", "male");
    set("sbp", 112);
    set("dbp", 72);
    set("bmi", 22.5);
    set("height", 172);
    set("weight", 66.6);
    set("waist", 78);
    set("tc", 4.5);
    set("ldl", 2.4);
    set("hdl", 1.4);
    set("tg", 1.0);
    set("glucose_fasting", 5.0);
    set("hypertension", 0);
    set("bp_treated", 0);
    set("diabetes", 0);
    set("glucose_treated", 0);
    set("fh_diabetes", 0);
    set("vip", 0);
    set("consent", 1);
    set("consent_cdm", 1);
    set_level("plan", "group_maintain");
    set_level("smoking_status", "never");
}

/* Everything the hypertension table looks at, without a finding. */
static inline void person_without_findings(void)
{
    static const char *const no[] = {"hypertension",
                                     "bp_treated",
                                     "passive_smoking",
                                     "fh_premature_cvd",
                                     "lvh",
                                     "carotid_plaque",
                                     "prior_mi",
                                     "prior_chd",
                                     "prior_stroke",
                                     "prior_tia",
                                     "prior_pad",
                                     "prior_revasc",
                                     "heart_failure",
                                     "ckd",
                                     "diabetes",
                                     "glucose_treated",
                                     "lipid_treated",
                                     "dyslipidemia",
                                     "af",
                                     "fh_stroke"};
    nobody();
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) set(no[i], 0);
    set_level("sex", "male");
    set_level("smoking_status", "never");
    set("age", 40);
    set("sbp", 115);
    set("dbp", 75);
    set("bmi", 22);
    set("waist", 78);
    set("tc", 4.0);
    set("ldl", 2.0);
    set("hdl", 1.4);
    set("tg", 1.0);
    set("glucose_fasting", 5.0);
    set("glucose_2h", 6.0);
    set("hba1c", 5.2);
    set("homocysteine", 9);
    set("uacr", 5);
    set("egfr", 100);
    set("activity_min_week", 200);
}

static inline bool contradictory_pressures(void)
{
    return the_bench.inputs[column_of("sbp")] <= the_bench.inputs[column_of("dbp")];
}

#endif
