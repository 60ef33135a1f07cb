/* A set of profiles from the inside; shared by reading (profile.c), finding (profile_match.c) and comparing
 * (profile_header.c). */
#ifndef HRA_INTAKE_PROFILE_SET_H
#define HRA_INTAKE_PROFILE_SET_H

#include "base/map.h"
#include "intake/profiles/profile.h"

/* A known header of a profile; those with the same names are chained. */
typedef struct hra_form_link {
    int profile, next; /* next: -1 is the end */
} hra_form_link;

struct hra_profiles {
    hra_profile *items;
    int count;
    hra_form_link *links;
    hra_map *forms; /* signature -> first link */
    int most_header_row;
    bool any_order;      /* some profile does not mind moved columns */
    char delimiters[16]; /* that profiles name, each once */
    int delimiter_count;
    hra_arena *arena;
    const hra_intake_words *words; /* of what is said about files */
};

/* Folded name of a column; NULL: out of memory. Names too long to be one are "". */
const char *hra_profile_key(hra_arena *arena, const char *name);
/* Folded names as one text, in their order or sorted. */
void hra_profile_signature(const char *const *keys, int count, bool any_order, hra_buffer *out);
hra_code hra_profiles_index(hra_profiles *set, hra_error *error);

#endif
