/* Between the two halves of the explanation: explanation.c follows the path and
 * decides what becomes a step, explanation_parts.c makes what steps consist of. */
#ifndef HRA_RUN_EXPLANATION_BUILDER_H
#define HRA_RUN_EXPLANATION_BUILDER_H

#include "base/buffer.h"
#include "engine/run/explanation.h"

enum { HRA_EXPLAIN_DEEPEST = 2000 };

typedef struct hra_explainer {
    const hra_graph *graph;
    hra_judge *judge;
    const hra_schema *schema;
    hra_arena *arena;
    hra_explanation *made;
    bool *visited;            /* per node */
    const char **names;       /* per node: of the step it became */
    hra_node current;         /* the step being written: written out, not named */
    const hra_output *output; /* while a category output itself is written, or NULL */
    int depth, sums;
    int in_index; /* inside the index of a lookup, where sums are bookkeeping */
    bool failed;
} hra_explainer;

static inline hra_op hra_explainer_op(const hra_explainer *b, hra_node node)
{
    return (hra_op)hra_graph_at(b->graph, node)->op;
}

static inline double hra_explainer_value(const hra_explainer *b, hra_node node)
{
    return hra_judge_value(b->judge, node);
}

static inline const char *hra_explainer_name(const hra_explainer *b, hra_node node)
{
    return hra_graph_at(b->graph, node)->name;
}

static inline bool hra_explainer_is_sum(const hra_explainer *b, hra_node node)
{
    return hra_explainer_op(b, node) == HRA_OP_ADD || hra_explainer_op(b, node) == HRA_OP_SUB;
}

/* The buffer's text in the arena; the buffer is emptied. "" after a failure. */
const char *hra_explainer_keep(hra_explainer *b, hra_buffer *text);

/* The formula of a node, with names or with values. */
const char *hra_explainer_text(hra_explainer *b, hra_node node, bool values);

/* Adds the variable behind an input or absent variable, once. Other nodes are ignored. */
void hra_explainer_add_input(hra_explainer *b, hra_node node);

/* Terms of the sum that ends in this node: the left operand continues it unless it is a value of its own. */
int hra_explainer_count_terms(const hra_explainer *b, hra_node sum);

/* The summands, first to last, in the arena; NULL after a failure. */
hra_node *hra_explainer_summands(hra_explainer *b, hra_node sum, int *count);

/* The table of a sum. */
void hra_explainer_make_terms(hra_explainer *b, hra_node sum, hra_explained_step *step);

#endif
