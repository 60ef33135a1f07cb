/* A node as the formula its author wrote, or the same formula with this
 * person's values in the places of the names. */
#ifndef HRA_RUN_EXPRESSION_TEXT_H
#define HRA_RUN_EXPRESSION_TEXT_H

#include "base/buffer.h"
#include "engine/graph/judge.h"

typedef struct hra_expression_writer {
    const hra_graph *graph;
    hra_judge *judge; /* of the present person */
    const hra_schema *schema;
    bool values; /* values instead of names; tables and counts as their result */
    bool bands;  /* step functions are called bands, not points */
    /* The name a node is known by, or NULL to write the node out. */
    const char *(*name_of)(void *context, hra_node node);
    void *context;
} hra_expression_writer;

/* Of a choice with more than constants and inputs in its branches only the branch taken is written. */
void hra_expression_write(const hra_expression_writer *writer, hra_node node, hra_buffer *out);

/* A number with six digits, a flag as true or false; "unknown". */
void hra_expression_value(double value, bool is_flag, hra_buffer *out);

/* The dictionary's variable behind an input or an absent variable, or NULL. */
const hra_variable *hra_expression_variable(const hra_graph *graph, const hra_schema *schema, hra_node node);

/* A choice that is written out in full: both branches are constants or inputs. */
bool hra_expression_is_short_choice(const hra_graph *graph, hra_node node);

#endif
