/* Hashes of input files made by a thread of their own, beside the reading of the same files. */
#ifndef HRA_IO_HASH_AHEAD_H
#define HRA_IO_HASH_AHEAD_H

#include <stdbool.h>

typedef struct hra_hash_ahead hra_hash_ahead;

/* From now until the end hra_file_hash of one of these files waits for its hash instead of making it. Of several of
 * these at a time the latest counts. NULL where no thread can be had: hashes are then made when they are asked for. */
hra_hash_ahead *hra_hash_ahead_start(const char *const *paths, int count);
/* Stops what is under way. NULL is allowed. */
void hra_hash_ahead_end(hra_hash_ahead *ahead);

/* For hra_file_hash: true if the hash was made ahead and the file is still the same. */
bool hra_hash_ahead_find(const char *path, char out[65]);

#endif
