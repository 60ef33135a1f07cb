/* The table about several years that stands beside a group's figures: course_groups.csv, or course_client.csv of the
 * client's edition. */
#ifndef HRA_REPORT_GROUP_COURSES_H
#define HRA_REPORT_GROUP_COURSES_H

#include <stdbool.h>

#include "base/fail.h"

typedef struct hra_group_courses hra_group_courses;

hra_code hra_group_courses_open(const char *path, bool client, hra_group_courses **out, hra_error *error);
void hra_group_courses_close(hra_group_courses *courses); /* NULL allowed */

/* What the table says of this group, by its plain name; of a group it does not know nothing. */
hra_code hra_group_courses_read(hra_group_courses *courses, const char *group, hra_error *error);

typedef struct hra_group_course_row {
    const char *kind, *indicator, *day; /* as in docs/years.md */
    bool hidden;
    bool clear;                              /* client: a change whose interval does not hold 0 */
    double people, mean, low, high;          /* NaN: not said */
    double rising, falling, steady, varying; /* house */
} hra_group_course_row;

int hra_group_courses_count(const hra_group_courses *courses);
/* Its texts stay until the next group is read. */
hra_group_course_row hra_group_courses_at(const hra_group_courses *courses, int index);
/* The row, or -1; `day` NULL: any. */
int hra_group_courses_find(const hra_group_courses *courses, const char *kind, const char *indicator, const char *day);

#endif
