/* What decides which missing inputs are named.
 *
 * hra_judge_missing_all names the inputs that one person lacks on the path taken. Its answer follows from few facts:
 * that these inputs are known or unknown, that those conditions hold or do not. Whoever shares the facts shares the
 * names. A fact is a node of the graph and its answer; most concern a single column.
 */
#ifndef HRA_RUN_MISSING_PROOF_H
#define HRA_RUN_MISSING_PROOF_H

#include "engine/run/judge.h"

/* What the judge says of a node: no more than this counts. A number that is known HOLDS. */
typedef enum hra_answer { HRA_ANSWER_UNKNOWN = 1, HRA_ANSWER_FALSE, HRA_ANSWER_HOLDS, HRA_ANSWER_END } hra_answer;

enum { HRA_COLUMN_NONE = -1, HRA_COLUMN_MANY = -2 };

typedef struct hra_missing_proof hra_missing_proof;

hra_missing_proof *hra_missing_proof_new(const hra_graph *graph);
void hra_missing_proof_free(hra_missing_proof *proof);

/* The facts for the judge's present person and this node, those about a single column first; how many. Valid until
 * the next call. */
int hra_missing_proof_facts(hra_missing_proof *proof, hra_judge *judge, hra_node node, const hra_node **facts);

/* The one column that a node depends on, HRA_COLUMN_NONE or HRA_COLUMN_MANY. */
int hra_missing_proof_column(const hra_missing_proof *proof, hra_node node);

hra_answer hra_missing_answer(const hra_graph *graph, hra_judge *judge, hra_node node);

#endif
