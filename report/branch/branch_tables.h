/* The work lists of a run, cut by branch into workbooks: nobody gets a line about people of another branch. */
#ifndef HRA_REPORT_BRANCH_TABLES_H
#define HRA_REPORT_BRANCH_TABLES_H

#include "report/branch/branch_people.h"
#include "report/results/xlsx_list.h"

typedef struct hra_branch_tables_request {
    const char *folder; /* of the run */
    hra_branch_book *book;
    const hra_branch_people *people;
    const hra_xlsx_list_request *list; /* words, names, states */
    const char *beside;                /* temporary files */
} hra_branch_tables_request;

/* ROOT/BRANCH/lists/NAME.xlsx for every list and branch that has lines in it. A line belongs where its person does;
 * where the person was not scored, where its own column says; else to the people without a branch. */
hra_code hra_branch_tables_write(const hra_branch_tables_request *request, hra_error *error);

#endif
