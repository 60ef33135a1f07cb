/* The fast path against the judge, bit for bit: random definitions and people
 * on every instruction set of this processor, at several block sizes, with
 * tabulation, fusion and the pushing of choices on and off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "engine/kernels/isa.h"
#include "engine/program/program.h"
#include "engine/graph/judge.h"
#include "tests/differential/random_graph.h"

enum { ROWS = 700 };

static uint64_t graphs = 60; /* HRA_GRAPHS: fewer, where a machine is emulated */

typedef struct expected {
    double value[RANDOM_OUTPUTS][ROWS];
    uint8_t status[RANDOM_OUTPUTS][ROWS];
} expected;

/* What the judge says on the plain tree. */
static void ask_judge(const random_graph *tree, const hra_schema *schema, const hra_chunk *chunk, expected *e)
{
    hra_judge *judge = hra_judge_new(tree->graph);
    assert_non_null(judge);
    double inputs[RANDOM_COLUMNS];
    for (int row = 0; row < chunk->rows; row++) {
        hra_chunk_person(schema, chunk, row, inputs);
        hra_judge_person(judge, inputs);
        for (int i = 0; i < tree->output_count; i++) {
            e->value[i][row] = hra_judge_value(judge, tree->outputs[i].value);
            e->status[i][row] = (uint8_t)hra_judge_status(judge, &tree->outputs[i]);
        }
    }
    hra_judge_free(judge);
}

static void compare(const char *isa, uint64_t seed, const hra_program_options *o, const hra_results *results,
                    const expected *e)
{
    for (int i = 0; i < results->output_count; i++) {
        for (int row = 0; row < results->rows; row++) {
            double value = hra_results_value(results, i, row);
            bool same = memcmp(&value, &e->value[i][row], sizeof(double)) == 0;
            bool same_status = !results->status[i] || results->status[i][row] == e->status[i][row];
            if (same && same_status) continue;
            fail_msg("%s, seed %llu, block %d, no_tabulation %d, no_fusion %d, no_pushing %d: output %d row %d is "
                     "%.17g status %d, "
                     "the judge says %.17g status %d",
                     isa, (unsigned long long)seed, o->block_rows, o->no_tabulation, o->no_fusion, o->no_pushing, i,
                     row, value, results->status[i] ? results->status[i][row] : -1, e->value[i][row],
                     e->status[i][row]);
        }
    }
}

/* Who is in the sets of a status: those whom the judge gives one of its bits. */
static void compare_sets(const char *isa, uint64_t seed, const hra_results *results, const hra_output *outputs,
                         const expected *e)
{
    for (int i = 0; i < results->output_count; i++) {
        for (int k = 0; k < HRA_STATUS_SETS && outputs[i].status_of == i; k++) {
            int set = results->status_sets->of[i][k];
            unsigned bits = k == 0 ? 0xff : 1u << (k - 1);
            for (int row = 0; row < results->rows; row++) {
                bool found = set >= 0 && results->sets[set][row / 64] >> (row % 64) & 1;
                if (found != ((e->status[i][row] & bits) != 0))
                    fail_msg("%s, seed %llu: output %d row %d is %sin set %d, the judge says status %d", isa,
                             (unsigned long long)seed, i, row, found ? "" : "not ", k, e->status[i][row]);
            }
        }
    }
}

static void run_once(const char *isa, uint64_t seed, const random_graph *g, const hra_schema *schema,
                     const hra_chunk *chunk, const hra_program_options *options, const expected *e)
{
    hra_error error = {0};
    hra_program *program;
    if (hra_program_compile(g->graph, schema, g->outputs, g->output_count, options, &program, &error) != HRA_OK)
        fail_msg("%s", error.message);
    hra_workspace *workspace = hra_workspace_new(program);
    hra_results *results = hra_program_results(program, ROWS);
    assert_non_null(workspace);
    assert_non_null(results);
    if (hra_program_score(program, workspace, chunk, results, &error) != HRA_OK) fail_msg("%s", error.message);
    assert_int_equal(results->rows, chunk->rows);
    compare(isa, seed, options, results, e);
    if (options->status_sets) compare_sets(isa, seed, results, g->outputs, e);
    hra_results_free(results);
    hra_workspace_free(workspace);
    hra_program_free(program);
}

static void run_options(const char *isa, uint64_t seed, const random_graph *g, const hra_schema *schema,
                        const hra_chunk *chunk, const expected *e)
{
    static const bool no_bytes[RANDOM_OUTPUTS] = {0};
    static const hra_program_options options[] = {{.status_sets = true},
                                                  {.block_rows = 1},
                                                  {.block_rows = 3, .no_tabulation = true, .status_sets = true},
                                                  {.block_rows = 64, .no_fusion = true},
                                                  {.block_rows = 200, .no_pushing = true, .status_sets = true},
                                                  {.status_wanted = no_bytes, .status_sets = true},
                                                  {.block_rows = 512, .no_tabulation = true, .no_fusion = true},
                                                  {.block_rows = 1000}};
    bool judge = strcmp(isa, "scalar") == 0;
    for (size_t k = 0; k < (judge ? 1 : sizeof options / sizeof *options); k++)
        run_once(isa, seed, g, schema, chunk, &options[k], e);
}

static void every_isa_agrees_with_the_judge(uint64_t seed, int size, int exceptions)
{
    random_columns columns;
    random_columns_init(&columns);
    random_graph *tree = malloc(sizeof *tree), *shared = malloc(sizeof *shared);
    expected *e = malloc(sizeof *e);
    assert_true(tree && shared && e);
    random_graph_init(tree, seed, size, false);
    random_graph_init(shared, seed, size, true);
    assert_false(hra_graph_failed(tree->graph) || hra_graph_failed(shared->graph));
    random_state r = {seed * 977 + 5};
    random_people people;
    random_people_init(&people, &r, &columns.schema, ROWS - (int)(seed % 65), exceptions);
    ask_judge(tree, &columns.schema, &people.chunk, e);
    for (const hra_isa *const *isa = hra_isa_list(); *isa; isa++) {
        if (!(*isa)->supported()) continue;
        assert_int_equal(hra_isa_force((*isa)->name, NULL), HRA_OK);
        run_options((*isa)->name, seed, shared, &columns.schema, &people.chunk, e);
        if (seed % 4 == 0)
            run_once((*isa)->name, seed, tree, &columns.schema, &people.chunk, &(hra_program_options){0}, e);
    }
    hra_isa_force(NULL, NULL);
    random_people_destroy(&people);
    hra_graph_free(tree->graph);
    hra_graph_free(shared->graph);
    free(tree);
    free(shared);
    free(e);
}

static void test_without_exceptions(void **state)
{
    for (uint64_t seed = 1; seed <= graphs; seed++) every_isa_agrees_with_the_judge(seed, 100, 0);
}

static void test_with_exceptions(void **state)
{
    for (uint64_t seed = 1001; seed < 1001 + graphs / 2; seed++)
        every_isa_agrees_with_the_judge(seed, 100, seed % 2 ? 20 : 1);
}

static void test_small_graphs(void **state)
{
    for (uint64_t seed = 2001; seed < 2001 + graphs; seed++) every_isa_agrees_with_the_judge(seed, 12, 2);
}

int main(int argc, char **argv)
{
    /* an argument is one seed to repeat */
    if (argc > 1) {
        every_isa_agrees_with_the_judge(strtoull(argv[1], NULL, 10), argc > 2 ? atoi(argv[2]) : 100,
                                        argc > 3 ? atoi(argv[3]) : 5);
        return 0;
    }
    if (getenv("HRA_GRAPHS")) graphs = strtoull(getenv("HRA_GRAPHS"), NULL, 10);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_exceptions),
        cmocka_unit_test(test_with_exceptions),
        cmocka_unit_test(test_small_graphs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
