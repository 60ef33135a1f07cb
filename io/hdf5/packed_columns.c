#include "io/hdf5/packed_columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/large_memory.h"

enum { APART = 64 }; /* bytes, so that the same rows of several columns do not fall on each other */

bool hra_packed_columns_init(hra_packed_columns *columns, int count)
{
    columns->codes = calloc((size_t)count + 1, sizeof *columns->codes);
    columns->count = count;
    return columns->codes != NULL;
}

void hra_packed_columns_destroy(hra_packed_columns *columns)
{
    free(columns->codes);
    free(columns->memory);
    *columns = (hra_packed_columns){0};
}

bool hra_packed_columns_begin(hra_packed_columns *columns, size_t bytes, bool large)
{
    memset(columns->codes, 0, (size_t)columns->count * sizeof *columns->codes);
    columns->used = 0;
    if (bytes <= columns->size) return true;
    free(columns->memory);
    columns->memory = large ? hra_large_memory(bytes) : malloc(bytes);
    columns->size = columns->memory ? bytes : 0;
    return columns->memory != NULL;
}

void hra_packed_columns_keep(hra_packed_columns *columns, int column, const hra_packed_codes *codes)
{
    const uint8_t *payload = codes->chunk.payload;
    if (payload < columns->memory || payload >= columns->memory + columns->size) return;
    columns->codes[column] = *codes;
    columns->used = (size_t)(payload + codes->chunk.payload_size - columns->memory);
}

static bool make_room(const hra_packed_columns *columns, int rows, hra_piece_memory *memory)
{
    size_t bytes = 0;
    for (int i = 0; i < columns->count; i++)
        if (hra_packed_columns_have(columns, i)) bytes += hra_packed_codes_bytes(&columns->codes[i], rows) + APART;
    if (bytes <= memory->capacity) return true;
    free(memory->bytes);
    memory->bytes = hra_large_memory(bytes);
    memory->capacity = memory->bytes ? bytes : 0;
    return memory->bytes != NULL;
}

/* The processor does not see by itself what comes next, because a piece has little of each column. */
static void fetch(const hra_packed_columns *columns, int column, int start, int rows)
{
    if (column < columns->count && hra_packed_columns_have(columns, column))
        hra_packed_codes_fetch(&columns->codes[column], start, rows);
}

bool hra_packed_columns_piece(const hra_packed_columns *columns, int start, int rows, hra_piece_memory *memory,
                              hra_codes *out)
{
    enum { AHEAD = 8 }; /* columns */
    if (!make_room(columns, rows, memory)) return false;
    char *at = memory->bytes;
    for (int i = 0; i < AHEAD; i++) fetch(columns, i, start, rows);
    for (int i = 0; i < columns->count; i++) {
        fetch(columns, i + AHEAD, start, rows);
        if (!hra_packed_columns_have(columns, i)) continue;
        hra_packed_codes_unpack(&columns->codes[i], start, rows, at, &out[i]);
        at += hra_packed_codes_bytes(&columns->codes[i], rows) + APART;
    }
    return true;
}
