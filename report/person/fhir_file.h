/* People as FHIR resources in a file of JSON lines, gzip where its name ends in .gz: a sink, written in input order. */
#ifndef HRA_REPORT_FHIR_FILE_H
#define HRA_REPORT_FHIR_FILE_H

#include "engine/run/runner.h"
#include "report/person/fhir_person.h"

typedef struct hra_fhir_file hra_fhir_file;

typedef struct hra_fhir_file_request {
    const hra_fhir *fhir;
    hra_person_views *views;
    bool (*wants)(const void *context, const hra_chunk *chunk, int row);
    const void *context;
} hra_fhir_file_request;

hra_code hra_fhir_file_new(const char *path, const hra_fhir_file_request *request, hra_fhir_file **out,
                           hra_error *error);
hra_sink *hra_fhir_file_sink(hra_fhir_file *file);
hra_code hra_fhir_file_finish(hra_fhir_file *file, hra_error *error); /* the file (0600) appears; call free after */
void hra_fhir_file_free(hra_fhir_file *file);                         /* NULL allowed */

#endif
