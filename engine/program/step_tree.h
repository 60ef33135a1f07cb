/* A step function of many cuts as a tree that a vector of numbers goes down
 * together. Internal to engine/program. */
#ifndef HRA_PROGRAM_STEP_TREE_H
#define HRA_PROGRAM_STEP_TREE_H

#include "engine/kernels/kernels.h"
#include "engine/graph/graph.h"

/* Of more than HRA_STEP_FEW cuts. NULL without memory; free() it. */
hra_step_tree *hra_step_tree_new(const hra_step *step);

#endif
