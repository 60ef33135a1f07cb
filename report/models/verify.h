/* Verification: a model against its reference rows, on this machine.
 *
 * The judge walks the plain tree; the compiled program runs on every given
 * instruction set. Numbers must agree with the reference to 1e-9 (or to the
 * model's stated `reference_error`), points, counts, rules and categories
 * exactly, and every set with the judge bit for bit.
 */
#ifndef HRA_REPORT_VERIFY_H
#define HRA_REPORT_VERIFY_H

#include "engine/kernels/isa.h"
#include "report/models/reference.h"

typedef struct hra_verification {
    int rows, outputs;
    int64_t compared; /* single answers */
    int64_t wrong;
    double largest;  /* difference of a number that was met */
    char first[512]; /* the first wrong answer, in words */
} hra_verification;

/* Every set this machine supports, or the one HRA_ISA names: at most `capacity`. */
hra_code hra_verify_sets(const hra_isa **sets, int capacity, int *count, hra_error *error);

/* Wrong answers are counted in `out`; an error is returned only where nothing could be computed. */
hra_code hra_verify(const hra_library *library, const hra_reference *reference, const hra_isa *const *sets,
                    int set_count, hra_verification *out, hra_error *error);

#endif
