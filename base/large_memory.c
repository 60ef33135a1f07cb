#include "base/large_memory.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { LINE = 64, LARGE_PAGE = 2 << 20 };

void *hra_large_memory(size_t bytes)
{
    void *memory;
    size_t whole = bytes / LARGE_PAGE * LARGE_PAGE;
    if (posix_memalign(&memory, whole ? LARGE_PAGE : LINE, bytes) != 0) return NULL;
    if (whole) madvise(memory, whole, MADV_HUGEPAGE); /* an advice: without it all is as before */
    return memory;
}
