/* What may leave the house about a group, and how its year is planned: datasets/group_policy.csv. */
#ifndef HRA_SERVICE_GROUP_POLICY_H
#define HRA_SERVICE_GROUP_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"

enum { HRA_POLICY_NAMES = 256, HRA_QUARTERS = 4 };

typedef struct hra_group_policy {
    uint32_t minimum_group, minimum_denominator, minimum_stratum, minimum_department;
    uint32_t hide_up_to, homogeneous_below, protection, sensitive_minimum;
    uint32_t others_groups, edition_days, round_to, top_age;
    double others_largest;
    uint32_t newsletters_per_year, newsletter_rest, lectures;
    double newsletter_tie;
    const char *seasons[HRA_QUARTERS];
    const char *publish[HRA_POLICY_NAMES], *sensitive[HRA_POLICY_NAMES];
    int publish_count, sensitive_count;
    void *memory;
} hra_group_policy;

/* path NULL: the built-in one. A file of the user's takes its place as a whole. */
hra_code hra_group_policy_load(const char *path, hra_group_policy *policy, hra_error *error);
void hra_group_policy_free(hra_group_policy *policy);

bool hra_group_policy_sensitive(const hra_group_policy *policy, const char *finding);

#endif
