/* Every operation on every pair of awkward numbers: zeros of both signs, halves
 * that are no halves in binary, the edges of exact whole numbers, infinities,
 * subnormals. The judge against every instruction set, bit for bit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "engine/kernels/isa.h"
#include "engine/program/program.h"
#include "engine/graph/judge.h"
#include "tests/differential/random_graph.h"

static const double awkward[] = {0.0,
                                 -0.0,
                                 1,
                                 -1,
                                 0.5,
                                 -0.5,
                                 1.5,
                                 2.5,
                                 -2.5,
                                 2.675,
                                 1.005,
                                 5.185,
                                 -2.675,
                                 0.1,
                                 1.0 / 3,
                                 709.78,
                                 709.79,
                                 -745.2,
                                 -708.4,
                                 1e-300,
                                 4.9e-324,
                                 -4.9e-324,
                                 2.2250738585072014e-308,
                                 1e300,
                                 -1e300,
                                 1.7976931348623157e308,
                                 INFINITY,
                                 -INFINITY,
                                 0x1p45,
                                 0x1p45 - 0.5,
                                 0x1p45 + 0.5,
                                 0x1p44 + 0.499,
                                 0x1p51 + 0.5,
                                 0x1p52 - 0.5,
                                 0x1p52,
                                 0x1p52 + 1,
                                 0x1p53,
                                 -0x1p53,
                                 35184372088832.25,
                                 3518437208883.25,
                                 0x1.fffffffffffffp-2,
                                 0x1.0000000000001p-1,
                                 2147483647,
                                 2147483648.0,
                                 4294967296.0,
                                 17,
                                 100,
                                 199,
                                 200,
                                 -25567,
                                 18321,
                                 18322,
                                 10957,
                                 1e8,
                                 1e8 + 1,
                                 NAN};
enum { NUMBERS = sizeof awkward / sizeof *awkward, PAIRS = NUMBERS * NUMBERS, A = 0, B = 1 };

static hra_column columns[2] = {{0, "", 0, 0, 10}, {1, "", 0, 0, 10}};
static const hra_schema schema = {.columns = columns, .column_count = 2};

/* All pairs, as values that no code holds; NaN as a missing code. */
static hra_chunk all_pairs(hra_codes codes[2])
{
    static uint16_t memory[2][PAIRS];
    static hra_exception exceptions[2 * PAIRS];
    hra_chunk chunk = {.rows = PAIRS, .columns = codes, .exceptions = exceptions};
    for (int row = 0; row < PAIRS; row++) {
        const double pair[2] = {awkward[row / NUMBERS], awkward[row % NUMBERS]};
        for (int c = 0; c < 2; c++) {
            memory[c][row] = isnan(pair[c]) ? 10 : 11;
            if (!isnan(pair[c])) exceptions[chunk.exception_count++] = (hra_exception){row, c, pair[c]};
        }
    }
    for (int c = 0; c < 2; c++) codes[c].u16 = memory[c];
    return chunk;
}

enum { OUTPUTS_MAX = 128 };

static void add(hra_node *nodes, int *count, hra_node node)
{
    assert_in_range(*count, 0, OUTPUTS_MAX - 1);
    nodes[(*count)++] = node;
}

/* Steps of few and many cuts: as many as a tree has room for, one more and one less; every third cut twice, the last
 * ones as far out as numbers go. */
static void add_steps(hra_graph *g, hra_node a, hra_node *nodes, int *count)
{
    enum { MOST = 400 };
    static const int sizes[] = {23, 24, 25, 30, 31, 32, 62, 63, 64, 65, 127, 128, 300, MOST};
    double cuts[MOST], values[MOST + 1];
    bool after[MOST];
    for (int k = 0; k <= MOST; k++) values[k] = k % 11 == 10 ? (double)NAN : k;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        int n = sizes[s];
        for (int k = 0; k < n; k++) cuts[k] = (k % 3 == 2 ? k - 1 : k) * 0.5 - 10;
        for (int k = 0; k < n; k++) after[k] = k % 3 == 2;
        cuts[0] = -INFINITY;
        after[0] = n % 2 == 0;
        cuts[20] = 0;
        after[20] = true;
        cuts[n - 2] = 1.7976931348623157e308;
        after[n - 2] = true;
        cuts[n - 1] = INFINITY;
        after[n - 1] = n % 2 == 1;
        add(nodes, count, hra_graph_step(g, a, &(hra_step){n, cuts, after, values}));
    }
}

/* Every operation of one and two numbers, and those with data of their own. */
static int all_operations(hra_graph *g, hra_node *nodes)
{
    int count = 0;
    hra_node a = hra_graph_input(g, A), b = hra_graph_input(g, B);
    for (int op = 0; op < HRA_OP_COUNT_; op++) {
        if (op == HRA_OP_ROUND || op == HRA_OP_STEP || op == HRA_OP_GATHER) continue;
        if (strcmp(hra_op_operands((hra_op)op), "N") == 0) add(nodes, &count, hra_graph_unary(g, (hra_op)op, a));
        if (strcmp(hra_op_operands((hra_op)op), "NN") == 0) add(nodes, &count, hra_graph_binary(g, (hra_op)op, a, b));
    }
    for (int decimals = 0; decimals < 5; decimals++) add(nodes, &count, hra_graph_round(g, a, decimals));
    for (int power = -16; power <= 16; power++) add(nodes, &count, hra_graph_power(g, a, power));
    for (int k = 0; k < 6; k++) {
        const double base[] = {0.95012, 2, 0.0, -1, 1, INFINITY};
        add(nodes, &count, hra_graph_binary(g, HRA_OP_POW, hra_graph_number(g, base[k]), a));
        add(nodes, &count, hra_graph_binary(g, HRA_OP_POW, a, hra_graph_number(g, base[k])));
    }
    const double cuts[] = {-1, 0, 0.5, 2.5, 2.5, 100}, values[] = {1, 2, 3, (double)NAN, -0.0, 5, 6};
    const bool after[] = {true, false, false, false, true, true};
    add(nodes, &count, hra_graph_step(g, a, &(hra_step){6, cuts, after, values}));
    add_steps(g, a, nodes, &count);
    double entries[200];
    for (int k = 0; k < 200; k++) entries[k] = k % 7 ? k : (double)NAN;
    add(nodes, &count, hra_graph_gather(g, a, hra_graph_add_gather(g, &(hra_gather){200, entries, "t"})));
    hra_node sum = hra_graph_binary(g, HRA_OP_MUL, hra_graph_number(g, -1.5), a);
    add(nodes, &count, hra_graph_binary(g, HRA_OP_SUB, sum, hra_graph_binary(g, HRA_OP_MUL, a, b)));
    return count;
}

static void check(const char *isa, const hra_graph *graph, const hra_output *outputs, int count, const hra_chunk *chunk,
                  bool fuse)
{
    hra_error error;
    hra_program *program;
    hra_program_options options = {.no_fusion = !fuse};
    if (hra_program_compile(graph, &schema, outputs, count, &options, &program, &error) != HRA_OK)
        fail_msg("%s", error.message);
    hra_workspace *workspace = hra_workspace_new(program);
    hra_results *results = hra_program_results(program, chunk->rows);
    hra_judge *judge = hra_judge_new(graph);
    assert_true(workspace && results && judge);
    if (hra_program_score(program, workspace, chunk, results, &error) != HRA_OK) fail_msg("%s", error.message);
    for (int row = 0; row < chunk->rows; row++) {
        double inputs[2];
        hra_chunk_person(&schema, chunk, row, inputs);
        hra_judge_person(judge, inputs);
        for (int i = 0; i < count; i++) {
            double expected = hra_judge_value(judge, outputs[i].value), got = hra_results_value(results, i, row);
            if (memcmp(&expected, &got, sizeof got) == 0) continue;
            fail_msg("%s: %s (output %d) of %.17g and %.17g is %.17g, the judge says %.17g", isa,
                     hra_op_text((hra_op)hra_graph_at(graph, outputs[i].value)->op), i, inputs[0], inputs[1], got,
                     expected);
        }
    }
    hra_judge_free(judge);
    hra_results_free(results);
    hra_workspace_free(workspace);
    hra_program_free(program);
}

static void test_every_operation(void **state)
{
    hra_codes codes[2] = {{0}, {0}};
    hra_chunk chunk = all_pairs(codes);
    hra_graph *graph = hra_graph_new(true);
    hra_node nodes[OUTPUTS_MAX];
    hra_output outputs[OUTPUTS_MAX];
    int count = all_operations(graph, nodes);
    assert_false(hra_graph_failed(graph));
    for (int i = 0; i < count; i++)
        outputs[i] = (hra_output){.id = "x",
                                  .value = nodes[i],
                                  .outside = -1,
                                  .excluded = -1,
                                  .substituted = -1,
                                  .clamped = -1,
                                  .missing = -1,
                                  .provisional = -1,
                                  .status_of = i};
    for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++) {
        if (!(*isa)->supported()) continue;
        assert_int_equal(hra_isa_force((*isa)->name, NULL), HRA_OK);
        check((*isa)->name, graph, outputs, count, &chunk, true);
        check((*isa)->name, graph, outputs, count, &chunk, false);
    }
    hra_isa_force(NULL, NULL);
    hra_graph_free(graph);
}

enum { DATE_ROWS = 60000 };

/* Days around leap days and ends of centuries, and anywhere, against days of all kinds. */
static double some_day(random_state *r)
{
    static const double centre[] = {-25567, -25508, -719528, 0, 10957, 11016, 18321, 20000, 47541, -1e8, 1e8, 146097};
    if (random_chance(r, 10)) return floor((2 * random_unit(r) - 1) * 1e8);
    double day = centre[random_below(r, (int)(sizeof centre / sizeof *centre))] + random_below(r, 1500) - 750;
    return random_chance(r, 5) ? day + random_unit(r) : day;
}

/* The end of February, often of a century. */
static double march_first(random_state *r)
{
    int64_t year = random_chance(r, 50) ? 100 * random_below(r, 40) : random_below(r, 4000);
    return hra_day_of_date((hra_date){year, 3, 1}) + random_below(r, 5) - 2;
}

static void test_years_between_days(void **state)
{
    static uint16_t escape[DATE_ROWS];
    static hra_exception exceptions[2 * DATE_ROWS];
    random_state r = {1};
    hra_codes codes[2] = {{.u16 = escape}, {.u16 = escape}};
    hra_chunk chunk = {.rows = DATE_ROWS, .columns = codes, .exceptions = exceptions};
    for (int row = 0; row < DATE_ROWS; row++) {
        escape[row] = 11;
        double a = row % 3 ? some_day(&r) : march_first(&r);
        double b =
            row % 2 ? some_day(&r) : floor(a + 365.2425 * (random_below(&r, 250) - 120)) + random_below(&r, 5) - 2;
        exceptions[chunk.exception_count++] = (hra_exception){row, 0, a};
        exceptions[chunk.exception_count++] = (hra_exception){row, 1, b};
    }
    hra_graph *graph = hra_graph_new(true);
    hra_output output = {.id = "x", .outside = -1, .excluded = -1, .substituted = -1, .clamped = -1, .missing = -1};
    output.provisional = -1;
    output.value = hra_graph_binary(graph, HRA_OP_YEARS_BETWEEN, hra_graph_input(graph, A), hra_graph_input(graph, B));
    for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++) {
        if (!(*isa)->supported()) continue;
        assert_int_equal(hra_isa_force((*isa)->name, NULL), HRA_OK);
        check((*isa)->name, graph, &output, 1, &chunk, true);
    }
    hra_isa_force(NULL, NULL);
    hra_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_operation),
        cmocka_unit_test(test_years_between_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
