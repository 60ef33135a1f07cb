#include "io/files/vector_level.h"

#include <string.h>

#include "engine/kernels/isa.h"

hra_vector_level hra_vector_level_choose(void)
{
    const hra_isa *isa;
    if (hra_isa_choose(&isa, NULL) != HRA_OK) return HRA_VECTOR_PLAIN; /* who asks for arithmetic hears of it */
    if (strcmp(isa->name, "avx512") == 0) return HRA_VECTOR_AVX512;
    return strcmp(isa->name, "avx2") == 0 ? HRA_VECTOR_AVX2 : HRA_VECTOR_PLAIN;
}
