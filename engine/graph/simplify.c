/* Rewrites that change no bit of the value, and nothing of why it is unknown or
 * substituted: x * 1, x / 1, x - 0, a choice whose condition is constant, and
 * operations on known constants, which the judge's own arithmetic folds. What
 * folds to an unknown stays as it is, so that its cause can still be told. */
#include <math.h>

#include "engine/graph/graph_internal.h"
#include "engine/graph/scalar.h"

static bool is_known_constant(const hra_graph *graph, hra_node node)
{
    const hra_graph_node *n = &graph->nodes[node];
    return n->op == HRA_OP_NUMBER || (n->op == HRA_OP_FLAG && !isnan(n->number));
}

static bool is_number(const hra_graph *graph, hra_node node, double value)
{
    const hra_graph_node *n = &graph->nodes[node];
    return n->op == HRA_OP_NUMBER && n->number == value && !signbit(n->number);
}

static bool is_flag(const hra_graph *graph, hra_node node, double value)
{
    const hra_graph_node *n = &graph->nodes[node];
    return n->op == HRA_OP_FLAG && n->number == value;
}

static hra_node constant(hra_graph *graph, hra_op op, double value)
{
    if (isnan(value)) return -1;
    return hra_op_kind(op) == HRA_KIND_FLAG ? hra_graph_flag(graph, value) : hra_graph_number(graph, value);
}

static hra_node fold_count(hra_graph *graph, const hra_graph_node *n)
{
    int is_true = 0;
    for (int i = 0; i < n->many; i++) {
        hra_node operand = graph->list[n->first + i];
        if (!is_known_constant(graph, operand)) return -1;
        is_true += graph->nodes[operand].number != 0;
    }
    return constant(graph, (hra_op)n->op, hra_scalar_count((hra_op)n->op, is_true, 0, n->number));
}

static hra_node fold_constants(hra_graph *graph, const hra_graph_node *n)
{
    hra_op op = (hra_op)n->op;
    const char *kinds = hra_op_operands(op);
    const hra_node nodes[] = {n->a, n->b, n->c};
    double operand[3] = {0};
    if (kinds[0] == '\0') return -1;
    if (kinds[0] == '*') return fold_count(graph, n);
    for (int i = 0; kinds[i]; i++) {
        if (!is_known_constant(graph, nodes[i])) return -1;
        operand[i] = graph->nodes[nodes[i]].number;
    }
    if (op == HRA_OP_STEP) return constant(graph, op, hra_step_value(&graph->steps[n->index], operand[0]));
    if (op == HRA_OP_GATHER) return constant(graph, op, hra_scalar_gather(&graph->gathers[n->index], operand[0]));
    return constant(graph, op, hra_scalar_operation(op, operand, n->index));
}

static hra_node simplify_arithmetic(const hra_graph *graph, const hra_graph_node *n)
{
    switch ((hra_op)n->op) {
    case HRA_OP_SUB: return is_number(graph, n->b, 0) ? n->a : -1;
    case HRA_OP_DIV: return is_number(graph, n->b, 1) ? n->a : -1;
    case HRA_OP_MUL:
        if (is_number(graph, n->b, 1)) return n->a;
        return is_number(graph, n->a, 1) ? n->b : -1;
    case HRA_OP_NEG: return graph->nodes[n->a].op == HRA_OP_NEG ? graph->nodes[n->a].a : -1;
    default: return -1;
    }
}

/* and: `decisive` is false, `neutral` true; or: the other way round. */
static hra_node simplify_junction(const hra_graph *graph, const hra_graph_node *n, double decisive, double neutral)
{
    if (n->a == n->b || is_flag(graph, n->a, decisive) || is_flag(graph, n->b, neutral)) return n->a;
    return is_flag(graph, n->b, decisive) || is_flag(graph, n->a, neutral) ? n->b : -1;
}

static hra_node simplify_choice(hra_graph *graph, const hra_graph_node *n)
{
    switch ((hra_op)n->op) {
    case HRA_OP_SELECT:
    case HRA_OP_SELECT_FLAG:
        if (is_flag(graph, n->a, 1)) return n->b;
        return is_flag(graph, n->a, 0) ? n->c : -1;
    case HRA_OP_FIRST_KNOWN:
    case HRA_OP_FIRST_KNOWN_FLAG:
    case HRA_OP_SUBSTITUTE:
    case HRA_OP_SUBSTITUTE_FLAG: return hra_graph_never_unknown(graph, n->a) ? n->a : -1;
    case HRA_OP_AND: return simplify_junction(graph, n, 0, 1);
    case HRA_OP_OR: return simplify_junction(graph, n, 1, 0);
    case HRA_OP_NOT: return graph->nodes[n->a].op == HRA_OP_NOT ? graph->nodes[n->a].a : -1;
    case HRA_OP_IS_TRUE:
        if (hra_graph_always_unknown(graph, n->a)) return hra_graph_flag(graph, 0);
        return hra_graph_never_unknown(graph, n->a) ? n->a : -1;
    case HRA_OP_KNOWN:
    case HRA_OP_KNOWN_FLAG:
        if (hra_graph_always_unknown(graph, n->a)) return hra_graph_flag(graph, 0);
        return hra_graph_never_unknown(graph, n->a) ? hra_graph_flag(graph, 1) : -1;
    default: return -1;
    }
}

hra_node hra_graph_simplify(hra_graph *graph, const hra_graph_node *node)
{
    hra_node result = fold_constants(graph, node);
    if (result < 0) result = simplify_arithmetic(graph, node);
    if (result < 0) result = simplify_choice(graph, node);
    return result;
}
