/* The graph: sharing, folding, causes of unknown; held against the judge on the plain tree. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "engine/graph/graph_internal.h"
#include "engine/graph/judge.h"

enum { COLUMNS = 8 }; /* 0..3 numbers, 4..7 flags */

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

#define assert_same_bits(a, b) assert_int_equal(bits_of(a), bits_of(b))

static hra_node num(hra_graph *g, int column) { return hra_graph_input(g, column); }

static hra_node flag(hra_graph *g, int column) { return hra_graph_input_flag(g, 4 + column); }

static hra_op op_of(const hra_graph *g, hra_node node) { return (hra_op)hra_graph_at(g, node)->op; }

static void equal_nodes_are_one(void **state)
{
    hra_graph *g = hra_graph_new(true);
    hra_node x = num(g, 0), y = num(g, 1);
    assert_int_equal(x, num(g, 0));
    assert_int_not_equal(x, y);
    assert_int_equal(hra_graph_unary(g, HRA_OP_LN, x), hra_graph_unary(g, HRA_OP_LN, x));
    const hra_op commutative[] = {HRA_OP_ADD, HRA_OP_MUL, HRA_OP_EQ, HRA_OP_NE};
    for (int i = 0; i < 4; i++)
        assert_int_equal(hra_graph_binary(g, commutative[i], x, y), hra_graph_binary(g, commutative[i], y, x));
    const hra_op ordered[] = {HRA_OP_SUB, HRA_OP_DIV, HRA_OP_MIN, HRA_OP_MAX, HRA_OP_POW, HRA_OP_LT, HRA_OP_LE};
    for (int i = 0; i < 7; i++)
        assert_int_not_equal(hra_graph_binary(g, ordered[i], x, y), hra_graph_binary(g, ordered[i], y, x));
    assert_int_not_equal(hra_graph_number(g, 0.0), hra_graph_number(g, -0.0));
    assert_int_not_equal(hra_graph_absent(g, 3, HRA_KIND_NUM), hra_graph_absent(g, 4, HRA_KIND_NUM));
    const hra_node ab[] = {flag(g, 0), flag(g, 1)}, ba[] = {flag(g, 1), flag(g, 0)};
    assert_int_equal(hra_graph_count_of(g, ab, 2), hra_graph_count_of(g, ba, 2));
    assert_int_not_equal(hra_graph_count_of(g, ab, 2), hra_graph_count_of(g, ab, 1));
    assert_int_not_equal(hra_graph_count_at_least(g, ab, 2, 1), hra_graph_count_at_least(g, ab, 2, 2));
    hra_graph_free(g);
}

static void without_sharing_nothing_is_merged_or_folded(void **state)
{
    hra_graph *g = hra_graph_new(false);
    assert_int_not_equal(num(g, 0), num(g, 0));
    hra_node sum = hra_graph_binary(g, HRA_OP_ADD, hra_graph_number(g, 1), hra_graph_number(g, 2));
    assert_int_equal(op_of(g, sum), HRA_OP_ADD);
    hra_node chosen = hra_graph_select(g, hra_graph_flag(g, 1), num(g, 0), num(g, 1));
    assert_int_equal(op_of(g, chosen), HRA_OP_SELECT);
    hra_graph_free(g);
}

static void thousands_of_nodes_stay_shared(void **state)
{
    hra_graph *g = hra_graph_new(true);
    hra_node first[5000];
    for (int i = 0; i < 5000; i++) first[i] = hra_graph_binary(g, HRA_OP_MUL, num(g, 0), hra_graph_number(g, i + 2));
    int count = hra_graph_count(g);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(first[i], hra_graph_binary(g, HRA_OP_MUL, hra_graph_number(g, i + 2), num(g, 0)));
    assert_int_equal(count, hra_graph_count(g));
    hra_graph_free(g);
}

static void tables_are_one_when_equal(void **state)
{
    hra_graph *g = hra_graph_new(true);
    const double cuts[] = {1, 2}, values[] = {0, NAN, 5}, negative_nan[] = {0, -NAN, 5};
    const bool after[] = {false, true}, other_after[] = {false, false};
    hra_step step = {2, cuts, after, values}, same = {2, cuts, after, negative_nan},
             other = {2, cuts, other_after, values};
    assert_int_equal(hra_graph_step(g, num(g, 0), &step), hra_graph_step(g, num(g, 0), &same));
    assert_int_not_equal(hra_graph_step(g, num(g, 0), &step), hra_graph_step(g, num(g, 0), &other));
    hra_gather a = {3, values, "a"}, b = {3, negative_nan, "b"}, c = {2, values, "c"};
    int table = hra_graph_add_gather(g, &a);
    assert_int_equal(table, hra_graph_add_gather(g, &b));
    assert_int_not_equal(table, hra_graph_add_gather(g, &c));
    assert_string_equal(hra_graph_gather_at(g, table)->name, "a");
    hra_graph_free(g);
}

static double value_for(const hra_graph *g, hra_node node, double x)
{
    double inputs[COLUMNS] = {x, x, x, x, x, x, x, x};
    hra_judge *judge = hra_judge_new(g);
    assert_non_null(judge);
    hra_judge_person(judge, inputs);
    double value = hra_judge_value(judge, node);
    hra_judge_free(judge);
    return value;
}

static void constants_fold_to_the_judges_bits(void **state)
{
    hra_graph *shared = hra_graph_new(true), *plain = hra_graph_new(false);
    for (int op = HRA_OP_ADD; op <= HRA_OP_YEARS_BETWEEN; op++) {
        for (int k = 0; k < 40; k++) {
            double a = k % 7 == 0 ? 0 : (k - 20) * 1.37, b = k % 5 == 0 ? 0 : (13 - k) * 0.71;
            hra_node folded, walked;
            bool two = hra_op_operands((hra_op)op)[1] == 'N';
            if (op == HRA_OP_ROUND) {
                folded = hra_graph_round(shared, hra_graph_number(shared, a), k % 4);
                walked = hra_graph_round(plain, hra_graph_number(plain, a), k % 4);
            } else if (two) {
                folded = hra_graph_binary(shared, (hra_op)op, hra_graph_number(shared, a), hra_graph_number(shared, b));
                walked = hra_graph_binary(plain, (hra_op)op, hra_graph_number(plain, a), hra_graph_number(plain, b));
            } else {
                folded = hra_graph_unary(shared, (hra_op)op, hra_graph_number(shared, a));
                walked = hra_graph_unary(plain, (hra_op)op, hra_graph_number(plain, a));
            }
            double value = value_for(plain, walked, 0);
            assert_same_bits(value_for(shared, folded, 0), value);
            if (!isnan(value)) assert_int_equal(op_of(shared, folded), HRA_OP_NUMBER);
        }
    }
    hra_graph_free(shared);
    hra_graph_free(plain);
}

static void folding_never_changes_a_bit(void **state)
{
    hra_graph *g = hra_graph_new(true);
    hra_node x = num(g, 0), zero = hra_graph_number(g, 0), one = hra_graph_number(g, 1);
    assert_same_bits(value_for(g, hra_graph_binary(g, HRA_OP_ADD, x, zero), -0.0), 0.0);
    assert_same_bits(value_for(g, hra_graph_binary(g, HRA_OP_MUL, x, one), -0.0), -0.0);
    assert_same_bits(value_for(g, hra_graph_binary(g, HRA_OP_SUB, x, zero), -0.0), -0.0);
    assert_true(isnan(value_for(g, hra_graph_binary(g, HRA_OP_MUL, zero, x), NAN)));
    assert_true(isnan(value_for(g, hra_graph_select(g, hra_graph_flag(g, NAN), one, one), 0)));
    assert_int_equal(hra_graph_binary(g, HRA_OP_MUL, one, x), x);
    assert_int_equal(hra_graph_binary(g, HRA_OP_DIV, x, one), x);
    assert_int_equal(hra_graph_unary(g, HRA_OP_NEG, hra_graph_unary(g, HRA_OP_NEG, x)), x);
    assert_int_equal(op_of(g, hra_graph_binary(g, HRA_OP_ADD, x, zero)), HRA_OP_ADD);
    hra_graph_free(g);
}

static void choices_with_constants_simplify(void **state)
{
    hra_graph *g = hra_graph_new(true);
    hra_node f = flag(g, 0), x = num(g, 0), y = num(g, 1), yes = hra_graph_flag(g, 1), no = hra_graph_flag(g, 0);
    hra_node unsure = hra_graph_flag(g, NAN), k = hra_graph_unary(g, HRA_OP_KNOWN, x);
    assert_int_equal(hra_graph_select(g, yes, x, y), x);
    assert_int_equal(hra_graph_select(g, no, x, y), y);
    assert_int_equal(hra_graph_binary(g, HRA_OP_AND, f, yes), f);
    assert_int_equal(hra_graph_binary(g, HRA_OP_AND, no, f), no);
    assert_int_equal(hra_graph_binary(g, HRA_OP_OR, f, no), f);
    assert_int_equal(hra_graph_binary(g, HRA_OP_OR, yes, f), yes);
    assert_int_equal(hra_graph_binary(g, HRA_OP_OR, f, f), f);
    assert_int_equal(op_of(g, hra_graph_binary(g, HRA_OP_AND, unsure, f)), HRA_OP_AND);
    assert_int_equal(hra_graph_unary(g, HRA_OP_NOT, hra_graph_unary(g, HRA_OP_NOT, f)), f);
    assert_int_equal(hra_graph_unary(g, HRA_OP_IS_TRUE, k), k);
    assert_int_equal(hra_graph_unary(g, HRA_OP_KNOWN_FLAG, k), yes);
    assert_int_equal(hra_graph_unary(g, HRA_OP_KNOWN, hra_graph_unknown(g)), no);
    hra_node seven = hra_graph_number(g, 7), first = hra_graph_binary(g, HRA_OP_FIRST_KNOWN, x, seven);
    assert_int_equal(hra_graph_binary(g, HRA_OP_FIRST_KNOWN, first, y), first);
    assert_int_equal(op_of(g, hra_graph_binary(g, HRA_OP_SUBSTITUTE, hra_graph_unknown(g), y)), HRA_OP_SUBSTITUTE);
    hra_graph_free(g);
}

static void powers_are_multiplications_in_the_stated_order(void **state)
{
    hra_graph *g = hra_graph_new(true);
    const double x = 1.0 / 3;
    double x2 = x * x, x4 = x2 * x2, x3 = x2 * x, x8 = x4 * x4;
    const double expected[] = {1, x, x2, x3, x4, x4 * x, x3 * x3, (x3 * x3) * x, x8, x8 * x};
    for (int n = 0; n < 10; n++) {
        assert_same_bits(value_for(g, hra_graph_power(g, num(g, 0), n), x), expected[n]);
        assert_same_bits(value_for(g, hra_graph_power(g, num(g, 0), -n), x), 1 / expected[n]);
        assert_true(isnan(value_for(g, hra_graph_power(g, num(g, 0), n), NAN)));
    }
    assert_same_bits(value_for(g, hra_graph_power(g, num(g, 0), 16), x), x8 * x8);
    assert_true(isnan(value_for(g, hra_graph_power(g, num(g, 0), -2), 0)));
    hra_graph_free(g);
}

static void a_wrong_operand_fails_the_graph(void **state)
{
    hra_graph *g = hra_graph_new(true);
    assert_int_equal(hra_graph_unary(g, HRA_OP_LN, -1), -1);
    assert_true(hra_graph_failed(g));
    assert_int_equal(num(g, 0), -1);
    hra_graph_free(g);
}

static void names_stay_and_print(void **state)
{
    hra_graph *g = hra_graph_new(true);
    hra_node x = num(g, 0), two = hra_graph_number(g, 2), sum = hra_graph_binary(g, HRA_OP_ADD, x, two);
    hra_graph_name(g, sum, "lp");
    hra_graph_name(g, sum, "other");
    hra_buffer out = {0};
    hra_graph_print(g, &out);
    assert_string_equal(out.bytes, "%0 = input #0\n%1 = number 2\n%2 = + %0 %1   # lp\n");
    hra_buffer_destroy(&out);
    hra_graph_free(g);
}

/* ---- random graphs: the same definition built with and without sharing */

static uint32_t random_state;

static uint32_t next_random(uint32_t below)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)(random_state >> 4) * below) >> 28);
}

enum { POOL = 60 };

typedef struct pool {
    hra_graph *graph;
    hra_node nums[POOL], flags[POOL];
    int num_count, flag_count, table, fold;
} pool;

static void add_num(pool *p, hra_node node)
{
    assert_true(node >= 0);
    p->nums[p->num_count++] = node;
}

static void add_flag(pool *p, hra_node node)
{
    assert_true(node >= 0);
    p->flags[p->flag_count++] = node;
}

/* state = state * capture + row value, and a gap where the state grows beyond 4 */
static int make_fold(hra_graph *g, hra_node capture, hra_node initial)
{
    static const double rows[] = {1, 0.5, -1}, cut = 4, values[] = {1, NAN};
    static const bool after = false;
    static const int emit_state[] = {0, 0, 0}, emit_row[] = {-1, 1, 2};
    hra_graph *body = hra_graph_new(true);
    hra_node s = hra_graph_leaf(body, HRA_OP_STATE, 0);
    hra_node product = hra_graph_binary(body, HRA_OP_MUL, s, hra_graph_leaf(body, HRA_OP_CAPTURE, 0));
    hra_node sum = hra_graph_binary(body, HRA_OP_ADD, product, hra_graph_leaf(body, HRA_OP_ROW_VALUE, 0));
    hra_node limit = hra_graph_step(body, sum, &(hra_step){1, &cut, &after, values});
    hra_node next = hra_graph_binary(body, HRA_OP_MUL, sum, limit);
    return hra_graph_add_fold(g, &(hra_fold){.body = body,
                                             .row_count = 3,
                                             .value_count = 1,
                                             .rows = rows,
                                             .state_count = 1,
                                             .initial = &initial,
                                             .next = &next,
                                             .capture_count = 1,
                                             .captures = &capture,
                                             .emit_count = 3,
                                             .emit_state = emit_state,
                                             .emit_row = emit_row,
                                             .name = "loop"});
}

static void grow_pool(pool *p)
{
    hra_graph *g = p->graph;
    hra_node a = p->nums[next_random((uint32_t)p->num_count)], b = p->nums[next_random((uint32_t)p->num_count)];
    hra_node f = p->flags[next_random((uint32_t)p->flag_count)], h = p->flags[next_random((uint32_t)p->flag_count)];
    hra_node k = p->flags[next_random((uint32_t)p->flag_count)];
    const hra_node three[] = {f, h, k};
    static const double cuts[] = {0, 1}, values[] = {2, -1, 0.5}, gaps[] = {2, NAN, 0};
    static const bool after[] = {false, true};
    switch (next_random(22)) {
    case 0: add_num(p, hra_graph_binary(g, HRA_OP_ADD, a, b)); break;
    case 1: add_num(p, hra_graph_binary(g, HRA_OP_MUL, a, b)); break;
    case 2: add_num(p, hra_graph_binary(g, HRA_OP_SUB, a, b)); break;
    case 3: add_num(p, hra_graph_binary(g, next_random(2) ? HRA_OP_MIN : HRA_OP_MAX, a, b)); break;
    case 4: add_num(p, hra_graph_unary(g, next_random(2) ? HRA_OP_NEG : HRA_OP_FLOOR, a)); break;
    case 5: add_num(p, hra_graph_select(g, f, a, b)); break;
    case 6: add_num(p, hra_graph_binary(g, HRA_OP_FIRST_KNOWN, a, b)); break;
    case 7: add_num(p, hra_graph_binary(g, HRA_OP_SUBSTITUTE, a, b)); break;
    case 8: add_num(p, hra_graph_unary(g, HRA_OP_FROM_FLAG, f)); break;
    case 9: add_num(p, hra_graph_step(g, a, &(hra_step){2, cuts, after, next_random(2) ? values : gaps})); break;
    case 10: add_num(p, hra_graph_gather(g, a, p->table)); break;
    case 11: add_num(p, hra_graph_fold_out(g, make_fold(g, a, b), (int)next_random(3))); break;
    case 12: add_num(p, hra_graph_count_of(g, three, 1 + (int)next_random(3))); break;
    case 13: add_flag(p, hra_graph_count_at_least(g, three, 1 + (int)next_random(3), (double)next_random(4))); break;
    case 14: add_flag(p, hra_graph_binary(g, next_random(2) ? HRA_OP_LT : HRA_OP_LE, a, b)); break;
    case 15: add_flag(p, hra_graph_binary(g, next_random(2) ? HRA_OP_EQ : HRA_OP_NE, a, b)); break;
    case 16: add_flag(p, hra_graph_binary(g, HRA_OP_AND, f, h)); break;
    case 17: add_flag(p, hra_graph_binary(g, HRA_OP_OR, f, h)); break;
    case 18: add_flag(p, hra_graph_unary(g, next_random(2) ? HRA_OP_NOT : HRA_OP_IS_TRUE, f)); break;
    case 19: add_flag(p, hra_graph_select(g, f, h, k)); break;
    case 20:
        add_flag(p, hra_graph_binary(g, next_random(2) ? HRA_OP_FIRST_KNOWN_FLAG : HRA_OP_SUBSTITUTE_FLAG, f, h));
        break;
    default:
        add_flag(p, next_random(2) ? hra_graph_unary(g, HRA_OP_KNOWN, a) : hra_graph_unary(g, HRA_OP_KNOWN_FLAG, f));
    }
}

static void make_pool(pool *p, bool share, uint32_t seed)
{
    static const double table[] = {3, NAN, 1};
    random_state = seed;
    *p = (pool){.graph = hra_graph_new(share)};
    hra_graph *g = p->graph;
    p->table = hra_graph_add_gather(g, &(hra_gather){3, table, "t"});
    for (int i = 0; i < 4; i++) {
        add_num(p, num(g, i));
        add_flag(p, flag(g, i));
    }
    add_num(p, hra_graph_number(g, (double)next_random(2)));
    add_num(p, next_random(2) ? hra_graph_unknown(g) : hra_graph_outside(g));
    add_flag(p, hra_graph_flag(g, next_random(3) == 0 ? (double)NAN : (double)next_random(2)));
    while (p->num_count + p->flag_count < POOL) grow_pool(p);
}

/* What the flags of hra_graph_why mean, told a second time: by walking the path of one person. */
static bool cause(hra_judge *j, const hra_graph *g, hra_node node, hra_why why)
{
    const hra_graph_node n = *hra_graph_at(g, node);
    bool unknown = isnan(hra_judge_value(j, node));
    int count = hra_graph_operand_count(g, node);
    bool any = false, all_known = true;
    if (n.op == HRA_OP_KNOWN || n.op == HRA_OP_KNOWN_FLAG) return false;
    if (n.op == HRA_OP_IS_TRUE && (why != HRA_WHY_SUBSTITUTED || isnan(hra_judge_value(j, n.a)))) return false;
    if (n.op == HRA_OP_SELECT || n.op == HRA_OP_SELECT_FLAG) {
        double c = hra_judge_value(j, n.a);
        return cause(j, g, n.a, why) || (!isnan(c) && cause(j, g, c != 0 ? n.b : n.c, why));
    }
    if (n.op >= HRA_OP_UNKNOWN && n.op <= HRA_OP_INPUT_FLAG && n.op != HRA_OP_OUTSIDE)
        return why == HRA_WHY_MISSING && unknown;
    if (n.op == HRA_OP_OUTSIDE) return why == HRA_WHY_OUTSIDE;
    bool first = n.op == HRA_OP_FIRST_KNOWN || n.op == HRA_OP_FIRST_KNOWN_FLAG;
    bool substitute = n.op == HRA_OP_SUBSTITUTE || n.op == HRA_OP_SUBSTITUTE_FLAG;
    if (why == HRA_WHY_SUBSTITUTED && (first || substitute)) {
        if (!isnan(hra_judge_value(j, n.a))) return cause(j, g, n.a, why);
        return substitute ? !unknown : cause(j, g, n.b, why);
    }
    bool junction = n.op == HRA_OP_AND || n.op == HRA_OP_OR, settled = false;
    for (int i = 0; i < count; i++) {
        hra_node operand = hra_graph_operand(g, node, i);
        bool caused = cause(j, g, operand, why);
        any = any || caused;
        settled = settled || (junction && !caused && hra_judge_value(j, operand) == (n.op == HRA_OP_OR));
        all_known = all_known && !isnan(hra_judge_value(j, operand));
    }
    if (why == HRA_WHY_SUBSTITUTED) return any && !settled;
    bool table = n.op == HRA_OP_STEP || n.op == HRA_OP_GATHER || n.op == HRA_OP_FOLD_OUT;
    return unknown && (any || (why == HRA_WHY_OUTSIDE && table && all_known));
}

static double random_input(int column)
{
    static const double numbers[] = {NAN, -0.0, 0, 1, 1, 2, -1, 0.5};
    static const double flags[] = {NAN, 0, 1};
    return column < 4 ? numbers[next_random(8)] : flags[next_random(3)];
}

static void compare(const pool *plain, const pool *shared, hra_node whys[2][3], hra_node a, hra_node b)
{
    hra_judge *one = hra_judge_new(plain->graph), *two = hra_judge_new(shared->graph);
    for (int person = 0; person < 25; person++) {
        double inputs[COLUMNS];
        for (int i = 0; i < COLUMNS; i++) inputs[i] = random_input(i);
        hra_judge_person(one, inputs);
        hra_judge_person(two, inputs);
        double value = hra_judge_value(one, a);
        assert_same_bits(value, hra_judge_value(two, b));
        if (hra_graph_never_unknown(shared->graph, b)) assert_false(isnan(value));
        if (hra_graph_always_unknown(shared->graph, b)) assert_true(isnan(value));
        for (int why = 0; why < 3; why++) {
            double expected = cause(one, plain->graph, a, (hra_why)why);
            assert_true(hra_judge_value(one, whys[0][why]) == expected);
            assert_true(hra_judge_value(two, whys[1][why]) == expected);
            if (why != HRA_WHY_SUBSTITUTED && expected) assert_true(isnan(value));
        }
    }
    hra_judge_free(one);
    hra_judge_free(two);
}

static void shared_and_plain_graphs_agree(void **state)
{
    for (uint32_t seed = 1; seed <= 400; seed++) {
        pool plain, shared;
        make_pool(&plain, false, seed);
        make_pool(&shared, true, seed);
        assert_int_equal(plain.num_count, shared.num_count);
        assert_true(hra_graph_count(shared.graph) <= hra_graph_count(plain.graph));
        for (int k = 0; k < 10; k++) {
            bool is_num = k % 2 == 0;
            int last = (is_num ? plain.num_count : plain.flag_count) - 1 - k / 2;
            hra_node a = is_num ? plain.nums[last] : plain.flags[last];
            hra_node b = is_num ? shared.nums[last] : shared.flags[last];
            hra_node whys[2][3];
            for (int why = 0; why < 3; why++) {
                whys[0][why] = hra_graph_why(plain.graph, a, (hra_why)why);
                whys[1][why] = hra_graph_why(shared.graph, b, (hra_why)why);
            }
            compare(&plain, &shared, whys, a, b);
        }
        assert_false(hra_graph_failed(plain.graph) || hra_graph_failed(shared.graph));
        hra_graph_free(plain.graph);
        hra_graph_free(shared.graph);
    }
}

static void causes_are_few(void **state)
{
    hra_graph *g = hra_graph_new(true);
    hra_node x = num(g, 0), sum = hra_graph_number(g, 0.5);
    for (int i = 0; i < 50; i++) {
        hra_node term = hra_graph_binary(g, HRA_OP_MUL, hra_graph_number(g, i + 2), hra_graph_unary(g, HRA_OP_LN, x));
        sum = hra_graph_binary(g, HRA_OP_ADD, sum, term);
    }
    int before = hra_graph_count(g);
    hra_node missing = hra_graph_why(g, sum, HRA_WHY_MISSING), outside = hra_graph_why(g, sum, HRA_WHY_OUTSIDE);
    assert_int_equal(op_of(g, missing), HRA_OP_NOT);
    assert_int_equal(outside, hra_graph_flag(g, 0));
    assert_int_equal(hra_graph_count(g), before + 3); /* known, not known, false */
    assert_int_equal(hra_graph_why(g, sum, HRA_WHY_MISSING), missing);
    hra_graph_free(g);
}

/* Its nodes are those below the roots, with the values they have in the whole. */
static void a_part_has_what_its_roots_need(void **state)
{
    hra_graph *g = hra_graph_new(true);
    hra_node other = hra_graph_unary(g, HRA_OP_LN, num(g, 1)),
             capture = hra_graph_binary(g, HRA_OP_ADD, num(g, 0), other);
    hra_node fold = hra_graph_fold_out(g, make_fold(g, num(g, 0), hra_graph_number(g, 1)), 1);
    int whole_fold = make_fold(g, capture, other);
    hra_node flags[] = {flag(g, 0), flag(g, 1), flag(g, 2)}, roots[] = {-1, -1, -1, -1};
    const hra_node whole[] = {hra_graph_count_of(g, flags + 1, 2), fold, hra_graph_select(g, flags[1], num(g, 0), fold),
                              fold};
    hra_graph_fold_out(g, whole_fold, 2);
    memcpy(roots, whole, sizeof roots);
    hra_graph *part = hra_graph_part(g, roots, 4);
    assert_non_null(part);
    assert_int_equal(hra_graph_count(part), 7); /* two flags, their count, an input, 1, the fold, the choice */
    assert_int_equal(roots[1], roots[3]);
    for (int i = 0; i < 4; i++)
        for (double x = -1; x < 3; x++) assert_same_bits(value_for(part, roots[i], x), value_for(g, whole[i], x));
    hra_graph_free(part);
    hra_graph_free(g);
}

static void very_deep_sums_do_not_overflow(void **state)
{
    hra_graph *g = hra_graph_new(true);
    hra_node sum = num(g, 0);
    for (int i = 0; i < 200000; i++) sum = hra_graph_binary(g, HRA_OP_ADD, sum, num(g, i % 4));
    hra_node missing = hra_graph_why(g, sum, HRA_WHY_MISSING);
    assert_true(value_for(g, sum, 1) == 200001);
    assert_true(value_for(g, missing, NAN) == 1);
    hra_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_nodes_are_one),
        cmocka_unit_test(without_sharing_nothing_is_merged_or_folded),
        cmocka_unit_test(thousands_of_nodes_stay_shared),
        cmocka_unit_test(tables_are_one_when_equal),
        cmocka_unit_test(constants_fold_to_the_judges_bits),
        cmocka_unit_test(folding_never_changes_a_bit),
        cmocka_unit_test(choices_with_constants_simplify),
        cmocka_unit_test(powers_are_multiplications_in_the_stated_order),
        cmocka_unit_test(a_wrong_operand_fails_the_graph),
        cmocka_unit_test(names_stay_and_print),
        cmocka_unit_test(shared_and_plain_graphs_agree),
        cmocka_unit_test(causes_are_few),
        cmocka_unit_test(a_part_has_what_its_roots_need),
        cmocka_unit_test(very_deep_sums_do_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
