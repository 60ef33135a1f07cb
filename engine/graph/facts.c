/* What is certain about a node for every person. Both facts are on the safe
 * side: a node without them may still never, or always, be unknown. */
#include <math.h>

#include "engine/graph/graph_internal.h"

enum { ALWAYS = HRA_FACT_ALWAYS_UNKNOWN, NEVER = HRA_FACT_NEVER_UNKNOWN };

/* Unknown as soon as one operand is; `keeps` says that known operands give a known result. */
static uint8_t strict(uint8_t a, uint8_t b, bool keeps)
{
    uint8_t never = keeps ? a & b & NEVER : 0;
    return ((a | b) & ALWAYS) | never;
}

/* Unknown only when both are. */
static uint8_t either(uint8_t a, uint8_t b) { return (a & b & ALWAYS) | ((a | b) & NEVER); }

static uint8_t select(uint8_t condition, uint8_t yes, uint8_t no)
{
    uint8_t always = (condition & ALWAYS) | (yes & no & ALWAYS);
    return always | (condition & yes & no & NEVER);
}

/* A flag is never both: an unknown operand can be outvoted by a decisive one. */
static uint8_t junction(uint8_t a, uint8_t b) { return a & b; }

static uint8_t step(const hra_step *step, uint8_t x)
{
    int gaps = 0;
    for (int i = 0; i <= step->cut_count; i++) gaps += isnan(step->values[i]);
    uint8_t all_gaps = gaps == step->cut_count + 1 ? ALWAYS : 0;
    return (x & ALWAYS) | all_gaps | (gaps == 0 ? x & NEVER : 0);
}

static uint8_t count(const hra_graph *graph, const hra_graph_node *n)
{
    uint8_t any = 0, all = ALWAYS | NEVER;
    for (int i = 0; i < n->many; i++) {
        uint8_t f = hra_graph_facts_of(graph, graph->list[n->first + i]);
        any |= f;
        all &= f;
    }
    return n->op == HRA_OP_COUNT ? (any & ALWAYS) | (all & NEVER) : all & NEVER;
}

static uint8_t fold_out(const hra_graph *graph, const hra_fold *fold)
{
    uint8_t any = 0;
    for (int i = 0; i < fold->capture_count && !fold->open; i++) any |= hra_graph_facts_of(graph, fold->captures[i]);
    for (int i = 0; i < fold->state_count; i++) any |= hra_graph_facts_of(graph, fold->initial[i]);
    return any & ALWAYS;
}

static uint8_t leaf_or_table(const hra_graph *graph, const hra_graph_node *n, uint8_t a)
{
    switch ((hra_op)n->op) {
    case HRA_OP_NUMBER: return NEVER;
    case HRA_OP_UNKNOWN:
    case HRA_OP_OUTSIDE: return ALWAYS;
    case HRA_OP_FLAG: return isnan(n->number) ? ALWAYS : NEVER;
    case HRA_OP_STEP: return step(&graph->steps[n->index], a);
    case HRA_OP_GATHER: return a & ALWAYS;
    case HRA_OP_COUNT:
    case HRA_OP_COUNT_AT_LEAST: return count(graph, n);
    case HRA_OP_FOLD_OUT: return fold_out(graph, &graph->folds[n->index]);
    default: return 0;
    }
}

uint8_t hra_graph_facts(const hra_graph *graph, const hra_graph_node *n)
{
    const char *kinds = hra_op_operands((hra_op)n->op);
    const hra_node nodes[] = {n->a, n->b, n->c};
    uint8_t f[3] = {0};
    for (int i = 0; kinds[i] && kinds[i] != '*'; i++) f[i] = hra_graph_facts_of(graph, nodes[i]);
    switch ((hra_op)n->op) {
    case HRA_OP_ADD:
    case HRA_OP_SUB:
    case HRA_OP_MUL:
    case HRA_OP_DIV:
    case HRA_OP_POW:
    case HRA_OP_YEARS_BETWEEN: return strict(f[0], f[1], false);
    case HRA_OP_EXP:
    case HRA_OP_LN:
    case HRA_OP_SQRT: return f[0] & ALWAYS;
    case HRA_OP_NEG:
    case HRA_OP_ABS:
    case HRA_OP_FLOOR:
    case HRA_OP_CEIL:
    case HRA_OP_TRUNC:
    case HRA_OP_ROUND:
    case HRA_OP_FROM_FLAG:
    case HRA_OP_NOT: return f[0];
    case HRA_OP_MIN:
    case HRA_OP_MAX:
    case HRA_OP_LT:
    case HRA_OP_LE:
    case HRA_OP_EQ:
    case HRA_OP_NE: return strict(f[0], f[1], true);
    case HRA_OP_SELECT:
    case HRA_OP_SELECT_FLAG: return select(f[0], f[1], f[2]);
    case HRA_OP_FIRST_KNOWN:
    case HRA_OP_FIRST_KNOWN_FLAG:
    case HRA_OP_SUBSTITUTE:
    case HRA_OP_SUBSTITUTE_FLAG: return either(f[0], f[1]);
    case HRA_OP_AND:
    case HRA_OP_OR: return junction(f[0], f[1]);
    case HRA_OP_KNOWN:
    case HRA_OP_KNOWN_FLAG:
    case HRA_OP_IS_TRUE: return NEVER;
    default: return leaf_or_table(graph, n, f[0]);
    }
}
