#include "engine/kernels/isa.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/kernels/kernels.h"

#if defined(__x86_64__)
static int has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

static int has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

static const hra_isa avx512 = {"avx512", "x86-64 with AVX-512 F, BW, DQ, VL", has_avx512, &hra_kernels_avx512};
static const hra_isa avx2 = {"avx2", "x86-64 with AVX2 and FMA", has_avx2, &hra_kernels_avx2};

/* The deterministic exp and ln are written with fused multiply-add. */
static int has_fma(void) { return __builtin_cpu_supports("fma"); }
#else
static int has_fma(void) { return 1; }
#endif

#if defined(__aarch64__)
static const hra_isa neon = {"neon", "64-bit Arm", has_fma, &hra_kernels_neon};
#endif

static const hra_isa scalar = {"scalar", "any processor with fused multiply-add, row by row", has_fma, NULL};

static const hra_isa *const list[] = {
#if defined(__x86_64__)
    &avx512, &avx2,
#elif defined(__aarch64__)
    &neon,
#endif
    &scalar, NULL};

static _Atomic(const hra_isa *) forced;

const hra_isa *const *hra_isa_list(void) { return list; }

static hra_code find(const char *name, const char *what, const hra_isa **out, hra_error *error)
{
    char known[128] = "";
    size_t used = 0;
    for (int i = 0; list[i]; i++) {
        if (strcmp(list[i]->name, name) == 0 && list[i]->supported()) {
            *out = list[i];
            return HRA_OK;
        }
        if (!list[i]->supported()) continue;
        int more = snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "", list[i]->name);
        if (more > 0 && used + (size_t)more < sizeof known) used += (size_t)more;
    }
    return hra_fail(error, HRA_EUSAGE, "%s '%s' is not an instruction set of this processor; it has: %s", what, name,
                    known);
}

hra_code hra_isa_choose(const hra_isa **out, hra_error *error)
{
    *out = atomic_load(&forced);
    if (*out) return HRA_OK;
    const char *name = getenv("HRA_ISA");
    if (name && *name) return find(name, "HRA_ISA", out, error);
    int best = 0;
    while (list[best] && !list[best]->supported()) best++;
    *out = list[best];
    if (*out) return HRA_OK;
    return hra_fail(error, HRA_EUSAGE, "this processor has no fused multiply-add (FMA), which the arithmetic needs");
}

hra_code hra_isa_force(const char *name, hra_error *error)
{
    const hra_isa *isa = NULL;
    if (name) HRA_TRY(find(name, "instruction set", &isa, error));
    atomic_store(&forced, isa);
    return HRA_OK;
}
