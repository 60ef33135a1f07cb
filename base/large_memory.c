#include "base/large_memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { LINE = 64, LARGE_PAGE = 2 << 20 };

void hra_large_memory_advise(void *memory, size_t bytes)
{
    size_t before = -(uintptr_t)memory % LARGE_PAGE; /* bytes to the first boundary of a large page */
    size_t whole = bytes > before ? (bytes - before) / LARGE_PAGE * LARGE_PAGE : 0;
    if (whole) madvise((char *)memory + before, whole, MADV_HUGEPAGE); /* an advice: without it all is as before */
}

void *hra_large_memory(size_t bytes)
{
    void *memory;
    if (posix_memalign(&memory, bytes < LARGE_PAGE ? LINE : LARGE_PAGE, bytes) != 0) return NULL;
    hra_large_memory_advise(memory, bytes);
    return memory;
}
