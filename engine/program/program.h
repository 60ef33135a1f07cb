/* From graph to program: liveness, tabulation of functions of packed inputs,
 * fused dot products, slots; and the execution of one block of rows.
 *
 * A program is immutable and shared by all threads; a workspace belongs to one
 * thread. Results do not depend on options, block size, thread or instruction
 * set: that is what the tests in tests/differential hold against the judge.
 */
#ifndef HRA_PROGRAM_PROGRAM_H
#define HRA_PROGRAM_PROGRAM_H

#include "engine/graph/output.h"
#include "engine/graph/results.h"
#include "engine/data/column.h"

typedef struct hra_program hra_program;
typedef struct hra_workspace hra_workspace;

typedef struct hra_program_options {
    int block_rows;            /* 0: default (512); made whole words of 64 rows */
    bool no_tabulation;        /* widen and compute everything */
    bool no_fusion;            /* no dot products */
    bool no_pushing;           /* choices stay where the definitions have them */
    const bool *status_wanted; /* by output; NULL: all. The others' statuses are not computed, results have none */
    bool status_sets;          /* results also have every status as sets of people, for whoever counts them */
} hra_program_options;

typedef struct hra_program_facts {
    int graph_nodes; /* nodes reachable from the outputs */
    int instructions, slots, planes;
    int tables; /* tabulated functions */
    size_t table_bytes;
    int block_rows;
} hra_program_facts;

/* The graph and the outputs array must outlive the program. */
hra_code hra_program_compile(const hra_graph *graph, const hra_schema *schema, const hra_output *outputs,
                             int output_count, const hra_program_options *options, hra_program **out, hra_error *error);
void hra_program_free(hra_program *program);
void hra_program_describe(const hra_program *program, hra_program_facts *facts);
const hra_status_sets *hra_program_status_sets(const hra_program *program); /* NULL: were not asked for */
/* Sets wanted[column] for every column the program reads. */
void hra_program_columns(const hra_program *program, bool *wanted);

hra_workspace *hra_workspace_new(const hra_program *program);
void hra_workspace_free(hra_workspace *workspace);

hra_results *hra_program_results(const hra_program *program, int rows); /* for this program's outputs */
size_t hra_program_row_bytes(const hra_program *program);               /* of results, about */

/* Scores rows of a chunk into results (same row numbers). */
hra_code hra_program_score(const hra_program *program, hra_workspace *workspace, const hra_chunk *chunk,
                           hra_results *results, hra_error *error);

#endif
