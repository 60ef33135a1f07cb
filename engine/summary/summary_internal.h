/* The inside of a group summary, shared by counting and reading. */
#ifndef HRA_SUMMARY_INTERNAL_H
#define HRA_SUMMARY_INTERNAL_H

#include "base/arena.h"
#include "base/map.h"
#include "engine/summary/group_summary.h"

/* A risk's bin is found by its place among so many equal steps from 0 to 1. */
enum { HRA_SUMMARY_STEPS = 400 };

/* The counters of one cell, or of a whole group: flags (yes, no), levels (each, then unknown) and bins are counts. */
typedef struct hra_summary_block {
    uint32_t *counts;
    hra_summary_number *numbers;
} hra_summary_block;

typedef struct hra_department {
    const char *name;
    uint32_t *counts; /* people; then yes, no of the flags that are kept by department */
} hra_department;

struct hra_group {
    const char *name;
    uint32_t people[HRA_SUMMARY_CELLS];
    hra_summary_block *cells[HRA_SUMMARY_CELLS]; /* NULL: nobody there */
    hra_summary_block total;                     /* of what is not kept by cell */
    hra_department *departments;
    int department_count, department_capacity;
};

/* Where the counters of an output stand; -1: not kept. */
typedef struct hra_summary_place {
    bool by_cell;
    int at;         /* in counts or, for a number, in numbers; of a cell's block or of the total */
    int bins;       /* in the total's counts */
    int department; /* in a department's counts */
} hra_summary_place;

typedef struct hra_summary_size {
    int counts, numbers;
} hra_summary_size;

/* Flags that are kept of every cell, or of the whole group: that at place f has the counts 2 * f and 2 * f + 1. */
typedef struct hra_summary_flags {
    int *outputs, count;
} hra_summary_flags;

struct hra_group_summary {
    hra_sink sink;
    const hra_output *outputs;
    int output_count;
    const hra_schema *schema;
    int group_label, department_label, sex_column, age_column;
    int birth_column, exam_column;      /* they tell an age that was not delivered; -1: none */
    int32_t *cell_of_sex, *cell_of_age; /* of every code what it adds to the number of the cell */
    uint8_t bins[HRA_SUMMARY_STEPS + 1];
    hra_summary_place *places;
    hra_summary_size cell, total;
    hra_summary_flags cell_flags, total_flags;
    int department_counts;
    hra_arena *arena;
    hra_map *by_name;
    hra_group **groups;
    int group_count, group_capacity;
    bool sorted;
};

int hra_summary_age_cell(double age);
void hra_summary_find_bins(uint8_t bins[HRA_SUMMARY_STEPS + 1]);

/* Zeroed counters; false without memory. */
bool hra_summary_block_new(hra_arena *arena, const hra_summary_size *size, hra_summary_block *block);
bool hra_summary_cell_new(const hra_group_summary *s, hra_arena *arena, hra_group *group, int cell);
/* The department of this name, made if it is new; counts then point into the arena. NULL without memory. */
hra_department *hra_summary_department(const hra_group_summary *s, hra_arena *arena, hra_group *group,
                                       const char *name);

/* Counts one chunk into groups of its own. */
typedef struct hra_summary_partial {
    hra_group *groups;
    int count;
    hra_arena *arena;
} hra_summary_partial;

hra_code hra_summary_count_chunk(const hra_group_summary *s, const hra_chunk *chunk, const hra_results *results,
                                 hra_summary_partial *partial, hra_error *error);

#endif
