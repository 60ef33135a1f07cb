/* The status of a result: how its bits come together, and their words. Judge
 * and kernels both use hra_status_planes, so the rule stands once. */
#ifndef HRA_GRAPH_STATUS_H
#define HRA_GRAPH_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "engine/graph/output.h"

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
 * reason is a numeric error. Outside the range a value may still stand. `bits`
 * are in the order of the status bits. The facts `f` are whatever AND and NOT
 * work on: words of people, or the planes of a program that is being compiled. */
#define HRA_STATUS_RULE(f, bits, AND, NOT)                                                                             \
    do {                                                                                                               \
        bits[0] = AND((f).substituted, NOT((f).excluded));                                                             \
        bits[1] = AND((f).outside, NOT((f).excluded));                                                                 \
        bits[2] = AND((f).clamped, NOT((f).excluded));                                                                 \
        bits[3] = AND(AND(NOT((f).known), (f).missing), NOT((f).excluded));                                            \
        bits[4] = (f).excluded;                                                                                        \
        bits[5] = AND((f).exclusion_unknown, NOT((f).excluded));                                                       \
        bits[6] = AND(AND(AND(NOT((f).known), NOT((f).missing)), NOT((f).outside)), NOT((f).excluded));                \
        bits[7] = AND((f).provisional, NOT((f).excluded));                                                             \
    } while (0)

static inline void hra_status_planes(const hra_status_batch *f, uint64_t planes[HRA_STATUS_BITS])
{
#define HRA_STATUS_AND(x, y) ((x) & (y))
#define HRA_STATUS_NOT(x) (~(x))
    HRA_STATUS_RULE(*f, planes, HRA_STATUS_AND, HRA_STATUS_NOT);
#undef HRA_STATUS_AND
#undef HRA_STATUS_NOT
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
