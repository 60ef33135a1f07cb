/* The people of a run by branch: a sink that keeps one line of each for the branch's index (in a temporary file without
 * names, sorted by branch, urgent cases first), remembers who belongs to which branch, and writes the reports. */
#ifndef HRA_REPORT_BRANCH_PEOPLE_H
#define HRA_REPORT_BRANCH_PEOPLE_H

#include "engine/run/runner.h"
#include "report/branch/branch_book.h"
#include "report/person/individual_page.h"
#include "report/tools/people_names.h"

typedef struct hra_branch_people hra_branch_people;

typedef struct hra_branch_people_request {
    hra_person_views *views;
    const hra_individual *pages; /* NULL: no reports */
    hra_people_names *names;     /* NULL: keys alone */
    hra_branch_book *book;
    const char *beside; /* temporary files stand in the folder of this path */
    int64_t rows;       /* at most so many people */
} hra_branch_people_request;

hra_code hra_branch_people_new(const hra_branch_people_request *request, hra_branch_people **out, hra_error *error);
void hra_branch_people_free(hra_branch_people *people); /* NULL allowed */
hra_sink *hra_branch_people_sink(hra_branch_people *people);
hra_code hra_branch_people_finish(hra_branch_people *people, hra_error *error); /* after the last person */

/* The branch of a person named in a list: -1 if nobody was scored under this key, or several. */
int hra_branch_people_find(const hra_branch_people *people, const char *key);

/* What an index says of a person; "" where there is nothing to say. */
typedef struct hra_branch_line {
    int branch;
    const char *key, *group, *department, *sex, *age;
    const char *urgent, *deadline, *important; /* titles of findings; the day of the first urgent one */
    const char *tier, *risks;                  /* "CHD moderate · stroke low": the categories that are known */
} hra_branch_line;

/* People in the order of the indexes; valid until the next call. *any false at the end. */
hra_code hra_branch_people_next(hra_branch_people *people, hra_branch_line *line, bool *any, hra_error *error);

#endif
