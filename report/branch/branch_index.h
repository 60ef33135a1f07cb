/* The first page of a branch's package: its people, urgent cases first, found by name or number without a network, with
 * links to their reports and to the work lists. Without scripts the list is still there. */
#ifndef HRA_REPORT_BRANCH_INDEX_H
#define HRA_REPORT_BRANCH_INDEX_H

#include "report/branch/branch_people.h"
#include "report/branch/branch_prints.h"

typedef struct hra_branch_index_request {
    hra_branch_book *book;
    hra_branch_people *people;       /* finished */
    hra_people_names *names;         /* NULL: keys alone */
    const hra_branch_prints *prints; /* NULL: none */
    const hra_words *words;
    const char *as_of; /* "" unknown */
    bool reports;      /* there are reports to link to */
} hra_branch_index_request;

/* ROOT/BRANCH/index.html of every branch. */
hra_code hra_branch_index_write(const hra_branch_index_request *request, hra_error *error);

#endif
