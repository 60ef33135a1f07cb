/* A growing one-dimensional dataset, written in whole chunks that are encoded
 * here and handed to HDF5 as they are. With the lock held throughout. */
#ifndef HRA_IO_SERIES_H
#define HRA_IO_SERIES_H

#include "io/hdf5/hdf5_util.h"
#include "io/people/population_store.h"

typedef struct hra_series {
    hid_t dataset;
    const char *name;
    int width, chunk_rows;
    int64_t fill;
    hra_store_encoding encoding;
    uint32_t *sums; /* of the stored bytes of each chunk */
    int64_t sum_count, sum_capacity;
} hra_series;

/* Shared by the series of one file: buffers for one chunk. All zero to begin with. */
typedef struct hra_series_buffers {
    uint8_t *plain, *shuffled, *encoded;
    size_t encoded_capacity;
    void *compressor;
} hra_series_buffers;

hra_code hra_series_buffers_init(hra_series_buffers *buffers, hra_error *error);
void hra_series_buffers_free(hra_series_buffers *buffers);

/* Integers of `width` bytes with `_FillValue`, chunk_rows (at most HRA_CHUNK_ROWS) a chunk. `name` must outlive the
 * series. */
hra_code hra_series_create(hid_t group, const char *name, int width, int64_t fill, int chunk_rows,
                           hra_store_encoding encoding, hra_series *out, hra_error *error);
/* Texts of exactly `width` bytes. */
hra_code hra_series_create_texts(hid_t group, const char *name, int width, int chunk_rows, hra_store_encoding encoding,
                                 hra_series *out, hra_error *error);
/* After the last chunk: writes the checksums of all (attribute chunk_crc32). */
hra_code hra_series_finish(const hra_series *series, hra_error *error);
void hra_series_close(hra_series *series);

/* Writes chunk `index`: element = first + code, the fill value where code == missing. There are chunk_rows codes, fewer
 * if `rows`, the length of the dataset after this chunk, ends inside it; what is behind them becomes the fill value. */
hra_code hra_series_put16(hra_series *series, hra_series_buffers *buffers, int64_t index, int64_t rows,
                          const uint16_t *codes, uint16_t missing, int64_t first, hra_error *error);
hra_code hra_series_put32(hra_series *series, hra_series_buffers *buffers, int64_t index, int64_t rows,
                          const uint32_t *codes, uint32_t missing, int64_t first, hra_error *error);
/* The same for texts, chunk_rows * width bytes. */
hra_code hra_series_put_texts(hra_series *series, hra_series_buffers *buffers, int64_t index, int64_t rows,
                              const char *texts, hra_error *error);

#endif
