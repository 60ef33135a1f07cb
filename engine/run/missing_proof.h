/* What decides which missing inputs are named.
 *
 * hra_judge_missing_all names the inputs that one person lacks on the path taken. The path follows from few facts:
 * those conditions hold or do not, these values are known or unknown. Whoever shares the facts shares the path, and the
 * inputs that are looked at at its ends; named are those of them that are unknown. A fact is a node of the graph and
 * its answer; most concern a single column.
 */
#ifndef HRA_RUN_MISSING_PROOF_H
#define HRA_RUN_MISSING_PROOF_H

#include "engine/graph/judge.h"

/* What the judge says of a node: no more than this counts. A number that is known HOLDS. */
typedef enum hra_answer { HRA_ANSWER_UNKNOWN = 1, HRA_ANSWER_FALSE, HRA_ANSWER_HOLDS, HRA_ANSWER_END } hra_answer;

enum { HRA_COLUMN_NONE = -1, HRA_COLUMN_MANY = -2 };

typedef struct hra_missing_proof hra_missing_proof;

hra_missing_proof *hra_missing_proof_new(const hra_graph *graph);
void hra_missing_proof_free(hra_missing_proof *proof);

/* What was found for one person and one node. */
typedef struct hra_missing_path {
    const hra_node *facts; /* those about a single column first */
    int fact_count;
    const hra_node *ends; /* inputs, and unknown leaves with a name, which are missing for everybody */
    int end_count;
} hra_missing_path;

/* Of the judge's present person. Valid until the next call. */
hra_missing_path hra_missing_proof_path(hra_missing_proof *proof, hra_judge *judge, hra_node node);

/* The one column that a node depends on, HRA_COLUMN_NONE or HRA_COLUMN_MANY. */
int hra_missing_proof_column(const hra_missing_proof *proof, hra_node node);

hra_answer hra_missing_answer(const hra_graph *graph, hra_judge *judge, hra_node node);

#endif
