/* The judge: a plain walk over the graph for one person, in scalar C.
 *
 * It is the meaning of the language: the fast path must agree with it bit for
 * bit. It also serves processors without a vector kernel set, `explain`, and
 * the names of missing inputs. One judge per thread.
 */
#ifndef HRA_GRAPH_JUDGE_H
#define HRA_GRAPH_JUDGE_H

#include "engine/graph/output.h"
#include "engine/data/column.h"

typedef struct hra_judge hra_judge;

hra_judge *hra_judge_new(const hra_graph *graph);
void hra_judge_free(hra_judge *judge);

/* Starts a new person: one double per column of the schema; unknown is NaN,
 * flags 0/1, categories ordinals, dates days. The array must stay valid. */
void hra_judge_person(hra_judge *judge, const double *inputs);

/* The person's inputs from a chunk (exceptions included); `inputs` holds
 * schema->column_count doubles. */
void hra_chunk_person(const hra_schema *schema, const hra_chunk *chunk, int row, double *inputs);
/* What the person's cells said beyond their values, by column; NULL and 0 where the chunk keeps no marks. */
const hra_cell_mark *hra_chunk_marks(const hra_chunk *chunk, int row, int *count);

/* Value of a node for the present person: a number, or 0/1/NaN for a flag. */
double hra_judge_value(hra_judge *judge, hra_node node);

/* Status bits of an output for the present person. */
unsigned hra_judge_status(hra_judge *judge, const hra_output *output);

/* Marks (adds to) `columns` the input columns that are unknown and needed on
 * the path to this node. `columns` has one flag per schema column. */
void hra_judge_missing(hra_judge *judge, hra_node node, bool *columns);

/* The same, and in `absent` (one flag per dictionary variable) the variables
 * that no column holds at all. Either array may be NULL. */
void hra_judge_missing_all(hra_judge *judge, hra_node node, bool *columns, bool *absent);

/* Of a first_known or substitute whose operands are both unknown: the operand below which the name is. */
hra_node hra_judge_first_name(const hra_graph *graph, const hra_graph_node *choice);

#endif
