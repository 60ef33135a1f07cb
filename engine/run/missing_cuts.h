/* Short cuts through the tree of missing_memo.h. Where all that decides a path are facts of single columns, it follows
 * from what is known about all columns that were ever asked about; these are looked up without one waiting for the
 * other. */
#ifndef HRA_RUN_MISSING_CUTS_H
#define HRA_RUN_MISSING_CUTS_H

#include "engine/graph/graph.h"
#include "engine/data/column.h"

typedef struct hra_missing_cuts hra_missing_cuts;

hra_missing_cuts *hra_missing_cuts_new(int nodes); /* of the graph; NULL: no memory */
void hra_missing_cuts_free(hra_missing_cuts *cuts);

/* Where a row comes to that asks about the node; -1: no short cut is known. */
int hra_missing_cuts_find(const hra_missing_cuts *cuts, hra_node node, const hra_chunk *chunk, int row);

/* What the column's code says (1 to 3, by code, 0: nobody has asked yet) counts for the node from now on; `question`
 * is the caller's name for it. False: too many columns, or no memory. */
bool hra_missing_cuts_watch(hra_missing_cuts *cuts, hra_node node, int question, int column, const uint8_t *answers);
/* A question about this row that nobody has asked yet; -1: none. */
int hra_missing_cuts_open(const hra_missing_cuts *cuts, hra_node node, const hra_chunk *chunk, int row);
/* Whoever has the answers of this row, of which none is open, comes there too. */
void hra_missing_cuts_keep(hra_missing_cuts *cuts, hra_node node, const hra_chunk *chunk, int row, int place);

#endif
