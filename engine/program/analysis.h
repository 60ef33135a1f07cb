/* What the compiler wants to know of every node under some roots: how often it
 * is used, which inputs it depends on, what it costs, and whether a table is
 * the cheaper way to it. Internal to engine/program.
 *
 * The cost model. The unit is one pass over a slot (one vector add: about 0.05
 * ns a row with AVX-512). A node costs its own operation plus its operands, an
 * operand's cost being shared by its users; a multiplication by a constant that
 * only feeds sums is free, because a dot product takes it along. A node that
 * depends on one input, or on two with few codes, can be read from a table
 * instead: it is, where the read costs less. Where a comparison over one input
 * is true is a few ranges of codes, which are compared 32 at a time. None of
 * this changes a result.
 */
#ifndef HRA_PROGRAM_ANALYSIS_H
#define HRA_PROGRAM_ANALYSIS_H

#include "engine/graph/graph.h"
#include "engine/data/column.h"

/* A fold's rows are needed only where all its guards hold: the conditions of
 * choices that every path from a root to the fold goes through. */
enum { HRA_GUARDS_MAX = 4 };
typedef struct hra_guard {
    hra_node condition;
    bool truth; /* the branch taken */
} hra_guard;
typedef struct hra_guards {
    hra_guard item[HRA_GUARDS_MAX];
    int count;
} hra_guards;

/* Keeps the guards that `other` has too. */
void hra_guards_keep_common(hra_guards *guards, const hra_guards *other);

typedef struct hra_analysis {
    int *uses;         /* by reachable nodes and roots; 0: not reachable */
    bool *tabulate;    /* read it from a table */
    bool *by_code;     /* a comparison whose truth its input's code says */
    int (*columns)[2]; /* inputs it depends on; [0] -1: none, -2: not one or two */
    double *cost;
    hra_guards *guards; /* of every reachable node */
} hra_analysis;

typedef struct hra_analysis_request {
    const hra_graph *graph;
    const hra_schema *schema; /* NULL in a fold body: nothing is tabulated */
    const hra_node *roots;    /* -1 entries are skipped */
    int root_count;
    bool tabulate, fuse;
} hra_analysis_request;

/* NULL without memory. */
hra_analysis *hra_analysis_new(const hra_analysis_request *request);
void hra_analysis_free(hra_analysis *analysis);

/* Whether an input is known can be read from its code alone (not where exceptions are patched in). */
bool hra_known_by_code(const hra_analysis_request *request, const hra_graph_node *node);

/* It depends on one input, whose codes have 16 bits. */
bool hra_of_one_narrow_input(const hra_analysis_request *request, const int columns[2]);

/* Entries of a table over the codes of the columns (columns[1] may be -1). */
int64_t hra_table_entries(const hra_schema *schema, const int columns[2]);

#endif
