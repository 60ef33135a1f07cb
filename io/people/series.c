#include "io/people/series.h"

#include <errno.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

#include "io/files/checksum.h"
#include "io/hdf5/content_hash.h"
#include "io/hdf5/scale_offset.h"

enum { MAX_WIDTH = 32, DEFLATE_LEVEL = 4 };

hra_code hra_series_buffers_init(hra_series_buffers *buffers, hra_error *error)
{
    size_t plain = (size_t)HRA_CHUNK_ROWS * MAX_WIDTH;
    buffers->compressor = libdeflate_alloc_compressor(DEFLATE_LEVEL);
    buffers->plain = malloc(plain);
    buffers->shuffled = malloc(plain);
    if (buffers->compressor) buffers->encoded_capacity = libdeflate_zlib_compress_bound(buffers->compressor, plain);
    buffers->encoded = malloc(hra_so_bound(buffers->encoded_capacity, 1));
    if (buffers->compressor && buffers->plain && buffers->shuffled && buffers->encoded) return HRA_OK;
    return hra_out_of_memory(error);
}

void hra_series_buffers_free(hra_series_buffers *buffers)
{
    free(buffers->plain);
    free(buffers->shuffled);
    free(buffers->encoded);
    if (buffers->compressor) libdeflate_free_compressor(buffers->compressor);
    *buffers = (hra_series_buffers){0};
}

/* ---- creation ---- */

static herr_t set_filters(hid_t plist, hra_store_encoding encoding, bool texts)
{
    if (encoding == HRA_STORE_SCALE_OFFSET && !texts) return H5Pset_scaleoffset(plist, H5Z_SO_INT, 0);
    if (encoding != HRA_STORE_DEFLATE) return 0;
    if (!texts && H5Pset_shuffle(plist) < 0) return -1;
    return H5Pset_deflate(plist, DEFLATE_LEVEL);
}

static hra_code create(hid_t group, hid_t type, const void *fill, bool texts, hra_series *out, hra_error *error)
{
    hsize_t none = 0, unlimited = H5S_UNLIMITED, chunk = (hsize_t)out->chunk_rows;
    hra_h5_id space = H5Screate_simple(1, &none, &unlimited);
    hra_h5_id plist = hra_h5_new_dataset();
    errno = 0;
    out->dataset = -1;
    if (space > 0 && plist > 0 && H5Pset_chunk(plist, 1, &chunk) >= 0 &&
        (!fill || H5Pset_fill_value(plist, H5T_NATIVE_INT64, fill) >= 0) &&
        set_filters(plist, out->encoding, texts) >= 0)
        out->dataset = H5Dcreate2(group, out->name, type, space, H5P_DEFAULT, plist, H5P_DEFAULT);
    if (out->dataset < 0) return hra_h5_fail(error, HRA_EIO, "dataset %s cannot be created", out->name);
    return HRA_OK;
}

hra_code hra_series_create(hid_t group, const char *name, int width, int64_t fill, int chunk_rows,
                           hra_store_encoding encoding, hra_series *out, hra_error *error)
{
    *out = (hra_series){
        .dataset = -1, .name = name, .width = width, .chunk_rows = chunk_rows, .fill = fill, .encoding = encoding};
    HRA_TRY(create(group, hra_h5_stored_type(width), &fill, false, out, error));
    return hra_h5_put_int_as(out->dataset, "_FillValue", hra_h5_stored_type(width), fill, error);
}

hra_code hra_series_create_texts(hid_t group, const char *name, int width, int chunk_rows, hra_store_encoding encoding,
                                 hra_series *out, hra_error *error)
{
    *out = (hra_series){.dataset = -1, .name = name, .width = width, .chunk_rows = chunk_rows, .encoding = encoding};
    hra_h5_id type = H5Tcopy(H5T_C_S1);
    if (type < 0 || H5Tset_size(type, (size_t)width) < 0 || H5Tset_strpad(type, H5T_STR_NULLPAD) < 0)
        return hra_h5_fail(error, HRA_EIO, "dataset %s cannot be created", name);
    return create(group, type, NULL, true, out, error);
}

void hra_series_close(hra_series *series)
{
    hra_h5_release(&series->dataset);
    series->dataset = -1;
    free(series->sums);
    series->sums = NULL;
    series->sum_count = series->sum_capacity = 0;
}

/* ---- chunks ---- */

static hra_code keep_sum(hra_series *series, const void *bytes, size_t size, hra_error *error)
{
    if (series->sum_count == series->sum_capacity) {
        int64_t capacity = series->sum_capacity ? 2 * series->sum_capacity : 16;
        uint32_t *sums = realloc(series->sums, (size_t)capacity * sizeof *sums);
        if (!sums) return hra_out_of_memory(error);
        series->sums = sums;
        series->sum_capacity = capacity;
    }
    series->sums[series->sum_count++] = hra_checksum(0, bytes, size);
    return HRA_OK;
}

hra_code hra_series_finish(const hra_series *series, hra_error *error)
{
    if (series->dataset < 0) return HRA_OK;
    return hra_h5_put_words(series->dataset, HRA_CHUNK_SUMS, series->sums, series->sum_count, error);
}

/* Chunks come in order, each once. */
static hra_code write_chunk(hra_series *series, int64_t index, int64_t rows, uint32_t skipped_filters,
                            const void *bytes, size_t size, hra_error *error)
{
    hsize_t extent = (hsize_t)rows, offset = (hsize_t)index * (hsize_t)series->chunk_rows;
    errno = 0;
    if (H5Dset_extent(series->dataset, &extent) < 0 ||
        H5Dwrite_chunk(series->dataset, H5P_DEFAULT, skipped_filters, &offset, size, bytes) < 0)
        return hra_h5_fail(error, HRA_EIO, "%s cannot be written", series->name);
    return keep_sum(series, bytes, size, error);
}

/* All bytes of one significance together: what HDF5's shuffle filter does. */
static void shuffle(const uint8_t *in, size_t count, int width, uint8_t *out)
{
    for (int byte = 0; byte < width; byte++)
        for (size_t i = 0; i < count; i++) out[(size_t)byte * count + i] = in[i * (size_t)width + (size_t)byte];
}

/* Plain bytes: compressed if that was asked for and pays, else as they are with the filters masked.
 */
static hra_code put_plain(hra_series *series, hra_series_buffers *buffers, int64_t index, int64_t rows, bool texts,
                          const uint8_t *plain, hra_error *error)
{
    size_t count = (size_t)series->chunk_rows, size = count * (size_t)series->width;
    if (series->encoding == HRA_STORE_DEFLATE) {
        const uint8_t *source = plain;
        if (!texts) {
            shuffle(plain, count, series->width, buffers->shuffled);
            source = buffers->shuffled;
        }
        size_t packed = libdeflate_zlib_compress(buffers->compressor, source, size, buffers->encoded, size - 1);
        if (packed > 0) return write_chunk(series, index, rows, 0, buffers->encoded, packed, error);
        return write_chunk(series, index, rows, texts ? 1 : 3, plain, size, error);
    }
    bool masked = series->encoding == HRA_STORE_SCALE_OFFSET && !texts;
    return write_chunk(series, index, rows, masked ? 1 : 0, plain, size, error);
}

static inline void store_integer(uint8_t *out, int64_t value, int width)
{
    for (int i = 0; i < width; i++) out[i] = (uint8_t)((uint64_t)value >> (8 * i));
}

/* All of a chunk, unless the dataset ends inside it. */
static size_t held_rows(const hra_series *series, int64_t index, int64_t rows)
{
    int64_t behind = rows - index * series->chunk_rows;
    return (size_t)(behind < series->chunk_rows ? behind : series->chunk_rows);
}

#define PLAIN_LOOP(type, width)                                                                                        \
    for (size_t i = 0; i < held; i++)                                                                                  \
        store_integer(out + i * width, codes[i] == missing ? fill : first + (int64_t)codes[i], width);                 \
    for (size_t i = held; i < count; i++) store_integer(out + i * width, fill, width);

#define DEFINE_PUT(name, encode, type)                                                                                 \
    static void plain_##type(const type *codes, size_t held, size_t count, type missing, int64_t first, int64_t fill,  \
                             int width, uint8_t *out)                                                                  \
    {                                                                                                                  \
        switch (width) {                                                                                               \
        case 1: PLAIN_LOOP(type, 1) break;                                                                             \
        case 2: PLAIN_LOOP(type, 2) break;                                                                             \
        case 4: PLAIN_LOOP(type, 4) break;                                                                             \
        default: PLAIN_LOOP(type, 8) break;                                                                            \
        }                                                                                                              \
    }                                                                                                                  \
    hra_code name(hra_series *series, hra_series_buffers *buffers, int64_t index, int64_t rows, const type *codes,     \
                  type missing, int64_t first, hra_error *error)                                                       \
    {                                                                                                                  \
        size_t count = (size_t)series->chunk_rows, held = held_rows(series, index, rows);                              \
        if (series->encoding == HRA_STORE_SCALE_OFFSET) {                                                              \
            size_t size = encode(codes, held, missing, first, series->width, buffers->encoded);                        \
            if (size > 0 && held < count) size = hra_so_lengthen(buffers->encoded, held, count);                       \
            if (size > 0) return write_chunk(series, index, rows, 0, buffers->encoded, size, error);                   \
        }                                                                                                              \
        plain_##type(codes, held, count, missing, first, series->fill, series->width, buffers->plain);                 \
        return put_plain(series, buffers, index, rows, false, buffers->plain, error);                                  \
    }

DEFINE_PUT(hra_series_put16, hra_so_encode16, uint16_t)
DEFINE_PUT(hra_series_put32, hra_so_encode32, uint32_t)

hra_code hra_series_put_texts(hra_series *series, hra_series_buffers *buffers, int64_t index, int64_t rows,
                              const char *texts, hra_error *error)
{
    return put_plain(series, buffers, index, rows, true, (const uint8_t *)texts, error);
}
