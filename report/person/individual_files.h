/* Individual reports as files: a sink that renders whoever is wanted, into one
 * archive per group or single pages. A report that an archive holds already is
 * copied, not rendered, while everything it is made from is the same. */
#ifndef HRA_REPORT_INDIVIDUAL_FILES_H
#define HRA_REPORT_INDIVIDUAL_FILES_H

#include "io/identity/key_map.h"
#include "report/person/individual_page.h"

typedef struct hra_individual_request {
    hra_person_views *views;
    const hra_individual *pages;
    const hra_schema *schema;
    const hra_previous *previous; /* NULL: none */
    hra_key_map *names;           /* NULL: reports without names */
    const char *folder;
    const char *stamp; /* of everything that is the same for all reports of the run */
    bool single;       /* FOLDER/KEY.html instead of FOLDER/GROUP.zip */
    double day;        /* of the archives' entries; NaN: 1980-01-01 */
    int threads;
    bool (*wants)(const void *context, const hra_chunk *chunk, int row);
    const void *context;
} hra_individual_request;

typedef struct hra_individual_facts {
    int64_t rendered, kept; /* reports made anew, and copied because nothing changed */
    int64_t bytes;          /* of HTML rendered */
    int archives;
} hra_individual_facts;

typedef struct hra_individual_files hra_individual_files;

hra_code hra_individual_files_new(const hra_individual_request *request, hra_individual_files **out, hra_error *error);
hra_sink *hra_individual_files_sink(hra_individual_files *files);
/* Archives appear whole, with the last report of each. */
hra_code hra_individual_files_finish(hra_individual_files *files, hra_individual_facts *facts, hra_error *error);
void hra_individual_files_free(hra_individual_files *files); /* what is unfinished is removed */

#endif
