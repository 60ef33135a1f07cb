/* The status of a result: how its bits come together, and their words. Judge
 * and kernels both use hra_status_planes, so the rule stands once. */
#ifndef HRA_RUN_STATUS_H
#define HRA_RUN_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "engine/program/output.h"

/* What is known about one result of one person. */
typedef struct hra_status_facts {
    bool known; /* the value */
    bool outside;
    bool excluded, exclusion_unknown; /* at most one of the two */
    bool substituted, clamped, missing, provisional;
} hra_status_facts;

/* The same of 64 people at once, a bit for each, and their status bits. */
typedef struct hra_status_batch {
    uint64_t known, outside, excluded, exclusion_unknown, substituted, clamped, missing, provisional;
} hra_status_batch;

enum { HRA_STATUS_BITS = 8 };

/* An excluded person has no other status: nothing was asked. A reason for an
 * unknown value counts only while it is unknown; a value that is unknown for no
 * reason is a numeric error. Outside the range a value may still stand. `planes`
 * are in the order of the status bits. */
static inline void hra_status_planes(const hra_status_batch *f, uint64_t planes[HRA_STATUS_BITS])
{
    uint64_t asked = ~f->excluded;
    planes[0] = f->substituted & asked;
    planes[1] = f->outside & asked;
    planes[2] = f->clamped & asked;
    planes[3] = ~f->known & f->missing & asked;
    planes[4] = f->excluded;
    planes[5] = f->exclusion_unknown & asked;
    planes[6] = ~f->known & ~f->missing & ~f->outside & asked;
    planes[7] = f->provisional & asked;
}

static inline unsigned hra_status_bits(hra_status_facts f)
{
    hra_status_batch words = {f.known,       f.outside, f.excluded, f.exclusion_unknown,
                              f.substituted, f.clamped, f.missing,  f.provisional};
    uint64_t planes[HRA_STATUS_BITS];
    unsigned status = 0;
    hra_status_planes(&words, planes);
    for (unsigned bit = 0; bit < HRA_STATUS_BITS; bit++) status |= (unsigned)(planes[bit] & 1) << bit;
    return status;
}

/* The word of one status bit: "outside_range". */
const char *hra_status_word(unsigned bit);

/* "ok", or the words joined by ";" in the order of the bits, the missing one
 * with its names where there are any: "substituted;missing:tc,hdl". */
void hra_status_text(unsigned status, const char *const *missing, int missing_count, hra_buffer *out);

#endif
