/* Lifting: the part of a graph that depends on one leaf becomes part of a fold's body. What does not depend on it stays
 * outside and is captured. */
#include <stdlib.h>
#include <string.h>

#include "engine/graph/graph_internal.h"

typedef struct lift {
    hra_graph *outer, *body;
    bool *depends;       /* by outer node: on the leaf; everything, where a whole body is copied */
    hra_node *copies;    /* by outer node: its copy in the body, -1: not yet */
    hra_captures *taken; /* NULL where a whole body is copied */
} lift;

static hra_node copy_of(const lift *l, hra_node node) { return node < 0 ? -1 : l->copies[node]; }

/* ---- what stays outside --------------------------------------------------------- */

hra_node hra_graph_capture(hra_graph *body, hra_node number, hra_captures *captures)
{
    for (int i = 0; i < captures->count; i++)
        if (captures->nodes[i] == number) return hra_graph_leaf(body, HRA_OP_CAPTURE, i);
    if (!hra_graph_reserve(body, (void **)&captures->nodes, &captures->capacity, captures->count + 1,
                           sizeof *captures->nodes))
        return -1;
    captures->nodes[captures->count] = number;
    return hra_graph_leaf(body, HRA_OP_CAPTURE, captures->count++);
}

static hra_node captured(lift *l, hra_node node)
{
    const hra_graph_node *n = hra_graph_at(l->outer, node);
    if (n->op == HRA_OP_NUMBER) return hra_graph_number(l->body, n->number);
    if (n->op == HRA_OP_FLAG && hra_graph_never_unknown(l->outer, node)) return hra_graph_flag(l->body, n->number);
    if (hra_graph_kind(l->outer, node) == HRA_KIND_NUM) return hra_graph_capture(l->body, node, l->taken);
    hra_node from_flag = hra_graph_unary(l->outer, HRA_OP_FROM_FLAG, node);
    hra_node number = hra_graph_capture(l->body, from_flag, l->taken);
    return hra_graph_binary(l->body, HRA_OP_EQ, number, hra_graph_number(l->body, 1));
}

/* ---- what is copied --------------------------------------------------------------- */

static hra_node copy(lift *l, hra_node node);

/* Every node of a fold's body, as it is. */
static hra_graph *copy_body(const hra_graph *body, hra_node **copies)
{
    hra_graph *whole = hra_graph_new(body->share);
    *copies = malloc(((size_t)body->count + 1) * sizeof **copies);
    if (!whole || !*copies) {
        hra_graph_free(whole);
        return NULL;
    }
    lift l = {.outer = (hra_graph *)body, .body = whole, .copies = *copies};
    for (hra_node node = 0; node < body->count; node++) (*copies)[node] = copy(&l, node);
    return whole;
}

static hra_node *copies_of(const lift *l, const hra_node *nodes, int count)
{
    hra_node *copies = malloc(((size_t)count + 1) * sizeof *copies);
    for (int i = 0; copies && i < count; i++) copies[i] = copy_of(l, nodes[i]);
    return copies;
}

/* A fold within: its body is copied for each of its emits. */
static hra_node copy_fold(lift *l, const hra_graph_node *n)
{
    hra_fold fold = l->outer->folds[n->index];
    hra_node *within = NULL;
    fold.body = copy_body(fold.body, &within);
    hra_node *captures = copies_of(l, fold.captures, fold.capture_count);
    hra_node *initial = copies_of(l, fold.initial, fold.state_count);
    hra_node *next = malloc(((size_t)fold.state_count + 1) * sizeof *next);
    hra_node result = -1;
    if (fold.body && captures && initial && next) {
        for (int i = 0; i < fold.state_count; i++) next[i] = within[fold.next[i]];
        fold.captures = captures;
        fold.initial = initial;
        fold.next = next;
        int index = hra_graph_add_fold(l->body, &fold);
        if (index >= 0) result = hra_graph_fold_out(l->body, index, n->b);
    } else {
        hra_graph_free(fold.body);
        hra_graph_fail(l->body);
    }
    free(within);
    free(captures);
    free(initial);
    free(next);
    return result;
}

static hra_node copy_count(lift *l, const hra_graph_node *n)
{
    hra_node *flags = copies_of(l, l->outer->list + n->first, n->many);
    if (!flags) return hra_graph_fail(l->body);
    hra_node result = n->op == HRA_OP_COUNT ? hra_graph_count_of(l->body, flags, n->many)
                                            : hra_graph_count_at_least(l->body, flags, n->many, n->number);
    free(flags);
    return result;
}

/* The same operation in the body; its operands are there already. */
static hra_node copy(lift *l, hra_node node)
{
    hra_graph_node n = *hra_graph_at(l->outer, node);
    switch ((hra_op)n.op) {
    case HRA_OP_NUMBER: return hra_graph_number(l->body, n.number);
    case HRA_OP_UNKNOWN: return hra_graph_absent(l->body, n.index, HRA_KIND_NUM);
    case HRA_OP_OUTSIDE: return hra_graph_outside(l->body);
    case HRA_OP_FLAG: return hra_graph_flag(l->body, n.number);
    case HRA_OP_STATE:
    case HRA_OP_ROW_VALUE:
    case HRA_OP_CAPTURE: return hra_graph_leaf(l->body, (hra_op)n.op, n.index);
    case HRA_OP_COUNT:
    case HRA_OP_COUNT_AT_LEAST: return copy_count(l, &n);
    case HRA_OP_STEP: return hra_graph_step(l->body, copy_of(l, n.a), &l->outer->steps[n.index]);
    case HRA_OP_GATHER:
        return hra_graph_gather(l->body, copy_of(l, n.a), hra_graph_add_gather(l->body, &l->outer->gathers[n.index]));
    case HRA_OP_ROUND: return hra_graph_round(l->body, copy_of(l, n.a), n.index);
    case HRA_OP_FOLD_OUT: return copy_fold(l, &n);
    default: break;
    }
    if (n.c >= 0) return hra_graph_select(l->body, copy_of(l, n.a), copy_of(l, n.b), copy_of(l, n.c));
    if (n.b >= 0) return hra_graph_binary(l->body, (hra_op)n.op, copy_of(l, n.a), copy_of(l, n.b));
    return hra_graph_unary(l->body, (hra_op)n.op, copy_of(l, n.a));
}

/* ---- the walk ------------------------------------------------------------------------ */

static void find_dependent(lift *l, hra_node value, hra_node leaf)
{
    for (hra_node node = 0; node <= value; node++) {
        l->depends[node] = node == leaf;
        for (int i = 0, count = hra_graph_operand_count(l->outer, node); i < count && !l->depends[node]; i++)
            l->depends[node] = l->depends[hra_graph_operand(l->outer, node, i)];
    }
}

/* Marks what the value needs: dependent nodes, and independent ones where a dependent one meets them. */
static void find_needed(const lift *l, hra_node value, bool *needed)
{
    needed[value] = true;
    for (hra_node node = value; node >= 0; node--) {
        if (!needed[node] || !l->depends[node]) continue;
        for (int i = 0, count = hra_graph_operand_count(l->outer, node); i < count; i++)
            needed[hra_graph_operand(l->outer, node, i)] = true;
    }
}

hra_node hra_graph_lift(hra_graph *graph, hra_node value, hra_node leaf, hra_graph *body, hra_captures *captures)
{
    if (value < 0 || leaf < 0 || graph->failed || body->failed) return hra_graph_fail(body);
    size_t count = (size_t)value + 1;
    lift l = {.outer = graph,
              .body = body,
              .depends = calloc(count, sizeof *l.depends),
              .copies = malloc(count * sizeof *l.copies),
              .taken = captures};
    bool *needed = calloc(count, sizeof *needed);
    hra_node result = -1;
    if (l.depends && l.copies && needed) {
        find_dependent(&l, value, leaf);
        find_needed(&l, value, needed);
        for (hra_node node = 0; node <= value; node++)
            if (needed[node]) l.copies[node] = l.depends[node] ? copy(&l, node) : captured(&l, node);
        result = l.copies[value];
    } else {
        hra_graph_fail(body);
    }
    free(l.depends);
    free(l.copies);
    free(needed);
    return result;
}
