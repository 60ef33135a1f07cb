/* Group summary: exact counts and sums per corporate group, by sex and age band.
 *
 * Everything that crosses rows is an integer or a fixed-point sum, so the result
 * is the same for any number of threads, chunks or merged shards. Chunks are
 * counted into partials in parallel and merged one at a time; the table grows
 * with groups, not with people.
 */
#ifndef HRA_SUMMARY_GROUP_SUMMARY_H
#define HRA_SUMMARY_GROUP_SUMMARY_H

#include "engine/run/runner.h"

enum {
    HRA_SUMMARY_SEXES = 3, /* female, male, unknown */
    HRA_SUMMARY_AGES = 7,  /* under 30, 30-39, 40-49, 50-59, 60-69, 70 and over, unknown */
    HRA_SUMMARY_CELLS = HRA_SUMMARY_SEXES * HRA_SUMMARY_AGES,
    HRA_SUMMARY_BINS = 24 /* risk histogram, see hra_summary_bin_limit */
};

extern const char *const hra_summary_sex_names[HRA_SUMMARY_SEXES];
extern const char *const hra_summary_age_names[HRA_SUMMARY_AGES];

/* Lower limit of histogram bin b (bin 0 begins at 0; the last is open). */
double hra_summary_bin_limit(int bin);

typedef struct hra_summary_flag {
    uint32_t yes, no;
} hra_summary_flag; /* the rest is unknown */

typedef struct hra_summary_number {
    uint32_t known;
    __int128 sum; /* of llrint(value * 2^32) */
} hra_summary_number;

/* One group. Arrays are indexed by what the outputs are, see hra_summary_index. */
typedef struct hra_group {
    const char *name; /* "" for people without a group */
    uint32_t people[HRA_SUMMARY_CELLS];
    hra_summary_flag *flags;     /* [flag output][cell] */
    hra_summary_number *numbers; /* [number output][cell] */
    uint32_t *bins;              /* [number output][bin] */
    uint32_t *levels;            /* [category output][cell][level], levels + 1 entries: the last is unknown */
} hra_group;

typedef struct hra_group_summary hra_group_summary;

/* outputs must outlive the summary. group_label: index into schema->labels of
 * the label that names the group, -1: everybody is one group. */
hra_code hra_group_summary_new(const hra_output *outputs, int output_count, const hra_schema *schema, int group_label,
                               hra_group_summary **out, hra_error *error);
void hra_group_summary_free(hra_group_summary *summary);
hra_sink *hra_group_summary_sink(hra_group_summary *summary);

int hra_group_summary_count(const hra_group_summary *summary);
/* Groups sorted by name. */
const hra_group *hra_group_summary_at(const hra_group_summary *summary, int index);

/* Where output i stands among the outputs of its kind; levels: offset of its
 * first count in hra_group.levels. */
int hra_summary_index(const hra_group_summary *summary, int output);

/* Sum over all cells. */
uint32_t hra_group_people(const hra_group *group);
hra_summary_flag hra_group_flag(const hra_group_summary *summary, const hra_group *group, int output);
/* Mean of the known values (share of true for a flag); NaN if none is known. */
double hra_group_mean(const hra_group_summary *summary, const hra_group *group, int output);

#endif
