/* The pages about all groups of a run, or about one of them, in one edition: one
 * pass through the table of that edition, one file for each group. */
#ifndef HRA_REPORT_GROUP_PAGES_H
#define HRA_REPORT_GROUP_PAGES_H

#include "report/group/group_report.h"

typedef struct hra_group_pages_request {
    const char *table;   /* groups.csv, or groups_client.csv */
    const char *folder;  /* FOLDER/GROUP.html; of the client's edition FOLDER/GROUP/report.html. It is there */
    const char *group;   /* this one alone; NULL: all */
    const char *courses; /* course_groups.csv, or course_client.csv; NULL: none */
    hra_group_report_options report;
    const volatile int *stop;
} hra_group_pages_request;

typedef struct hra_group_pages_facts {
    int made, left_out; /* left out: groups that get no edition */
    size_t bytes;
} hra_group_pages_facts;

hra_code hra_group_pages_write(const hra_group_pages_request *request, hra_group_pages_facts *facts, hra_error *error);

/* Removes the pages that an earlier run left in the house's folder: they would tell its figures. */
void hra_group_pages_clear(const char *folder);

#endif
