#include "io/files/checksum.h"

#include <isa-l/crc.h>

#if defined(__x86_64__)
#include <immintrin.h>

/* The library's code leaves the upper halves of the vector registers in use; until they are cleared, every older
 * vector instruction of this thread waits for them: forming a table took three times as long. */
__attribute__((target("avx"))) static void clear_upper_halves(void) { _mm256_zeroupper(); }

uint32_t hra_checksum(uint32_t before, const void *bytes, size_t size)
{
    uint32_t sum = crc32_gzip_refl(before, bytes, size);
    if (__builtin_cpu_supports("avx")) clear_upper_halves();
    return sum;
}

#else

uint32_t hra_checksum(uint32_t before, const void *bytes, size_t size) { return crc32_gzip_refl(before, bytes, size); }

#endif
