/* Sign-off: which content a physician has approved.
 *
 * A sheet (CSV) lists every content declaration with its hash; the reviewer
 * writes a decision, name, date and expiry. Given back, a declaration counts as
 * approved while it says what was signed and the sign-off has not expired on
 * the as-of day, and only together with everything it names: a rule built on
 * an unapproved threshold is not approved. */
#ifndef HRA_SERVICE_SIGNOFF_H
#define HRA_SERVICE_SIGNOFF_H

#include "base/buffer.h"
#include "engine/language/library.h"

typedef enum hra_signoff {
    HRA_SIGNOFF_NONE,     /* nobody has decided */
    HRA_SIGNOFF_APPROVED, /* and so is all it names */
    HRA_SIGNOFF_WAITS,    /* approved, but names content that is not */
    HRA_SIGNOFF_REJECTED,
    HRA_SIGNOFF_CHANGED,    /* signed, but it says something else now */
    HRA_SIGNOFF_EXPIRED,    /* signed for a time that is over */
    HRA_SIGNOFF_INCOMPLETE, /* a decision without reviewer or date */
    HRA_SIGNOFF_STATES_
} hra_signoff;

const char *hra_signoff_word(hra_signoff state); /* "approved", "changed" ... */

typedef struct hra_signoffs hra_signoffs;

/* as_of: day since 1970-01-01; NaN: unknown, then a sheet with expiry dates is refused. */
hra_code hra_signoffs_new(const hra_library *library, double as_of, hra_signoffs **out, hra_error *error);
void hra_signoffs_free(hra_signoffs *signoffs);

/* Reads a signed sheet. Of several rows for one declaration, in one sheet or in several, the last that decides counts.
 */
hra_code hra_signoffs_read(hra_signoffs *signoffs, const char *path, hra_error *error);

/* What the sheets say of this declaration of the library; approved for what needs no signature. */
hra_signoff hra_signoffs_state(const hra_signoffs *signoffs, const hra_declaration *declaration);

/* As `accepts` of a plan request (engine/language/plan.h), with the signoffs as context: approved, nothing to sign, or
 * an urgent finding: who is in danger today does not wait for a signature. */
bool hra_signoffs_accept(void *signoffs, const hra_declaration *declaration);

int hra_signoffs_count(const hra_signoffs *signoffs, hra_signoff state); /* of content declarations */
/* Lines for the user: what was signed and no longer counts, and why; rows for content that is gone. */
void hra_signoffs_describe(const hra_signoffs *signoffs, hra_buffer *out);

/* The sheet to sign, as CSV; filled with the decisions that still count. */
hra_code hra_signoffs_sheet(const hra_signoffs *signoffs, hra_buffer *out, hra_error *error);

#endif
