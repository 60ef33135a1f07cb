/* Corporate groups: how many people, which branch of the insurer, which
 * checkup provider, how old and how many men. Everything follows from the seed
 * and the group's number, the sizes also from the totals. */
#ifndef HRA_GENERATE_GROUPS_H
#define HRA_GENERATE_GROUPS_H

#include <stdbool.h>
#include <stdint.h>

#include "generate/columns.h"
#include "base/fail.h"

typedef struct hra_branch {
    const char *name, *name_zh, *province, *province_zh;
    bool north_of_qinling, north_of_yangtze;
    double urban;
} hra_branch;

/* A provider leaves out whole panels for a share of people, and single results here and there. */
typedef struct hra_provider {
    const char *name, *name_zh;
    double without[HRA_PANEL_COUNT];
    double gaps;           /* mean number of single missing results per person */
    double round_pressure; /* share of pressures rounded to tens */
} hra_provider;

typedef struct hra_corporate_group {
    int64_t first, count; /* rows */
    int branch, provider;
    double mean_age, men, smoking_shift, sitting_shift;
    char id[16];
} hra_corporate_group;

enum { HRA_BRANCH_COUNT = 12, HRA_PROVIDER_COUNT = 6, HRA_DEPARTMENT_COUNT = 10 };
extern const hra_branch hra_branches[HRA_BRANCH_COUNT];
extern const hra_provider hra_providers[HRA_PROVIDER_COUNT];
extern const char *const hra_departments[HRA_DEPARTMENT_COUNT], *const hra_departments_zh[HRA_DEPARTMENT_COUNT];

typedef struct hra_groups {
    hra_corporate_group *items;
    int count;
} hra_groups;

/* Log-normal sizes that add up to `rows`; no group is empty. */
hra_code hra_groups_make(uint64_t seed, int64_t rows, int count, hra_groups *out, hra_error *error);
void hra_groups_destroy(hra_groups *groups);
/* The group of a row. */
int hra_groups_of(const hra_groups *groups, int64_t row);

#endif
