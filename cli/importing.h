/* Import as one step: text files into a population store. Shared by import and run. */
#ifndef HRA_CLI_IMPORTING_H
#define HRA_CLI_IMPORTING_H

#include "cli/setup.h"
#include "intake/join/consent.h"
#include "io/people/population_store.h"

typedef struct hra_import_request {
    const char *const *paths;
    const char *const *names; /* of the files, for the store; NULL: those of the paths without their folders */
    int path_count;
    const hra_library *library;
    const hra_input_options *input;
    const hra_csv_options *csv; /* limits, duplicates, rejects, group */
    const char *store;          /* path of the store to write */
    hra_store_encoding encoding;
    const char *command;
    int threads;
    bool quiet;
    const char *urgent;   /* path of the list of urgent results; NULL: none is written */
    bool urgent_goes_on;  /* lines that stand there stay: a further source of one run */
    const char *language; /* of its texts */
    double as_of;         /* day its deadlines count from, NaN: unknown */
    char (*hashes)[65];   /* gets those of the inputs, path_count of them; may be NULL */
    int64_t *repeated;    /* gets the rows rejected for an identifier that another row has; may be NULL */
    int64_t *later;       /* of them those of a later visit than the row that stands (csv->tells_later); may be NULL */
    hra_buffer *sheets;   /* gets the sheets nobody decided about: "FILE: NAME, NAME\n"; may be NULL */
    hra_code (*verify)(const void *context, hra_error *error); /* before the store gets its place; may be NULL */
    const void *verify_context;
    hra_consent_rule consent;     /* who goes into the store; facts count everybody */
    const char *declined;         /* path of the list of the others; NULL only if there are none by the rule */
    hra_consent_counts *left_out; /* gets how many they are; may be NULL */
    hra_buffer *columns_json;     /* what matched and was counted, as JSON; may be NULL */
} hra_import_request;

/* Writes the store; `report` (may be NULL) gets the text of what matched and
 * what was counted. facts: rows and seconds. */
hra_code hra_import_files(const hra_import_request *request, hra_buffer *report, hra_run_facts *facts,
                          hra_error *error);
/* Adds to the urgent list what was found in rows that the rule for duplicates has left out, of the same request. */
hra_code hra_import_list_left_out(const hra_import_request *request, hra_error *error);

#endif
