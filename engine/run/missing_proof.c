/* Two things are done to nodes. To *search* one is to follow the judge's walk for names below it; to *settle* one is to
 * collect facts that fix its answer. Arithmetic and comparisons are unknown as soon as an operand is, so the walk
 * below them finds the same whether it asks for their own values or not: only their operands are searched. Where a
 * choice is made, what decides it is settled. */
#include "engine/run/missing_proof.h"

#include <stdlib.h>
#include <string.h>

typedef enum task { SEARCH, SETTLE, RECORD, TASKS } task;

struct hra_missing_proof {
    const hra_graph *graph;
    hra_judge *judge; /* of the present call */
    int *column;      /* by node */
    uint32_t *marks;  /* by node and task: the call that came by */
    uint32_t call;
    int32_t *todo; /* node and task in one number */
    int depth;
    hra_node *facts; /* of single columns from the front, the others from the back */
    int single_count, many_count;
    hra_node *ends;
    int end_count;
};

static int joined(int a, int b)
{
    if (a == HRA_COLUMN_NONE || a == b) return b;
    return b == HRA_COLUMN_NONE ? a : HRA_COLUMN_MANY;
}

/* Operands stand before their nodes. */
static void find_columns(hra_missing_proof *proof)
{
    const hra_graph *graph = proof->graph;
    for (hra_node node = 0; node < hra_graph_count(graph); node++) {
        const hra_graph_node *n = hra_graph_at(graph, node);
        int column = n->op == HRA_OP_INPUT || n->op == HRA_OP_INPUT_FLAG ? n->index : HRA_COLUMN_NONE;
        for (int i = 0; i < hra_graph_operand_count(graph, node); i++)
            column = joined(column, proof->column[hra_graph_operand(graph, node, i)]);
        proof->column[node] = column;
    }
}

hra_missing_proof *hra_missing_proof_new(const hra_graph *graph)
{
    size_t nodes = (size_t)hra_graph_count(graph) + 1;
    hra_missing_proof *proof = calloc(1, sizeof *proof);
    if (!proof) return NULL;
    *proof = (hra_missing_proof){.graph = graph,
                                 .column = calloc(nodes, sizeof *proof->column),
                                 .marks = calloc(nodes * TASKS, sizeof *proof->marks),
                                 .todo = calloc(nodes * TASKS, sizeof *proof->todo),
                                 .facts = calloc(nodes, sizeof *proof->facts),
                                 .ends = calloc(nodes, sizeof *proof->ends)};
    if (proof->column && proof->marks && proof->todo && proof->facts && proof->ends) {
        find_columns(proof);
        return proof;
    }
    hra_missing_proof_free(proof);
    return NULL;
}

void hra_missing_proof_free(hra_missing_proof *proof)
{
    if (!proof) return;
    free(proof->column);
    free(proof->marks);
    free(proof->todo);
    free(proof->facts);
    free(proof->ends);
    free(proof);
}

int hra_missing_proof_column(const hra_missing_proof *proof, hra_node node) { return proof->column[node]; }

hra_answer hra_missing_answer(const hra_graph *graph, hra_judge *judge, hra_node node)
{
    double value = hra_judge_value(judge, node);
    if (isnan(value)) return HRA_ANSWER_UNKNOWN;
    return value == 0 && hra_graph_kind(graph, node) == HRA_KIND_FLAG ? HRA_ANSWER_FALSE : HRA_ANSWER_HOLDS;
}

/* ---- tasks, each once */

static bool first_time(hra_missing_proof *proof, hra_node node, task what)
{
    uint32_t *mark = &proof->marks[(size_t)node * TASKS + what];
    bool first = *mark != proof->call;
    *mark = proof->call;
    return first;
}

static void add(hra_missing_proof *proof, hra_node node, task what)
{
    if (first_time(proof, node, what)) proof->todo[proof->depth++] = node * TASKS + (int)what;
}

static void add_operands(hra_missing_proof *proof, hra_node node, task what)
{
    for (int i = 0; i < hra_graph_operand_count(proof->graph, node); i++)
        add(proof, hra_graph_operand(proof->graph, node, i), what);
}

static void record(hra_missing_proof *proof, hra_node node)
{
    if (proof->column[node] == HRA_COLUMN_NONE || !first_time(proof, node, RECORD)) return;
    if (proof->column[node] == HRA_COLUMN_MANY)
        proof->facts[hra_graph_count(proof->graph) - ++proof->many_count] = node;
    else
        proof->facts[proof->single_count++] = node;
}

static double value_of(hra_missing_proof *proof, hra_node node) { return hra_judge_value(proof->judge, node); }
static bool is_known(hra_missing_proof *proof, hra_node node) { return !isnan(value_of(proof, node)); }

static bool is_open_fold(const hra_missing_proof *proof, const hra_graph_node *n)
{
    return n->op == HRA_OP_FOLD_OUT && hra_graph_fold_at(proof->graph, n->index)->open;
}

/* ---- searching: the same cases as in the judge's walk */

/* Nothing is named below a choice one of whose sides is known. */
static void search_first_known(hra_missing_proof *proof, const hra_graph_node *n)
{
    if (is_known(proof, n->a)) {
        add(proof, n->a, SETTLE);
        return;
    }
    add(proof, n->b, SETTLE);
    if (is_known(proof, n->b)) return;
    add(proof, n->a, SETTLE);
    add(proof, hra_judge_first_name(proof->graph, n), SEARCH);
}

static void search(hra_missing_proof *proof, hra_node node)
{
    const hra_graph_node *n = hra_graph_at(proof->graph, node);
    switch ((hra_op)n->op) {
    case HRA_OP_INPUT:
    case HRA_OP_INPUT_FLAG: proof->ends[proof->end_count++] = node; return;
    case HRA_OP_UNKNOWN:
    case HRA_OP_FLAG:
        if (n->index >= 0) proof->ends[proof->end_count++] = node;
        return;
    case HRA_OP_KNOWN:
    case HRA_OP_KNOWN_FLAG:
    case HRA_OP_IS_TRUE: return; /* never unknown */
    case HRA_OP_SELECT:
    case HRA_OP_SELECT_FLAG: {
        double condition = value_of(proof, n->a);
        add(proof, n->a, SETTLE);
        add(proof, isnan(condition) ? n->a : condition != 0 ? n->b : n->c, SEARCH);
        return;
    }
    case HRA_OP_FIRST_KNOWN:
    case HRA_OP_FIRST_KNOWN_FLAG:
    case HRA_OP_SUBSTITUTE:
    case HRA_OP_SUBSTITUTE_FLAG: search_first_known(proof, n); return;
    case HRA_OP_AND:
    case HRA_OP_OR:
    case HRA_OP_COUNT_AT_LEAST:
        add(proof, node, SETTLE);
        if (!is_known(proof, node)) add_operands(proof, node, SEARCH);
        return;
    default:
        if (is_open_fold(proof, n)) {
            add(proof, node, SETTLE);
            if (is_known(proof, node)) return;
        }
        add_operands(proof, node, SEARCH);
    }
}

/* ---- settling */

/* One operand may settle "and" and "or" alone. */
static void settle_junction(hra_missing_proof *proof, hra_node node, const hra_graph_node *n, double settles)
{
    if (value_of(proof, node) != settles)
        add_operands(proof, node, SETTLE);
    else
        add(proof, value_of(proof, n->a) == settles ? n->a : n->b, SETTLE);
}

/* An unknown operand settles what is unknown as soon as one is; whatever else the judge has to be asked for. */
static void settle_strict(hra_missing_proof *proof, hra_node node, const hra_graph_node *n)
{
    bool known = is_known(proof, node) || is_open_fold(proof, n);
    for (int i = 0; !known && i < hra_graph_operand_count(proof->graph, node); i++) {
        hra_node operand = hra_graph_operand(proof->graph, node, i);
        if (is_known(proof, operand)) continue;
        add(proof, operand, SETTLE);
        return;
    }
    record(proof, node);
}

static void settle(hra_missing_proof *proof, hra_node node)
{
    const hra_graph_node *n = hra_graph_at(proof->graph, node);
    if (proof->column[node] != HRA_COLUMN_MANY) {
        record(proof, node);
        return;
    }
    switch ((hra_op)n->op) {
    case HRA_OP_SELECT:
    case HRA_OP_SELECT_FLAG:
        add(proof, n->a, SETTLE);
        if (is_known(proof, n->a)) add(proof, value_of(proof, n->a) != 0 ? n->b : n->c, SETTLE);
        return;
    case HRA_OP_FIRST_KNOWN:
    case HRA_OP_FIRST_KNOWN_FLAG:
    case HRA_OP_SUBSTITUTE:
    case HRA_OP_SUBSTITUTE_FLAG:
        add(proof, n->a, SETTLE);
        if (!is_known(proof, n->a)) add(proof, n->b, SETTLE);
        return;
    case HRA_OP_AND: settle_junction(proof, node, n, 0); return;
    case HRA_OP_OR: settle_junction(proof, node, n, 1); return;
    case HRA_OP_NOT:
    case HRA_OP_KNOWN:
    case HRA_OP_KNOWN_FLAG:
    case HRA_OP_IS_TRUE:
    case HRA_OP_FROM_FLAG:
    case HRA_OP_COUNT:
    case HRA_OP_COUNT_AT_LEAST: add_operands(proof, node, SETTLE); return;
    default: settle_strict(proof, node, n);
    }
}

hra_missing_path hra_missing_proof_path(hra_missing_proof *proof, hra_judge *judge, hra_node node)
{
    int nodes = hra_graph_count(proof->graph);
    if (++proof->call == 0) {
        memset(proof->marks, 0, (size_t)nodes * TASKS * sizeof *proof->marks);
        proof->call = 1;
    }
    proof->judge = judge;
    proof->single_count = proof->many_count = proof->end_count = 0;
    add(proof, node, SEARCH);
    while (proof->depth > 0) {
        int32_t next = proof->todo[--proof->depth];
        (next % TASKS == SEARCH ? search : settle)(proof, next / TASKS);
    }
    memmove(proof->facts + proof->single_count, proof->facts + nodes - proof->many_count,
            (size_t)proof->many_count * sizeof *proof->facts);
    return (hra_missing_path){proof->facts, proof->single_count + proof->many_count, proof->ends, proof->end_count};
}
