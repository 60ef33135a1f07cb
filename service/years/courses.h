/* Files about three and more runs of the same people: course.csv (a line per
 * person), course_groups.csv (for the house), course_client.csv (what an
 * employer may be told of it), course.json. docs/years.md says what stands there. */
#ifndef HRA_SERVICE_COURSES_H
#define HRA_SERVICE_COURSES_H

#include "service/group/group_policy.h"
#include "service/years/runs.h"

typedef struct hra_courses_account {
    int runs;
    int64_t people, stated; /* of this run; of whom the course of some value can be stated */
} hra_courses_account;

/* Into FOLDER. `policy` NULL: the built-in rules for small groups. */
hra_code hra_courses_write(const hra_runs *runs, const char *folder, const char *policy, hra_courses_account *account,
                           hra_error *error);

/* Removes the files of such runs from FOLDER, course_plans.csv too: beside other results they would be taken for
 * theirs. */
hra_code hra_courses_remove(const char *folder, hra_error *error);

#endif
