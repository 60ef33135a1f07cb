/* Three and more runs of the same people: this one and earlier ones, by day.
 * Gives the course of every value that datasets/changes.csv has a line for.
 * Memory does not grow with people: see years_previous.h, of which there is one
 * for each run. */
#ifndef HRA_SERVICE_RUNS_H
#define HRA_SERVICE_RUNS_H

#include "service/years/course.h"
#include "service/years/years_previous.h"

typedef struct hra_runs_request {
    const char *const *earlier; /* result stores or folders of `hra run`, in any order, each with its population.h5 */
    int earlier_count;
    const char *results;                /* of this run; NULL: not written yet, then the population must be given */
    const char *population;             /* of this run; NULL: beside the results */
    const char *previous;               /* one of `earlier` whose population or day is given here; NULL: none */
    const char *previous_population;    /* NULL: beside its results */
    const char *as_of, *previous_as_of; /* days; NULL: what the results say */
    const char *definitions_hash;       /* of this run, where `results` is NULL */
    const char *rules;                  /* NULL: datasets/changes.csv as built in */
    const char *beside;                 /* temporary files stand in the folder of this path */
    const hra_dictionary *dictionary;
    int threads;
    const volatile int *stop;
} hra_runs_request;

typedef struct hra_runs hra_runs;

hra_code hra_runs_open(const hra_runs_request *request, hra_runs **out, hra_error *error);
void hra_runs_close(hra_runs *runs); /* NULL allowed */

int hra_runs_count(const hra_runs *runs); /* with this one, which is the last */
const hra_previous *hra_runs_at(const hra_runs *runs, int run);
const char *hra_runs_definitions(const hra_runs *runs, int run); /* their hash */
double hra_runs_day(const hra_runs *runs, int run);
const hra_change_rules *hra_runs_rules(const hra_runs *runs);
const hra_dictionary *hra_runs_dictionary(const hra_runs *runs);

/* Whether a rule's values moved from people's values before to this run by the rule's minimum or more in the mean of
 * all: then a unit or method has changed, not the people, and courses begin anew. */
bool hra_runs_shifted(const hra_runs *runs, int run, int rule);

/* The first run whose values of a rule can be compared with this one's: that of the last shift. */
int hra_runs_since_shift(const hra_runs *runs, int rule);

/* A person's row in every run, -1 where they are not, or stand twice. Any thread. */
void hra_runs_find(const hra_runs *runs, const char *key, int64_t rows[HRA_COURSE_RUNS]);
/* How many different providers examined the person, of those that are known. */
int hra_runs_providers(const hra_runs *runs, const int64_t rows[HRA_COURSE_RUNS]);
/* One run's value of the person who has this row there (-1: nobody); false: unknown. */
bool hra_runs_point(const hra_runs *runs, int run, int64_t row, int rule, hra_course_point *point);
/* The points of one value by day since the last shift; their number. */
int hra_runs_points(const hra_runs *runs, const int64_t rows[HRA_COURSE_RUNS], int rule,
                    hra_course_point points[HRA_COURSE_RUNS]);
hra_course hra_runs_course(const hra_runs *runs, int rule, const hra_course_point *points, int count);

#endif
