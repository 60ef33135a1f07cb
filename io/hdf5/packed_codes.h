/* Codes of one column of a chunk that stay packed, as the store has them, until rows of them are asked for: unpacked a
 * piece at a time they are in the cache when they are used. */
#ifndef HRA_IO_PACKED_CODES_H
#define HRA_IO_PACKED_CODES_H

#include "engine/data/column.h"
#include "io/hdf5/scale_offset.h"

/* All of them ordinary or missing. */
typedef struct hra_packed_codes {
    hra_so_chunk chunk; /* no payload: these codes are not packed */
    uint32_t lowest;    /* code of difference 0 */
    uint32_t missing;   /* that of all ones */
    bool wide;          /* 32 bits instead of 16 */
    hra_vector_level level;
} hra_packed_codes;

/* The largest code of the first `rows` that is not missing, `lowest` where there is none; of codes of 16 bits. */
uint32_t hra_packed_codes_highest(const hra_packed_codes *codes, int rows);

/* Asks for the bytes that hold some rows, from a multiple of eight on, before they are unpacked. */
void hra_packed_codes_fetch(const hra_packed_codes *codes, int start, int rows);
/* Bytes of memory that `rows` of them take when they are unpacked: whole lines of the cache. */
size_t hra_packed_codes_bytes(const hra_packed_codes *codes, int rows);
/* Rows from `start` on, a multiple of eight. `memory` has the bytes asked for. */
void hra_packed_codes_unpack(const hra_packed_codes *codes, int start, int rows, void *memory, hra_codes *out);

#endif
