/* A line through the values of several checkups, beside the words that say what it shows. */
#ifndef HRA_REPORT_SVG_COURSE_H
#define HRA_REPORT_SVG_COURSE_H

#include "report/person/person_view.h"

/* The drawing of a value that has a course: its last checkup is the full dot. What is less than measurement looks
 * small: the scale is at least three times as high. `unit`: for the title, which says all values. */
void hra_svg_course(hra_buffer *out, const hra_view_value *value, const char *unit);

/* Where a checkup stands, from 0 to 1: by day from the left, by value from the top. The same on paper. */
void hra_course_place(const hra_view_value *value, int point, double *x, double *y);

#endif
