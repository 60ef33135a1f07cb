/* What the compiler does, and that bad input gets a message. That results are
 * right is the business of tests/differential. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/kernels/isa.h"
#include "engine/kernels/kernels.h"
#include "engine/program/program.h"
#include "engine/graph/judge.h"

enum { AGE, SBP, SMOKER, BIRTH, SEX, COLUMNS };

static hra_column columns[COLUMNS] = {
    {0, "", 0, 0, 121}, {1, "", 0, 60, 241}, {2, "", 0, 0, 2}, {3, "", 0, -25000, 80000}, {4, "", 0, 0, 2}};
static const hra_schema schema = {.columns = columns, .column_count = COLUMNS};

static hra_output output_of(hra_graph *graph, hra_node value)
{
    return (hra_output){.id = "x",
                        .kind = hra_graph_kind(graph, value) == HRA_KIND_FLAG ? HRA_OUTPUT_FLAG : HRA_OUTPUT_NUMBER,
                        .value = value,
                        .outside = -1,
                        .excluded = -1,
                        .substituted = -1,
                        .clamped = -1,
                        .missing = -1,
                        .provisional = -1,
                        .status_of = 0};
}

static hra_program *compile(const hra_graph *graph, const hra_output *output, const hra_program_options *options)
{
    hra_program *program;
    hra_error error;
    if (hra_program_compile(graph, &schema, output, 1, options, &program, &error) != HRA_OK)
        fail_msg("%s", error.message);
    return program;
}

static hra_program_facts facts_of(const hra_graph *graph, hra_node value, const hra_program_options *options)
{
    hra_output output = output_of((hra_graph *)graph, value);
    hra_program *program = compile(graph, &output, options);
    hra_program_facts facts;
    hra_program_describe(program, &facts);
    hra_program_free(program);
    return facts;
}

static hra_node number(hra_graph *g, double x) { return hra_graph_number(g, x); }
static hra_node multiply(hra_graph *g, double k, hra_node x)
{
    return hra_graph_binary(g, HRA_OP_MUL, number(g, k), x);
}
static hra_node plus(hra_graph *g, hra_node a, hra_node b) { return hra_graph_binary(g, HRA_OP_ADD, a, b); }

/* instructions of a store, which looks where the number is known, and of its status */
enum { STORING = 2 };

static void test_a_sum_is_one_instruction(void **state)
{
    hra_graph *g = hra_graph_new(true);
    hra_node age = hra_graph_input(g, AGE), sbp = hra_graph_input(g, SBP);
    hra_node sum = plus(g, plus(g, number(g, 1.5), multiply(g, 0.3, age)), multiply(g, -0.2, sbp));
    sum = hra_graph_binary(g, HRA_OP_SUB, sum, hra_graph_unary(g, HRA_OP_NEG, multiply(g, 2, age)));
    hra_program_options plain = {.no_tabulation = true}, none = {.no_tabulation = true, .no_fusion = true};
    assert_int_equal(facts_of(g, sum, &plain).instructions, 2 + 1 + STORING);
    assert_int_equal(facts_of(g, sum, &none).instructions, 2 + 7 + STORING);
    hra_graph_free(g);
}

static void test_a_function_of_one_input_is_a_table(void **state)
{
    hra_graph *g = hra_graph_new(true);
    hra_node ln = hra_graph_unary(g, HRA_OP_LN, hra_graph_input(g, AGE));
    hra_node square = hra_graph_binary(g, HRA_OP_MUL, ln, ln);
    hra_program_facts facts = facts_of(g, square, NULL);
    assert_int_equal(facts.tables, 1);
    assert_int_equal(facts.table_bytes, 123 * sizeof(double));
    assert_int_equal(facts.instructions, 1 + STORING);
    assert_int_equal(facts_of(g, square, &(hra_program_options){.no_tabulation = true}).tables, 0);
    hra_graph_free(g);
}

static void test_a_function_of_two_small_inputs_is_a_table(void **state)
{
    hra_graph *g = hra_graph_new(true);
    hra_node age = hra_graph_input(g, AGE), sbp = hra_graph_input(g, SBP);
    hra_node power = hra_graph_binary(g, HRA_OP_POW, age, multiply(g, 0.01, sbp));
    hra_program_facts facts = facts_of(g, power, NULL);
    assert_int_equal(facts.tables, 1);
    assert_int_equal(facts.table_bytes, 123 * 243 * sizeof(double));
    hra_graph_free(g);
}

/* One table of ln(age) serves both sums: the factors cost nothing inside a sum. */
static void test_sums_share_the_table_of_a_logarithm(void **state)
{
    hra_graph *g = hra_graph_new(true);
    hra_node ln = hra_graph_unary(g, HRA_OP_LN, hra_graph_input(g, AGE)), sbp = hra_graph_input(g, SBP);
    hra_node a = plus(g, multiply(g, 2.3, ln), multiply(g, 0.1, sbp));
    hra_node b = plus(g, multiply(g, 1.2, ln), multiply(g, 0.4, sbp));
    hra_node both = hra_graph_binary(g, HRA_OP_MAX, a, b);
    assert_int_equal(facts_of(g, both, NULL).tables, 1);
    hra_graph_free(g);
}

/* ---- running a few rows ------------------------------------------------------------ */

typedef struct rows {
    uint16_t age[200], sbp[200], smoker[200], sex[200];
    uint32_t birth[200];
    hra_codes codes[COLUMNS];
    hra_chunk chunk;
} rows;

static void rows_init(rows *r, int count)
{
    memset(r, 0, sizeof *r);
    for (int i = 0; i < 200; i++) {
        r->age[i] = (uint16_t)(i % 122);
        r->sbp[i] = (uint16_t)(i * 7 % 242);
        r->smoker[i] = (uint16_t)(i % 3);
        r->birth[i] = (uint32_t)i * 401u;
    }
    r->codes[AGE].u16 = r->age;
    r->codes[SBP].u16 = r->sbp;
    r->codes[SMOKER].u16 = r->smoker;
    r->codes[BIRTH].u32 = r->birth;
    r->codes[SEX].constant = 1;
    r->chunk = (hra_chunk){.rows = count, .columns = r->codes, .first_row = -1};
}

static void expect_as_judged(const hra_graph *g, hra_node value, const rows *r)
{
    hra_output output = output_of((hra_graph *)g, value);
    hra_error error;
    hra_judge *judge = hra_judge_new(g);
    hra_program *program = compile(g, &output, NULL);
    hra_workspace *workspace = hra_workspace_new(program);
    hra_results *results = hra_results_new(1, &output, r->chunk.rows);
    if (hra_program_score(program, workspace, &r->chunk, results, &error) != HRA_OK) fail_msg("%s", error.message);
    for (int row = 0; row < r->chunk.rows; row++) {
        double inputs[COLUMNS], expected;
        hra_chunk_person(&schema, &r->chunk, row, inputs);
        hra_judge_person(judge, inputs);
        expected = hra_judge_value(judge, value);
        double got = hra_results_value(results, 0, row);
        assert_memory_equal(&got, &expected, sizeof expected);
        assert_int_equal(results->status[0][row], hra_judge_status(judge, &output));
    }
    hra_results_free(results);
    hra_workspace_free(workspace);
    hra_program_free(program);
    hra_judge_free(judge);
}

/* What joining saves, in instructions; the values are the judge's either way. */
static int saved_by_joining(hra_graph *g, hra_node value)
{
    const hra_program_options plain = {.no_tabulation = true}, none = {.no_tabulation = true, .no_fusion = true};
    rows r;
    rows_init(&r, 200);
    expect_as_judged(g, value, &r);
    return facts_of(g, value, &none).instructions - facts_of(g, value, &plain).instructions;
}

static void test_instructions_that_follow_from_each_other_are_joined(void **state)
{
    hra_graph *g = hra_graph_new(true);
    hra_node age = hra_graph_input(g, AGE), sbp = hra_graph_input(g, SBP), row = age;
    for (int k = 0; k < 4; k++) {
        hra_node condition = hra_graph_binary(g, HRA_OP_LT, sbp, hra_graph_number(g, 170 - 20 * k));
        row = hra_graph_select(g, condition, k % 2 ? hra_graph_number(g, k) : sbp, row);
    }
    assert_int_equal(saved_by_joining(g, row), 3);
    hra_node excess = hra_graph_binary(g, HRA_OP_SUB, age, hra_graph_number(g, 50.5));
    excess = hra_graph_binary(g, HRA_OP_MAX, excess, hra_graph_number(g, 0));
    hra_node cube = hra_graph_power(g, excess, 3);
    assert_int_equal(saved_by_joining(g, cube), 3);
    assert_int_equal(saved_by_joining(g, hra_graph_binary(g, HRA_OP_DIV, cube, excess)), 0); /* read elsewhere, too */
    hra_graph_free(g);
}

/* 1 - exp(a * b), whose parts nobody else reads, is one instruction; 1 - exp(a) too. */
static void test_what_is_taken_from_one_is_computed_with_it(void **state)
{
    hra_graph *g = hra_graph_new(true);
    hra_node age = hra_graph_input(g, AGE), sbp = hra_graph_input(g, SBP);
    hra_node hazard = multiply(g, -0.001, hra_graph_unary(g, HRA_OP_EXP, multiply(g, 0.05, age)));
    hra_node survival = hra_graph_unary(g, HRA_OP_EXP, hazard);
    hra_node risk = hra_graph_binary(g, HRA_OP_SUB, number(g, 1), survival);
    assert_int_equal(saved_by_joining(g, risk), 3);
    hra_node shared = hra_graph_binary(g, HRA_OP_DIV, risk, survival);
    assert_int_equal(saved_by_joining(g, shared), 2);
    hra_node plain = hra_graph_binary(g, HRA_OP_SUB, sbp, hra_graph_unary(g, HRA_OP_EXP, age));
    assert_int_equal(saved_by_joining(g, plain), 1);
    hra_graph_free(g);
}

/* A number that two conditions choose from four, the first given the outer one. */
static hra_node of_four(hra_graph *g, hra_node outer, hra_node inner, const double k[4])
{
    hra_node yes = hra_graph_select(g, inner, number(g, k[0]), number(g, k[1]));
    return hra_graph_select(g, outer, yes, hra_graph_select(g, inner, number(g, k[2]), number(g, k[3])));
}

static void test_two_conditions_choose_the_coefficients_of_a_sum(void **state)
{
    static const double sets[][4] = {{1.25, -3, 0.1, 7}, {2, 3, 5, 2},       {2, 3, 3, 2},
                                     {0.5, 0.5, 4, 4},   {0.7, -9, 0.7, -9}, {-0.0, 0.0, 1, -1}};
    hra_graph *g = hra_graph_new(true);
    hra_node age = hra_graph_input(g, AGE), sbp = hra_graph_input(g, SBP), sum = number(g, 0.3);
    hra_node smoker = hra_graph_input_flag(g, SMOKER);
    hra_node high = hra_graph_binary(g, HRA_OP_LT, number(g, 150), sbp);
    for (int k = 0; k < 6; k++) {
        hra_node factor = k % 2 ? of_four(g, smoker, high, sets[k]) : of_four(g, high, smoker, sets[k]);
        sum = plus(g, sum, hra_graph_binary(g, HRA_OP_MUL, factor, k % 3 ? age : sbp));
    }
    sum = plus(g, sum, multiply(g, 0.2, hra_graph_select(g, smoker, number(g, 3), number(g, 8))));
    sum = hra_graph_binary(g, HRA_OP_SUB, sum, hra_graph_select(g, high, number(g, 0.1), number(g, 0.2)));
    sum = plus(g, sum, hra_graph_binary(g, HRA_OP_MUL, age, sbp));
    /* two loads, a flag, known and comparison, a gate, and then which of four, and the sum */
    assert_int_equal(facts_of(g, sum, &(hra_program_options){.no_tabulation = true}).instructions, 6 + 2 + STORING);
    for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++) {
        if (!(*isa)->supported()) continue;
        assert_int_equal(hra_isa_force((*isa)->name, NULL), HRA_OK);
        rows r;
        rows_init(&r, 200);
        expect_as_judged(g, sum, &r);
    }
    hra_isa_force(NULL, NULL);
    hra_graph_free(g);
}

/* A date has more codes than 16 bits hold; a rule on the age from it is a table of flags. */
static void test_a_flag_of_a_date_is_a_table(void **state)
{
    hra_graph *g = hra_graph_new(true);
    hra_node years = hra_graph_binary(g, HRA_OP_YEARS_BETWEEN, hra_graph_input(g, BIRTH), number(g, 20000));
    hra_node adult = hra_graph_binary(g, HRA_OP_LE, number(g, 18), years);
    assert_int_equal(facts_of(g, adult, NULL).tables, 1);
    rows r;
    rows_init(&r, 200);
    r.birth[5] = 80000; /* missing */
    expect_as_judged(g, adult, &r);
    expect_as_judged(g, hra_graph_unary(g, HRA_OP_KNOWN, hra_graph_input(g, BIRTH)), &r);
    hra_graph_free(g);
}

/* Sums of a thousand terms nest deep, in the graph and nowhere else. */
static void test_a_very_long_sum(void **state)
{
    hra_graph *g = hra_graph_new(true);
    hra_node sum = number(g, 0.1), age = hra_graph_input(g, AGE), sbp = hra_graph_input(g, SBP);
    hra_node nested = age;
    for (int k = 0; k < 5000; k++) {
        sum = plus(g, sum, multiply(g, 1.0 / (k + 1), k % 2 ? age : sbp));
        nested = hra_graph_binary(g, HRA_OP_MAX, multiply(g, 0.999, nested), sbp);
    }
    rows r;
    rows_init(&r, 130);
    expect_as_judged(g, sum, &r);
    expect_as_judged(g, nested, &r);
    hra_graph_free(g);
}

/* What a state of a fold is after three rows. */
static hra_node after_three_rows(hra_graph *g, hra_fold fold, int state)
{
    const int last[] = {2};
    const double table[] = {1, 2, 3};
    fold.row_count = 3;
    fold.value_count = 1;
    fold.rows = table;
    fold.emit_count = 1;
    fold.emit_state = &state;
    fold.emit_row = last;
    return hra_graph_fold_out(g, hra_graph_add_fold(g, &fold), 0);
}

/* A fold of one state that adds its capture in each of three rows. */
static hra_node tripled(hra_graph *g, hra_node x)
{
    hra_graph *body = hra_graph_new(true);
    hra_node next[] = {plus(body, hra_graph_leaf(body, HRA_OP_STATE, 0), hra_graph_leaf(body, HRA_OP_CAPTURE, 0))};
    hra_node initial[] = {number(g, 0)}, captures[] = {x};
    hra_fold fold = {
        .body = body, .state_count = 1, .initial = initial, .next = next, .capture_count = 1, .captures = captures};
    return after_three_rows(g, fold, 0);
}

/* Three states that change places in each of three rows, and a fourth that adds them up. */
static hra_node exchanged(hra_graph *g, hra_node x, hra_node y)
{
    hra_graph *body = hra_graph_new(true);
    hra_node state[4];
    for (int s = 0; s < 4; s++) state[s] = hra_graph_leaf(body, HRA_OP_STATE, s);
    hra_node weighted = hra_graph_binary(body, HRA_OP_MUL, state[1], number(body, 3));
    hra_node next[] = {state[1], state[2], state[0], plus(body, plus(body, state[3], state[0]), weighted)};
    hra_node initial[] = {x, y, number(g, 7), number(g, 0)};
    hra_fold fold = {.body = body, .state_count = 4, .initial = initial, .next = next};
    return after_three_rows(g, fold, 3);
}

static void test_states_of_a_fold_change_places(void **state)
{
    hra_graph *g = hra_graph_new(true);
    rows r;
    rows_init(&r, 200);
    expect_as_judged(g, exchanged(g, hra_graph_input(g, AGE), hra_graph_input(g, SBP)), &r);
    hra_graph_free(g);
}

/* A fold that counts how often what it captures is 1. */
static hra_node counted(hra_graph *g, hra_node captured)
{
    hra_graph *body = hra_graph_new(true);
    hra_node is_one = hra_graph_binary(body, HRA_OP_EQ, number(body, 1), hra_graph_leaf(body, HRA_OP_CAPTURE, 0));
    hra_node times = hra_graph_unary(body, HRA_OP_FROM_FLAG, is_one);
    hra_node next[] = {plus(body, hra_graph_leaf(body, HRA_OP_STATE, 0), times)};
    hra_node initial[] = {number(g, 0)}, captures[] = {captured};
    hra_fold fold = {
        .body = body, .state_count = 1, .initial = initial, .next = next, .capture_count = 1, .captures = captures};
    return after_three_rows(g, fold, 0);
}

static void test_flags_and_numbers_are_captured(void **state)
{
    hra_graph *g = hra_graph_new(true);
    rows r;
    rows_init(&r, 200);
    expect_as_judged(g, counted(g, hra_graph_unary(g, HRA_OP_FROM_FLAG, hra_graph_input_flag(g, SMOKER))), &r);
    expect_as_judged(g, counted(g, hra_graph_input(g, AGE)), &r);
    hra_graph_free(g);
}

/* Rows that need a fold in one place must get it, wherever else it is guarded. */
static void test_a_fold_is_run_where_it_is_needed(void **state)
{
    hra_graph *g = hra_graph_new(true);
    hra_node age = hra_graph_input(g, AGE), sbp = hra_graph_input(g, SBP), smoker = hra_graph_input_flag(g, SMOKER);
    hra_node fold = tripled(g, age);
    hra_node guarded = hra_graph_select(g, smoker, fold, sbp);
    hra_node otherwise = hra_graph_select(g, smoker, sbp, fold);
    hra_node old = hra_graph_binary(g, HRA_OP_LT, number(g, 150), fold);
    hra_node sure = hra_graph_unary(g, HRA_OP_IS_TRUE, hra_graph_unary(g, HRA_OP_NOT, smoker));
    rows r;
    rows_init(&r, 200);
    expect_as_judged(g, guarded, &r);
    expect_as_judged(g, otherwise, &r);
    expect_as_judged(g, plus(g, guarded, otherwise), &r);
    expect_as_judged(g, hra_graph_select(g, old, sbp, age), &r);
    expect_as_judged(g, hra_graph_select(g, old, fold, age), &r);
    expect_as_judged(g, hra_graph_select(g, smoker, hra_graph_select(g, smoker, fold, age), fold), &r);
    expect_as_judged(g, hra_graph_binary(g, HRA_OP_AND, sure, old), &r);
    expect_as_judged(g, plus(g, hra_graph_select(g, hra_graph_binary(g, HRA_OP_AND, sure, old), sbp, age), guarded),
                     &r);
    hra_graph_free(g);
}

static void test_an_empty_chunk(void **state)
{
    hra_graph *g = hra_graph_new(true);
    rows r;
    rows_init(&r, 0);
    expect_as_judged(g, hra_graph_input(g, AGE), &r);
    hra_graph_free(g);
}

/* ---- bad input ------------------------------------------------------------------------ */

static void expect_refused(const rows *r, int capacity, hra_code code, const char *part)
{
    hra_graph *g = hra_graph_new(true);
    hra_output output = output_of(g, plus(g, hra_graph_input(g, AGE), hra_graph_input(g, BIRTH)));
    hra_program *program = compile(g, &output, NULL);
    hra_workspace *workspace = hra_workspace_new(program);
    hra_results *results = hra_results_new(1, &output, capacity);
    hra_error error = {0};
    assert_int_equal(hra_program_score(program, workspace, &r->chunk, results, &error), code);
    assert_non_null(strstr(error.message, part));
    hra_results_free(results);
    hra_workspace_free(workspace);
    hra_program_free(program);
    hra_graph_free(g);
}

/* A code beyond the escape code would read outside of a table. */
static void test_damaged_codes_are_refused(void **state)
{
    rows r;
    rows_init(&r, 200);
    r.age[199] = 123;
    expect_refused(&r, 200, HRA_EINPUT, "code 123 is beyond the last one (122)");
    rows_init(&r, 200);
    r.birth[70] = 80002;
    expect_refused(&r, 200, HRA_EINPUT, "code 80002 is beyond the last one (80001)");
    rows_init(&r, 200);
    r.codes[AGE] = (hra_codes){.constant = 4000};
    expect_refused(&r, 200, HRA_EINPUT, "code 4000");
    rows_init(&r, 200);
    r.codes[AGE] = (hra_codes){.u32 = r.birth};
    expect_refused(&r, 200, HRA_EINTERNAL, "wrong width");
    rows_init(&r, 200);
    expect_refused(&r, 199, HRA_EINTERNAL, "does not fit");
}

/* An exception in the wrong place would write outside of a slot. */
static void test_misplaced_exceptions_are_refused(void **state)
{
    hra_exception bad[][2] = {{{7, AGE, 1.5}, {6, AGE, 1.5}},
                              {{7, AGE, 1.5}, {200, AGE, 1.5}},
                              {{-1, AGE, 1.5}, {6, AGE, 1.5}},
                              {{7, COLUMNS, 1.5}, {8, AGE, 1.5}},
                              {{7, -1, 1.5}, {8, AGE, 1.5}}};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        rows r;
        rows_init(&r, 200);
        r.chunk.exceptions = bad[k];
        r.chunk.exception_count = 2;
        expect_refused(&r, 200, HRA_EINPUT, "out of place");
    }
}

static void test_block_sizes_are_checked(void **state)
{
    hra_graph *g = hra_graph_new(true);
    hra_output output = output_of(g, hra_graph_input(g, AGE));
    const int bad[] = {-1, HRA_CHUNK_ROWS + 1};
    for (int k = 0; k < 2; k++) {
        hra_program *program;
        hra_error error;
        assert_int_equal(
            hra_program_compile(g, &schema, &output, 1, &(hra_program_options){.block_rows = bad[k]}, &program, &error),
            HRA_EUSAGE);
        assert_null(program);
    }
    hra_graph_free(g);
}

static void test_columns_read(void **state)
{
    hra_graph *g = hra_graph_new(true);
    hra_output output = output_of(
        g, plus(g, hra_graph_input(g, SBP), hra_graph_unary(g, HRA_OP_FROM_FLAG, hra_graph_input_flag(g, SMOKER))));
    hra_graph_input(g, AGE); /* not below the output */
    hra_program *program = compile(g, &output, NULL);
    bool wanted[COLUMNS] = {[SEX] = true};
    const bool expected[COLUMNS] = {[SBP] = true, [SMOKER] = true, [SEX] = true};
    hra_program_columns(program, wanted);
    assert_memory_equal(wanted, expected, sizeof wanted);
    hra_program_free(program);
    hra_graph_free(g);
}

/* What nobody wants is neither computed nor read for; the rest stays as it is. */
static void test_statuses_that_nobody_wants(void **state)
{
    hra_graph *g = hra_graph_new(true);
    hra_node age = hra_graph_input(g, AGE), sbp = hra_graph_input(g, SBP);
    hra_output outputs[2] = {output_of(g, age), output_of(g, age)};
    outputs[0].outside = hra_graph_binary(g, HRA_OP_LT, sbp, hra_graph_number(g, 120));
    outputs[1].outside = hra_graph_binary(g, HRA_OP_LT, age, hra_graph_number(g, 50));
    outputs[1].status_of = 1;
    const bool second[2] = {false, true};
    const hra_program_options some = {.status_wanted = second};
    hra_program *program, *all;
    hra_error error;
    assert_int_equal(hra_program_compile(g, &schema, outputs, 2, &some, &program, &error), HRA_OK);
    assert_int_equal(hra_program_compile(g, &schema, outputs, 2, NULL, &all, &error), HRA_OK);
    bool wanted[COLUMNS] = {false};
    hra_program_columns(program, wanted);
    assert_true(wanted[AGE] && !wanted[SBP]);
    rows r;
    rows_init(&r, 100);
    hra_results *few = hra_program_results(program, 100), *every = hra_program_results(all, 100);
    hra_workspace *one = hra_workspace_new(program), *other = hra_workspace_new(all);
    assert_int_equal(hra_program_score(program, one, &r.chunk, few, &error), HRA_OK);
    assert_int_equal(hra_program_score(all, other, &r.chunk, every, &error), HRA_OK);
    assert_null(few->status[0]);
    assert_non_null(every->status[0]);
    assert_memory_equal(few->status[1], every->status[1], 100);
    assert_memory_equal(few->numbers[0], every->numbers[0], 100 * sizeof(double));
    hra_workspace_free(one);
    hra_workspace_free(other);
    hra_results_free(few);
    hra_results_free(every);
    hra_program_free(program);
    hra_program_free(all);
    hra_graph_free(g);
}

static void test_instruction_sets_by_name(void **state)
{
    const hra_isa *isa;
    hra_error error;
    assert_int_equal(hra_isa_force("scalar", &error), HRA_OK);
    assert_int_equal(hra_isa_choose(&isa, &error), HRA_OK);
    assert_string_equal(isa->name, "scalar");
    assert_int_equal(hra_isa_force("mmx", &error), HRA_EUSAGE);
    assert_non_null(strstr(error.message, "'mmx'"));
    assert_non_null(strstr(error.message, "scalar"));
    assert_int_equal(hra_isa_force(NULL, &error), HRA_OK);
    setenv("HRA_ISA", "sse9", 1);
    assert_int_equal(hra_isa_choose(&isa, &error), HRA_EUSAGE);
    assert_non_null(strstr(error.message, "HRA_ISA 'sse9'"));
    unsetenv("HRA_ISA");
    assert_int_equal(hra_isa_choose(&isa, &error), HRA_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_sum_is_one_instruction),
        cmocka_unit_test(test_instructions_that_follow_from_each_other_are_joined),
        cmocka_unit_test(test_what_is_taken_from_one_is_computed_with_it),
        cmocka_unit_test(test_two_conditions_choose_the_coefficients_of_a_sum),
        cmocka_unit_test(test_a_function_of_one_input_is_a_table),
        cmocka_unit_test(test_a_function_of_two_small_inputs_is_a_table),
        cmocka_unit_test(test_sums_share_the_table_of_a_logarithm),
        cmocka_unit_test(test_a_flag_of_a_date_is_a_table),
        cmocka_unit_test(test_a_very_long_sum),
        cmocka_unit_test(test_states_of_a_fold_change_places),
        cmocka_unit_test(test_flags_and_numbers_are_captured),
        cmocka_unit_test(test_a_fold_is_run_where_it_is_needed),
        cmocka_unit_test(test_an_empty_chunk),
        cmocka_unit_test(test_damaged_codes_are_refused),
        cmocka_unit_test(test_misplaced_exceptions_are_refused),
        cmocka_unit_test(test_block_sizes_are_checked),
        cmocka_unit_test(test_columns_read),
        cmocka_unit_test(test_statuses_that_nobody_wants),
        cmocka_unit_test(test_instruction_sets_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
