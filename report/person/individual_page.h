/* The individual report: one self-contained HTML page per person, four to six
 * sheets in print, rendered from the person's view. Nothing is fetched, nothing
 * runs. What all reports of a run share is made once. */
#ifndef HRA_REPORT_INDIVIDUAL_PAGE_H
#define HRA_REPORT_INDIVIDUAL_PAGE_H

#include "report/person/person_view.h"

typedef struct hra_individual_options {
    const hra_words *words;
    const char *provider, *contact;                /* who made the report, whom to ask; NULL or "": not said */
    const char *engine_version, *definitions_hash; /* printed among the sources */
    bool mask_names;                               /* of a name only the first character */
} hra_individual_options;

typedef struct hra_individual hra_individual;

/* Texts must outlive the pages. */
hra_code hra_individual_new(const hra_individual_options *options, hra_individual **out, hra_error *error);
void hra_individual_free(hra_individual *individual);

/* Appends the whole document. `name`: NULL or "" where it is not known. Any thread. */
void hra_individual_write(const hra_individual *individual, const hra_person_view *view, const char *name,
                          hra_buffer *out);

#endif
