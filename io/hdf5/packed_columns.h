/* The columns of one chunk whose codes stay packed, and the memory they stay in. */
#ifndef HRA_IO_PACKED_COLUMNS_H
#define HRA_IO_PACKED_COLUMNS_H

#include "io/hdf5/packed_codes.h"

/* All zero to begin with. */
typedef struct hra_packed_columns {
    hra_packed_codes *codes; /* by column; of those that are not packed without payload */
    int count;
    uint8_t *memory;
    size_t size, used;
} hra_packed_columns;

bool hra_packed_columns_init(hra_packed_columns *columns, int count); /* false: out of memory */
void hra_packed_columns_destroy(hra_packed_columns *columns);

/* For the next chunk: none is packed, and there are `bytes` for those that will be. `large`: in large pages, because a
 * piece has some of each column. False: out of memory. */
bool hra_packed_columns_begin(hra_packed_columns *columns, size_t bytes, bool large);

static inline bool hra_packed_columns_have(const hra_packed_columns *columns, int column)
{
    return columns->codes[column].chunk.payload != NULL;
}

/* Where the bytes of the next column can be read to. */
static inline uint8_t *hra_packed_columns_room(const hra_packed_columns *columns, size_t *size)
{
    *size = columns->size - columns->used;
    return columns->memory + columns->used;
}

/* Keeps the codes of a column whose bytes were read there; others are not kept, for their bytes do not stay. */
void hra_packed_columns_keep(hra_packed_columns *columns, int column, const hra_packed_codes *codes);

/* Unpacks rows of all packed columns from `start` on, a multiple of eight; the places of others in `out` are left as
 * they are. False: out of memory. */
bool hra_packed_columns_piece(const hra_packed_columns *columns, int start, int rows, hra_piece_memory *memory,
                              hra_codes *out);

#endif
