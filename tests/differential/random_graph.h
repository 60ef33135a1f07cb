/* Random columns, people and graphs for tests that hold the fast path against
 * the judge. The same seed builds the same definitions into any graph, so a
 * shared graph can be compared with the plain tree. */
#ifndef HRA_TESTS_RANDOM_GRAPH_H
#define HRA_TESTS_RANDOM_GRAPH_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/graph/output.h"
#include "engine/data/column.h"
#include "tests/differential/random.h"

/* Mostly plain numbers, now and then an awkward one. */
static inline double random_number(random_state *r)
{
    static const double awkward[] = {0.0,    -0.0,   1.0,    -1.0, 0.5,  2.675, 1e300,
                                     -1e300, 1e-310, 0x1p52, 1e15, -3.0, 710,   -750};
    if (random_chance(r, 12)) return awkward[random_below(r, (int)(sizeof awkward / sizeof *awkward))];
    double x = 4 * random_unit(r) - 2;
    return random_chance(r, 25) ? round(x * 40) : x;
}

/* ---- columns */

enum { RANDOM_COLUMNS = 14 };

typedef struct random_columns {
    hra_schema schema;
    hra_column columns[RANDOM_COLUMNS];
} random_columns;

static inline bool random_is_flag(int column) { return (column >= 4 && column <= 6) || column >= 12; }

static inline void random_columns_init(random_columns *c)
{
    static const hra_column columns[RANDOM_COLUMNS] = {{0, "", 0, 0, 121},
                                                       {1, "", 0, 60, 241},
                                                       {2, "", 2, 50, 3000},
                                                       {3, "", 1, -50, 151},
                                                       {4, "", 0, 0, 2},
                                                       {5, "", 0, 0, 2},
                                                       {6, "", 0, 0, 2},
                                                       {7, "", 0, 0, 3},
                                                       {8, "", 0, -25000, 73000},
                                                       {9, "", 3, -1000, 200000},
                                                       {10, "", 2, 100, 65533},
                                                       {11, "", 0, 0, 7},
                                                       /* flags packed unlike flags */
                                                       {12, "", 0, -1, 3},
                                                       {13, "", 0, 0, 100000}};
    memcpy(c->columns, columns, sizeof columns);
    c->schema = (hra_schema){.columns = c->columns, .column_count = RANDOM_COLUMNS};
}

/* ---- people */

typedef struct random_people {
    hra_chunk chunk;
    hra_codes codes[RANDOM_COLUMNS];
    void *memory[RANDOM_COLUMNS];
    hra_exception *exceptions;
} random_people;

static inline uint32_t random_code(random_state *r, const hra_column *column)
{
    if (random_chance(r, 8)) return hra_column_missing(column);
    if (random_chance(r, 10)) return random_chance(r, 50) ? 0 : column->levels - 1;
    return (uint32_t)(random_bits(r) % column->levels);
}

static inline double random_exception(random_state *r, int column)
{
    if (random_is_flag(column)) return random_chance(r, 50);
    if (random_chance(r, 20)) return -0.0;
    return random_chance(r, 30) ? random_number(r) : 300 * random_unit(r);
}

/* `exceptions`: percent of rows that have one. */
static inline void random_people_init(random_people *p, random_state *r, const hra_schema *schema, int rows,
                                      int exceptions)
{
    memset(p, 0, sizeof *p);
    for (int c = 0; c < RANDOM_COLUMNS; c++) {
        const hra_column *column = &schema->columns[c];
        p->codes[c].constant = random_code(r, column);
        if (random_chance(r, 10)) continue;
        size_t width = hra_column_wide(column) ? 4 : 2;
        p->memory[c] = malloc((size_t)rows * width + 1);
        if (width == 2)
            p->codes[c].u16 = p->memory[c];
        else
            p->codes[c].u32 = p->memory[c];
        for (int row = 0; row < rows; row++) {
            uint32_t code = random_code(r, column);
            if (width == 2)
                ((uint16_t *)p->memory[c])[row] = (uint16_t)code;
            else
                ((uint32_t *)p->memory[c])[row] = code;
        }
    }
    p->exceptions = malloc(((size_t)rows * 2 + 1) * sizeof *p->exceptions);
    int count = 0;
    for (int row = 0; row < rows; row++) {
        if (!random_chance(r, exceptions)) continue;
        int first = random_below(r, RANDOM_COLUMNS);
        for (int k = 0; k < 2; k++) {
            int c = (first + k) % RANDOM_COLUMNS;
            uint32_t escape = hra_column_escape(&schema->columns[c]);
            if (!p->memory[c] || random_chance(r, 40)) continue;
            if (p->codes[c].u16)
                ((uint16_t *)p->memory[c])[row] = (uint16_t)escape;
            else
                ((uint32_t *)p->memory[c])[row] = escape;
            p->exceptions[count++] = (hra_exception){row, c, random_exception(r, c)};
        }
    }
    p->chunk = (hra_chunk){
        .first_row = -1, .rows = rows, .columns = p->codes, .exceptions = p->exceptions, .exception_count = count};
}

static inline void random_people_destroy(random_people *p)
{
    for (int c = 0; c < RANDOM_COLUMNS; c++) free(p->memory[c]);
    free(p->exceptions);
}

/* ---- graphs */

enum { RANDOM_NODES = 400, RANDOM_OUTPUTS = 24 };

typedef struct random_graph {
    hra_graph *graph;
    hra_node numbers[RANDOM_NODES], flags[RANDOM_NODES];
    int number_count, flag_count;
    hra_output outputs[RANDOM_OUTPUTS];
    int output_count;
} random_graph;

static inline hra_node pick_number(const random_graph *g, random_state *r)
{
    /* half of the time a recent one, so that expressions grow deep */
    int from = random_chance(r, 50) && g->number_count > 12 ? g->number_count - 12 : 0;
    return g->numbers[from + random_below(r, g->number_count - from)];
}
static inline hra_node pick_flag(const random_graph *g, random_state *r)
{
    int from = random_chance(r, 50) && g->flag_count > 8 ? g->flag_count - 8 : 0;
    return g->flags[from + random_below(r, g->flag_count - from)];
}
static inline void keep_number(random_graph *g, hra_node node)
{
    if (g->number_count < RANDOM_NODES) g->numbers[g->number_count++] = node;
}
static inline void keep_flag(random_graph *g, hra_node node)
{
    if (g->flag_count < RANDOM_NODES) g->flags[g->flag_count++] = node;
}

static inline void add_leaves(random_graph *g, random_state *r)
{
    for (int c = 0; c < RANDOM_COLUMNS; c++) {
        if (random_is_flag(c))
            keep_flag(g, hra_graph_input_flag(g->graph, c));
        else
            keep_number(g, hra_graph_input(g->graph, c));
    }
    for (int k = 0; k < 6; k++) keep_number(g, hra_graph_number(g->graph, random_number(r)));
    if (random_chance(r, 30)) keep_number(g, hra_graph_unknown(g->graph));
    if (random_chance(r, 30)) keep_number(g, hra_graph_outside(g->graph));
    if (random_chance(r, 30)) keep_flag(g, hra_graph_flag(g->graph, random_below(r, 2)));
    if (random_chance(r, 20)) keep_flag(g, hra_graph_flag(g->graph, (double)NAN));
}

/* constant + sum of coefficient * x, with minus signs, bare terms and products of two */
static inline hra_node random_sum(random_graph *g, random_state *r)
{
    hra_node sum = random_chance(r, 60) ? hra_graph_number(g->graph, random_number(r)) : pick_number(g, r);
    for (int k = 0, terms = 1 + random_below(r, 9); k < terms; k++) {
        hra_node x = pick_number(g, r);
        int form = random_below(r, 10);
        double coefficient = random_number(r);
        if (form < 6)
            x = hra_graph_binary(g->graph, HRA_OP_MUL, hra_graph_number(g->graph, coefficient), x);
        else if (form < 7)
            x = hra_graph_binary(g->graph, HRA_OP_MUL, x, pick_number(g, r));
        else if (form < 8)
            x = hra_graph_unary(g->graph, HRA_OP_NEG, x);
        if (random_chance(r, 10))
            sum = hra_graph_binary(g->graph, HRA_OP_ADD, x, sum);
        else
            sum = hra_graph_binary(g->graph, random_chance(r, 30) ? HRA_OP_SUB : HRA_OP_ADD, sum, x);
        if (random_chance(r, 10)) keep_number(g, sum);
    }
    return sum;
}

/* One stratum of a model: `shape` is the same for all, the coefficients are its own. */
static inline hra_node random_stratum(random_graph *g, random_state shape, random_state *r)
{
    static const hra_op unary[] = {HRA_OP_NEG, HRA_OP_EXP, HRA_OP_LN, HRA_OP_SQRT, HRA_OP_ABS, HRA_OP_FLOOR};
    hra_node value = hra_graph_number(g->graph, random_number(r));
    for (int k = 0, terms = random_below(&shape, 7); k < terms; k++) {
        hra_node x = pick_number(g, &shape), factor = hra_graph_number(g->graph, random_number(r));
        if (random_chance(&shape, 20))
            factor = hra_graph_select(g->graph, pick_flag(g, &shape), factor, hra_graph_number(g->graph, 2));
        hra_op op = random_chance(r, 90) ? HRA_OP_ADD : HRA_OP_SUB; /* now and then a shape of its own */
        value = hra_graph_binary(g->graph, op, value, hra_graph_binary(g->graph, HRA_OP_MUL, factor, x));
    }
    for (int k = 0, steps = random_below(&shape, 5); k < steps; k++) {
        hra_node number = hra_graph_number(g->graph, random_chance(r, 30) ? 1 : random_unit(r));
        int form = random_below(&shape, 10);
        if (form < 5)
            value = hra_graph_unary(g->graph, unary[random_below(&shape, 6)], value);
        else if (form < 7)
            value = hra_graph_binary(g->graph, HRA_OP_SUB, number, value);
        else
            value = hra_graph_binary(g->graph, form < 9 ? HRA_OP_POW : HRA_OP_MAX, number, value);
    }
    return value;
}

/* if(a, ..., if(b, ..., unknown)) of formulas of one form. */
static inline void add_random_strata(random_graph *g, random_state *r)
{
    random_state shape = {random_bits(r)};
    hra_node value = random_chance(r, 60) ? hra_graph_outside(g->graph) : pick_number(g, r);
    for (int k = 0, strata = 2 + random_below(r, 2); k < strata; k++) {
        hra_node stratum = random_stratum(g, shape, r);
        if (random_chance(r, 20)) keep_number(g, stratum);
        value = hra_graph_select(g->graph, pick_flag(g, r), stratum, value);
    }
    keep_number(g, value);
}

static inline hra_node random_step(random_graph *g, random_state *r)
{
    double cuts[300], values[301];
    bool after[300];
    int count = random_chance(r, 80) ? random_below(r, 8) : (random_chance(r, 50) ? 25 : 251) + random_below(r, 45);
    double at = -60 + random_below(r, 60);
    for (int k = 0; k < count; k++) {
        bool single = k > 0 && !after[k - 1] && random_chance(r, 15); /* exactly this number */
        if (!single) at += 1 + random_below(r, 12) * 0.5;
        cuts[k] = at;
        after[k] = single || random_chance(r, 40);
    }
    for (int k = 0; k <= count; k++) values[k] = random_chance(r, 10) ? (double)NAN : random_number(r);
    hra_node x = pick_number(g, r);
    return hra_graph_step(g->graph, x, &(hra_step){count, cuts, after, values});
}

static inline hra_node random_gather(random_graph *g, random_state *r)
{
    double values[200];
    int count = 1 + random_below(r, 200);
    for (int k = 0; k < count; k++) values[k] = random_chance(r, 10) ? (double)NAN : random_number(r);
    hra_node index = pick_number(g, r);
    if (random_chance(r, 60)) index = hra_graph_unary(g->graph, HRA_OP_FLOOR, index);
    int table = hra_graph_add_gather(g->graph, &(hra_gather){count, values, "table"});
    return hra_graph_gather(g->graph, index, table);
}

static inline hra_node random_body_node(hra_graph *body, random_state *r, const hra_node *nodes, int count)
{
    static const hra_op binary[] = {HRA_OP_ADD, HRA_OP_SUB, HRA_OP_MUL, HRA_OP_MUL, HRA_OP_MIN, HRA_OP_MAX, HRA_OP_DIV};
    hra_node a = nodes[random_below(r, count)], b = nodes[random_below(r, count)];
    int form = random_below(r, 10);
    if (form == 0)
        return hra_graph_unary(body, HRA_OP_EXP, hra_graph_binary(body, HRA_OP_MIN, a, hra_graph_number(body, 2)));
    if (form == 1) return hra_graph_select(body, hra_graph_binary(body, HRA_OP_LT, a, b), b, a);
    if (form == 2)
        return hra_graph_binary(
            body, HRA_OP_POW,
            random_chance(r, 50) ? hra_graph_number(body, 0.97) : hra_graph_leaf(body, HRA_OP_ROW_VALUE, 1), a);
    hra_node sum = hra_graph_binary(body, HRA_OP_MUL, hra_graph_number(body, 0.25), a);
    if (form == 3) return hra_graph_binary(body, HRA_OP_ADD, sum, b);
    return hra_graph_binary(body, binary[random_below(r, (int)(sizeof binary / sizeof *binary))], a, b);
}

/* A fold with a few states, captures and emits; every emit becomes a number. */
static inline void add_random_fold(random_graph *g, random_state *r)
{
    enum { STATES = 3, CAPTURES = 2, VALUES = 2, ROWS = 7, EMITS = 4, BODY = 24 };
    hra_graph *body = hra_graph_new(random_chance(r, 50));
    hra_node nodes[BODY], initial[STATES], next[STATES], captures[CAPTURES];
    int count = 0, states = 1 + random_below(r, STATES), rows = 1 + random_below(r, ROWS);
    for (int k = 0; k < states; k++) nodes[count++] = hra_graph_leaf(body, HRA_OP_STATE, k);
    for (int k = 0; k < CAPTURES; k++) nodes[count++] = hra_graph_leaf(body, HRA_OP_CAPTURE, k);
    for (int k = 0; k < VALUES; k++) nodes[count++] = hra_graph_leaf(body, HRA_OP_ROW_VALUE, k);
    while (count < BODY) {
        nodes[count] = random_body_node(body, r, nodes, count);
        count++;
    }
    for (int k = 0; k < states; k++) next[k] = nodes[random_below(r, count)];
    for (int k = 0; k < states; k++)
        initial[k] = random_chance(r, 70) ? hra_graph_number(g->graph, random_unit(r)) : pick_number(g, r);
    for (int k = 0; k < CAPTURES; k++) captures[k] = pick_number(g, r);
    double table[ROWS * VALUES];
    for (int k = 0; k < ROWS * VALUES; k++) table[k] = random_unit(r) - (random_chance(r, 5) ? 1 : 0);
    int emit_state[EMITS], emit_row[EMITS];
    for (int k = 0; k < EMITS; k++) {
        emit_state[k] = random_below(r, states);
        emit_row[k] = random_below(r, rows + 1) - 1;
    }
    int fold = hra_graph_add_fold(g->graph, &(hra_fold){.body = body,
                                                        .row_count = rows,
                                                        .value_count = VALUES,
                                                        .rows = table,
                                                        .state_count = states,
                                                        .initial = initial,
                                                        .next = next,
                                                        .capture_count = CAPTURES,
                                                        .captures = captures,
                                                        .emit_count = EMITS,
                                                        .emit_state = emit_state,
                                                        .emit_row = emit_row});
    for (int k = 0; k < EMITS; k++) {
        if (random_chance(r, 30)) continue;
        hra_node out = hra_graph_fold_out(g->graph, fold, k);
        if (random_chance(r, 60)) out = hra_graph_select(g->graph, pick_flag(g, r), out, pick_number(g, r));
        keep_number(g, out);
    }
}

static inline void add_number_node(random_graph *g, random_state *r)
{
    static const hra_op unary[] = {HRA_OP_NEG, HRA_OP_EXP,   HRA_OP_LN,   HRA_OP_LN,   HRA_OP_SQRT,
                                   HRA_OP_ABS, HRA_OP_FLOOR, HRA_OP_CEIL, HRA_OP_TRUNC};
    static const hra_op binary[] = {HRA_OP_ADD,         HRA_OP_SUB,       HRA_OP_MUL, HRA_OP_DIV,
                                    HRA_OP_POW,         HRA_OP_MIN,       HRA_OP_MAX, HRA_OP_YEARS_BETWEEN,
                                    HRA_OP_FIRST_KNOWN, HRA_OP_SUBSTITUTE};
    hra_node a = pick_number(g, r), b = pick_number(g, r), some[6];
    int form = random_below(r, 100), count = 1 + random_below(r, 6);
    if (form < 20)
        keep_number(g, hra_graph_unary(g->graph, unary[random_below(r, (int)(sizeof unary / sizeof *unary))], a));
    else if (form < 45)
        keep_number(g,
                    hra_graph_binary(g->graph, binary[random_below(r, (int)(sizeof binary / sizeof *binary))], a, b));
    else if (form < 60)
        keep_number(g, random_sum(g, r));
    else if (form < 68)
        keep_number(g, hra_graph_select(g->graph, pick_flag(g, r), a, b));
    else if (form < 75)
        keep_number(g, random_step(g, r));
    else if (form < 80)
        keep_number(g, random_gather(g, r));
    else if (form < 85)
        keep_number(g, hra_graph_unary(g->graph, HRA_OP_FROM_FLAG, pick_flag(g, r)));
    else if (form < 89)
        keep_number(g, hra_graph_round(g->graph, a, random_below(r, 4)));
    else if (form < 92)
        keep_number(g, hra_graph_power(g->graph, a, random_below(r, 9) - 4));
    else if (form < 94)
        keep_number(g, hra_graph_binary(g->graph, HRA_OP_POW, hra_graph_number(g->graph, random_unit(r)), a));
    else if (form < 97) {
        for (int k = 0; k < count; k++) some[k] = pick_flag(g, r);
        keep_number(g, hra_graph_count_of(g->graph, some, count));
    } else
        add_random_fold(g, r);
}

static inline void add_flag_node(random_graph *g, random_state *r)
{
    static const hra_op compare[] = {HRA_OP_LT, HRA_OP_LE, HRA_OP_EQ, HRA_OP_NE};
    static const hra_op logic[] = {HRA_OP_AND, HRA_OP_OR, HRA_OP_FIRST_KNOWN_FLAG, HRA_OP_SUBSTITUTE_FLAG};
    static const hra_op unary[] = {HRA_OP_NOT, HRA_OP_KNOWN_FLAG, HRA_OP_IS_TRUE};
    hra_node some[9];
    int form = random_below(r, 100), count = random_below(r, 10);
    hra_node x = pick_number(g, r), y = pick_number(g, r), f = pick_flag(g, r), h = pick_flag(g, r),
             i = pick_flag(g, r);
    if (form < 40) {
        if (random_chance(r, 60)) y = hra_graph_number(g->graph, random_below(r, 200));
        keep_flag(g, hra_graph_binary(g->graph, compare[random_below(r, 4)], x, y));
    } else if (form < 65)
        keep_flag(g, hra_graph_binary(g->graph, logic[random_below(r, 4)], f, h));
    else if (form < 78)
        keep_flag(g, hra_graph_unary(g->graph, unary[random_below(r, 3)], f));
    else if (form < 84)
        keep_flag(g, hra_graph_unary(g->graph, HRA_OP_KNOWN, x));
    else if (form < 90)
        keep_flag(g, hra_graph_select(g->graph, f, h, i));
    else {
        for (int k = 0; k < count; k++) some[k] = pick_flag(g, r);
        keep_flag(g, hra_graph_count_at_least(g->graph, some, count, random_below(r, 8) * 0.5));
    }
}

static inline hra_node sure_flag(random_graph *g, random_state *r)
{
    hra_node flag = pick_flag(g, r);
    return random_chance(r, 40) ? -1 : hra_graph_unary(g->graph, HRA_OP_IS_TRUE, flag);
}

static inline void add_outputs(random_graph *g, random_state *r)
{
    for (int i = 0; i < RANDOM_OUTPUTS; i++) {
        bool flag = random_chance(r, 30);
        hra_node value = flag ? pick_flag(g, r) : pick_number(g, r), excluded = pick_flag(g, r);
        bool why = random_chance(r, 70);
        g->outputs[i] = (hra_output){.id = "output",
                                     .kind = flag ? HRA_OUTPUT_FLAG : HRA_OUTPUT_NUMBER,
                                     .value = value,
                                     .excluded = random_chance(r, 50) ? -1 : excluded,
                                     .clamped = sure_flag(g, r),
                                     .provisional = sure_flag(g, r),
                                     .outside = why ? hra_graph_why(g->graph, value, HRA_WHY_OUTSIDE) : sure_flag(g, r),
                                     .missing = why ? hra_graph_why(g->graph, value, HRA_WHY_MISSING) : sure_flag(g, r),
                                     .substituted = hra_graph_why(g->graph, value, HRA_WHY_SUBSTITUTED),
                                     .status_of = i};
    }
    for (int i = 1; i < RANDOM_OUTPUTS; i += 5) g->outputs[i].status_of = i - 1;
    g->output_count = RANDOM_OUTPUTS;
}

/* The graph of a seed, as one shared graph or as the plain tree. */
static inline void random_graph_init(random_graph *g, uint64_t seed, int size, bool share)
{
    random_state r = {seed};
    memset(g, 0, sizeof *g);
    g->graph = hra_graph_new(share);
    add_leaves(g, &r);
    for (int k = 0; k < size; k++) {
        if (random_chance(&r, 6))
            add_random_strata(g, &r);
        else if (random_chance(&r, 65))
            add_number_node(g, &r);
        else
            add_flag_node(g, &r);
    }
    add_outputs(g, &r);
}

#endif
