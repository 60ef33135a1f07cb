/* Whether a finding of a group could be decided for so many that its share speaks for all. Who can be decided is not
 * chance where a finding is made of alternatives or asks for an age first: those who have it are decided by one answer,
 * those outside the age by none. So not only most people must be decided, but also half of those of (nearly) every sex
 * and age. */
#ifndef HRA_SERVICE_COVERAGE_H
#define HRA_SERVICE_COVERAGE_H

#include <stdbool.h>

#include "engine/summary/group_summary.h"

typedef struct hra_coverage {
    uint64_t people, known;
    uint64_t undecided; /* people of a sex and age of whom less than half are known */
} hra_coverage;

/* One sex and age band of the people. */
void hra_coverage_add(hra_coverage *c, uint64_t people, uint64_t known);
/* Two thirds of the people are decided. */
bool hra_coverage_speaks_for_all(const hra_coverage *c);
/* Half of them are. */
bool hra_coverage_is_half(const hra_coverage *c);

hra_coverage hra_coverage_of(const hra_group_summary *summary, const hra_group *group, int output);

#endif
