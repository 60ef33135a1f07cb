/* Stores of status sets into a routine. The first routine of a program, which holds for every input, says which sets
 * there are: what is nobody or equal in it is so for everybody. Internal to engine/program. */
#ifndef HRA_PROGRAM_STORE_SETS_H
#define HRA_PROGRAM_STORE_SETS_H

#include "engine/program/builder.h"
#include "engine/graph/status_sets.h"

typedef struct hra_set_stores {
    hra_status_sets *sets;
    bool first;  /* routine: gives the sets out */
    int *set_of; /* by literal, 0: none yet, else the set and 1 more; of the first routine */
    int set_capacity;
    bool *stored; /* by set */
    int stored_capacity;
} hra_set_stores;

/* Stores the sets of an output's status that are not stored yet, set k to target `first_target + k`. The flags are
 * those of hra_builder_status. Without memory the builder has failed. */
void hra_store_sets(hra_set_stores *stores, hra_builder *b, hra_node value, const hra_node *flags, int output,
                    int first_target);
void hra_set_stores_destroy(hra_set_stores *stores);

#endif
