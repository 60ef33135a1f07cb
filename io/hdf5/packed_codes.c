#include "io/hdf5/packed_codes.h"

enum { LINE = 64, GROUP = 8 /* so many differences are whole bytes */ };

static const uint8_t *payload_at(const hra_packed_codes *codes, int start, size_t *left)
{
    size_t offset = (size_t)(start / GROUP) * codes->chunk.bits;
    *left = codes->chunk.payload_size - offset;
    return codes->chunk.payload + offset;
}

uint32_t hra_packed_codes_highest(const hra_packed_codes *codes, int rows)
{
    enum { AT_ONCE = 2048 };
    uint16_t unpacked[AT_ONCE];
    uint32_t highest = 0;
    for (int start = 0; start < rows; start += AT_ONCE) {
        size_t left, count = (size_t)(rows - start < AT_ONCE ? rows - start : AT_ONCE);
        const uint8_t *payload = payload_at(codes, start, &left);
        uint32_t largest = hra_so_unpack16_by(codes->level, payload, left, count, codes->chunk.bits, 0, 0, unpacked);
        highest = largest > highest ? largest : highest;
    }
    return codes->lowest + highest;
}

void hra_packed_codes_fetch(const hra_packed_codes *codes, int start, int rows)
{
    size_t left, size = (size_t)(rows / GROUP) * codes->chunk.bits;
    const uint8_t *payload = payload_at(codes, start, &left);
    for (size_t at = 0; at < size; at += LINE) __builtin_prefetch(payload + at);
}

size_t hra_packed_codes_bytes(const hra_packed_codes *codes, int rows)
{
    size_t bytes = (size_t)rows * (codes->wide ? sizeof(uint32_t) : sizeof(uint16_t));
    return (bytes + LINE - 1) / LINE * LINE;
}

void hra_packed_codes_unpack(const hra_packed_codes *codes, int start, int rows, void *memory, hra_codes *out)
{
    size_t left;
    const uint8_t *payload = payload_at(codes, start, &left);
    *out = (hra_codes){.constant = codes->missing};
    if (codes->wide) {
        hra_so_unpack32_by(codes->level, payload, left, (size_t)rows, codes->chunk.bits, codes->lowest, codes->missing,
                           memory);
        out->u32 = memory;
    } else {
        hra_so_unpack16_by(codes->level, payload, left, (size_t)rows, codes->chunk.bits, (uint16_t)codes->lowest,
                           (uint16_t)codes->missing, memory);
        out->u16 = memory;
    }
}
