/* A judge that is set before the rows of chunks: a row is loaded when it is first asked for, once, whatever the number
 * of questions about it. One per thread. */
#ifndef HRA_RUN_ROW_JUDGE_H
#define HRA_RUN_ROW_JUDGE_H

#include "engine/graph/judge.h"

typedef struct hra_row_judge hra_row_judge;

hra_row_judge *hra_row_judge_new(const hra_graph *graph, const hra_schema *schema);
void hra_row_judge_free(hra_row_judge *rows);

/* Chunks are told apart by their place in the source: their memory is used again. */
hra_judge *hra_row_judge_at(hra_row_judge *rows, const hra_chunk *chunk, int row);

#endif
