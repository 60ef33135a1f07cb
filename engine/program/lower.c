/* From a node to an instruction. Most operations take their operands as the
 * graph has them; leaves, sums, powers of constants, tables and folds differ. */
#include <stdlib.h>
#include <string.h>

#include "engine/program/builder.h"
#include "engine/program/step_tree.h"
#include "engine/graph/scalar.h"

/* Kernel of the operations that map one to one. */
static const uint8_t kernel_of[HRA_OP_COUNT_] = {
    [HRA_OP_ADD] = HRA_KERNEL_ADD,
    [HRA_OP_SUB] = HRA_KERNEL_SUB,
    [HRA_OP_MUL] = HRA_KERNEL_MUL,
    [HRA_OP_DIV] = HRA_KERNEL_DIV,
    [HRA_OP_NEG] = HRA_KERNEL_NEG,
    [HRA_OP_POW] = HRA_KERNEL_POW,
    [HRA_OP_EXP] = HRA_KERNEL_EXP,
    [HRA_OP_LN] = HRA_KERNEL_LN,
    [HRA_OP_SQRT] = HRA_KERNEL_SQRT,
    [HRA_OP_ABS] = HRA_KERNEL_ABS,
    [HRA_OP_FLOOR] = HRA_KERNEL_FLOOR,
    [HRA_OP_CEIL] = HRA_KERNEL_CEIL,
    [HRA_OP_TRUNC] = HRA_KERNEL_TRUNC,
    [HRA_OP_ROUND] = HRA_KERNEL_ROUND,
    [HRA_OP_MIN] = HRA_KERNEL_MIN,
    [HRA_OP_MAX] = HRA_KERNEL_MAX,
    [HRA_OP_YEARS_BETWEEN] = HRA_KERNEL_YEARS_BETWEEN,
    [HRA_OP_SELECT] = HRA_KERNEL_SELECT,
    [HRA_OP_FIRST_KNOWN] = HRA_KERNEL_FIRST_KNOWN,
    [HRA_OP_SUBSTITUTE] = HRA_KERNEL_FIRST_KNOWN,
    [HRA_OP_FROM_FLAG] = HRA_KERNEL_FROM_FLAG,
    [HRA_OP_COUNT] = HRA_KERNEL_COUNT,
    [HRA_OP_STEP] = HRA_KERNEL_STEP_FEW,
    [HRA_OP_GATHER] = HRA_KERNEL_GATHER,
    [HRA_OP_LT] = HRA_KERNEL_LT,
    [HRA_OP_LE] = HRA_KERNEL_LE,
    [HRA_OP_EQ] = HRA_KERNEL_EQ,
    [HRA_OP_NE] = HRA_KERNEL_EQ,
    [HRA_OP_COUNT_AT_LEAST] = HRA_KERNEL_COUNT_AT_LEAST,
};

static const hra_graph_node *at(const hra_builder *b, hra_node node) { return hra_graph_at(b->request.graph, node); }

static bool is_flag(const hra_builder *b, hra_node node)
{
    return hra_graph_kind(b->request.graph, node) == HRA_KIND_FLAG;
}

bool hra_builder_is_table(hra_builder *b, hra_node node)
{
    if (b->table[node]) return true;
    if (!b->tables || !b->analysis->tabulate[node]) return false;
    b->table[node] = hra_tables_add(b->tables, b->request.schema, node, b->analysis->columns[node]);
    if (!b->table[node]) b->analysis->tabulate[node] = false;
    return b->table[node] != NULL;
}

bool hra_builder_is_set(hra_builder *b, hra_node node)
{
    if (b->set[node]) return true;
    if (!b->tables || !b->analysis->by_code[node]) return false;
    const int *columns = b->analysis->columns[node];
    b->set[node] = hra_tables_add_set(b->tables, b->request.schema, node, HRA_TABLE_TRUE, columns[0]);
    if (!b->set[node]) b->analysis->by_code[node] = false;
    return b->set[node] != NULL;
}

static bool positive_in_all_rows(const hra_fold *fold, int value)
{
    for (int row = 0; row < fold->row_count; row++)
        if (!(fold->rows[(size_t)row * (size_t)fold->value_count + (size_t)value] > 0)) return false;
    return true;
}

/* exp(y * ln(constant)) needs no logarithm per person; a fold's row value is a constant of its row. */
static bool constant_base(const hra_builder *b, const hra_graph_node *n)
{
    if (n->op != HRA_OP_POW) return false;
    const hra_graph_node *base = at(b, n->a);
    if (base->op == HRA_OP_ROW_VALUE) return positive_in_all_rows(b->fold, base->index);
    return base->op == HRA_OP_NUMBER && base->number > 0;
}

static bool is_sum(const hra_graph_node *n) { return n->op == HRA_OP_ADD || n->op == HRA_OP_SUB; }

/* Also a table without entries, which no kernel may read. */
static bool always_unknown(const hra_builder *b, hra_node node)
{
    const hra_graph_node *n = at(b, node);
    return hra_graph_always_unknown(b->request.graph, node) ||
           (n->op == HRA_OP_GATHER && hra_graph_gather_at(b->request.graph, n->index)->count == 0) ||
           (n->op == HRA_OP_COUNT_AT_LEAST && isnan(n->number));
}

static bool is_constant(const hra_builder *b, hra_node node)
{
    int op = at(b, node)->op;
    return op == HRA_OP_NUMBER || op == HRA_OP_FLAG || always_unknown(b, node);
}

/* ---- what must come before ------------------------------------------------------ */

static void need_terms(hra_builder *b, const hra_dot *dot)
{
    for (int k = 0; k < HRA_DOT_CONDITIONS; k++)
        if (dot->condition[k] >= 0) hra_builder_need(b, dot->condition[k]);
    for (int k = 0; k < dot->count; k++) {
        if (dot->terms[k].a >= 0) hra_builder_need(b, dot->terms[k].a);
        if (dot->terms[k].b >= 0) hra_builder_need(b, dot->terms[k].b);
    }
}

/* exp(a * b) is one instruction, where nobody else reads the product. */
static bool exp_of_product(hra_builder *b, const hra_graph_node *n)
{
    return n->op == HRA_OP_EXP && b->request.fuse && at(b, n->a)->op == HRA_OP_MUL && b->analysis->uses[n->a] == 1 &&
           !is_constant(b, n->a) && !hra_builder_is_table(b, n->a);
}

/* The exponential (or power of a constant) of a - exp(x), where nobody else reads it: one instruction with the
 * subtraction. */
static const hra_graph_node *exp_taken_away(hra_builder *b, const hra_graph_node *n)
{
    if (n->op != HRA_OP_SUB || !b->request.fuse) return NULL;
    const hra_graph_node *e = at(b, n->b);
    bool own = b->analysis->uses[n->b] == 1 && b->place[n->b] == HRA_UNPLACED && !is_constant(b, n->b);
    return (e->op == HRA_OP_EXP || constant_base(b, e)) && own && !hra_builder_is_table(b, n->b) ? e : NULL;
}

static void need_exponent(hra_builder *b, const hra_graph_node *exponential)
{
    if (exponential->op == HRA_OP_POW) {
        hra_builder_need(b, exponential->b);
        return;
    }
    const hra_graph_node *product = at(b, exponential->a);
    bool fused = exp_of_product(b, exponential);
    hra_builder_need(b, fused ? product->a : exponential->a);
    if (fused) hra_builder_need(b, product->b);
}

void hra_lower_needs(hra_builder *b, hra_node node)
{
    const hra_graph_node *n = at(b, node);
    if (is_constant(b, node) || hra_builder_is_table(b, node) || hra_builder_is_set(b, node)) return;
    if (hra_known_by_code(&b->request, n)) return;
    hra_dot dot = is_sum(n) ? hra_dot_of(b, node) : (hra_dot){0};
    if (dot.terms) {
        need_terms(b, &dot);
        free(dot.terms);
        return;
    }
    const hra_graph_node *exponential = exp_taken_away(b, n);
    if (exponential) hra_builder_need(b, n->a);
    if (!exponential && exp_of_product(b, n)) exponential = n;
    if (exponential) {
        need_exponent(b, exponential);
        return;
    }
    for (int k = constant_base(b, n), count = hra_graph_operand_count(b->request.graph, node); k < count; k++)
        hra_builder_need(b, hra_graph_operand(b->request.graph, node, k));
    if (n->op != HRA_OP_FOLD_OUT) return;
    hra_guards guards = hra_fold_guards(b, n->index);
    for (int k = 0; k < guards.count; k++) hra_builder_need(b, guards.item[k].condition);
}

/* ---- instructions ------------------------------------------------------------------ */

/* Starts an instruction whose result is the node's value: a number, or a flag of two planes. */
static hra_instruction *define(hra_builder *b, hra_node node, int kernel)
{
    if (!is_flag(b, node)) {
        int out = b->place[node] = hra_builder_new_number(b, false);
        hra_instruction *i = hra_builder_add(b, kernel);
        i->out = out;
        return i;
    }
    int known = hra_builder_new_plane(b), truth = hra_builder_new_plane(b);
    b->place[node] = hra_builder_flag(b, 2 * truth, -1, 2 * known);
    hra_instruction *i = hra_builder_add(b, kernel);
    i->known_out = known;
    i->truth_out = truth;
    return i;
}

static void lower_table(hra_builder *b, hra_node node)
{
    const hra_schema *schema = b->request.schema;
    const int *columns = b->analysis->columns[node];
    bool pair = columns[1] >= 0, wide = !pair && hra_column_wide(&schema->columns[columns[0]]);
    int kernel = is_flag(b, node) ? (pair   ? HRA_KERNEL_TABLE_FLAG_PAIR
                                     : wide ? HRA_KERNEL_TABLE_FLAG32
                                            : HRA_KERNEL_TABLE_FLAG16)
                                  : (pair   ? HRA_KERNEL_TABLE_PAIR
                                     : wide ? HRA_KERNEL_TABLE32
                                            : HRA_KERNEL_TABLE16);
    hra_instruction *i = define(b, node, kernel);
    i->columns[0] = columns[0];
    i->columns[1] = columns[1];
    i->data = b->table[node];
    if (pair) i->count = (int64_t)schema->columns[columns[1]].levels + 2;
}

static void set_load(hra_instruction *i, const hra_column *column, int index)
{
    i->columns[0] = index;
    i->parameter[0] = (double)column->first;
    i->parameter[1] = hra_pow10(column->decimals);
    i->parameter[2] = (double)column->levels;
}

static void lower_input(hra_builder *b, hra_node node)
{
    int index = at(b, node)->index;
    const hra_column *column = &b->request.schema->columns[index];
    int load = hra_column_wide(column) ? HRA_KERNEL_LOAD32 : HRA_KERNEL_LOAD16;
    set_load(define(b, node, load), column, index);
}

/* Known where both are, and there what the comparison says. */
static int compared(hra_builder *b, int kernel, const int values[2], int known)
{
    int plane = hra_builder_new_plane(b);
    hra_builder_add(b, kernel)->truth_out = plane;
    for (int k = 0; k < 2; k++) hra_builder_number_operand(b, values[k]);
    return hra_builder_flag(b, 2 * plane, -1, known);
}

static int not(hra_builder * b, int flag)
{
    const int operands[3] = {flag};
    return hra_lower_logic(b, HRA_OP_NOT, operands);
}

/* Where it is true the code says, where it is known its operands. */
static void lower_set(hra_builder *b, hra_node node)
{
    const hra_graph_node *n = at(b, node);
    int known = hra_logic_and(b, hra_builder_known(b, n->a), hra_builder_known(b, n->b));
    int truth = hra_builder_in_set(b, b->set[node], b->analysis->columns[node][0]);
    b->place[node] = hra_builder_flag(b, truth, -1, known);
}

static void lower_comparison(hra_builder *b, hra_node node)
{
    const hra_graph_node *n = at(b, node);
    const int values[2] = {b->place[n->a], b->place[n->b]};
    int known = hra_logic_and(b, hra_builder_known(b, n->a), hra_builder_known(b, n->b));
    int flag = compared(b, kernel_of[n->op], values, known);
    b->place[node] = n->op == HRA_OP_NE ? not(b, flag) : flag;
}

/* The codes 0 and 1 are the flag; a column that packs its flags in any other way is widened and compared. */
static void lower_input_flag(hra_builder *b, hra_node node)
{
    int index = at(b, node)->index;
    const hra_column *column = &b->request.schema->columns[index];
    if (column->levels == 2 && column->first == 0) {
        define(b, node, HRA_KERNEL_FLAG16)->columns[0] = index;
        return;
    }
    const int values[2] = {hra_builder_new_number(b, false), hra_builder_constant(b, 0)};
    hra_instruction *load = hra_builder_add(b, hra_column_wide(column) ? HRA_KERNEL_LOAD32 : HRA_KERNEL_LOAD16);
    load->out = values[0];
    set_load(load, column, index);
    int known = hra_builder_new_plane(b);
    hra_builder_add(b, HRA_KERNEL_KNOWN)->truth_out = known;
    hra_builder_number_operand(b, values[0]);
    b->place[node] = not(b, compared(b, HRA_KERNEL_EQ, values, 2 * known));
}

static void lower_logic(hra_builder *b, hra_node node)
{
    const hra_graph_node *n = at(b, node);
    const hra_node nodes[3] = {n->a, n->b, n->c};
    int flags[3] = {0};
    for (int k = 0, count = hra_graph_operand_count(b->request.graph, node); k < count; k++)
        flags[k] = b->place[nodes[k]];
    b->place[node] = hra_lower_logic(b, (hra_op)n->op, flags);
}

/* One for all sums that the same conditions choose for. */
static int choice_code(hra_builder *b, int first, int second)
{
    for (int k = 0; k < b->code_count; k++)
        if (b->codes[k].first == first && b->codes[k].second == second) return b->codes[k].value;
    if (!hra_grow((void **)&b->codes, &b->code_capacity, b->code_count + 1, sizeof *b->codes)) {
        b->failed = true;
        return 0;
    }
    int value = hra_builder_new_number(b, false);
    hra_builder_add(b, HRA_KERNEL_CHOICE)->out = value;
    hra_builder_literals(b, HRA_LITERAL_ONES, first);
    hra_builder_literals(b, HRA_LITERAL_ONES, second);
    b->codes[b->code_count++] = (hra_choice_code){first, second, value};
    return value;
}

static void lower_dot(hra_builder *b, hra_node node, const hra_dot *dot)
{
    int known = HRA_LITERAL_ONES, truth[HRA_DOT_CONDITIONS] = {HRA_LITERAL_ONES, HRA_LITERAL_ONES};
    bool choice = dot->condition[0] >= 0;
    for (int k = 0; k < HRA_DOT_CONDITIONS && dot->condition[k] >= 0; k++) {
        int condition = b->place[dot->condition[k]];
        known = hra_logic_and(b, known, hra_flag_known_of(b, condition));
        truth[k] = hra_flag_truth_of(b, condition);
    }
    int code = choice ? choice_code(b, truth[0], truth[1]) : -1;
    define(b, node, choice ? HRA_KERNEL_DOT_CHOICE : HRA_KERNEL_DOT);
    if (choice) hra_builder_number_operand(b, code);
    for (int k = 0; k < dot->count; k++) {
        const hra_dot_term *t = &dot->terms[k];
        int factor = t->b >= 0   ? b->place[t->b]
                     : t->chosen ? hra_builder_choice(b, t->coefficient)
                                 : hra_builder_constant(b, t->coefficient[0]);
        hra_builder_number_operand(b, factor);
        hra_builder_number_operand(b, t->a >= 0 ? b->place[t->a] : hra_builder_constant(b, 1));
    }
    if (choice) hra_builder_literals(b, known, HRA_LITERAL_ONES);
}

static int logarithm_of_base(hra_builder *b, const hra_graph_node *power)
{
    const hra_graph_node *base = at(b, power->a);
    if (base->op == HRA_OP_ROW_VALUE) return ~(b->fold->value_count + base->index);
    return hra_builder_constant(b, hra_scalar_ln(base->number));
}

/* Two factors: of a power of a constant, of the product that an exponential is of, or of anything and one. */
static void exponent_operands(hra_builder *b, const hra_graph_node *exponential)
{
    if (exponential->op == HRA_OP_POW) {
        hra_builder_number_operand(b, b->place[exponential->b]);
        hra_builder_number_operand(b, logarithm_of_base(b, exponential));
        return;
    }
    const hra_graph_node *product = at(b, exponential->a);
    bool fused = exp_of_product(b, exponential);
    hra_builder_number_operand(b, b->place[fused ? product->a : exponential->a]);
    hra_builder_number_operand(b, fused ? b->place[product->b] : hra_builder_constant(b, 1));
}

static void lower_exp_of_product(hra_builder *b, hra_node node)
{
    define(b, node, HRA_KERNEL_EXP_PRODUCT);
    exponent_operands(b, at(b, node));
}

static void lower_exp_taken_away(hra_builder *b, hra_node node, const hra_graph_node *exponential)
{
    define(b, node, HRA_KERNEL_LESS_EXP_PRODUCT);
    exponent_operands(b, exponential);
    hra_builder_number_operand(b, b->place[at(b, node)->a]);
}

static const hra_step_tree *add_tree(hra_builder *b, const hra_step *step)
{
    hra_routine *r = b->routine;
    hra_step_tree *tree = NULL;
    if (hra_grow((void **)&r->trees, &b->tree_capacity, r->tree_count + 1, sizeof *r->trees))
        tree = hra_step_tree_new(step);
    if (tree)
        r->trees[r->tree_count++] = tree;
    else
        b->failed = true;
    return tree;
}

static void lower_operation(hra_builder *b, hra_node node)
{
    const hra_graph *graph = b->request.graph;
    const hra_graph_node *n = at(b, node);
    for (int k = 0, count = hra_graph_operand_count(graph, node); k < count; k++) {
        hra_node operand = hra_graph_operand(graph, node, k);
        if (is_flag(b, operand)) hra_flag_known_of(b, b->place[operand]);
    }
    hra_instruction *i = define(b, node, kernel_of[n->op]);
    if (n->op == HRA_OP_ROUND) i->parameter[0] = hra_pow10(n->index);
    if (n->op == HRA_OP_COUNT_AT_LEAST) i->parameter[0] = n->number;
    if (n->op == HRA_OP_STEP) {
        const hra_step *step = hra_graph_step_at(graph, n->index);
        if (step->cut_count > HRA_STEP_FEW) i->kernel = HRA_KERNEL_STEP_MANY;
        i->data = step->cut_count > HRA_STEP_FEW ? (const void *)add_tree(b, step) : step;
    }
    if (n->op == HRA_OP_GATHER) {
        const hra_gather *table = hra_graph_gather_at(graph, n->index);
        i->data = table->values;
        i->count = table->count;
    }
    for (int k = 0, count = hra_graph_operand_count(graph, node); k < count; k++) {
        hra_node operand = hra_graph_operand(graph, node, k);
        if (is_flag(b, operand))
            hra_builder_flag_operand(b, b->place[operand]);
        else
            hra_builder_number_operand(b, b->place[operand]);
    }
}

static void lower_constant(hra_builder *b, hra_node node)
{
    bool unknown = always_unknown(b, node);
    double number = unknown ? (double)NAN : at(b, node)->number;
    if (!is_flag(b, node))
        b->place[node] = hra_builder_constant(b, number);
    else
        b->place[node] = isnan(number) ? HRA_FLAG_UNKNOWN : number != 0 ? HRA_FLAG_TRUE : HRA_FLAG_FALSE;
}

/* In a body a flag from outside is captured as a number and compared with 1; asked for as a number it is that capture:
 * a value, or HRA_UNPLACED. */
static int captured_flag(const hra_builder *b, const hra_graph_node *n)
{
    if (!b->fold || n->op != HRA_OP_FROM_FLAG || at(b, n->a)->op != HRA_OP_EQ) return HRA_UNPLACED;
    const hra_graph_node *x = at(b, at(b, n->a)->a), *y = at(b, at(b, n->a)->b);
    const hra_graph_node *capture = x->op == HRA_OP_CAPTURE ? x : y, *one = capture == x ? y : x;
    if (capture->op != HRA_OP_CAPTURE || one->op != HRA_OP_NUMBER || one->number != 1) return HRA_UNPLACED;
    bool flag = hra_graph_at(b->outer, b->fold->captures[capture->index])->op == HRA_OP_FROM_FLAG;
    return flag ? 2 * b->fold->state_count + capture->index : HRA_UNPLACED;
}

void hra_lower(hra_builder *b, hra_node node)
{
    const hra_graph_node *n = at(b, node);
    if (is_constant(b, node)) {
        lower_constant(b, node);
        return;
    }
    b->place[node] = captured_flag(b, n);
    if (b->place[node] != HRA_UNPLACED) return;
    if (hra_builder_is_table(b, node)) {
        lower_table(b, node);
        return;
    }
    if (hra_builder_is_set(b, node)) {
        lower_set(b, node);
        return;
    }
    if (is_sum(n)) {
        hra_dot dot = hra_dot_of(b, node);
        if (dot.terms) {
            lower_dot(b, node, &dot);
            free(dot.terms);
            return;
        }
    }
    const hra_graph_node *exponential = exp_taken_away(b, n);
    if (exponential)
        lower_exp_taken_away(b, node, exponential);
    else if (n->op == HRA_OP_INPUT)
        lower_input(b, node);
    else if (n->op == HRA_OP_INPUT_FLAG)
        lower_input_flag(b, node);
    else if (n->op == HRA_OP_KNOWN)
        b->place[node] = hra_flag_sure(b, hra_builder_known(b, n->a));
    else if (n->op >= HRA_OP_LT && n->op <= HRA_OP_NE)
        lower_comparison(b, node);
    else if (hra_is_logic((hra_op)n->op))
        lower_logic(b, node);
    else if (n->op == HRA_OP_FOLD_OUT)
        hra_lower_fold(b, node);
    else if (constant_base(b, n) || exp_of_product(b, n))
        lower_exp_of_product(b, node);
    else
        lower_operation(b, node);
}
