/* Scale-offset chunks from anywhere: 20 filter parameters (uint32), then a chunk. Whatever opens must unpack the same
 * by the slow, the plain and the vector code. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "io/hdf5/scale_offset.h"

enum { MAX_ELEMENTS = 1 << 17 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void compare16(const hra_so_filter *filter, const hra_so_chunk *chunk, const int64_t *slow)
{
    size_t count = filter->elements;
    uint16_t *fast = malloc(2 * count + 1), *plain = malloc(2 * count + 1);
    uint16_t add = (uint16_t)chunk->minimum, top = (uint16_t)((1u << chunk->bits) - 1);
    uint16_t ones = filter->has_fill ? (uint16_t)filter->fill : (uint16_t)(top + add);
    if (!fast || !plain) abort();
    uint16_t highest = hra_so_unpack16(chunk->payload, chunk->payload_size, count, chunk->bits, add, ones, fast);
    if (hra_so_unpack16_plain(chunk->payload, chunk->payload_size, count, chunk->bits, add, ones, plain) != highest)
        abort();
    for (size_t i = 0; i < count; i++)
        if (fast[i] != plain[i] || (filter->width == 2 && fast[i] != (uint16_t)slow[i])) abort();
    free(fast);
    free(plain);
}

static void compare32(const hra_so_filter *filter, const hra_so_chunk *chunk, const int64_t *slow)
{
    size_t count = filter->elements;
    uint32_t *fast = malloc(4 * count + 1), *plain = malloc(4 * count + 1);
    uint32_t add = (uint32_t)chunk->minimum, top = (uint32_t)((UINT64_C(1) << chunk->bits) - 1);
    uint32_t ones = filter->has_fill ? (uint32_t)filter->fill : top + add;
    if (!fast || !plain) abort();
    hra_so_unpack32(chunk->payload, chunk->payload_size, count, chunk->bits, add, ones, fast);
    hra_so_unpack32_plain(chunk->payload, chunk->payload_size, count, chunk->bits, add, ones, plain);
    for (size_t i = 0; i < count; i++)
        if (fast[i] != plain[i] || (filter->width == 4 && fast[i] != (uint32_t)slow[i])) abort();
    free(fast);
    free(plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned parameters[HRA_SO_PARAMETERS];
    hra_so_filter filter;
    hra_so_chunk chunk;
    if (size < sizeof parameters) return 0;
    memcpy(parameters, data, sizeof parameters);
    if (!hra_so_filter_parse(parameters, HRA_SO_PARAMETERS, &filter) || filter.elements > MAX_ELEMENTS) return 0;
    size_t chunk_size = size - sizeof parameters;
    uint8_t *bytes = malloc(chunk_size + 1); /* its own block: a read past the end is seen */
    int64_t *slow = malloc((filter.elements + 1) * sizeof *slow);
    if (!bytes || !slow) abort();
    memcpy(bytes, data + sizeof parameters, chunk_size);
    hra_error error;
    if (hra_so_decode(&filter, bytes, chunk_size, slow, &error) == HRA_OK && !filter.passthrough &&
        hra_so_chunk_open(&filter, bytes, chunk_size, &chunk, &error) == HRA_OK &&
        chunk.bits < 8u * (unsigned)filter.width && chunk.bits > 0) {
        if (chunk.bits <= 16) compare16(&filter, &chunk, slow);
        if (chunk.bits <= 32) compare32(&filter, &chunk, slow);
    }
    free(bytes);
    free(slow);
    return 0;
}
