/* Checksums of a result store (docs/formats.md): /checksums/crc32 has a row for every HRA_SUM_ROWS rows of results and
 * a column for each dataset, which its attribute `checksum_column` names. */
#ifndef HRA_IO_RESULT_SUMS_H
#define HRA_IO_RESULT_SUMS_H

#include "io/hdf5/hdf5_util.h"

/* Divides the rows of every slice but the last of a chunk. */
enum { HRA_SUM_ROWS = 1024 };

/* CRC-32 of `rows` rows of `row` bytes from row number `first`, piece by piece: out[0], out[stride] ... from piece
 * first / HRA_SUM_ROWS on. The first piece goes on from `start`; returns what the last one goes on from. */
uint32_t hra_result_sum(const void *bytes, size_t row, int64_t first, int rows, uint32_t start, uint32_t *out,
                        int stride);

/* For reading, all with the lock held. */
typedef struct hra_result_sums {
    hid_t dataset; /* -1: a file without checksums */
    const char *path;
} hra_result_sums;

hra_code hra_result_sums_open(hid_t file, const char *path, int64_t rows, hra_result_sums *out, hra_error *error);
void hra_result_sums_close(hra_result_sums *sums);

/* Rows of a dataset of one or two dimensions, as `memory` elements, compared with their checksums. */
hra_code hra_result_sums_read(const hra_result_sums *sums, hid_t dataset, const char *name, hid_t memory, int64_t first,
                              int64_t count, void *out, hra_error *error);

#endif
