/* What is kept of one group, and how rows come to it. The light sibling of group_count.c: a row of counters and a row
 * of sums for all outputs, made when the group is met. Internal to engine/summary. */
#ifndef HRA_SUMMARY_GROUP_STATE_H
#define HRA_SUMMARY_GROUP_STATE_H

#include "engine/graph/results.h"
#include "engine/summary/block_sums.h"

/* Which counters an output has: those without a value, then of a flag those who have it, of a category each level.
 * Nobody counts beyond a group's people, who are as many as a counter holds at most. */
typedef struct hra_state_layout {
    const hra_output *outputs;
    int output_count;
    int *counts; /* by output, its first counter; -1: not kept */
    int *sums;   /* by output, the sum of a number; else -1 */
    int *flags;  /* outputs that are flags and kept */
    int flag_count;
    const hra_status_sets *sets;
    int first_set; /* counter of the first status set */
    int count_count, sum_count, most_levels;
} hra_state_layout;

typedef struct hra_group_state {
    int64_t people;
    uint32_t *counts;
    __int128 sums[]; /* in fixed point */
} hra_group_state;

/* False without memory. The sets must outlive it. */
bool hra_state_layout_make(const hra_output *outputs, int output_count, const hra_status_sets *sets,
                           hra_state_layout *out);
void hra_state_layout_destroy(hra_state_layout *layout);

/* States made one after the other, some in each memory, which grows with their number: there may be a few of some
 * hundred bytes or thousands of some kilobytes. */
typedef struct hra_state_store {
    void **memories;
    int memory_count;
    char *next;
    size_t left;
} hra_state_store;

/* Of nobody; NULL without memory. It lives as long as the store. */
hra_group_state *hra_group_state_new(hra_state_store *store, const hra_state_layout *layout);
void hra_state_store_destroy(hra_state_store *store);

/* False, with nothing changed, where more people than a counter holds would come together. */
bool hra_group_state_people(hra_group_state *state, int64_t people);

/* What hra_group_state_run works with. */
typedef struct hra_state_scratch {
    uint32_t *levels, *bits; /* counters */
    uint64_t **planes;
} hra_state_scratch;

/* False without memory. */
bool hra_state_scratch_make(const hra_state_layout *layout, hra_state_scratch *out);
void hra_state_scratch_destroy(hra_state_scratch *scratch);

/* Rows of one group, from `start` up to `end`; its people are counted apart. */
void hra_group_state_run(const hra_state_layout *layout, hra_group_state *state, const hra_results *results, int start,
                         int end, const hra_state_scratch *scratch);

/* Of the block of rows at `start`, a multiple of HRA_SUM_BLOCK, those in `wanted`, each to its own group's state. */
void hra_group_state_block(const hra_state_layout *layout, hra_group_state *const *states, const hra_results *results,
                           int start, uint64_t wanted);

/* False if the people of both are too many. */
bool hra_group_state_merge(const hra_state_layout *layout, hra_group_state *to, const hra_group_state *from);

#endif
