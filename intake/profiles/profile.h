/* Profiles: how the files of one source are read, confirmed by a person. A profile is a map file with a head
 * (docs/intake.md). A folder of profiles is loaded once; each file finds its own by its header, else by its path. */
#ifndef HRA_INTAKE_PROFILE_H
#define HRA_INTAKE_PROFILE_H

#include "intake/profiles/intake_words.h"
#include "io/csv/csv_source.h"
#include "io/csv/header_match.h"
#include "io/csv/map_file.h"
#include "io/tables/text_stream.h"

typedef enum hra_profile_kind {
    HRA_PROFILE_CHECKUP,
    HRA_PROFILE_QUESTIONNAIRE,
    HRA_PROFILE_ROSTER,
    HRA_PROFILE_DIAGNOSIS,
    HRA_PROFILE_KINDS
} hra_profile_kind;

/* A header as it was when the profile was confirmed. */
typedef struct hra_profile_form {
    const char **names; /* as written */
    const char **keys;  /* folded */
    int count;
} hra_profile_form;

typedef struct hra_profile {
    const char *path, *name;
    hra_profile_kind kind;
    const char *provider, *issuer, *encoding, *sheet, *units, *group; /* NULL: not said */
    char delimiter;
    int header_row;
    const char **patterns; /* fnmatch, compared with the path and every end of it that begins a folder or the name */
    int pattern_count;
    hra_profile_form *forms;
    int form_count;
    bool any_order;           /* moved columns are no change */
    bool reject_unknown;      /* unknown codes are rejected cell by cell, not a reason to hold the file */
    const char *confirmed_by; /* NULL: a draft */
    const char *confirmed_on;
    const char *fault;             /* of a head line by which no file is recognised: keeps them from being read */
    const hra_map_file *map;       /* rules, and the head lines that others read: "quality", "?" */
    const hra_intake_words *words; /* for open points and differences */
} hra_profile;

typedef struct hra_profiles hra_profiles;

/* All *.profile of a folder, by name. Errors of head lines by which files are recognised end it, with file and line.
 * Two of one name are an error. Drafts are loaded, too: hra_profile_open_points tells what is open; and so are profiles
 * with a fault elsewhere in the head or in a rule, which keeps their files from being read. */
hra_code hra_profiles_load(const char *folder, hra_profiles **out, hra_error *error);
void hra_profiles_free(hra_profiles *profiles);
/* The language ("zh" or "en") in which open points, differences and reasons are told; before: English. */
hra_code hra_profiles_speak(hra_profiles *profiles, const char *language, hra_error *error);

int hra_profiles_count(const hra_profiles *profiles);
const hra_profile *hra_profiles_at(const hra_profiles *profiles, int index);

const char *hra_profile_kind_name(hra_profile_kind kind);

/* What keeps a profile from being used, one line each ("line 12: which of 1 and 2 is male?"); nothing: it is
 * confirmed. */
void hra_profile_open_points(const hra_profile *profile, hra_buffer *out);

/* What a file's header is against the profile's: lines "column 12 'TC(mmol/L)' is now 'TC(mg/dL)'", "new: ...",
 * "gone: ...", "moved: ...". Nothing: they are the same. The nearest form is compared. */
bool hra_profile_compare(const hra_profile *profile, const char *const *names, int count, hra_buffer *out);

/* ---- finding the profile of a file ------------------------------------------------------ */

typedef enum hra_profile_fit {
    HRA_FIT_NONE,
    HRA_FIT_SEVERAL, /* that fit equally: `why` names them */
    HRA_FIT_HEADER,
    HRA_FIT_PATH /* the header is another than the profile's */
} hra_profile_fit;

typedef struct hra_profile_match {
    hra_profile_fit fit;
    const hra_profile *profile; /* NULL: none or several */
    const char *why;            /* none or several: what was found; may have several lines */
    hra_text_facts facts;
    char delimiter;
    const char *sheet; /* of a workbook, or table of an HDF5 file: where the header was found; NULL: a text file */
    bool elsewhere;    /* the header fits, but not the path, and the profile's identifiers are of one issuer */
    bool other_sheets; /* another profile is for another sheet of this file */
    int64_t header_line;
    const char **names; /* of the header found; NULL: none was */
    int name_count;
} hra_profile_match;

/* `names` for headers that no profile knows. Texts belong to the arena. Safe in parallel with an arena each. */
hra_code hra_profiles_match(const hra_profiles *profiles, const hra_name_index *names, const char *path,
                            hra_arena *arena, hra_profile_match *out, hra_error *error);

/* How the file is read by its profile. Texts belong to the profiles and to the arena of the match. */
hra_delivery hra_profile_delivery(const hra_profile_match *match);

#endif
