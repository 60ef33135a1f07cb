/* The reports of a branch for the printer: BRANCH/print/GROUP/DEPARTMENT.pdf with the people in the order of the input,
 * which is that of the rosters. */
#ifndef HRA_REPORT_BRANCH_PRINTS_H
#define HRA_REPORT_BRANCH_PRINTS_H

#include "report/branch/branch_book.h"
#include "report/pdf/pdf_files.h"

typedef struct hra_branch_prints hra_branch_prints;

/* `request`: folder is the book's root; how to merge, whom and where is known here. The book knows every branch. */
hra_code hra_branch_prints_new(const hra_pdf_request *request, hra_branch_book *book, hra_branch_prints **out,
                               hra_error *error);
void hra_branch_prints_free(hra_branch_prints *prints); /* NULL allowed */
hra_pdf_files *hra_branch_prints_files(hra_branch_prints *prints);

typedef struct hra_branch_print {
    const char *path; /* below the branch's folder */
    const char *group, *department;
    int64_t people;
} hra_branch_print;

/* The files of a branch, one after the other from *at = 0 on; false: there are no more. */
bool hra_branch_prints_next(const hra_branch_prints *prints, int branch, int *at, hra_branch_print *print);

#endif
