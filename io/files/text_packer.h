/* Compresses text block by block. Packed blocks laid one behind the other are
 * one valid file: a block is a gzip member or a zstd frame of its own, so blocks
 * can be packed side by side and in any order. Not for two threads at once. */
#ifndef HRA_IO_TEXT_PACKER_H
#define HRA_IO_TEXT_PACKER_H

#include "base/buffer.h"

typedef enum hra_packing { HRA_PACKING_ZSTD, HRA_PACKING_GZIP } hra_packing;

typedef struct hra_text_packer hra_text_packer;

/* NULL: out of memory. */
hra_text_packer *hra_text_packer_new(hra_packing packing);
void hra_text_packer_free(hra_text_packer *packer);
/* Appends the packed text to `out` and clears it; no text, no block. False: out of memory. */
bool hra_text_packer_add(hra_text_packer *packer, hra_buffer *text, hra_buffer *out);

/* Ending of the file's name: ".zst", ".gz". */
const char *hra_packing_ending(hra_packing packing);

#endif
