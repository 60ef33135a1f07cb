/* Memory that is walked through again and again, in large pages where it fills some: then the processor finds its
 * addresses with fewer looks into the page table. */
#ifndef HRA_BASE_LARGE_MEMORY_H
#define HRA_BASE_LARGE_MEMORY_H

#include <stddef.h>

/* Not cleared, on a boundary of a cache line at least; free() gives it back. NULL without memory. */
void *hra_large_memory(size_t bytes);
/* The same of memory that is there and was not touched yet. */
void hra_large_memory_advise(void *memory, size_t bytes);

#endif
