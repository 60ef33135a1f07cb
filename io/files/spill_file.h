/* A temporary file without a name: unlinked at once, its owner's (0600), gone with the process. Written at its end,
 * read anywhere. */
#ifndef HRA_IO_SPILL_FILE_H
#define HRA_IO_SPILL_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"

typedef struct hra_spill_file {
    char *beside;
    int file; /* -1: not made so far; hra_spill_append makes it */
    int64_t written;
} hra_spill_file;

/* The file will stand in the folder of the path `beside`. False: out of memory. */
int hra_spill_file_init(hra_spill_file *spill, const char *beside);
void hra_spill_file_close(hra_spill_file *spill);

hra_code hra_spill_append(hra_spill_file *spill, const void *bytes, size_t length, hra_error *error);
hra_code hra_spill_read(const hra_spill_file *spill, int64_t offset, void *bytes, size_t length, hra_error *error);

#endif
