/* Printed reports as files: a sink that prints whoever is wanted, into one file per department or group in the order of
 * the input, or one per person. A file that would come out the same is not made again.
 *
 * Merged files take several passes over the people: the first finds out who goes where, each further one prints. */
#ifndef HRA_REPORT_PDF_FILES_H
#define HRA_REPORT_PDF_FILES_H

#include "io/identity/key_map.h"
#include "report/pdf/pdf.h"
#include "report/pdf/pdf_roll.h"

typedef enum hra_pdf_merge {
    HRA_PDF_MERGE_DEPARTMENT, /* FOLDER/GROUP/DEPARTMENT.pdf; without a department FOLDER/GROUP.pdf */
    HRA_PDF_MERGE_GROUP,      /* FOLDER/GROUP.pdf */
    HRA_PDF_MERGE_NONE        /* FOLDER/KEY.pdf */
} hra_pdf_merge;

typedef struct hra_pdf_request {
    hra_person_views *views; /* made for twice as many threads: merged files are printed by the second half */
    const hra_individual_options *pages;
    const hra_schema *schema;
    const hra_previous *previous; /* NULL: none */
    hra_key_map *names;           /* NULL: reports without names */
    const char *stamp;            /* of everything that is the same for all reports of the run */
    const char *folder;
    const char *earlier; /* another folder that may hold unchanged files, which are copied; NULL: none */
    const char *day;     /* that the files say they were made on; "" not said */
    hra_pdf_merge merge;
    bool two_sided; /* in merged files everybody begins on the front of a sheet */
    int threads;
    int most_open; /* merged files that are open at a time; 0: 128 */
    bool (*wants)(const void *context, const hra_chunk *chunk, int row);
    const void *context;
    /* Merged files of this person stand in a folder below FOLDER, which exists; `owner` goes into the roll. NULL: in
     * FOLDER itself. */
    hra_code (*place)(void *context, const hra_chunk *chunk, int row, char path[4096], int *owner, hra_error *error);
    void *place_context;
} hra_pdf_request;

typedef struct hra_pdf_facts {
    int64_t reports, pages, files; /* printed */
    int64_t kept;                  /* files that are as they would be */
    int64_t misfits;               /* texts that had to be cut or have characters that no font has */
} hra_pdf_facts;

typedef struct hra_pdf_files hra_pdf_files;

/* Everything in the request must outlive the files. */
hra_code hra_pdf_files_new(const hra_pdf_request *request, hra_pdf_files **out, hra_error *error);
/* The sink of the next pass over the same people; NULL: everything is printed. */
hra_code hra_pdf_files_next(hra_pdf_files *files, hra_sink **sink, hra_error *error);
void hra_pdf_files_facts(const hra_pdf_files *files, hra_pdf_facts *facts);
hra_pdf_roll *hra_pdf_files_roll(hra_pdf_files *files); /* NULL: single files */
void hra_pdf_files_free(hra_pdf_files *files);          /* what is unfinished is removed */

#endif
