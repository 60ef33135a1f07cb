/* What if: risks after each intervention, and after all that apply together.
 *
 * Each intervention is a change of the person (lower_changed.h) as if it applied to everybody; its result is chosen
 * where it does apply. So what depends on one changed input stays a function of that input, and can be tabulated. All
 * together are changes laid one over another, each of whom it applies to. */
#ifndef HRA_LANGUAGE_LOWER_WHAT_IF_H
#define HRA_LANGUAGE_LOWER_WHAT_IF_H

#include "engine/language/lower_changed.h"

typedef struct hra_intervention {
    const hra_decl *decl;
    hra_node applies;           /* never unknown */
    hra_lowering alone, so_far; /* this one alone; it and all before it, each where it applies */
} hra_intervention;

typedef struct hra_what_if {
    hra_lowering *person;
    hra_intervention *items; /* by order, then id */
    int count;
    bool only; /* one that was asked for by name */
} hra_what_if;

/* `only`: this one; NULL: all that `accepts` (NULL: all) takes. False without memory. */
bool hra_what_if_open(hra_what_if *w, hra_lowering *person, const hra_decl *only,
                      bool (*accepts)(void *context, const hra_declaration *declaration), void *context);

/* The risk after intervention `index`, or after all of them (HRA_WHAT_IF_ALL); -1: the model, or every model of the
 * role, reads nothing that changes. */
enum { HRA_WHAT_IF_ALL = -1 };
hra_node hra_lower_if(hra_what_if *w, const hra_decl *model, const hra_symbol *output, int index);
/* Of the model that the role chose for the person as he is. */
hra_node hra_lower_role_if(hra_what_if *w, const hra_decl *panel, int role, int index);

#endif
