/* Statuses for whoever only counts them: a plane for each set of people who have a status at all, or one of its bits.
 * Many outputs have the same statuses, and most statuses cannot occur, so there are fewer sets than that says. */
#ifndef HRA_GRAPH_STATUS_SETS_H
#define HRA_GRAPH_STATUS_SETS_H

#include "engine/graph/status.h"

/* Of one status: who has any bit of it, then who has each. */
enum { HRA_STATUS_SETS = 1 + HRA_STATUS_BITS };

typedef struct hra_status_sets {
    int count;
    int (*of)[HRA_STATUS_SETS]; /* by output that has a status of its own: its sets; -1: nobody */
} hra_status_sets;

/* With no set given out yet; false without memory. */
bool hra_status_sets_make(int output_count, hra_status_sets *out);
/* A set of its own for everything, as far as one can tell from the outputs alone. */
void hra_status_sets_all(hra_status_sets *sets, const hra_output *outputs, int output_count);
void hra_status_sets_destroy(hra_status_sets *sets);

#endif
