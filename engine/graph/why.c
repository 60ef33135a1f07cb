/* Why a value is unknown or substituted, as flags of the graph itself.
 *
 * For every node there is at most one flag per question, built from those of
 * its operands and remembered; where an operand cannot be the cause there is
 * none (HRA_WHY_NEVER), so the flags stay few. A cause of missing or outside
 * implies that the value is unknown; the flag for substituted means something
 * only where the value is known. No flag here is ever unknown. */
#include <math.h>
#include <stdlib.h>

#include "engine/graph/graph_internal.h"

static hra_node cause_of(const hra_graph *graph, hra_node node, hra_why why) { return graph->cells[node].why[why]; }

static hra_node either(hra_graph *graph, hra_node a, hra_node b)
{
    if (a == HRA_WHY_NEVER || a == b) return b;
    return b == HRA_WHY_NEVER ? a : hra_graph_binary(graph, HRA_OP_OR, a, b);
}

static hra_node both(hra_graph *graph, hra_node a, hra_node b)
{
    if (a == HRA_WHY_NEVER || b == HRA_WHY_NEVER) return HRA_WHY_NEVER;
    return a == b ? a : hra_graph_binary(graph, HRA_OP_AND, a, b);
}

static hra_node not_(hra_graph *graph, hra_node flag) { return hra_graph_unary(graph, HRA_OP_NOT, flag); }

static hra_node is_true(hra_graph *graph, hra_node flag) { return hra_graph_unary(graph, HRA_OP_IS_TRUE, flag); }

static hra_node known(hra_graph *graph, hra_node node)
{
    hra_op op = hra_graph_kind(graph, node) == HRA_KIND_FLAG ? HRA_OP_KNOWN_FLAG : HRA_OP_KNOWN;
    return hra_graph_unary(graph, op, node);
}

static hra_node unknown(hra_graph *graph, hra_node node)
{
    return hra_graph_never_unknown(graph, node) ? HRA_WHY_NEVER : not_(graph, known(graph, node));
}

static hra_node any_operand(hra_graph *graph, hra_node node, hra_why why)
{
    hra_node any = HRA_WHY_NEVER;
    for (int i = 0; i < hra_graph_operand_count(graph, node); i++)
        any = either(graph, any, cause_of(graph, hra_graph_operand(graph, node, i), why));
    return any;
}

/* The condition's cause, or that of the branch it chose. */
static hra_node of_select(hra_graph *graph, const hra_graph_node *n, hra_why why)
{
    hra_node condition = cause_of(graph, n->a, why);
    hra_node yes = cause_of(graph, n->b, why), no = cause_of(graph, n->c, why);
    if (yes == no) return yes < 0 ? condition : either(graph, condition, both(graph, known(graph, n->a), yes));
    if (yes >= 0) condition = either(graph, condition, both(graph, is_true(graph, n->a), yes));
    if (no >= 0) condition = either(graph, condition, both(graph, is_true(graph, not_(graph, n->a)), no));
    return condition;
}

/* Unknown only if both are, and then each may be the cause. */
static hra_node of_first_known(hra_graph *graph, const hra_graph_node *n, hra_why why)
{
    hra_node a = cause_of(graph, n->a, why), b = cause_of(graph, n->b, why);
    if (why != HRA_WHY_SUBSTITUTED) {
        a = a < 0 ? a : both(graph, a, unknown(graph, n->b));
        b = b < 0 ? b : both(graph, b, unknown(graph, n->a));
        return either(graph, a, b);
    }
    bool marks = n->op == HRA_OP_SUBSTITUTE || n->op == HRA_OP_SUBSTITUTE_FLAG;
    if (marks) b = known(graph, n->b);
    if (a >= 0) a = both(graph, known(graph, n->a), a);
    if (b >= 0) b = both(graph, unknown(graph, n->a), b);
    return either(graph, a, b);
}

/* True where this operand settles the junction and is not itself substituted. */
static hra_node settles(hra_graph *graph, hra_op op, hra_node operand)
{
    hra_node decisive = is_true(graph, op == HRA_OP_OR ? operand : not_(graph, operand));
    hra_node substituted = cause_of(graph, operand, HRA_WHY_SUBSTITUTED);
    return substituted < 0 ? decisive : both(graph, decisive, not_(graph, substituted));
}

static hra_node of_junction(hra_graph *graph, hra_node node, const hra_graph_node *n, hra_why why)
{
    hra_node any = any_operand(graph, node, why);
    if (any < 0) return any;
    if (why != HRA_WHY_SUBSTITUTED) return both(graph, any, unknown(graph, node));
    hra_node settled = either(graph, settles(graph, (hra_op)n->op, n->a), settles(graph, (hra_op)n->op, n->b));
    return both(graph, any, not_(graph, settled));
}

static bool body_has_gaps(const hra_graph *body);

static bool has_gaps(const hra_graph *graph, const hra_graph_node *n)
{
    if (n->op == HRA_OP_FOLD_OUT) return body_has_gaps(graph->folds[n->index].body);
    if (n->op == HRA_OP_OUTSIDE || n->op == HRA_OP_GATHER) return true;
    if (n->op != HRA_OP_STEP) return false;
    const hra_step *step = &graph->steps[n->index];
    for (int i = 0; i <= step->cut_count; i++)
        if (isnan(step->values[i])) return true;
    return false;
}

static bool body_has_gaps(const hra_graph *body)
{
    for (hra_node i = 0; i < body->count; i++)
        if (has_gaps(body, &body->nodes[i])) return true;
    return false;
}

/* A step, lookup or fold that gives nothing although it got everything met a gap. */
static hra_node of_table(hra_graph *graph, hra_node node, const hra_graph_node *n, hra_why why)
{
    hra_node any = any_operand(graph, node, why);
    if (why != HRA_WHY_OUTSIDE) return any;
    if (!has_gaps(graph, n)) return any;
    hra_node gap = HRA_WHY_NEVER;
    for (int i = 0; i < hra_graph_operand_count(graph, node); i++) {
        hra_node operand = hra_graph_operand(graph, node, i);
        if (hra_graph_never_unknown(graph, operand)) continue;
        gap = gap < 0 ? known(graph, operand) : both(graph, gap, known(graph, operand));
    }
    gap = gap < 0 ? unknown(graph, node) : both(graph, gap, unknown(graph, node));
    return either(graph, any, gap);
}

/* An open fold need not be unknown because one of its operands is. */
static hra_node of_fold(hra_graph *graph, hra_node node, const hra_graph_node *n, hra_why why)
{
    const hra_fold *fold = &graph->folds[n->index];
    if (!fold->open) return of_table(graph, node, n, why);
    hra_node any = any_operand(graph, node, why);
    if (why == HRA_WHY_SUBSTITUTED) return any;
    if (why == HRA_WHY_OUTSIDE && has_gaps(graph, n)) return unknown(graph, node);
    return both(graph, any, unknown(graph, node));
}

/* The flag of a node whose operands have theirs. */
static hra_node cause(hra_graph *graph, hra_node node, hra_why why)
{
    hra_graph_node n = graph->nodes[node]; /* a copy: nodes move as new ones are made */
    switch ((hra_op)n.op) {
    case HRA_OP_UNKNOWN:
    case HRA_OP_FLAG:
    case HRA_OP_INPUT:
    case HRA_OP_INPUT_FLAG: return why == HRA_WHY_MISSING ? unknown(graph, node) : HRA_WHY_NEVER;
    case HRA_OP_OUTSIDE: return why == HRA_WHY_OUTSIDE ? hra_graph_flag(graph, 1) : HRA_WHY_NEVER;
    case HRA_OP_KNOWN: /* asks whether a value is there, not for the value */
    case HRA_OP_KNOWN_FLAG: return HRA_WHY_NEVER;
    case HRA_OP_IS_TRUE:
        if (why != HRA_WHY_SUBSTITUTED || cause_of(graph, n.a, why) < 0) return HRA_WHY_NEVER;
        return both(graph, known(graph, n.a), cause_of(graph, n.a, why));
    case HRA_OP_SELECT:
    case HRA_OP_SELECT_FLAG: return of_select(graph, &n, why);
    case HRA_OP_FIRST_KNOWN:
    case HRA_OP_FIRST_KNOWN_FLAG:
    case HRA_OP_SUBSTITUTE:
    case HRA_OP_SUBSTITUTE_FLAG: return of_first_known(graph, &n, why);
    case HRA_OP_AND:
    case HRA_OP_OR: return of_junction(graph, node, &n, why);
    case HRA_OP_COUNT_AT_LEAST: {
        hra_node any = any_operand(graph, node, why);
        return any < 0 || why == HRA_WHY_SUBSTITUTED ? any : both(graph, any, unknown(graph, node));
    }
    case HRA_OP_STEP:
    case HRA_OP_GATHER: return of_table(graph, node, &n, why);
    case HRA_OP_FOLD_OUT: return of_fold(graph, node, &n, why);
    default: return any_operand(graph, node, why);
    }
}

/* The first operand that has not been asked yet, or -1. */
static hra_node unasked(const hra_graph *graph, hra_node node, hra_why why)
{
    for (int i = 0; i < hra_graph_operand_count(graph, node); i++) {
        hra_node operand = hra_graph_operand(graph, node, i);
        if (cause_of(graph, operand, why) == HRA_WHY_NOT_ASKED) return operand;
    }
    return -1;
}

hra_node hra_graph_why(hra_graph *graph, hra_node value, hra_why why)
{
    if (value < 0 || graph->failed) return hra_graph_fail(graph);
    /* A stack of its own: sums of a thousand terms nest a thousand deep. Operands come before their node, so
     * value + 1 places suffice. */
    hra_node *stack = malloc(((size_t)value + 1) * sizeof *stack);
    if (!stack) return hra_graph_fail(graph);
    int depth = 0;
    stack[depth++] = value;
    while (depth > 0 && !graph->failed) {
        hra_node node = stack[depth - 1], operand = unasked(graph, node, why);
        if (operand >= 0) {
            stack[depth++] = operand;
            continue;
        }
        hra_node flag = cause(graph, node, why);
        graph->cells[node].why[why] = flag;
        depth--;
    }
    free(stack);
    if (graph->failed) return -1;
    hra_node flag = cause_of(graph, value, why);
    return flag == HRA_WHY_NEVER ? hra_graph_flag(graph, 0) : flag;
}
