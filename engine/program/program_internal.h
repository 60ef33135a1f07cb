/* What the files of the public program interface share. */
#ifndef HRA_PROGRAM_PROGRAM_INTERNAL_H
#define HRA_PROGRAM_PROGRAM_INTERNAL_H

#include "engine/program/program.h"
#include "engine/program/routine.h"
#include "engine/program/tables.h"

struct hra_program {
    const hra_graph *graph;
    const hra_schema *schema;
    const hra_output *outputs;
    hra_graph *pushed_graph; /* what the kernels compute: the graph with its choices pushed; NULL: the graph itself */
    hra_output *pushed_outputs;
    int output_count;
    const hra_kernels *kernels; /* NULL: the judge scores row by row */
    int block_rows, block_words;
    hra_tables tables;
    hra_routine *tabulated; /* for blocks without exceptions; NULL: plain serves all */
    hra_routine *plain;
    bool *wanted;        /* schema columns read */
    bool *status_wanted; /* by output; NULL: all */
    bool with_sets;      /* of statuses */
    hra_status_sets sets;
    int graph_nodes;
};

#endif
