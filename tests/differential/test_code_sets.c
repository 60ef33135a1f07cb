/* Comparisons over one input are read from sets of its codes: every code of a column against the judge, for flags that
 * change never, once, a few times, and so often that the set has a bit for each code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/kernels/isa.h"
#include "engine/kernels/kernels.h"
#include "engine/program/program.h"
#include "engine/graph/judge.h"

enum { LEVELS = 1003, ROWS = LEVELS + 1, FIRST = -40 };

static hra_column columns[1] = {{0, "", 1, FIRST, LEVELS}};
static const hra_schema schema = {.columns = columns, .column_count = 1};

static hra_node number(hra_graph *g, double value) { return hra_graph_number(g, value); }

/* x modulo n */
static hra_node rest(hra_graph *g, hra_node x, double n)
{
    hra_node whole = hra_graph_unary(g, HRA_OP_FLOOR, hra_graph_binary(g, HRA_OP_DIV, x, number(g, n)));
    return hra_graph_binary(g, HRA_OP_SUB, x, hra_graph_binary(g, HRA_OP_MUL, whole, number(g, n)));
}

/* Of `count` flags the next: true where the operation says so. */
static void add(hra_graph *g, hra_output *outputs, int *count, hra_op op, hra_node a, hra_node b)
{
    hra_node value = b < 0 ? hra_graph_unary(g, op, a) : hra_graph_binary(g, op, a, b);
    outputs[(*count)++] = (hra_output){.id = "flag",
                                       .kind = HRA_OUTPUT_FLAG,
                                       .value = value,
                                       .outside = -1,
                                       .excluded = -1,
                                       .substituted = -1,
                                       .clamped = -1,
                                       .missing = -1,
                                       .provisional = -1,
                                       .status_of = -1};
}

enum { OUTPUTS_MAX = 64 };

static int add_all(hra_graph *g, hra_output *outputs)
{
    int count = 0;
    hra_node x = hra_graph_input(g, 0);
    hra_node ln = hra_graph_unary(g, HRA_OP_LN, hra_graph_binary(g, HRA_OP_SUB, x, number(g, 20)));
    hra_node inverse = hra_graph_binary(g, HRA_OP_DIV, number(g, 1), hra_graph_binary(g, HRA_OP_SUB, x, number(g, 3)));
    hra_node filled = hra_graph_binary(g, HRA_OP_FIRST_KNOWN, x, number(g, 50)); /* true of the missing, too */
    static const hra_op comparisons[] = {HRA_OP_LT, HRA_OP_LE, HRA_OP_EQ, HRA_OP_NE};
    for (int k = 0; k < 4; k++) {
        add(g, outputs, &count, comparisons[k], x, number(g, 17.3));
        add(g, outputs, &count, comparisons[k], number(g, 17.3), x);
        add(g, outputs, &count, comparisons[k], x, number(g, -1000));
        add(g, outputs, &count, comparisons[k], number(g, -4), x);
        add(g, outputs, &count, comparisons[k], x, number(g, (FIRST + LEVELS - 1) / 10.0));
        add(g, outputs, &count, comparisons[k], filled, number(g, 51));
        add(g, outputs, &count, comparisons[k], ln, number(g, 2.5));
        add(g, outputs, &count, comparisons[k], inverse, number(g, 0.25));
        /* 2 cuts for each period: about as many as a few, and many more */
        add(g, outputs, &count, comparisons[k], rest(g, x, 12.9), number(g, 5));
        add(g, outputs, &count, comparisons[k], rest(g, x, 12.2), number(g, 5));
        add(g, outputs, &count, comparisons[k], rest(g, x, 0.7), number(g, 0.3));
        add(g, outputs, &count, comparisons[k], rest(g, x, 9), ln);
    }
    add(g, outputs, &count, HRA_OP_KNOWN, ln, -1);
    add(g, outputs, &count, HRA_OP_KNOWN, inverse, -1);
    assert_true(count <= OUTPUTS_MAX);
    return count;
}

static void compare(const hra_graph *graph, const hra_output *outputs, int count, const hra_results *results,
                    const hra_chunk *chunk)
{
    hra_judge *judge = hra_judge_new(graph);
    assert_non_null(judge);
    double person[1];
    for (int row = 0; row < ROWS; row++) {
        hra_chunk_person(&schema, chunk, row, person);
        hra_judge_person(judge, person);
        for (int i = 0; i < count; i++) {
            double want = hra_judge_value(judge, outputs[i].value), got = hra_results_value(results, i, row);
            if (memcmp(&want, &got, sizeof want) != 0) fail_msg("output %d, code %d: %g, not %g", i, row, got, want);
        }
    }
    hra_judge_free(judge);
}

static void test_every_code(void **state)
{
    hra_graph *graph = hra_graph_new(true);
    hra_output outputs[OUTPUTS_MAX];
    int count = add_all(graph, outputs);
    static uint16_t codes[ROWS];
    for (int row = 0; row < ROWS; row++) codes[row] = (uint16_t)row; /* the last one: missing */
    hra_codes column = {.u16 = codes};
    hra_chunk chunk = {.rows = ROWS, .columns = &column};
    for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++) {
        if (!(*isa)->supported()) continue;
        assert_int_equal(hra_isa_force((*isa)->name, NULL), HRA_OK);
        hra_program *program = NULL;
        assert_int_equal(hra_program_compile(graph, &schema, outputs, count, NULL, &program, NULL), HRA_OK);
        hra_workspace *workspace = hra_workspace_new(program);
        hra_results *results = hra_program_results(program, ROWS);
        assert_true(workspace && results);
        assert_int_equal(hra_program_score(program, workspace, &chunk, results, NULL), HRA_OK);
        compare(graph, outputs, count, results, &chunk);
        hra_results_free(results);
        hra_workspace_free(workspace);
        hra_program_free(program);
    }
    hra_isa_force(NULL, NULL);
    hra_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_code)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
