/* The health problems of a group: one for each group action, measured by the
 * first prevalence() of its condition; ranked, with intervals, and compared with
 * last year and with the insurer's other groups on one standard population. */
#ifndef HRA_SERVICE_GROUP_PROBLEMS_H
#define HRA_SERVICE_GROUP_PROBLEMS_H

#include "engine/language/plan.h"
#include "engine/summary/group_summary.h"
#include "service/tables/proportion.h"

typedef struct hra_problem {
    const hra_declaration *action;
    int index;  /* of the action in the plan */
    int output; /* the flag that is counted, or -1: a condition without prevalence() */
    int roster; /* flag of the people to invite, or -1 */
    bool sensitive;
    bool due;     /* its condition holds in this group, and could be decided for at least half of the people */
    bool decided; /* for so many that the share speaks for all: only then it is ranked and compared */
    hra_summary_flag total;
    hra_interval share;
    hra_standardised standardised;
    int rank,
        rank_people; /* from 1: by the standardised share, by the number of people; 0: not decided, nobody known */
    /* NaN where there is nothing to compare with */
    /* the other groups together, standardised on the sexes and ages that both know; this group on these less them */
    hra_interval others, to_others;
    hra_interval last_year, to_last_year;
} hra_problem;

typedef struct hra_group_problems hra_group_problems;

typedef struct hra_problems_request {
    const hra_plan *plan;
    const hra_group_summary *summary;
    const double *standard; /* weights of the cells */
    const char *last_year;  /* groups.csv of last year; NULL: none */
} hra_problems_request;

/* Can the table of last year be read? */
hra_code hra_group_problems_try(const char *last_year, hra_error *error);
hra_code hra_group_problems_new(const hra_problems_request *request, hra_group_problems **out, hra_error *error);
void hra_group_problems_free(hra_group_problems *problems);
/* In the order of rank; valid until the next call. */
hra_code hra_group_problems_of(hra_group_problems *problems, const hra_group *group, const hra_problem **list,
                               int *count, hra_error *error);

/* Newsletter topics of the year before, the last one last (ids of actions); of the group read last. */
int hra_group_problems_newsletters(const hra_group_problems *problems, const char *const **ids);

/* Any flag of a group, standardised. */
hra_standardised hra_group_standardise(const hra_group_summary *summary, const hra_group *group, int output,
                                       const double *standard);

#endif
