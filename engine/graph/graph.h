/* The expression graph: what all requested definitions become.
 *
 * Nodes are created through the functions below, operands first, so a node's
 * number is larger than those of its operands. With `share`, equal nodes are
 * one node (hash-consing; commutative operands are ordered) and constants are
 * folded with the very kernels' arithmetic; without, the graph is the plain
 * tree that the judge walks. Folding never changes a bit: x + 0 is not x for
 * x = -0, 0 * x is unknown for unknown x, so such rewrites are not done.
 *
 * A graph belongs to one thread while it is built and is immutable afterwards.
 */
#ifndef HRA_GRAPH_GRAPH_H
#define HRA_GRAPH_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/graph/operations.h"
#include "base/fail.h"

typedef enum hra_kind { HRA_KIND_NUM, HRA_KIND_FLAG } hra_kind;

typedef enum hra_op {
#define OP(name, text, kind, operands, what) HRA_OP_##name,
    HRA_OPERATIONS(OP)
#undef OP
        HRA_OP_COUNT_
} hra_op;

const char *hra_op_text(hra_op op);
hra_kind hra_op_kind(hra_op op);
const char *hra_op_operands(hra_op op);

typedef int32_t hra_node; /* -1: none (after out of memory every further node is -1) */

typedef struct hra_graph_node {
    uint8_t op;          /* hra_op */
    hra_node a, b, c;    /* operands, -1 where there is none */
    int32_t index;       /* column, table, step, fold or decimals, by operation */
    int32_t first, many; /* flag operands of COUNT*: graph->list[first .. first+many-1] */
    double number;
    const char *name; /* the definition's name for this value (a let, an output), or NULL */
    const char *call; /* the definition's function whose value this is, where it is made of many nodes, or NULL */
    hra_node called;  /* its argument */
} hra_graph_node;

/* Step function: value[i] applies between cut i-1 and cut i. Cut i separates
 * at cuts[i]: with after[i] false, x >= cuts[i] lies right of it; with after[i]
 * true only x > cuts[i] does. value has cut_count + 1 entries; NaN is a gap
 * (outside the published range). */
typedef struct hra_step {
    int cut_count;
    const double *cuts;
    const bool *after;
    const double *values;
} hra_step;

/* Dense table for GATHER; NaN entries are outside the published range. */
typedef struct hra_gather {
    int64_t count;
    const double *values;
    const char *name; /* of the definition's table, for explain */
} hra_gather;

/* A loop over the rows of a table carrying states. The body is a graph of its
 * own whose leaves are STATE, ROW_VALUE, CAPTURE and NUMBER. A fold is unknown
 * when a captured value or an initial state is unknown. After row r every state
 * takes the value of its `next` node (all computed from the old states). An open
 * fold is unknown only when an initial state is, or when the body makes it so. */
typedef struct hra_fold {
    struct hra_graph *body;
    int row_count, value_count;
    const double *rows; /* [row_count][value_count] */
    int state_count;
    const hra_node *initial; /* nodes of the outer graph */
    const hra_node *next;    /* nodes of the body */
    int capture_count;
    const hra_node *captures; /* nodes of the outer graph (numbers) */
    int emit_count;
    const int *emit_state; /* which state */
    const int *emit_row;   /* after this row (0-based); -1: the initial state */
    const char *name;
    bool open; /* captures may be unknown: only what the body makes of them counts */
} hra_fold;

typedef struct hra_graph hra_graph;

hra_graph *hra_graph_new(bool share);
void hra_graph_free(hra_graph *graph);
bool hra_graph_failed(const hra_graph *graph); /* out of memory while building */
int hra_graph_count(const hra_graph *graph);
/* Valid until the next node is made. */
const hra_graph_node *hra_graph_at(const hra_graph *graph, hra_node node);
hra_kind hra_graph_kind(const hra_graph *graph, hra_node node);

/* What a node reads, in order: a, b, c; the flags of COUNT*; for FOLD_OUT the captures and then the initial states. */
int hra_graph_operand_count(const hra_graph *graph, hra_node node);
hra_node hra_graph_operand(const hra_graph *graph, hra_node node, int index);

/* ---- leaves */
hra_node hra_graph_number(hra_graph *graph, double value);
hra_node hra_graph_unknown(hra_graph *graph);
hra_node hra_graph_outside(hra_graph *graph);
hra_node hra_graph_flag(hra_graph *graph, double value); /* 0, 1 or NaN */
/* A variable that no column of the input holds: unknown, but the dictionary index (kept in `index`, -1 in a plain
 * unknown) still tells which name is missing. Kind FLAG gives an unknown flag. */
hra_node hra_graph_absent(hra_graph *graph, int variable, hra_kind kind);
hra_node hra_graph_input(hra_graph *graph, int column);
hra_node hra_graph_input_flag(hra_graph *graph, int column);
hra_node hra_graph_leaf(hra_graph *graph, hra_op op, int index); /* STATE, ROW_VALUE, CAPTURE */

/* ---- what is certain about a node whatever the person: both hold with and without sharing, and nothing is rewritten
 * for the first, so that the cause of the unknown keeps its name. A compiler may treat such a node as a constant. */
bool hra_graph_always_unknown(const hra_graph *graph, hra_node node);
bool hra_graph_never_unknown(const hra_graph *graph, hra_node node);

/* ---- operations; kinds are asserted */
hra_node hra_graph_unary(hra_graph *graph, hra_op op, hra_node a);
hra_node hra_graph_binary(hra_graph *graph, hra_op op, hra_node a, hra_node b);
hra_node hra_graph_select(hra_graph *graph, hra_node condition, hra_node yes, hra_node no); /* either kind */
hra_node hra_graph_power(hra_graph *graph, hra_node a, int exponent); /* |exponent| <= 16: multiplications:
                                            x^2 = x*x, x^3 = (x*x)*x, x^4 = (x*x)*(x*x), then by squaring (x^n is
                                            x^(n/2) times itself, times x for odd n); x^0 = 1; negative: 1/x^n */
hra_node hra_graph_round(hra_graph *graph, hra_node a, int decimals); /* 0 .. 9 */
hra_node hra_graph_count_of(hra_graph *graph, const hra_node *flags, int count);
hra_node hra_graph_count_at_least(hra_graph *graph, const hra_node *flags, int count, double threshold);
/* The data of steps, tables and folds is copied into the graph. */
hra_node hra_graph_step(hra_graph *graph, hra_node x, const hra_step *step);
int hra_graph_add_gather(hra_graph *graph, const hra_gather *table); /* share: equal tables are one */
hra_node hra_graph_gather(hra_graph *graph, hra_node index, int table);
int hra_graph_add_fold(hra_graph *graph, const hra_fold *fold); /* takes ownership of fold->body */
hra_node hra_graph_fold_out(hra_graph *graph, int fold, int emit);
const hra_step *hra_graph_step_at(const hra_graph *graph, int index);
const hra_gather *hra_graph_gather_at(const hra_graph *graph, int index);
const hra_fold *hra_graph_fold_at(const hra_graph *graph, int index);
int hra_graph_fold_count(const hra_graph *graph);

/* ---- lifting: `value` computed anew inside a fold's body, with the body's leaf of the same kind and index (STATE,
 * ROW_VALUE or CAPTURE) in the place of `leaf`. Nodes that do not depend on it stay in the graph and are captured: they
 * are added to `captures`, whose nodes the caller frees. */
typedef struct hra_captures {
    hra_node *nodes;
    int count, capacity;
} hra_captures;
hra_node hra_graph_lift(hra_graph *graph, hra_node value, hra_node leaf, hra_graph *body, hra_captures *captures);
/* A number of the graph, as the body sees it. */
hra_node hra_graph_capture(hra_graph *body, hra_node number, hra_captures *captures);

/* A graph of what the roots need and nothing else, in the same order; the roots become their numbers in it. The base
 * must outlive it. NULL without memory. */
hra_graph *hra_graph_part(const hra_graph *base, hra_node *roots, int root_count);

/* Names a node for explain; text is copied. The first name stays. */
void hra_graph_name(hra_graph *graph, hra_node node, const char *name);
/* Lets explain write a choice as FUNCTION(argument); the name is not copied. A value of other nodes keeps its look. */
void hra_graph_call(hra_graph *graph, hra_node choice, const char *function, hra_node argument);

/* ---- why a value is unknown or substituted: flags that are never unknown,
 * following the path taken (a select asks only its condition and the branch
 * chosen; a first_known only what was asked). */
typedef enum hra_why {
    HRA_WHY_MISSING,    /* an input needed on the path taken is unknown, and so is the value */
    HRA_WHY_OUTSIDE,    /* OUTSIDE, a gap of a step or an absent table entry was met, and the value is unknown */
    HRA_WHY_SUBSTITUTED /* a SUBSTITUTE on the path took its second choice */
} hra_why;
hra_node hra_graph_why(hra_graph *graph, hra_node value, hra_why why);

/* Readable listing of the graph, for tests. */
struct hra_buffer;
void hra_graph_print(const hra_graph *graph, struct hra_buffer *out);

#endif
