/* Names of missing inputs, remembered.
 *
 * People who lack the same inputs get the same names. What decides the path of the judge's walk for a node
 * (missing_proof.h) is kept as a tree of questions, most of them about the code of one column; only the first person of
 * each path is walked. Who takes a path and lacks the same of the inputs at its ends is of one pattern and gets the
 * same names. One memo per thread; its size is bounded.
 */
#ifndef HRA_RUN_MISSING_MEMO_H
#define HRA_RUN_MISSING_MEMO_H

#include "engine/run/row_judge.h"

/* Variables as indexes of the dictionary, in its order, each once, and their names. A set that is remembered has a
 * place of its own, from 0 in the order they were met; else -1. */
typedef struct hra_missing_names {
    int place, count;
    const int *variables;
    const char *const *names;
} hra_missing_names;

typedef struct hra_missing_memo hra_missing_memo;

hra_missing_memo *hra_missing_memo_new(const hra_graph *graph, const hra_schema *schema, hra_row_judge *rows);
void hra_missing_memo_free(hra_missing_memo *memo);

/* What hra_judge_missing_all finds for this row. Valid until the next call. What does not fit into
 * memory is found again every time. */
const hra_missing_names *hra_missing_memo_find(hra_missing_memo *memo, const hra_chunk *chunk, int row, hra_node node);

/* The pattern that the last call came to, by a number; -1: it is not remembered. *follows: everybody of the pattern of
 * the call before is of this one too, if he is asked about the same two nodes in a row. */
int hra_missing_memo_pattern(const hra_missing_memo *memo, bool *follows);
/* As if hra_missing_memo_find had come to this pattern of the last call's row. */
void hra_missing_memo_skip(hra_missing_memo *memo, int pattern);

#endif
