/* The builder: writes a routine for nodes of a graph, operands first, then gives
 * every value a slot. Internal to engine/program.
 *
 * While it is being written an operand is a value, not yet a slot: numbers and
 * planes count separately from 0, and the number ~k is constant k. A flag is a
 * value of its own, made of literals (logic.c). */
#ifndef HRA_PROGRAM_BUILDER_H
#define HRA_PROGRAM_BUILDER_H

#include "engine/program/analysis.h"
#include "engine/graph/output.h"
#include "engine/program/routine.h"
#include "engine/program/tables.h"

/* In `place`: no value yet. Another number is a value, or ~constant. */
#define HRA_UNPLACED INT32_MIN

enum { HRA_RECENT_BITS = 10 };

/* Where a flag is true, where it is false and where it is known, as literals: one of the last two may be -1, not made
 * yet. */
typedef struct hra_flag_value {
    int truth, falsity, known;
} hra_flag_value;
enum { HRA_FLAG_FALSE, HRA_FLAG_TRUE, HRA_FLAG_UNKNOWN };

/* An entry of the table of gates; plane 0: empty. */
typedef struct hra_builder_gate {
    int x, y, plane;
} hra_builder_gate;

/* The literals that a plane is the `and` of; -1: it is no gate. */
typedef struct hra_plane_inputs {
    int x, y;
} hra_plane_inputs;

/* The number that says which of four the truth of two flags chooses: the result of a CHOICE. */
typedef struct hra_choice_code {
    int first, second; /* literals */
    int value;
} hra_choice_code;

typedef struct hra_builder {
    hra_analysis_request request;
    hra_analysis *analysis;
    const hra_fold *fold;   /* whose body this is, or NULL */
    const hra_graph *outer; /* of the fold's captures */
    hra_tables *tables;     /* where tables are asked for; NULL: none */
    hra_routine *routine;
    int *place;               /* of every node: value of its kind */
    int *known;               /* of number nodes: literal that says where they are known */
    const double **table;     /* of nodes read from a table: its values */
    const hra_code_set **set; /* of comparisons read from their input's code: where they are true */
    bool *expanded;
    int *first_emit; /* of every fold: value of its first emit, or HRA_UNPLACED */
    int node_count;

    int numbers, flags, planes; /* values so far */
    hra_flag_value *flag_values;
    hra_builder_gate *gates;
    hra_plane_inputs *inputs; /* of every plane */
    int flag_value_capacity, gate_count, gate_capacity, input_capacity;
    bool *number_pinned; /* these keep a slot of their own; they come first among the slots */
    int pinned_capacity;

    int recent_constants[1 << HRA_RECENT_BITS]; /* so that equal constants are mostly one */
    hra_choice_code *codes;
    int instruction_capacity, number_capacity, flag_capacity, constant_capacity, choice_capacity, fold_capacity;
    int tree_capacity;
    int code_count, code_capacity;
    hra_node *stack, *needs;
    int stack_count, stack_capacity, need_count, need_capacity;
    bool failed; /* out of memory: checked once, at the end */
} hra_builder;

/* A routine for the roots of the request. `fold`: the graph is its body. */
bool hra_builder_begin(hra_builder *b, const hra_analysis_request *request, const hra_fold *fold, hra_tables *tables);

/* The value of a node (flag or number by its kind), after everything it needs. */
int hra_builder_place(hra_builder *b, hra_node node);

/* The literal that says where a node is known. */
int hra_builder_known(hra_builder *b, hra_node node);

/* ---- instructions: start one, add its operands */
hra_instruction *hra_builder_add(hra_builder *b, int kernel);
void hra_builder_number_operand(hra_builder *b, int value);
/* Its literals must be made before the instruction is: hra_flag_known_of. */
void hra_builder_flag_operand(hra_builder *b, int flag);
void hra_builder_literals(hra_builder *b, int known, int truth);
int hra_builder_new_number(hra_builder *b, bool pinned);
int hra_builder_constant(hra_builder *b, double value);
int hra_builder_choice(hra_builder *b, const double four[HRA_CHOICES]);

int hra_builder_new_plane(hra_builder *b);

/* The plane of an input's codes that are in the set: a literal. */
int hra_builder_in_set(hra_builder *b, const hra_code_set *set, int column);

/* Stores a node's value, or a status made of flags (HRA_STATUS_OPERANDS nodes, -1: false), to a target. */
void hra_builder_store(hra_builder *b, hra_node node, hra_output_kind kind, int target);
void hra_builder_store_known(hra_builder *b, hra_node node, int target); /* where a number is known, as a flag */
void hra_builder_status(hra_builder *b, hra_node value, const hra_node *flags, int target);
/* Places what a status is made of: the operands of STATUS. */
void hra_builder_status_operands(hra_builder *b, hra_node value, const hra_node *flags, hra_literals *operands);

/* Ends: NULL without memory. The builder's own memory is freed. */
hra_routine *hra_builder_end(hra_builder *b);

/* ---- logic.c: literals and flags */
int hra_logic_and(hra_builder *b, int x, int y);
int hra_logic_or(hra_builder *b, int x, int y);
/* A new flag; falsity or known may be -1. */
int hra_builder_flag(hra_builder *b, int truth, int falsity, int known);
int hra_flag_sure(hra_builder *b, int truth); /* one that is never unknown */
int hra_flag_truth_of(const hra_builder *b, int flag);
int hra_flag_known_of(hra_builder *b, int flag);
int hra_flag_falsity_of(hra_builder *b, int flag);
/* Operations on flags alone: the flag that results. */
bool hra_is_logic(hra_op op);
int hra_lower_logic(hra_builder *b, hra_op op, const int flags[3]);

/* ---- inside: lower.c, dot.c, join.c, slots.c */

/* What must be placed before the node can be (into b->needs), and then the node itself. */
void hra_lower_needs(hra_builder *b, hra_node node);
void hra_lower(hra_builder *b, hra_node node);
bool hra_builder_is_table(hra_builder *b, hra_node node);
bool hra_builder_is_set(hra_builder *b, hra_node node);
void hra_builder_need(hra_builder *b, hra_node node);

/* Guards that hold for every emit of the fold that is asked for. */
hra_guards hra_fold_guards(const hra_builder *b, int fold);
/* Places an emit; the first one of a fold brings the fold's instruction. */
void hra_lower_fold(hra_builder *b, hra_node node);

/* A sum as one instruction: its terms in order, each a factor times `a`. The
 * factor is the node `b`, or -1 and a coefficient, which the sum's conditions
 * may choose from four: where both are true, the first alone, the second
 * alone, none. */
enum { HRA_DOT_CONDITIONS = 2 };
typedef struct hra_dot_term {
    double coefficient[HRA_CHOICES]; /* the first alone counts unless it is chosen */
    hra_node a, b;                   /* a -1: one */
    bool chosen;
} hra_dot_term;
typedef struct hra_dot {
    hra_dot_term *terms;
    int count, capacity;
    hra_node condition[HRA_DOT_CONDITIONS]; /* -1: chooses nothing; the first one first */
} hra_dot;
/* The terms of a sum, no terms if it is not worth it or memory is short; free() them. */
hra_dot hra_dot_of(hra_builder *b, hra_node node);

/* Instructions that follow from each other become one. False without memory. */
bool hra_join_instructions(hra_builder *b);
/* Replaces values by slots. False without memory. */
bool hra_allocate_slots(hra_builder *b);

#endif
