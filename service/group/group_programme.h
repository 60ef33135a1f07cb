/* The year of a group: lectures and newsletters, chosen from its problems. */
#ifndef HRA_SERVICE_GROUP_PROGRAMME_H
#define HRA_SERVICE_GROUP_PROGRAMME_H

#include "service/group/group_policy.h"
#include "service/group/group_problems.h"

enum { HRA_LECTURES_MOST = 12, HRA_NEWSLETTERS_MOST = 12 };

/* What the provider can give: a CSV lecture,specialty, where lecture is the id of a group action or the title of its
 * lecture in either language. */
typedef struct hra_lecture_list hra_lecture_list;
hra_code hra_lecture_list_load(const char *path, hra_lecture_list **out, hra_error *error);
void hra_lecture_list_free(hra_lecture_list *list);

typedef struct hra_lecture {
    const hra_problem *problem;
    const char *specialty; /* "" where no list says it */
} hra_lecture;

typedef struct hra_newsletter {
    const hra_problem *problem;
    char quarter[12]; /* "2027Q1"; "Q1" without a day of the run */
} hra_newsletter;

typedef struct hra_programme {
    hra_lecture lectures[HRA_LECTURES_MOST];
    hra_newsletter newsletters[HRA_NEWSLETTERS_MOST];
    int lecture_count, newsletter_count;
} hra_programme;

typedef struct hra_programme_request {
    const hra_group_policy *policy;
    int lectures;                 /* bought; 0: the policy's number */
    const hra_lecture_list *list; /* NULL: any lecture can be given */
    double as_of;                 /* the year begins with the next quarter */
    const char *const *issues;    /* topics of the newsletters before, the last one last */
    int issue_count;
} hra_programme_request;

/* Problems in the order of rank. Lectures: what is due, by priority and rank; where more were bought, the next problems
 * by rank. Newsletters: the highest problem that was not used in the last issues; of those nearly as high the one of
 * the season. */
void hra_programme_make(const hra_programme_request *request, const hra_problem *problems, int count,
                        hra_programme *out);

#endif
