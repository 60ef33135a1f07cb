/* The course of one value over three and more checkups: is it rising, falling,
 * steady? All arithmetic is exact, in whole days and whole steps of the value's
 * last decimal. docs/years.md defines the words. */
#ifndef HRA_SERVICE_COURSE_H
#define HRA_SERVICE_COURSE_H

#include "service/years/change_rules.h"

enum {
    HRA_COURSE_RUNS = 16,   /* at most so many points */
    HRA_COURSE_LEAST = 3,   /* checkups that a statement needs */
    HRA_COURSE_APART = 180, /* days from one of these to the next, and between two values that make a slope */
};

typedef enum hra_course_word {
    HRA_COURSE_NONE, /* too few checkups */
    HRA_COURSE_RISING,
    HRA_COURSE_FALLING,
    HRA_COURSE_STEADY,  /* no two values differ by more than measurement */
    HRA_COURSE_VARYING, /* some do, but there is no one direction */
    HRA_COURSE_WORDS
} hra_course_word;

typedef struct hra_course_point {
    int32_t day, steps;
} hra_course_point;

typedef struct hra_course {
    hra_course_word word;
    double per_year; /* median slope, in steps; NaN without a statement */
} hra_course;

/* Of points by day, no day twice. */
hra_course hra_course_judge(const hra_change_rule *rule, int decimals, const hra_course_point *points, int count);

/* Puts a point in its place by day; of two on the same day the one added later stays. */
void hra_course_add(hra_course_point *points, int *count, hra_course_point point);

const char *hra_course_name(hra_course_word word); /* "rising"; "" for none */

#endif
