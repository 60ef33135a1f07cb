/* Remembered names of missing inputs against the judge's walk for every row: random graphs, random people. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/language/dictionary_build.h"
#include "engine/run/missing_memo.h"
#include "report/tools/status_writer.h"

enum { COLUMNS = 7, FLAG_COLUMNS = 3, LEVELS = 4, ROWS = 400, NUMBERS = 40, FLAGS = 40, GRAPHS = 300 };

static uint64_t random_state = 1;

static int dice(int sides)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((random_state >> 33) % (unsigned)sides);
}

/* Column c holds variable c; variable COLUMNS has no column. */
static hra_dictionary *new_dictionary(hra_memory *memory)
{
    static const char *const names[] = {"one", "two", "three", "four", "five", "six", "seven", "eight"};
    hra_dictionary *dictionary = hra_dictionary_new(memory->arena);
    for (int i = 0; i <= COLUMNS; i++)
        assert_int_equal(hra_dictionary_put(dictionary, &(hra_variable){.name = names[i]}), i);
    return dictionary;
}

typedef struct pool {
    hra_graph *graph;
    hra_node numbers[NUMBERS], flags[FLAGS];
    int number_count, flag_count;
} pool;

static hra_node number_of(const pool *p) { return p->numbers[dice(p->number_count)]; }
static hra_node flag_of(const pool *p) { return p->flags[dice(p->flag_count)]; }

static hra_node new_fold(const pool *p)
{
    hra_graph *body = hra_graph_new(false);
    hra_node state = hra_graph_leaf(body, HRA_OP_STATE, 0), capture = hra_graph_leaf(body, HRA_OP_CAPTURE, 0);
    hra_node next =
        hra_graph_binary(body, HRA_OP_FIRST_KNOWN, hra_graph_binary(body, HRA_OP_ADD, state, capture), state);
    hra_node captured = number_of(p), initial = number_of(p);
    int fold = hra_graph_add_fold(p->graph, &(hra_fold){.body = body,
                                                        .row_count = 1,
                                                        .value_count = 1,
                                                        .rows = (const double[]){1},
                                                        .state_count = 1,
                                                        .initial = &initial,
                                                        .next = &next,
                                                        .capture_count = 1,
                                                        .captures = &captured,
                                                        .emit_count = 1,
                                                        .emit_state = (const int[]){0},
                                                        .emit_row = (const int[]){0},
                                                        .open = dice(2)});
    return hra_graph_fold_out(p->graph, fold, 0);
}

static hra_node new_number(const pool *p)
{
    static const hra_op binary[] = {HRA_OP_ADD, HRA_OP_MUL,         HRA_OP_DIV,         HRA_OP_MAX,
                                    HRA_OP_POW, HRA_OP_FIRST_KNOWN, HRA_OP_FIRST_KNOWN, HRA_OP_SUBSTITUTE};
    static const hra_op unary[] = {HRA_OP_LN, HRA_OP_SQRT, HRA_OP_NEG};
    const double cuts[] = {1, 2}, values[] = {5, NAN, 6};
    const bool after[] = {false, true};
    hra_node several[] = {flag_of(p), flag_of(p), flag_of(p)};
    switch (dice(9)) {
    case 0: return hra_graph_unary(p->graph, unary[dice(3)], number_of(p));
    case 1:
    case 2: return hra_graph_select(p->graph, flag_of(p), number_of(p), number_of(p));
    case 3: return hra_graph_step(p->graph, number_of(p), &(hra_step){2, cuts, after, values});
    case 4: return hra_graph_unary(p->graph, HRA_OP_FROM_FLAG, flag_of(p));
    case 5: return hra_graph_count_of(p->graph, several, 3);
    case 6: return new_fold(p);
    default: return hra_graph_binary(p->graph, binary[dice(8)], number_of(p), number_of(p));
    }
}

static hra_node new_flag(const pool *p)
{
    static const hra_op compare[] = {HRA_OP_LT, HRA_OP_LE, HRA_OP_EQ, HRA_OP_NE};
    static const hra_op join[] = {HRA_OP_AND, HRA_OP_OR, HRA_OP_FIRST_KNOWN_FLAG, HRA_OP_SUBSTITUTE_FLAG};
    hra_node several[] = {flag_of(p), flag_of(p), flag_of(p)};
    switch (dice(8)) {
    case 0: return hra_graph_unary(p->graph, HRA_OP_NOT, flag_of(p));
    case 1: return hra_graph_unary(p->graph, HRA_OP_KNOWN, number_of(p));
    case 2: return hra_graph_unary(p->graph, dice(2) ? HRA_OP_IS_TRUE : HRA_OP_KNOWN_FLAG, flag_of(p));
    case 3: return hra_graph_count_at_least(p->graph, several, 3, 2);
    case 4: return hra_graph_select(p->graph, flag_of(p), flag_of(p), flag_of(p));
    case 5: return hra_graph_binary(p->graph, compare[dice(4)], number_of(p), number_of(p));
    default: return hra_graph_binary(p->graph, join[dice(4)], flag_of(p), flag_of(p));
    }
}

/* The last columns are flags. */
static void fill(pool *p)
{
    hra_graph *g = p->graph = hra_graph_new(dice(2));
    for (int c = 0; c < COLUMNS - FLAG_COLUMNS; c++) p->numbers[p->number_count++] = hra_graph_input(g, c);
    for (int c = COLUMNS - FLAG_COLUMNS; c < COLUMNS; c++) p->flags[p->flag_count++] = hra_graph_input_flag(g, c);
    p->numbers[p->number_count++] = hra_graph_absent(g, COLUMNS, HRA_KIND_NUM);
    p->numbers[p->number_count++] = hra_graph_number(g, 1);
    p->numbers[p->number_count++] = dice(2) ? hra_graph_outside(g) : hra_graph_number(g, 0);
    p->flags[p->flag_count++] = hra_graph_flag(g, dice(2));
    while (p->number_count < NUMBERS || p->flag_count < FLAGS) {
        if (p->number_count < NUMBERS) {
            hra_node made = new_number(p);
            p->numbers[p->number_count++] = made;
        }
        if (p->flag_count < FLAGS) {
            hra_node made = new_flag(p);
            p->flags[p->flag_count++] = made;
        }
    }
}

typedef struct people {
    hra_memory memory;
    hra_dictionary *dictionary;
    hra_column columns[COLUMNS];
    hra_schema schema;
    uint16_t codes[COLUMNS][ROWS];
    hra_codes of[COLUMNS];
    hra_exception exceptions[COLUMNS * ROWS];
    hra_chunk chunk;
} people;

static void renew(people *p)
{
    p->chunk.exception_count = 0;
    for (int row = 0; row < ROWS; row++) {
        for (int c = 0; c < COLUMNS; c++) {
            bool flag = c >= COLUMNS - FLAG_COLUMNS;
            int code = dice(3) == 0 ? LEVELS : dice(flag ? 2 : LEVELS + 2);
            if (flag && code == LEVELS) code = 2;
            p->codes[c][row] = (uint16_t)code;
            if (!flag && code == LEVELS + 1)
                p->exceptions[p->chunk.exception_count++] = (hra_exception){row, c, dice(2) ? -2.5 : 0.5};
        }
    }
    p->chunk.sequence++;
}

static people *new_people(void)
{
    people *p = calloc(1, sizeof *p);
    assert_non_null(p);
    assert_true(hra_memory_open(&p->memory));
    p->dictionary = new_dictionary(&p->memory);
    for (int c = 0; c < COLUMNS; c++) {
        p->columns[c] = (hra_column){.variable = c, .levels = c < COLUMNS - FLAG_COLUMNS ? LEVELS : 2};
        p->of[c] = (hra_codes){.u16 = p->codes[c]};
    }
    p->schema = (hra_schema){.dictionary = p->dictionary, .columns = p->columns, .column_count = COLUMNS};
    p->chunk = (hra_chunk){.rows = ROWS, .columns = p->of, .exceptions = p->exceptions};
    return p;
}

static void free_people(people *p)
{
    hra_dictionary_free(p->dictionary);
    hra_memory_close(&p->memory);
    free(p);
}

static void check_row(hra_missing_memo *memo, hra_judge *judge, const people *p, int row, hra_node node)
{
    double inputs[COLUMNS];
    bool columns[COLUMNS] = {false}, variables[COLUMNS + 1] = {false};
    hra_chunk_person(&p->schema, &p->chunk, row, inputs);
    hra_judge_person(judge, inputs);
    hra_judge_missing_all(judge, node, columns, variables);
    const hra_missing_names *names = hra_missing_memo_find(memo, &p->chunk, row, node);
    int count = 0;
    for (int i = 0; i <= COLUMNS; i++) {
        if (!variables[i] && !(i < COLUMNS && columns[i])) continue;
        assert_true(count < names->count);
        assert_int_equal(names->variables[count], i);
        assert_string_equal(names->names[count++], hra_dictionary_at(p->schema.dictionary, i)->name);
    }
    assert_int_equal(names->count, count);
}

static void remembered_names_are_the_judges(void **state)
{
    people *p = new_people();
    for (int g = 0; g < GRAPHS; g++) {
        pool nodes = {0};
        fill(&nodes);
        hra_judge *judge = hra_judge_new(nodes.graph);
        hra_row_judge *rows = hra_row_judge_new(nodes.graph, &p->schema);
        hra_missing_memo *memo = hra_missing_memo_new(nodes.graph, &p->schema, rows);
        for (int chunk = 0; chunk < 2; chunk++) {
            renew(p);
            for (int row = 0; row < ROWS; row++)
                for (int k = 1; k <= 4; k++) {
                    check_row(memo, judge, p, row, nodes.numbers[NUMBERS - k]);
                    check_row(memo, judge, p, row, nodes.flags[FLAGS - k]);
                }
        }
        hra_missing_memo_free(memo);
        hra_row_judge_free(rows);
        hra_judge_free(judge);
        hra_graph_free(nodes.graph);
    }
    free_people(p);
}

/* The memory of a chunk is used again for later ones: the same row of the next one is somebody else. */
static void the_next_chunk_holds_other_people(void **state)
{
    people *p = new_people();
    hra_graph *g = hra_graph_new(true);
    hra_node sum = hra_graph_binary(g, HRA_OP_ADD, hra_graph_input(g, 0), hra_graph_input(g, 1));
    hra_row_judge *rows = hra_row_judge_new(g, &p->schema);
    p->codes[0][5] = LEVELS;
    assert_true(isnan(hra_judge_value(hra_row_judge_at(rows, &p->chunk, 5), sum)));
    p->codes[0][5] = 2;
    p->codes[1][5] = 3;
    p->chunk.sequence++;
    assert_true(hra_judge_value(hra_row_judge_at(rows, &p->chunk, 5), sum) == 5);
    hra_row_judge_free(rows);
    hra_graph_free(g);
    free_people(p);
}

/* A sum of many columns, people who lack any of them: more patterns than are remembered, or more columns. */
static void check_wide_sum(int columns, int many, int64_t chunks)
{
    hra_memory memory;
    assert_true(hra_memory_open(&memory));
    hra_dictionary *dictionary = hra_dictionary_new(memory.arena);
    hra_column *of_schema = calloc((size_t)columns, sizeof *of_schema);
    uint16_t *codes = calloc((size_t)columns * (size_t)many, sizeof *codes);
    hra_codes *of_chunk = calloc((size_t)columns, sizeof *of_chunk);
    hra_graph *g = hra_graph_new(true);
    hra_node sum = hra_graph_number(g, 1);
    char names[200][8];
    for (int c = 0; c < columns; c++) {
        snprintf(names[c], sizeof names[c], "v%d", c);
        assert_int_equal(hra_dictionary_put(dictionary, &(hra_variable){.name = names[c]}), c);
        of_schema[c] = (hra_column){.variable = c, .levels = 1};
        of_chunk[c] = (hra_codes){.u16 = codes + (size_t)c * (size_t)many};
        sum = hra_graph_binary(g, HRA_OP_ADD, sum, hra_graph_input(g, c));
    }
    hra_schema schema = {.dictionary = dictionary, .columns = of_schema, .column_count = columns};
    hra_chunk chunk = {.rows = many, .columns = of_chunk};
    hra_row_judge *rows = hra_row_judge_new(g, &schema);
    hra_missing_memo *memo = hra_missing_memo_new(g, &schema, rows);
    for (; chunk.sequence < chunks; chunk.sequence++) {
        for (size_t i = 0; i < (size_t)columns * (size_t)many; i++) codes[i] = (uint16_t)dice(2); /* 1: missing */
        for (int row = 0; row < many; row++) {
            const hra_missing_names *found = hra_missing_memo_find(memo, &chunk, row, sum);
            int count = 0;
            for (int c = 0; c < columns; c++)
                if (of_chunk[c].u16[row] == 1) assert_int_equal(found->variables[count++], c);
            assert_int_equal(found->count, count);
        }
    }
    hra_missing_memo_free(memo);
    hra_row_judge_free(rows);
    hra_graph_free(g);
    free(of_chunk);
    free(codes);
    free(of_schema);
    hra_dictionary_free(dictionary);
    hra_memory_close(&memory);
}

static void sums_of_many_columns(void **state)
{
    check_wide_sum(13, 5000, 3);
    check_wide_sum(17, 40000, 3);
    check_wide_sum(127, 500, 2);
    check_wide_sum(130, 500, 2);
}

enum { OUTPUTS = 6 };

/* The same outputs of the same row, by one writer in runs of up to all of them, by another one by one. */
static void check_runs(hra_status_writer *runs, hra_status_writer *cells, const people *p, int row,
                       const hra_output *outputs)
{
    const unsigned status = dice(8) == 0 ? HRA_STATUS_MISSING | HRA_STATUS_OUTSIDE_RANGE : HRA_STATUS_MISSING;
    hra_buffer ours = {0}, theirs = {0};
    int first = dice(4) == 0 ? dice(OUTPUTS) : 0, end = dice(4) == 0 ? first + dice(OUTPUTS - first) + 1 : OUTPUTS;
    hra_buffer_text(&ours, "row");
    hra_buffer_text(&theirs, "row");
    if (first > 0) hra_status_missing_cells(runs, 0, &p->chunk, row, outputs, first, status, &ours);
    hra_status_missing_cells(runs, 0, &p->chunk, row, outputs + first, end - first, status, &ours);
    for (int i = 0; i < end; i++) {
        hra_buffer_text(&theirs, ",,");
        hra_status_cell(cells, 0, &p->chunk, row, &outputs[i], status, &theirs);
    }
    assert_string_equal(ours.bytes, theirs.bytes);
    hra_buffer_destroy(&ours);
    hra_buffer_destroy(&theirs);
}

static void cells_in_runs_are_those_one_by_one(void **state)
{
    people *p = new_people();
    for (int g = 0; g < GRAPHS; g++) {
        pool nodes = {0};
        hra_status_writer *runs, *cells;
        hra_output outputs[OUTPUTS] = {0};
        fill(&nodes);
        for (int i = 0; i < OUTPUTS; i++)
            outputs[i] = (hra_output){.value = nodes.numbers[NUMBERS - 1 - i / 2 * dice(4)], .status_of = i};
        assert_int_equal(hra_status_writer_new(nodes.graph, &p->schema, 1, &runs, NULL), HRA_OK);
        assert_int_equal(hra_status_writer_new(nodes.graph, &p->schema, 1, &cells, NULL), HRA_OK);
        for (int chunk = 0; chunk < 2; chunk++) {
            renew(p);
            for (int row = 0; row < ROWS; row++) check_runs(runs, cells, p, row, outputs);
        }
        hra_status_writer_free(runs);
        hra_status_writer_free(cells);
        hra_graph_free(nodes.graph);
    }
    free_people(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(remembered_names_are_the_judges),
        cmocka_unit_test(the_next_chunk_holds_other_people),
        cmocka_unit_test(sums_of_many_columns),
        cmocka_unit_test(cells_in_runs_are_those_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
