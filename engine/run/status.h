/* The status of a result: how its bits come together, and their words. Judge
 * and program both use hra_status_bits, so the rule stands once. */
#ifndef HRA_RUN_STATUS_H
#define HRA_RUN_STATUS_H

#include <stdbool.h>

#include "base/buffer.h"
#include "engine/program/output.h"

/* What is known about one result of one person. */
typedef struct hra_status_facts {
    bool known; /* the value */
    bool outside;
    bool excluded, exclusion_unknown; /* at most one of the two */
    bool substituted, clamped, missing, provisional;
} hra_status_facts;

/* An excluded person has no other status: nothing was asked. A reason for an
 * unknown value counts only while it is unknown; a value that is unknown for no
 * reason is a numeric error. Outside the range a value may still stand. */
static inline unsigned hra_status_bits(hra_status_facts f)
{
    if (f.excluded) return HRA_STATUS_NOT_APPLICABLE;
    bool missing = !f.known && f.missing;
    bool error = !f.known && !f.missing && !f.outside;
    return (f.substituted ? HRA_STATUS_SUBSTITUTED : 0u) | (f.outside ? HRA_STATUS_OUTSIDE_RANGE : 0u) |
           (f.clamped ? HRA_STATUS_CLAMPED : 0u) | (missing ? HRA_STATUS_MISSING : 0u) |
           (f.exclusion_unknown ? HRA_STATUS_EXCLUSION_UNVERIFIED : 0u) | (error ? HRA_STATUS_NUMERIC_ERROR : 0u) |
           (f.provisional ? HRA_STATUS_PROVISIONAL : 0u);
}

/* The word of one status bit: "outside_range". */
const char *hra_status_word(unsigned bit);

/* "ok", or the words joined by ";" in the order of the bits, the missing one
 * with its names where there are any: "substituted;missing:tc,hdl". */
void hra_status_text(unsigned status, const char *const *missing, int missing_count, hra_buffer *out);

#endif
