/* Functions of packed inputs as tables over the codes. The builder asks for
 * them while it writes a routine; they are filled afterwards, once per program,
 * by running the untabulated routine of the same nodes over all codes: so an
 * entry has the bits that computing it would give. Internal to engine/program. */
#ifndef HRA_PROGRAM_TABLES_H
#define HRA_PROGRAM_TABLES_H

#include "engine/kernels/kernels.h"
#include "engine/graph/graph.h"
#include "engine/data/column.h"

/* Of a node over one input of 16 bits there can be a set: the codes where a flag is true or a number is known. */
typedef enum hra_table_kind { HRA_TABLE_VALUES, HRA_TABLE_TRUE, HRA_TABLE_KNOWN } hra_table_kind;

typedef struct hra_table {
    hra_node node;
    hra_table_kind kind;
    int columns[2]; /* [1] is -1 for one input */
    int64_t entries;
    double *values;    /* flags as 0, 1, NaN */
    hra_code_set *set; /* of the other kinds, instead */
    bool filled;
} hra_table;

typedef struct hra_tables {
    hra_table *items;
    int count, capacity;
    size_t bytes;
} hra_tables;

/* Adds a table for a node and returns its values, to be filled later. NULL when
 * the memory set aside for tables is used up (the node is computed then). */
const double *hra_tables_add(hra_tables *tables, const hra_schema *schema, hra_node node, const int columns[2]);

/* The same for a set of the codes of one column of 16 bits. */
const hra_code_set *hra_tables_add_set(hra_tables *tables, const hra_schema *schema, hra_node node, hra_table_kind kind,
                                       int column);

hra_code hra_tables_fill(hra_tables *tables, const hra_graph *graph, const hra_schema *schema,
                         const hra_kernels *kernels, bool fuse, hra_error *error);

void hra_tables_destroy(hra_tables *tables);

#endif
