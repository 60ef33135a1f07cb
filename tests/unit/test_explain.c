/* hra explain on a small graph: the path taken, the tables of sums, causes, both faces. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/language/dictionary_build.h"
#include "engine/language/memory.h"
#include "engine/run/explain.h"

enum { SEX, AGE, SBP, TREATED, WEIGHT, COLUMNS };
enum { BMI = COLUMNS }; /* a variable without a column */

typedef struct fixture {
    hra_memory memory;
    hra_dictionary *dictionary;
    hra_column columns[COLUMNS];
    hra_schema schema;
    hra_graph *graph;
    hra_output outputs[2];
} fixture;

static hra_node num(hra_graph *g, double x) { return hra_graph_number(g, x); }

static hra_node op(hra_graph *g, hra_op o, hra_node a, hra_node b) { return hra_graph_binary(g, o, a, b); }

static hra_node term(hra_graph *g, double coefficient, hra_node x) { return op(g, HRA_OP_MUL, num(g, coefficient), x); }

/* lp of one stratum: c*ln(age) + points(sbp) - 0.5*ln(sbp)*bp_treated + 0.01*bmi */
static hra_node stratum(hra_graph *g, double coefficient, hra_node bmi)
{
    static const double cuts[] = {120, 140}, points[] = {0, 1, 2};
    static const bool after[] = {false, false};
    hra_node age = hra_graph_unary(g, HRA_OP_LN, hra_graph_input(g, AGE));
    hra_node sum = term(g, coefficient, age);
    sum = op(g, HRA_OP_ADD, sum, hra_graph_step(g, hra_graph_input(g, SBP), &(hra_step){2, cuts, after, points}));
    hra_node sbp = term(g, 0.5, hra_graph_unary(g, HRA_OP_LN, hra_graph_input(g, SBP)));
    hra_node treated = hra_graph_unary(g, HRA_OP_FROM_FLAG, hra_graph_input_flag(g, TREATED));
    sum = op(g, HRA_OP_SUB, sum, op(g, HRA_OP_MUL, sbp, treated));
    sum = op(g, HRA_OP_ADD, sum, term(g, 0.01, bmi));
    hra_graph_name(g, sum, "lp");
    return sum;
}

static hra_node is_level(hra_graph *g, int level) { return op(g, HRA_OP_EQ, hra_graph_input(g, SEX), num(g, level)); }

static void build_graph(fixture *f)
{
    hra_graph *g = f->graph = hra_graph_new(false);
    hra_node ratio = op(g, HRA_OP_DIV, hra_graph_input(g, WEIGHT), hra_graph_power(g, num(g, 1.7), 2));
    hra_node bmi = op(g, HRA_OP_SUBSTITUTE, hra_graph_absent(g, BMI, HRA_KIND_NUM), ratio);
    hra_node female = stratum(g, 2.5, bmi), male = stratum(g, 3, bmi);
    hra_node rest = hra_graph_select(g, is_level(g, 1), male, hra_graph_outside(g));
    hra_node lp = hra_graph_select(g, is_level(g, 0), female, rest);
    hra_graph_name(g, lp, "lp");
    hra_node e = hra_graph_unary(g, HRA_OP_EXP, op(g, HRA_OP_SUB, lp, num(g, 13)));
    hra_node risk = op(g, HRA_OP_SUB, num(g, 1), op(g, HRA_OP_POW, num(g, 0.95), e));
    static const char *const levels[] = {"low", "high"};
    static const double cut = 0.1, values[] = {0, 1};
    static const bool after = false;
    hra_node level = hra_graph_step(g, risk, &(hra_step){1, &cut, &after, values});
    hra_node outside = op(g, HRA_OP_LT, num(g, 74), hra_graph_input(g, AGE));
    f->outputs[0] = (hra_output){.id = "m.risk", .owner = "m", .name = "risk", .unit = "", .value = risk};
    f->outputs[1] = (hra_output){.id = "m.category", .owner = "m", .name = "category", .unit = "", .value = level};
    f->outputs[1].kind = HRA_OUTPUT_CATEGORY;
    f->outputs[1].levels = levels;
    f->outputs[1].level_count = 2;
    for (int i = 0; i < 2; i++) {
        hra_output *o = &f->outputs[i];
        o->outside = outside;
        o->excluded = o->clamped = o->provisional = -1;
        o->substituted = hra_graph_why(g, o->value, HRA_WHY_SUBSTITUTED);
        o->missing = hra_graph_why(g, o->value, HRA_WHY_MISSING);
    }
}

static int set_up(void **state)
{
    static const hra_level levels[] = {{.name = "female"}, {.name = "male"}};
    static const hra_variable variables[] = {
        {.name = "sex", .type = HRA_TYPE_CATEGORY, .unit = "", .levels = levels, .level_count = 2},
        {.name = "age", .type = HRA_TYPE_MEASURE, .unit = "years"},
        {.name = "sbp", .type = HRA_TYPE_MEASURE, .unit = "mmHg"},
        {.name = "bp_treated", .type = HRA_TYPE_FLAG, .unit = ""},
        {.name = "weight", .type = HRA_TYPE_MEASURE, .unit = "kg"},
        {.name = "bmi", .type = HRA_TYPE_MEASURE, .unit = "kg/m2"},
    };
    fixture *f = calloc(1, sizeof *f);
    assert_true(hra_memory_open(&f->memory));
    f->dictionary = hra_dictionary_new(f->memory.arena);
    for (int i = 0; i <= BMI; i++) assert_int_equal(hra_dictionary_put(f->dictionary, &variables[i]), i);
    for (int i = 0; i < COLUMNS; i++) f->columns[i] = (hra_column){.variable = i, .unit = variables[i].unit};
    f->schema = (hra_schema){.dictionary = f->dictionary, .columns = f->columns, .column_count = COLUMNS};
    build_graph(f);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    hra_graph_free(f->graph);
    hra_dictionary_free(f->dictionary);
    hra_memory_close(&f->memory);
    free(f);
    return 0;
}

static char *explain(const fixture *f, const double *person, bool json)
{
    static const char *const sources[] = {"doi 10.1/x"};
    hra_explain_heading heading = {.id = "m", .title = "A model", .sources = sources, .source_count = 1};
    hra_judge *judge = hra_judge_new(f->graph);
    hra_buffer out = {0};
    hra_error error;
    hra_judge_person(judge, person);
    assert_int_equal(hra_explain(f->graph, judge, &f->schema, f->outputs, 2, &heading, json, &out, &error), HRA_OK);
    hra_judge_free(judge);
    return out.bytes;
}

static void the_path_taken_is_told(void **state)
{
    const double man[COLUMNS] = {1, 50, 145, 1, 80};
    char *text = explain(*state, man, false);
    const char *expected =
        "A model\nm\ndoi 10.1/x\n\n"
        "Inputs\n"
        "  sex         male\n"
        "  age         50 years\n"
        "  sbp         145 mmHg\n"
        "  bp_treated  true\n"
        "  bmi         not in the file\n"
        "  weight      80 kg\n\n"
        "Steps\n\n"
        "  bmi   [bmi unknown, substituted]\n"
        "    = weight/1.7^2\n"
        "    = 80/1.7^2\n"
        "    = 27.6817\n\n"
        "  lp   [sex == male]\n"
        "    term                        value             coefficient   contribution    running sum\n"
        "    ln(age)                   3.91202                       3      11.736069      11.736069\n"
        "    points(sbp)                   145                               2.000000      13.736069\n"
        "    ln(sbp) * bp_treated      4.97673                    -0.5      -2.488367      11.247702\n"
        "    bmi                       27.6817                    0.01       0.276817      11.524519\n\n"
        "  risk\n"
        "    = 1 - 0.95^exp(lp - 13)\n"
        "    = 1 - 0.95^exp(11.5245 - 13)\n"
        "    = 0.0116607\n\n"
        "  category\n"
        "    = bands(risk)\n"
        "    = low\n\n"
        "Results\n"
        "  risk      0.0116607 (1.17 %)   substituted\n"
        "  category  low   substituted\n";
    assert_string_equal(text, expected);
    free(text);
}

static void causes_of_range_and_missing_are_told(void **state)
{
    const double old[COLUMNS] = {0, 80, NAN, 1, 80};
    char *text = explain(*state, old, false);
    assert_non_null(strstr(text, "  sbp         unknown\n"));
    assert_non_null(strstr(text, "lp   [sex == female]\n"));
    assert_non_null(strstr(text, "risk      unknown   substituted;outside_range;missing:sbp\n"));
    assert_non_null(strstr(text, "because age > 74\n"));
    free(text);
    const double sexless[COLUMNS] = {NAN, 50, 145, 1, 80};
    text = explain(*state, sexless, false);
    assert_non_null(strstr(text, "lp   [unknown: sex == female]\n"));
    assert_non_null(strstr(text, "missing:sex\n"));
    assert_null(strstr(text, "weight"));
    free(text);
    const double thin[COLUMNS] = {0, 50, 145, 1, NAN};
    text = explain(*state, thin, false);
    assert_non_null(strstr(text, "risk      unknown   missing:bmi\n"));
    free(text);
}

static void json_has_all_digits(void **state)
{
    const double man[COLUMNS] = {1, 50, 145, 0, 80};
    char *text = explain(*state, man, true);
    assert_non_null(strstr(text, "{\"id\":\"m\",\"title\":\"A model\",\"sources\":[\"doi 10.1/x\"],\"inputs\":["));
    assert_non_null(strstr(text, "{\"name\":\"sex\",\"value\":\"male\"}"));
    assert_non_null(strstr(text, "{\"name\":\"bmi\",\"value\":null,\"unit\":\"kg/m2\"}"));
    assert_non_null(strstr(text, "\"where\":[\"sex == male\"]"));
    assert_non_null(strstr(text, "{\"term\":\"ln(age)\",\"value\":3.91202300542814"));
    assert_non_null(strstr(text, "{\"name\":\"category\",\"value\":\"high\",\"status\":\"substituted\"}"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_path_taken_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(causes_of_range_and_missing_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(json_has_all_digits, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
