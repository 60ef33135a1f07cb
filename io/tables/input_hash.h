/* What tells one input from another. */
#ifndef HRA_IO_INPUT_HASH_H
#define HRA_IO_INPUT_HASH_H

#include <stdbool.h>

#include "base/fail.h"

/* The content hash that a store states (docs/formats.md): opening the store is what checks it. Of other files the hash
 * of their bytes (hra_file_hash). */
hra_code hra_input_hash(const char *path, char out[65], bool *of_content, hra_error *error);

#endif
