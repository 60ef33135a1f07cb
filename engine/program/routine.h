/* A routine: straight-line instructions over slots, for some roots of one
 * graph. Internal to engine/program.
 *
 * There are routines for a whole program, for the body of a fold, and for filling
 * tables: the same builder makes them, the same frame runs them. A routine is
 * immutable once built; tables may be filled later.
 */
#ifndef HRA_PROGRAM_ROUTINE_H
#define HRA_PROGRAM_ROUTINE_H

#include <stdbool.h>

#include "engine/kernels/kernels.h"
#include "engine/graph/graph.h"
#include "engine/data/column.h"

/* In `kernel` of an instruction: run by hra_fold_run, not by a kernel. */
enum { HRA_KERNEL_FOLD = HRA_KERNEL_COUNT_ };

/* A literal is a plane of bits or its complement: 2 * plane, and 1 more for the complement. Plane 0 is all zeros in
 * every routine. */
enum { HRA_LITERAL_ZEROS, HRA_LITERAL_ONES };

/* The two planes of a flag operand, or the two inputs of a gate. */
typedef struct hra_literals {
    int known, truth;
} hra_literals;

typedef struct hra_instruction {
    int kernel;                     /* hra_kernel_id or HRA_KERNEL_FOLD; GATES is one gate here */
    int out;                        /* slot; -1: none */
    int known_out, truth_out;       /* planes; -1: none */
    int first_number, number_count; /* in routine->numbers */
    int first_flag, flag_count;     /* in routine->flags */
    int columns[2];                 /* schema columns read, -1: none */
    int target;                     /* output or table stored to, -1: none */
    const void *data;               /* as in hra_call; of a fold the hra_fold_routine */
    int64_t count;
    double parameter[3];
} hra_instruction;

/* What four numbers stand for that conditions choose from, as an operand: so much behind the constants. */
enum { HRA_CHOICES = 4, HRA_FIRST_CHOICE = 1 << 30 };

typedef struct hra_routine {
    hra_instruction *instructions;
    int *numbers; /* operands: slot, ~index of a constant, or ~(HRA_FIRST_CHOICE + index) of a choice */
    hra_literals *flags;
    double *constants; /* in a fold body the first row_values are the table's row and then its logarithms */
    double (*choices)[HRA_CHOICES]; /* where both conditions are true, the first alone, the second alone, none */
    int count, number_count, flag_count, constant_count, choice_count;
    int row_values, slots, planes;
    struct hra_fold_routine **folds;
    hra_step_tree **trees;
    int fold_count, tree_count;
} hra_routine;

/* Slots of a body, in this order: the states, room for values they exchange, the captures.
 * The operands of the outer instruction are the captures, then the initial
 * states; its flags are the guards: rows where one is not as wanted are not
 * computed. Emit e goes to outer slot `first_emit + e`. */
typedef struct hra_fold_routine {
    const hra_fold *fold;
    hra_routine *body;
    int rows;           /* until the last row an emit asks for */
    bool *state_wanted; /* states that some emit needs */
    bool *emit_wanted;
    double *logarithms; /* [fold->row_count][fold->value_count]; the body's powers of row values need no other */
    int first_emit;
    unsigned guard_truth; /* bit g: guard g must be true; else false */
} hra_fold_routine;

/* NULL allowed. */
void hra_routine_free(hra_routine *routine);

/* Room for `needed` items of a growing array; false without memory. */
bool hra_grow(void **items, int *capacity, int needed, size_t item_size);

#endif
