/* BLAKE3, 256 bits: a hash whose parts are made side by side, several times as quick as one that goes byte by byte.
 * The programs b3sum and others give the same. */
#ifndef HRA_IO_BLAKE3_H
#define HRA_IO_BLAKE3_H

#include <stddef.h>

#include "io/files/vector_level.h"

enum { HRA_BLAKE3_BYTES = 32, HRA_BLAKE3_TEXT = 65 /* 64 hexadecimal digits and NUL */ };

typedef struct hra_blake3 hra_blake3;

hra_blake3 *hra_blake3_new(hra_vector_level level); /* NULL: out of memory */
void hra_blake3_free(hra_blake3 *hash);
void hra_blake3_add(hra_blake3 *hash, const void *bytes, size_t length);
/* Of all bytes added; nothing is added afterwards. */
void hra_blake3_finish(hra_blake3 *hash, char out[HRA_BLAKE3_TEXT]);

/* The next piece of a text and its length; 0 when there is no more. */
typedef size_t hra_blake3_piece(void *context, const void **piece);

/* The keyed hash of a text of any length (`b3sum --keyed`). */
void hra_blake3_keyed(const unsigned char key[HRA_BLAKE3_BYTES], hra_blake3_piece *next, void *context,
                      unsigned char out[HRA_BLAKE3_BYTES]);

#endif
