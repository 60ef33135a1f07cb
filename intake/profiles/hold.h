/* The check before import: which files can be read by a confirmed profile, and which are held until a person has
 * looked, with what differs. A held file stops nobody else. */
#ifndef HRA_INTAKE_HOLD_H
#define HRA_INTAKE_HOLD_H

#include "intake/profiles/profile.h"

typedef struct hra_hold_file {
    const char *path;
    const hra_profile *profile; /* NULL: none was found */
    bool held;
    const char *reason;    /* of a held file; one line or several: "column 12 'TC(mmol/L)' is now 'TC(mg/dL)'",
                              "unknown code '9' in 'sex', 14 rows, first in line 233" */
    hra_delivery delivery; /* of a taken file: how it is read */
} hra_hold_file;

typedef struct hra_hold {
    hra_hold_file *files; /* in the order of the paths */
    int file_count, held_count;
    const hra_intake_words *words; /* of the reasons; NULL: English */
    hra_arena *memory;             /* of paths and reasons */
} hra_hold;

/* Checks every file: its header against its profile's, the texts of categories and flags against the code tables.
 * Fails only where checking itself fails (out of memory); a file that cannot be read is a held file. The profiles
 * must outlive the result. */
hra_code hra_hold_check(const char *const *paths, int path_count, const hra_profiles *profiles,
                        const hra_dictionary *dictionary, int threads, hra_hold **out, hra_error *error);
void hra_hold_free(hra_hold *hold);

/* Every file taken, to be read by the options: where there are no profiles. */
hra_code hra_hold_none(const char *const *paths, int path_count, hra_hold **out, hra_error *error);
/* Holds a file for a reason found elsewhere, which takes the place of one that it is held for already. */
hra_code hra_hold_add(hra_hold *hold, int file, const char *reason, hra_error *error);

/* Takes a file that is held, and needs no profile. */
void hra_hold_take(hra_hold *hold, int file);

/* The reasons as a CSV: file, profile, provider, reason (its lines joined by "; "). Made safe for spreadsheets. */
void hra_hold_csv(const hra_hold *hold, hra_buffer *out);
/* The same for people: one paragraph per held file. */
void hra_hold_print(const hra_hold *hold, hra_buffer *out);

#endif
