/* Inspection: drafts a profile for a file, with the evidence for every line and a question for everything that a
 * person has to decide. Nothing is applied: a draft with open questions is refused until they are answered. Names,
 * identifiers and telephone numbers never become evidence: texts of a file are shown only where they are codes. */
#ifndef HRA_INTAKE_INSPECT_H
#define HRA_INTAKE_INSPECT_H

#include "intake/profiles/intake_words.h"
#include "io/csv/csv_source.h"

typedef struct hra_inspection {
    hra_buffer draft;   /* the profile */
    hra_buffer summary; /* for people: what was found, what is asked */
    int questions;
} hra_inspection;

/* `how` gives what is known of the file (encoding, delimiter, header row, sheet); {0}: all is found out. Evidence and
 * questions are told in `words`; rules are the same in every language. */
hra_code hra_inspect_file(const char *path, const hra_dictionary *dictionary, const hra_delivery *how,
                          const hra_intake_words *words, hra_inspection *out, hra_error *error);
void hra_inspection_destroy(hra_inspection *inspection);

#endif
