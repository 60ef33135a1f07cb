/* Between the files about courses. */
#ifndef HRA_SERVICE_COURSES_INTERNAL_H
#define HRA_SERVICE_COURSES_INTERNAL_H

#include "base/buffer.h"
#include "service/tables/named_groups.h"
#include "service/years/courses.h"

/* What became of each group over the runs; sums in whole steps, so that they do not depend on the order of people. */
typedef struct hra_course_groups hra_course_groups;

hra_course_groups *hra_course_groups_new(const hra_runs *runs);
void hra_course_groups_free(hra_course_groups *groups);

/* Somebody of this run, with their rows in all; courses: the word of each rule. */
hra_code hra_course_groups_add(hra_course_groups *groups, const int64_t rows[HRA_COURSE_RUNS],
                               const hra_course_word *courses, hra_error *error);
/* Who stayed, joined and left from run to run. */
hra_code hra_course_groups_members(hra_course_groups *groups, hra_error *error);

hra_code hra_course_groups_write(const hra_course_groups *groups, const char *path, hra_error *error);
/* Under the rules for small groups (docs/years.md). */
hra_code hra_course_client_write(const hra_course_groups *groups, const hra_group_policy *policy, const char *path,
                                 hra_error *error);

/* ---- for the two tables ---- */

typedef struct hra_course_sum {
    int64_t people;                /* whose value is known in every run since the last shift */
    int64_t sums[HRA_COURSE_RUNS]; /* of these, by run */
    int64_t change;                /* from the first of these runs to this one */
    unsigned __int128 squares;
    int64_t words[HRA_COURSE_WORDS]; /* of all with a statement */
} hra_course_sum;

enum { HRA_COURSE_PEOPLE, HRA_COURSE_KEPT, HRA_COURSE_JOINED, HRA_COURSE_LEFT, HRA_COURSE_MEMBERS };

typedef struct hra_course_group {
    int64_t members[HRA_COURSE_RUNS][HRA_COURSE_MEMBERS];
    hra_course_sum values[]; /* by rule */
} hra_course_group;

extern const char *const hra_course_member_names[HRA_COURSE_MEMBERS];

struct hra_course_groups {
    const hra_runs *runs;
    hra_named_groups *groups; /* each an hra_course_group */
};

#endif
