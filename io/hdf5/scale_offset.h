/* HDF5's scale-offset filter for integers, done ourselves.
 *
 * A filtered chunk is a header of 21 bytes (uint32 bits, the byte 8, int64
 * minimum, zeros) and the differences to the minimum, packed most significant
 * bit first. With a fill value, all ones stand for it. When the differences
 * need the full width, the plain little-endian values follow the header; when
 * the filter was set up with the full width as a fixed number of bits, chunks
 * carry no header at all. docs/formats.md has the details.
 */
#ifndef HRA_IO_SCALE_OFFSET_H
#define HRA_IO_SCALE_OFFSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"
#include "io/files/vector_level.h"

enum { HRA_SO_HEADER = 21, HRA_SO_PARAMETERS = 20 };

/* What the filter's parameters (cd_values) say about all chunks of a dataset. */
typedef struct hra_so_filter {
    uint32_t elements; /* of a chunk */
    int width;         /* bytes of an element: 1, 2, 4, 8 */
    bool is_signed, big_endian;
    bool has_fill;
    int64_t fill;     /* bit pattern of the fill value, sign-extended if signed */
    bool passthrough; /* chunks are the plain data in the dataset's byte order */
} hra_so_filter;

/* False when the parameters are not those of integers up to 8 bytes. */
bool hra_so_filter_parse(const unsigned *parameters, size_t count, hra_so_filter *filter);

/* What one chunk says: value = minimum + difference, modulo the width. */
typedef struct hra_so_chunk {
    unsigned bits; /* of a difference; 0: all the same; 8 * width: payload is plain little-endian values */
    int64_t minimum;
    const uint8_t *payload;
    size_t payload_size;
} hra_so_chunk;

/* Reads the header and checks that the payload is long enough; not for passthrough filters. */
hra_code hra_so_chunk_open(const hra_so_filter *filter, const uint8_t *bytes, size_t size, hra_so_chunk *chunk,
                           hra_error *error);

/* Unpacks `count` differences of `bits` bits and adds `add` (modulo the output width); a difference of all ones
 * becomes `ones` instead (give add + 2^bits - 1 where it means nothing special). The 16-bit form takes bits 1 to 16,
 * the 32-bit form 1 to 32; the payload must hold count * bits bits. The 16-bit form returns the largest of the
 * differences that are not all ones, 0 where there is none. */
uint16_t hra_so_unpack16(const uint8_t *payload, size_t payload_size, size_t count, unsigned bits, uint16_t add,
                         uint16_t ones, uint16_t *out);
void hra_so_unpack32(const uint8_t *payload, size_t payload_size, size_t count, unsigned bits, uint32_t add,
                     uint32_t ones, uint32_t *out);
/* The same for those who unpack often and know the level. */
uint16_t hra_so_unpack16_by(hra_vector_level level, const uint8_t *payload, size_t payload_size, size_t count,
                            unsigned bits, uint16_t add, uint16_t ones, uint16_t *out);
void hra_so_unpack32_by(hra_vector_level level, const uint8_t *payload, size_t payload_size, size_t count,
                        unsigned bits, uint32_t add, uint32_t ones, uint32_t *out);
/* The same without vector instructions: for other processors, and what the tests compare with. */
uint16_t hra_so_unpack16_plain(const uint8_t *payload, size_t payload_size, size_t count, unsigned bits, uint16_t add,
                               uint16_t ones, uint16_t *out);
void hra_so_unpack32_plain(const uint8_t *payload, size_t payload_size, size_t count, unsigned bits, uint32_t add,
                           uint32_t ones, uint32_t *out);

/* All elements of an opened chunk as int64, fill values as the fill value. Not the hot path. */
void hra_so_expand(const hra_so_filter *filter, const hra_so_chunk *chunk, int64_t *out);
/* All elements of any chunk the filter can make; HRA_EINPUT if it is damaged. For tests: readers open a chunk and
 * unpack what they need of it. */
hra_code hra_so_decode(const hra_so_filter *filter, const uint8_t *bytes, size_t size, int64_t *out, hra_error *error);

/* Encodes a chunk of codes: element = first + code, and `missing` codes become the fill value. Writes to `out`, which
 * holds hra_so_bound(count, width) bytes, and returns the size; 0 when packing does not pay (write the plain chunk
 * with the filter masked). */
size_t hra_so_bound(size_t count, int width);
size_t hra_so_encode16(const uint16_t *codes, size_t count, uint16_t missing, int64_t first, int width, uint8_t *out);
size_t hra_so_encode32(const uint32_t *codes, size_t count, uint32_t missing, int64_t first, int width, uint8_t *out);

/* An encoded chunk of `held` codes becomes that of `count`, of which those behind are missing: the same bytes as if
 * they had been given, without looking at them. `chunk` has hra_so_bound(count, width) bytes; returns the size. */
size_t hra_so_lengthen(uint8_t *chunk, size_t held, size_t count);

#endif
