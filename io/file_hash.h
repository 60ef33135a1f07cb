/* The hash that names an input file in manifests: BLAKE2b-256 of its bytes, as 64 hexadecimal digits. */
#ifndef HRA_IO_FILE_HASH_H
#define HRA_IO_FILE_HASH_H

#include <stddef.h>

#include "base/fail.h"

enum { HRA_FILE_HASH_TEXT = 65 }; /* with NUL */

/* A hash that is being made. */
typedef struct hra_file_hasher hra_file_hasher;

hra_file_hasher *hra_file_hasher_new(void); /* NULL: out of memory */
void hra_file_hasher_free(hra_file_hasher *hasher);
void hra_file_hasher_add(hra_file_hasher *hasher, const void *bytes, size_t length);
/* Of all bytes added; nothing is added afterwards. */
void hra_file_hasher_finish(hra_file_hasher *hasher, char out[HRA_FILE_HASH_TEXT]);

/* Of a file: remembered (io/hash_memory.h), or made by reading it. */
hra_code hra_file_hash(const char *path, char out[HRA_FILE_HASH_TEXT], hra_error *error);

#endif
