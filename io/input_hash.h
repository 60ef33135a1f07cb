/* What tells one input from another. */
#ifndef HRA_IO_INPUT_HASH_H
#define HRA_IO_INPUT_HASH_H

#include <stdbool.h>

#include "base/fail.h"

/* The content hash of a store that has one (docs/formats.md), which needs no reading of its values; else the hash of
 * the file's bytes (hra_file_hash). */
hra_code hra_input_hash(const char *path, char out[65], bool *of_content, hra_error *error);

#endif
