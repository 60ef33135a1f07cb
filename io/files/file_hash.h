/* The hash that names an input file in reports and stores: BLAKE3 of its bytes, as 64 hexadecimal digits (b3sum gives
 * the same). Stores of earlier versions have BLAKE2b-256 instead. */
#ifndef HRA_IO_FILE_HASH_H
#define HRA_IO_FILE_HASH_H

#include <stdbool.h>

#include "base/fail.h"

enum { HRA_FILE_HASH_TEXT = 65 }; /* with NUL */

/* How it is called in reports, and what stands before it in the texts that stores keep. */
#define HRA_FILE_HASH_NAME "blake3"
#define HRA_FILE_HASH_MARK "blake3:"

/* Remembered from reading the file (io/files/hash_memory.h), or made by reading it. */
hra_code hra_file_hash(const char *path, char out[HRA_FILE_HASH_TEXT], hra_error *error);

/* Whether the file is the one whose hash a store states. A text without a mark is BLAKE2b-256. */
hra_code hra_file_hash_fits(const char *path, const char *stated, bool *fits, hra_error *error);

/* BLAKE2b-256, where it is compared with what an earlier version may have written. */
hra_code hra_file_hash_before(const char *path, char out[HRA_FILE_HASH_TEXT], hra_error *error);

#endif
