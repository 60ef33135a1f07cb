/* Printed reports as files: a sink that prints whoever is wanted, into one file per department or group in the order of
 * the input, or one per person. */
#ifndef HRA_REPORT_PDF_FILES_H
#define HRA_REPORT_PDF_FILES_H

#include "io/key_map.h"
#include "report/pdf.h"

typedef enum hra_pdf_merge {
    HRA_PDF_MERGE_DEPARTMENT, /* FOLDER/GROUP/DEPARTMENT.pdf; without a department FOLDER/GROUP.pdf */
    HRA_PDF_MERGE_GROUP,      /* FOLDER/GROUP.pdf */
    HRA_PDF_MERGE_NONE        /* FOLDER/KEY.pdf */
} hra_pdf_merge;

typedef struct hra_pdf_request {
    hra_person_views *views; /* made for one thread more than `threads`: merged files are printed by that one */
    const hra_individual_options *pages;
    const hra_schema *schema;
    hra_key_map *names; /* NULL: reports without names */
    const char *folder;
    const char *day; /* that the files say they were made on; "" not said */
    hra_pdf_merge merge;
    int threads;
    int most_open; /* files that are open at a time; a file that is needed again later goes on in a next part; 0: 128 */
    bool (*wants)(const void *context, const hra_chunk *chunk, int row);
    const void *context;
} hra_pdf_request;

typedef struct hra_pdf_facts {
    int64_t reports, pages, files;
    int64_t misfits; /* texts that had to be cut or have characters that no font has */
} hra_pdf_facts;

typedef struct hra_pdf_files hra_pdf_files;

/* Everything in the request must outlive the files. */
hra_code hra_pdf_files_new(const hra_pdf_request *request, hra_pdf_files **out, hra_error *error);
hra_sink *hra_pdf_files_sink(hra_pdf_files *files);
/* Merged files get their names now, all or as many as could be written. */
hra_code hra_pdf_files_finish(hra_pdf_files *files, hra_pdf_facts *facts, hra_error *error);
void hra_pdf_files_free(hra_pdf_files *files); /* what is unfinished is removed */

#endif
