/* Instruction sets: which vector kernel set runs. Chosen once; HRA_ISA=name
 * forces one, an unknown or unsupported name is an error. */
#ifndef HRA_KERNELS_ISA_H
#define HRA_KERNELS_ISA_H

#include "base/fail.h"

struct hra_kernels; /* the table of operations, engine/kernels/kernels.h */

typedef struct hra_isa {
    const char *name; /* "avx512", "avx2", "neon", "scalar" (the judge) */
    const char *description;
    int (*supported)(void);
    const struct hra_kernels *kernels; /* NULL: the judge */
} hra_isa;

/* Best first, "scalar" last; NULL after the end. */
const hra_isa *const *hra_isa_list(void);

/* The set in use: HRA_ISA if set, else the best supported. */
hra_code hra_isa_choose(const hra_isa **out, hra_error *error);

/* For tests: forces a set by name for programs compiled afterwards. NULL: back to the choice above. */
hra_code hra_isa_force(const char *name, hra_error *error);

#endif
