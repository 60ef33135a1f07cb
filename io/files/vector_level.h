/* How wide the processor works on text: chosen as the kernels are (HRA_ISA forces it). */
#ifndef HRA_IO_VECTOR_LEVEL_H
#define HRA_IO_VECTOR_LEVEL_H

#include <stdbool.h>

typedef enum hra_vector_level {
    HRA_VECTOR_PLAIN, /* portable C */
    HRA_VECTOR_AVX2,
    HRA_VECTOR_AVX512 /* F, BW, DQ, VL */
} hra_vector_level;

hra_vector_level hra_vector_level_choose(void);

/* For functions that run where the level is HRA_VECTOR_AVX512; for loops that are compiled twice, the second time for
 * AVX2, and whether this processor has it. */
#if defined(__x86_64__)
#define HRA_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define HRA_AVX2 __attribute__((target("avx2")))
#define HRA_HAS_AVX2 __builtin_cpu_supports("avx2")
#else
#define HRA_AVX2
#define HRA_HAS_AVX2 false
#endif

#endif
