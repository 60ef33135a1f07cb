/* Sums by group: of every output how many people have a value, their mean, and what their statuses say. The light
 * sibling of group_summary.h, for scoring alone: no sexes and ages, no departments, no histograms.
 *
 * All sums are whole numbers or fixed point (2^-32), so they are the same for any number of threads, slices and
 * chunks; every thread has its own for each group that it meets, and they are added at the end. The state grows with
 * groups, not with people.
 */
#ifndef HRA_SUMMARY_GROUP_SUMS_H
#define HRA_SUMMARY_GROUP_SUMS_H

#include "engine/run/runner.h"
#include "engine/graph/status.h"

typedef struct hra_group_sums hra_group_sums;

/* outputs, schema and the status sets that the results have must outlive the sums. group_label: index into
 * schema->labels of the label that names the group, -1: everybody is one group. `threads`: that will run the sink. */
hra_code hra_group_sums_new(const hra_output *outputs, int output_count, const hra_status_sets *sets,
                            const hra_schema *schema, int group_label, int threads, hra_group_sums **out,
                            hra_error *error);
void hra_group_sums_free(hra_group_sums *sums);
hra_sink *hra_group_sums_sink(hra_group_sums *sums);

/* ---- reading, once hra_group_sums_finish has put the threads' sums together ------ */

hra_code hra_group_sums_finish(hra_group_sums *sums, hra_error *error);
int hra_group_sums_count(const hra_group_sums *sums);
/* Groups sorted by name; "" for people without one. */
const char *hra_group_sums_name(const hra_group_sums *sums, int group);
int64_t hra_group_sums_people(const hra_group_sums *sums, int group);

/* One column of sums: a number, a flag, or one level of a category. */
typedef struct hra_group_sum {
    int output, level;    /* level -1: not a category */
    int64_t known, count; /* count: of whom the flag or level is true; -1 for a number */
    double mean;          /* of a number; of flags and levels the share. NaN if nobody is known */
} hra_group_sum;

/* What the statuses of a column say; the same where outputs share a status. */
typedef struct hra_group_statuses {
    int64_t ok;                      /* people without any */
    int64_t status[HRA_STATUS_BITS]; /* people with each bit of hra_status */
} hra_group_statuses;

int hra_group_sums_columns(const hra_group_sums *sums);
int hra_group_sums_threads(const hra_group_sums *sums); /* that ran the sink */
hra_group_sum hra_group_sums_read(const hra_group_sums *sums, int group, int column);
/* `count` columns from the first on. */
void hra_group_sums_read_some(const hra_group_sums *sums, int group, int first, int count, hra_group_sum *out);
hra_group_statuses hra_group_sums_statuses(const hra_group_sums *sums, int group, int column);

#endif
