/* Reading the blocks of a dataset: bytes by offset, checksums, filters undone; or all of that by HDF5. */
#include <errno.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/files/checksum.h"
#include "io/files/vector_level.h"
#include "io/hdf5/packed_internal.h"

static uint8_t *room(hra_packed_scratch *scratch, int which, size_t size)
{
    if (scratch->capacity[which] < size) {
        free(scratch->bytes[which]);
        scratch->capacity[which] = 0;
        scratch->bytes[which] = malloc(size);
        if (scratch->bytes[which]) scratch->capacity[which] = size;
    }
    return scratch->bytes[which];
}

/* In what is lent or buffer 0, and as far behind the beginning of a line of the cache as in the file: the system copies
 * a twelfth faster between places that lie alike. */
static uint8_t *room_like_file(hra_packed_scratch *scratch, const hra_chunk_place *place)
{
    enum { LINE = 64 };
    bool fits = place->size + LINE <= scratch->lent_size;
    uint8_t *bytes = fits ? scratch->lent : room(scratch, 0, place->size + LINE);
    return bytes ? bytes + (place->offset - (uintptr_t)bytes) % LINE : NULL;
}

void hra_packed_scratch_free(hra_packed_scratch *scratch)
{
    free(scratch->bytes[0]);
    free(scratch->bytes[1]);
    if (scratch->decompressor) libdeflate_free_decompressor(scratch->decompressor);
    *scratch = (hra_packed_scratch){0};
}

/* Where a chunk stands, from the table in the file if it is not in memory. */
static hra_code find_place(const hra_packed *d, int64_t index, hra_chunk_place *place, hra_error *error)
{
    const struct hra_packed_private *p = d->private;
    uint8_t bytes[HRA_PLACE_BYTES];
    if (p->chunks) {
        *place = p->chunks[index];
        return HRA_OK;
    }
    if (!hra_read_at(p->file, p->table + (uint64_t)index * HRA_PLACE_BYTES, bytes, sizeof bytes))
        return hra_fail(error, HRA_EIO, "%s: where its chunks are cannot be read", d->name);
    hra_parcel table = {.at = bytes, .end = bytes + sizeof bytes};
    hra_packed_place_of_parcel(&table, place);
    return hra_packed_check_place(d, index, place, place->size, error);
}

static hra_code read_bytes(const hra_packed *d, const hra_chunk_place *place, uint8_t *out, hra_error *error)
{
    for (size_t done = 0; done < place->size;) {
        ssize_t got = pread(d->private->file, out + done, place->size - done, (off_t)(place->offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return hra_fail(error, HRA_EIO, "%s cannot be read: %s", d->name, strerror(errno));
        if (got == 0) return hra_fail(error, HRA_EIO, "%s: the file became shorter while it was read", d->name);
        done += (size_t)got;
    }
    return HRA_OK;
}

/* Of elements of `width` bytes the first of all stand before the second of all, and so on. The loops are compiled
 * twice; the processor decides at run time. */
#define DEFINE_UNSHUFFLE_FOR(name, width, target)                                                                      \
    target static void name(const uint8_t *restrict in, size_t count, uint8_t *restrict out)                           \
    {                                                                                                                  \
        for (size_t i = 0; i < count; i++)                                                                             \
            for (size_t byte = 0; byte < (width); byte++) out[(width)*i + byte] = in[byte * count + i];                \
    }
#define DEFINE_UNSHUFFLE(name, width)                                                                                  \
    DEFINE_UNSHUFFLE_FOR(name##_plain, width, )                                                                        \
    DEFINE_UNSHUFFLE_FOR(name##_avx2, width, HRA_AVX2)                                                                 \
    static void name(const uint8_t *in, size_t count, uint8_t *out)                                                    \
    {                                                                                                                  \
        (HRA_HAS_AVX2 ? name##_avx2 : name##_plain)(in, count, out);                                                   \
    }
DEFINE_UNSHUFFLE(unshuffle2, 2)
DEFINE_UNSHUFFLE(unshuffle4, 4)
DEFINE_UNSHUFFLE(unshuffle8, 8)

static void unshuffle(const uint8_t *in, size_t count, int width, uint8_t *out)
{
    switch (width) {
    case 2: unshuffle2(in, count, out); return;
    case 4: unshuffle4(in, count, out); return;
    case 8: unshuffle8(in, count, out); return;
    default: /* texts */
        for (int byte = 0; byte < width; byte++)
            for (size_t i = 0; i < count; i++) out[i * (size_t)width + (size_t)byte] = in[(size_t)byte * count + i];
    }
}

/* From *bytes into the buffer `to`, which *bytes is then. */
static hra_code inflate_chunk(const hra_packed *d, hra_packed_scratch *scratch, int to, const uint8_t **bytes,
                              size_t *size, hra_error *error)
{
    if (!scratch->decompressor) scratch->decompressor = libdeflate_alloc_decompressor();
    size_t capacity = hra_packed_plain_size(d) + HRA_SO_HEADER + 16;
    uint8_t *out = room(scratch, to, capacity);
    if (!scratch->decompressor || !out) return hra_out_of_memory(error);
    enum libdeflate_result result =
        libdeflate_zlib_decompress(scratch->decompressor, *bytes, *size, out, capacity, size);
    if (result != LIBDEFLATE_SUCCESS) return hra_fail(error, HRA_EINPUT, "%s holds damaged compressed data", d->name);
    *bytes = out;
    return HRA_OK;
}

static hra_code check_sum(const hra_packed *d, int64_t index, const hra_chunk_place *place, const uint8_t *bytes,
                          hra_error *error)
{
    if (!d->private->has_sums || (bytes && hra_checksum(0, bytes, place->size) == place->sum)) return HRA_OK;
    int64_t first = index * HRA_CHUNK_ROWS, left = d->rows - first;
    return hra_fail(error, HRA_EINPUT,
                    "%s: rows %lld to %lld are damaged, or were changed after they were written: their checksum does "
                    "not fit (make the file again, or take it from a copy)",
                    d->name, (long long)first,
                    (long long)(first + (left < HRA_CHUNK_ROWS ? left : HRA_CHUNK_ROWS) - 1));
}

/* Undoes the filters of `bytes`, in buffer 0 or lent, after the last one written; scale-offset is left to the caller.
 */
static hra_code unfilter(const hra_packed *d, const hra_chunk_place *place, const uint8_t *bytes,
                         hra_packed_scratch *scratch, hra_packed_block *block, hra_error *error)
{
    const struct hra_packed_private *p = d->private;
    size_t plain = hra_packed_plain_size(d), size = place->size;
    int to = 1; /* the buffer that `bytes` do not stand in */
    for (int i = p->filter_count - 1; i >= 0; i--) {
        if (place->skipped_filters >> i & 1) continue;
        if (p->filters[i] == H5Z_FILTER_DEFLATE) {
            HRA_TRY(inflate_chunk(d, scratch, to, &bytes, &size, error));
            to = !to;
        } else if (p->filters[i] == H5Z_FILTER_SHUFFLE) {
            if (d->width == 1) continue; /* single bytes stay where they are */
            uint8_t *out = room(scratch, to, plain);
            if (!out) return hra_out_of_memory(error);
            if (size != plain) break;
            unshuffle(bytes, (size_t)p->chunk_rows, d->width, out);
            bytes = out;
            to = !to;
        } else if (!d->filter.passthrough) {
            hra_error cause;
            if (hra_so_chunk_open(&d->filter, bytes, size, &block->packed, &cause))
                return hra_fail(error, HRA_EINPUT, "%s: %s", d->name, cause.message);
            block->plain = NULL;
            if (block->packed.bits == 8u * (unsigned)d->width) block->plain = block->packed.payload;
            return HRA_OK;
        }
    }
    block->plain = bytes;
    if (size == plain) return HRA_OK;
    return hra_fail(error, HRA_EINPUT, "%s: a chunk holds %zu bytes instead of %zu (damaged file)", d->name, size,
                    plain);
}

hra_code hra_packed_read(const hra_packed *dataset, int64_t index, hra_packed_scratch *scratch, hra_packed_block *block,
                         hra_error *error)
{
    const struct hra_packed_private *p = dataset->private;
    hra_chunk_place place = {.offset = HADDR_UNDEF};
    if (p->direct) HRA_TRY(find_place(dataset, index, &place, error));
    if (place.offset != HADDR_UNDEF) {
        uint8_t *bytes = room_like_file(scratch, &place);
        if (!bytes) return hra_out_of_memory(error);
        HRA_TRY(read_bytes(dataset, &place, bytes, error));
        scratch->bytes_read += place.size;
        HRA_TRY(check_sum(dataset, index, &place, bytes, error));
        return unfilter(dataset, &place, bytes, scratch, block, error);
    }
    HRA_TRY(check_sum(dataset, index, &place, NULL, error)); /* a chunk that was written has a place */
    int64_t first = index * HRA_CHUNK_ROWS, left = dataset->rows - first;
    uint8_t *out = room(scratch, 0, (size_t)HRA_CHUNK_ROWS * (unsigned)dataset->width);
    if (!out) return hra_out_of_memory(error);
    block->plain = out;
    return hra_packed_read_rows(dataset, first, left < HRA_CHUNK_ROWS ? left : HRA_CHUNK_ROWS, out, error);
}

hra_code hra_packed_read_rows_locked(const hra_packed *d, int64_t first, int64_t count, void *out, hra_error *error)
{
    if (count <= 0) return HRA_OK;
    hsize_t start = (hsize_t)first, size = (hsize_t)count;
    hra_h5_id space = H5Dget_space(d->private->dataset);
    hra_h5_id memory = H5Screate_simple(1, &size, NULL);
    errno = 0;
    if (space < 0 || memory < 0 || H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, NULL, &size, NULL) < 0 ||
        H5Dread(d->private->dataset, d->private->memory_type, memory, space, H5P_DEFAULT, out) < 0)
        return hra_h5_fail(error, HRA_EIO, "%s cannot be read", d->name);
    return HRA_OK;
}

hra_code hra_packed_read_rows(const hra_packed *dataset, int64_t first, int64_t count, void *out, hra_error *error)
{
    hra_h5_lock();
    hra_code code = hra_packed_read_rows_locked(dataset, first, count, out, error);
    hra_h5_unlock();
    return code;
}

int64_t hra_packed_integer(const hra_packed *dataset, const void *plain, size_t index)
{
    union {
        int8_t i8;
        int16_t i16;
        int32_t i32;
        int64_t i64;
    } v;
    size_t width = (size_t)dataset->width;
    bool is_signed = dataset->element == HRA_ELEMENT_SIGNED;
    memcpy(&v, (const uint8_t *)plain + index * width, width);
    switch (width) {
    case 1: return is_signed ? v.i8 : (uint8_t)v.i8;
    case 2: return is_signed ? v.i16 : (uint16_t)v.i16;
    case 4: return is_signed ? v.i32 : (int64_t)(uint32_t)v.i32;
    default: return v.i64;
    }
}
