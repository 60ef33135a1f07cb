/* Room on disk that is used like memory: an unlinked temporary file (0600) of
 * a fixed size, mapped. The kernel keeps of it in memory what fits. */
#ifndef HRA_SERVICE_SCRATCH_H
#define HRA_SERVICE_SCRATCH_H

#include <stddef.h>

#include "base/fail.h"

typedef struct hra_scratch {
    void *memory; /* zeroed; NULL if size is 0 */
    size_t size;
} hra_scratch;

/* In the folder of the path `beside`. */
hra_code hra_scratch_open(const char *beside, size_t size, hra_scratch *out, hra_error *error);
void hra_scratch_close(hra_scratch *scratch);

#endif
