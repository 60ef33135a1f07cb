/* Hashes of input files, kept from the reading of the same files: whoever reads one from its beginning to its end
 * leaves its hash here, so that it is not read once more for it. */
#ifndef HRA_IO_HASH_MEMORY_H
#define HRA_IO_HASH_MEMORY_H

#include <stdbool.h>
#include <sys/stat.h>

#include "io/files/file_hash.h"

typedef struct hra_hash_memory hra_hash_memory;

/* From now until the end the hashes of these files are wanted, and hra_file_hash asks here first. Of several of these
 * at a time the latest counts. NULL (out of memory) is no fault: hashes are then made when they are asked for. */
hra_hash_memory *hra_hash_memory_start(const char *const *paths, int count);
/* NULL is allowed. */
void hra_hash_memory_end(hra_hash_memory *memory);

/* For the reader of a file: true if its hash is wanted and not known yet. */
bool hra_hash_memory_wants(const char *path);
/* The hash of the file as it was found when it was opened. */
void hra_hash_memory_put(const char *path, const struct stat *facts, const char hash[HRA_FILE_HASH_TEXT]);

typedef enum hra_hash_state {
    HRA_HASH_UNKNOWN,
    HRA_HASH_KNOWN,
    HRA_HASH_CHANGED, /* the file is no longer what was read: no hash of it belongs to the values */
} hra_hash_state;

/* For hra_file_hash; `out` is filled where the hash is known. */
hra_hash_state hra_hash_memory_find(const char *path, char out[HRA_FILE_HASH_TEXT]);

#endif
