/* BLAKE3, 256 bits: a hash whose parts are made side by side, several times as quick as one that goes byte by byte.
 * The programs b3sum and others give the same. */
#ifndef HRA_IO_BLAKE3_H
#define HRA_IO_BLAKE3_H

#include <stddef.h>

#include "io/vector_level.h"

enum { HRA_BLAKE3_TEXT = 65 }; /* 64 hexadecimal digits and NUL */

typedef struct hra_blake3 hra_blake3;

hra_blake3 *hra_blake3_new(hra_vector_level level); /* NULL: out of memory */
void hra_blake3_free(hra_blake3 *hash);
void hra_blake3_add(hra_blake3 *hash, const void *bytes, size_t length);
/* Of all bytes added; nothing is added afterwards. */
void hra_blake3_finish(hra_blake3 *hash, char out[HRA_BLAKE3_TEXT]);

#endif
