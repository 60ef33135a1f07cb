/* Group summary: exact counts and sums per corporate group, by sex and age band.
 *
 * Everything that crosses rows is an integer or a fixed-point sum, so the result
 * is the same for any number of threads, chunks or merged shards. Chunks are
 * counted into partials in parallel and merged one at a time; the state grows
 * with groups, not with people. A group holds only the cells it has people in,
 * and of every output only what somebody reads.
 */
#ifndef HRA_SUMMARY_GROUP_SUMMARY_H
#define HRA_SUMMARY_GROUP_SUMMARY_H

#include "engine/run/runner.h"

enum {
    HRA_SUMMARY_SEXES = 3, /* female, male, unknown */
    HRA_SUMMARY_AGES = 7,  /* under 30, 30-39, 40-49, 50-59, 60-69, 70 and over, unknown */
    HRA_SUMMARY_CELLS = HRA_SUMMARY_SEXES * HRA_SUMMARY_AGES,
    HRA_SUMMARY_ALL = -1,          /* in place of a cell: the whole group */
    HRA_SUMMARY_BINS = 24,         /* risk histogram, see hra_summary_bin_limit */
    HRA_SUMMARY_DEPARTMENTS = 256, /* of one group; those that come later are counted together */
};

extern const char *const hra_summary_sex_names[HRA_SUMMARY_SEXES];
extern const char *const hra_summary_age_names[HRA_SUMMARY_AGES];
extern const char *const hra_summary_other_departments; /* name of those beyond HRA_SUMMARY_DEPARTMENTS */

/* Lower limit of histogram bin b (bin 0 begins at 0; the last is open). */
double hra_summary_bin_limit(int bin);

typedef struct hra_summary_flag {
    uint32_t yes, no;
} hra_summary_flag; /* the rest is unknown */

typedef struct hra_summary_number {
    uint32_t known;
    __int128 sum; /* of llrint(value * 2^32) */
} hra_summary_number;

/* Mean of the known values; NaN if there is none. */
double hra_summary_mean(hra_summary_number number);
/* Sum of the known values; 0 if there is none. */
double hra_summary_total(hra_summary_number number);

typedef struct hra_group_summary hra_group_summary;
typedef struct hra_group hra_group;

/* What is kept of an output follows from its role: of factors, tiers, the panel's risks and categories and the group
 * actions' prevalences every cell, of risks the histogram, of models nothing, of the rest the group's total.
 * outputs and schema must outlive the summary. group_label: index into schema->labels of the label that names the
 * group, -1: everybody is one group. */
hra_code hra_group_summary_new(const hra_output *outputs, int output_count, const hra_schema *schema, int group_label,
                               hra_group_summary **out, hra_error *error);
/* Before the run: also counts this flag by department. */
void hra_group_summary_by_department(hra_group_summary *summary, int output);
void hra_group_summary_free(hra_group_summary *summary);
hra_sink *hra_group_summary_sink(hra_group_summary *summary);

/* ---- reading, once the run is over ------------------------------------------- */

int hra_group_summary_count(const hra_group_summary *summary);
/* Groups sorted by name. */
const hra_group *hra_group_summary_at(const hra_group_summary *summary, int index);

const char *hra_group_name(const hra_group *group); /* "" for people without a group */
/* cell: sex * HRA_SUMMARY_AGES + age band, or HRA_SUMMARY_ALL. What is not kept reads as nobody. */
uint32_t hra_group_people(const hra_group *group, int cell);
hra_summary_flag hra_group_flag(const hra_group_summary *summary, const hra_group *group, int output, int cell);
hra_summary_number hra_group_number(const hra_group_summary *summary, const hra_group *group, int output, int cell);
/* People at a level of a category; level = level_count: unknown. */
uint32_t hra_group_level(const hra_group_summary *summary, const hra_group *group, int output, int level, int cell);
const uint32_t *hra_group_bins(const hra_group_summary *summary, const hra_group *group,
                               int output); /* NULL: not kept */
/* Mean of the known values (share of true for a flag); NaN if none is known. */
double hra_group_mean(const hra_group_summary *summary, const hra_group *group, int output);

/* Departments sorted by name; "" for people without one. */
int hra_group_department_count(const hra_group *group);
const char *hra_group_department_name(const hra_group *group, int department);
uint32_t hra_group_department_people(const hra_group *group, int department);
hra_summary_flag hra_group_department_flag(const hra_group_summary *summary, const hra_group *group, int department,
                                           int output);

#endif
