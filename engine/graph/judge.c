/* One person at a time: every node is computed when it is first asked for, and
 * remembered until the next person. The walk keeps its own stack, because sums
 * of a thousand terms nest a thousand deep, and asks only for what it needs:
 * of a select the condition and one branch. */
#include "engine/graph/judge.h"

#include <stdlib.h>
#include <string.h>

#include "engine/graph/scalar.h"
#include "engine/graph/status.h"

/* The loop of one fold: its body has a judge of its own, started anew for every row. */
typedef struct fold_state {
    hra_judge *body;
    uint32_t seen; /* the person whose results `emits` holds */
    double *emits; /* the memory of this and the following arrays */
    double *states, *next;
    double *captures;
} fold_state;

struct hra_judge {
    const hra_graph *graph;
    const double *inputs;
    const double *states, *row, *captures; /* in a fold body */
    double *value;
    uint32_t *seen; /* the person whose value this is */
    uint32_t person;
    uint32_t *marked; /* the walk of hra_judge_missing that came by */
    uint32_t walk;
    hra_node *stack, *path;
    int *first_operand; /* per node, in operands; one more at the end */
    hra_node *operands;
    fold_state *folds;
};

static bool new_fold_state(const hra_fold *fold, fold_state *state)
{
    size_t states = (size_t)fold->state_count, emits = (size_t)fold->emit_count;
    state->body = hra_judge_new(fold->body);
    state->emits = calloc(emits + 2 * states + (size_t)fold->capture_count + 1, sizeof(double));
    if (!state->body || !state->emits) return false;
    state->states = state->emits + emits;
    state->next = state->states + states;
    state->captures = state->next + states;
    return true;
}

/* The operands of all nodes in one list: they are asked for more than anything else. */
static bool list_operands(hra_judge *judge, int nodes)
{
    judge->first_operand = calloc((size_t)nodes + 1, sizeof *judge->first_operand);
    if (!judge->first_operand) return false;
    for (int n = 0; n < nodes; n++)
        judge->first_operand[n + 1] = judge->first_operand[n] + hra_graph_operand_count(judge->graph, n);
    judge->operands = calloc((size_t)judge->first_operand[nodes] + 1, sizeof *judge->operands);
    for (int n = 0; judge->operands && n < nodes; n++)
        for (int i = judge->first_operand[n]; i < judge->first_operand[n + 1]; i++)
            judge->operands[i] = hra_graph_operand(judge->graph, n, i - judge->first_operand[n]);
    return judge->operands != NULL;
}

static int operand_count(const hra_judge *judge, hra_node node)
{
    return judge->first_operand[node + 1] - judge->first_operand[node];
}

static hra_node operand_of(const hra_judge *judge, hra_node node, int index)
{
    return judge->operands[judge->first_operand[node] + index];
}

hra_judge *hra_judge_new(const hra_graph *graph)
{
    size_t nodes = (size_t)hra_graph_count(graph) + 1, folds = (size_t)hra_graph_fold_count(graph);
    hra_judge *judge = calloc(1, sizeof *judge);
    if (!judge) return NULL;
    judge->graph = graph;
    judge->value = calloc(nodes, sizeof *judge->value);
    judge->seen = calloc(nodes, sizeof *judge->seen);
    judge->marked = calloc(nodes, sizeof *judge->marked);
    judge->stack = calloc(nodes, sizeof *judge->stack);
    judge->path = calloc(nodes, sizeof *judge->path);
    judge->folds = calloc(folds + 1, sizeof *judge->folds);
    judge->person = 1;
    bool complete = list_operands(judge, hra_graph_count(graph)) && judge->value && judge->seen && judge->marked &&
                    judge->stack && judge->path && judge->folds;
    for (size_t i = 0; complete && i < folds; i++)
        complete = new_fold_state(hra_graph_fold_at(graph, (int)i), &judge->folds[i]);
    if (complete) return judge;
    hra_judge_free(judge);
    return NULL;
}

void hra_judge_free(hra_judge *judge)
{
    if (!judge) return;
    for (int i = 0; judge->folds && i < hra_graph_fold_count(judge->graph); i++) {
        hra_judge_free(judge->folds[i].body);
        free(judge->folds[i].emits);
    }
    free(judge->value);
    free(judge->seen);
    free(judge->marked);
    free(judge->stack);
    free(judge->path);
    free(judge->first_operand);
    free(judge->operands);
    free(judge->folds);
    free(judge);
}

/* Forgets all values; the marks themselves are cleared only when their number comes round again. */
static void forget(hra_judge *judge)
{
    if (++judge->person != 0) return;
    memset(judge->seen, 0, (size_t)hra_graph_count(judge->graph) * sizeof *judge->seen);
    for (int i = 0; i < hra_graph_fold_count(judge->graph); i++) judge->folds[i].seen = 0;
    judge->person = 1;
}

void hra_judge_person(hra_judge *judge, const double *inputs)
{
    judge->inputs = inputs;
    forget(judge);
}

static bool is_seen(const hra_judge *judge, hra_node node) { return judge->seen[node] == judge->person; }

/* The value if it is there already, else unknown. */
static double value_of(const hra_judge *judge, hra_node node)
{
    return is_seen(judge, node) ? judge->value[node] : (double)NAN;
}

/* ---- folds */

static void emit(const hra_fold *fold, fold_state *state, int row)
{
    for (int i = 0; i < fold->emit_count; i++)
        if (fold->emit_row[i] == row) state->emits[i] = state->states[fold->emit_state[i]];
}

/* Takes captures and initial states from the outer values; false if one that must be known is unknown. */
static bool begin_fold(const hra_judge *judge, const hra_fold *fold, fold_state *state)
{
    bool known = true;
    for (int i = 0; i < fold->capture_count; i++) {
        state->captures[i] = value_of(judge, fold->captures[i]);
        known = known && (fold->open || !isnan(state->captures[i]));
    }
    for (int i = 0; i < fold->state_count; i++) {
        state->states[i] = value_of(judge, fold->initial[i]);
        known = known && !isnan(state->states[i]);
    }
    return known;
}

static void run_fold(hra_judge *judge, int index)
{
    const hra_fold *fold = hra_graph_fold_at(judge->graph, index);
    fold_state *state = &judge->folds[index];
    hra_judge *body = state->body;
    state->seen = judge->person;
    for (int i = 0; i < fold->emit_count; i++) state->emits[i] = NAN;
    if (!begin_fold(judge, fold, state)) return;
    emit(fold, state, -1);
    for (int row = 0; row < fold->row_count; row++) {
        forget(body);
        body->states = state->states;
        body->captures = state->captures;
        body->row = fold->rows + (size_t)row * (size_t)fold->value_count;
        for (int i = 0; i < fold->state_count; i++) state->next[i] = hra_judge_value(body, fold->next[i]);
        double *old = state->states;
        state->states = state->next;
        state->next = old;
        emit(fold, state, row);
    }
}

/* ---- nodes */

/* The next operand that has to be computed before this node can be, or -1. */
static hra_node needed(const hra_judge *judge, hra_node node)
{
    const hra_graph_node *n = hra_graph_at(judge->graph, node);
    int count = operand_count(judge, node);
    for (int i = 0; i < count; i++) {
        hra_node operand = operand_of(judge, node, i);
        if (!is_seen(judge, operand)) return operand;
        double value = judge->value[operand];
        switch ((hra_op)n->op) {
        case HRA_OP_SELECT:
        case HRA_OP_SELECT_FLAG:
            if (isnan(value)) return -1;
            operand = value != 0 ? n->b : n->c;
            return is_seen(judge, operand) ? -1 : operand;
        case HRA_OP_FIRST_KNOWN:
        case HRA_OP_FIRST_KNOWN_FLAG:
        case HRA_OP_SUBSTITUTE:
        case HRA_OP_SUBSTITUTE_FLAG:
            if (!isnan(value)) return -1;
            break;
        case HRA_OP_AND:
            if (value == 0) return -1;
            break;
        case HRA_OP_OR:
            if (value == 1) return -1;
            break;
        case HRA_OP_FOLD_OUT:
            if (isnan(value) && !hra_graph_fold_at(judge->graph, n->index)->open) return -1;
            break;
        default: break;
        }
    }
    return -1;
}

static double count(const hra_judge *judge, hra_node node, const hra_graph_node *n)
{
    int is_true = 0, unknown = 0;
    for (int i = 0; i < n->many; i++) {
        double flag = value_of(judge, operand_of(judge, node, i));
        is_true += flag == 1;
        unknown += isnan(flag);
    }
    return hra_scalar_count((hra_op)n->op, is_true, unknown, n->number);
}

static double fold_out(hra_judge *judge, const hra_graph_node *n)
{
    if (judge->folds[n->index].seen != judge->person) run_fold(judge, n->index);
    return judge->folds[n->index].emits[n->b];
}

static double input_flag(double value) { return isnan(value) ? (double)NAN : value != 0; }

static double compute(hra_judge *judge, hra_node node)
{
    const hra_graph_node *n = hra_graph_at(judge->graph, node);
    const hra_node operands[] = {n->a, n->b, n->c};
    double operand[3] = {0};
    switch ((hra_op)n->op) {
    case HRA_OP_NUMBER:
    case HRA_OP_FLAG: return n->number;
    case HRA_OP_UNKNOWN:
    case HRA_OP_OUTSIDE: return NAN;
    case HRA_OP_INPUT: return judge->inputs[n->index];
    case HRA_OP_INPUT_FLAG: return input_flag(judge->inputs[n->index]);
    case HRA_OP_STATE: return judge->states[n->index];
    case HRA_OP_ROW_VALUE: return judge->row[n->index];
    case HRA_OP_CAPTURE: return judge->captures[n->index];
    case HRA_OP_COUNT:
    case HRA_OP_COUNT_AT_LEAST: return count(judge, node, n);
    case HRA_OP_STEP: return hra_step_value(hra_graph_step_at(judge->graph, n->index), value_of(judge, n->a));
    case HRA_OP_GATHER: return hra_scalar_gather(hra_graph_gather_at(judge->graph, n->index), value_of(judge, n->a));
    case HRA_OP_FOLD_OUT: return fold_out(judge, n);
    default: break;
    }
    int many = operand_count(judge, node);
    for (int i = 0; i < many; i++) operand[i] = value_of(judge, operands[i]);
    return hra_scalar_operation((hra_op)n->op, operand, n->index);
}

/* Operands have smaller numbers than their node, so the stack never holds more than there are nodes. */
double hra_judge_value(hra_judge *judge, hra_node node)
{
    if (is_seen(judge, node)) return judge->value[node];
    int depth = 0;
    judge->stack[depth++] = node;
    while (depth > 0) {
        hra_node top = judge->stack[depth - 1], operand = needed(judge, top);
        if (operand >= 0) {
            judge->stack[depth++] = operand;
            continue;
        }
        judge->value[top] = hra_scalar_canonical(compute(judge, top));
        judge->seen[top] = judge->person;
        depth--;
    }
    return judge->value[node];
}

/* ---- status */

/* -1 stands for a flag that never holds. */
static double flag_value(hra_judge *judge, hra_node node) { return node < 0 ? 0 : hra_judge_value(judge, node); }

unsigned hra_judge_status(hra_judge *judge, const hra_output *output)
{
    double excluded = flag_value(judge, output->excluded);
    return hra_status_bits((hra_status_facts){
        .known = !isnan(hra_judge_value(judge, output->value)),
        .outside = flag_value(judge, output->outside) == 1,
        .excluded = excluded == 1,
        .exclusion_unknown = isnan(excluded),
        .substituted = flag_value(judge, output->substituted) == 1,
        .clamped = flag_value(judge, output->clamped) == 1,
        .missing = flag_value(judge, output->missing) == 1,
        .provisional = flag_value(judge, output->provisional) == 1,
    });
}

/* ---- names of what is missing */

typedef struct missing_walk {
    bool *columns, *absent;
    int depth;
} missing_walk;

/* Goes on to a node that is unknown and was not visited in this walk. */
static void visit(hra_judge *judge, missing_walk *walk, hra_node node)
{
    if (!isnan(hra_judge_value(judge, node)) || judge->marked[node] == judge->walk) return;
    judge->marked[node] = judge->walk;
    judge->path[walk->depth++] = node;
}

/* Of a first_known the reader knows the first name; a first operand without any leads to the second. */
hra_node hra_judge_first_name(const hra_graph *graph, const hra_graph_node *choice)
{
    const hra_graph_node *first = hra_graph_at(graph, choice->a);
    bool nameless =
        first->op == HRA_OP_OUTSIDE || ((first->op == HRA_OP_UNKNOWN || first->op == HRA_OP_FLAG) && first->index < 0);
    return nameless ? choice->b : choice->a;
}

static void visit_operands(hra_judge *judge, missing_walk *walk, hra_node node)
{
    const hra_graph_node *n = hra_graph_at(judge->graph, node);
    switch ((hra_op)n->op) {
    case HRA_OP_INPUT:
    case HRA_OP_INPUT_FLAG:
        if (walk->columns) walk->columns[n->index] = true;
        return;
    case HRA_OP_UNKNOWN:
    case HRA_OP_FLAG:
        if (walk->absent && n->index >= 0) walk->absent[n->index] = true;
        return;
    case HRA_OP_SELECT:
    case HRA_OP_SELECT_FLAG: {
        double condition = hra_judge_value(judge, n->a);
        visit(judge, walk, isnan(condition) ? n->a : condition != 0 ? n->b : n->c);
        return;
    }
    case HRA_OP_FIRST_KNOWN:
    case HRA_OP_FIRST_KNOWN_FLAG:
    case HRA_OP_SUBSTITUTE:
    case HRA_OP_SUBSTITUTE_FLAG: visit(judge, walk, hra_judge_first_name(judge->graph, n)); return;
    default:
        for (int i = 0, many = operand_count(judge, node); i < many; i++)
            visit(judge, walk, operand_of(judge, node, i));
    }
}

void hra_judge_missing_all(hra_judge *judge, hra_node node, bool *columns, bool *absent)
{
    if (++judge->walk == 0) {
        memset(judge->marked, 0, (size_t)hra_graph_count(judge->graph) * sizeof *judge->marked);
        judge->walk = 1;
    }
    missing_walk walk = {.columns = columns, .absent = absent};
    visit(judge, &walk, node);
    while (walk.depth > 0) visit_operands(judge, &walk, judge->path[--walk.depth]);
}

void hra_judge_missing(hra_judge *judge, hra_node node, bool *columns)
{
    hra_judge_missing_all(judge, node, columns, NULL);
}
