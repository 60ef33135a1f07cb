#include "io/results/result_sums.h"

#include <stdlib.h>
#include <string.h>

#include "io/files/checksum.h"
#include "io/hdf5/content_hash.h"

enum { PIECES_AT_ONCE = 64, MAX_ROW_BYTES = 1 << 16 };

uint32_t hra_result_sum(const void *bytes, size_t row, int64_t first, int rows, uint32_t start, uint32_t *out,
                        int stride)
{
    const unsigned char *at = bytes;
    for (int done = 0; done < rows; out += stride) {
        int left = HRA_SUM_ROWS - (int)((first + done) % HRA_SUM_ROWS);
        int count = rows - done < left ? rows - done : left;
        *out = hra_checksum(start, at, (size_t)count * row);
        start = count == left ? 0 : *out;
        at += (size_t)count * row;
        done += count;
    }
    return start;
}

/* ---- reading ---- */

hra_code hra_result_sums_open(hid_t file, const char *path, int64_t rows, hra_result_sums *out, hra_error *error)
{
    *out = (hra_result_sums){.dataset = -1, .path = path};
    hra_h5_id group = hra_h5_member(file, "checksums");
    if (group < 0) return HRA_OK;
    out->dataset = hra_h5_member(group, "crc32");
    hra_h5_id space = out->dataset > 0 ? H5Dget_space(out->dataset) : -1;
    hsize_t size[2] = {0, 0}, pieces = (hsize_t)((rows + HRA_SUM_ROWS - 1) / HRA_SUM_ROWS);
    if (space > 0 && H5Sget_simple_extent_ndims(space) == 2 && H5Sget_simple_extent_dims(space, size, NULL) == 2 &&
        size[0] == pieces && hra_h5_storage_fits(out->dataset))
        return HRA_OK;
    hra_result_sums_close(out);
    return hra_fail(error, HRA_EINPUT, "%s: /checksums/crc32 does not fit the rows (damaged file)", path);
}

void hra_result_sums_close(hra_result_sums *sums)
{
    hra_h5_release(&sums->dataset);
    sums->dataset = -1;
}

typedef struct reading {
    const hra_result_sums *sums;
    hid_t dataset, type, memory;
    const char *name;
    int rank;
    hsize_t size[2]; /* rows, items */
    int64_t column;  /* of the checksums, -1: none */
    size_t row;      /* bytes in the file */
    size_t read_row; /* and in memory */
} reading;

static hra_code read_block(const reading *r, hid_t memory_type, int64_t first, int64_t count, void *out,
                           hra_error *error)
{
    hsize_t start[2] = {(hsize_t)first, 0}, size[2] = {(hsize_t)count, r->size[1]};
    hra_h5_id space = H5Dget_space(r->dataset);
    hra_h5_id memory = H5Screate_simple(r->rank, size, NULL);
    if (space < 0 || memory < 0 || H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, size, NULL) < 0 ||
        H5Dread(r->dataset, memory_type, memory, space, H5P_DEFAULT, out) < 0)
        return hra_h5_fail(error, HRA_EIO, "%s: %s cannot be read", r->sums->path, r->name);
    return HRA_OK;
}

static hra_code read_sums(const reading *r, int64_t piece, int64_t count, uint32_t *out, hra_error *error)
{
    hsize_t start[2] = {(hsize_t)piece, (hsize_t)r->column}, size[2] = {(hsize_t)count, 1};
    hra_h5_id space = H5Dget_space(r->sums->dataset);
    hra_h5_id memory = H5Screate_simple(2, size, NULL);
    if (space < 0 || memory < 0 || H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, size, NULL) < 0 ||
        H5Dread(r->sums->dataset, H5T_NATIVE_UINT32, memory, space, H5P_DEFAULT, out) < 0)
        return hra_h5_fail(error, HRA_EINPUT, "%s: the checksums of %s cannot be read", r->sums->path, r->name);
    return HRA_OK;
}

/* Whole pieces into `bytes`, as they stand in the file. */
static hra_code read_pieces(const reading *r, int64_t piece, int64_t count, unsigned char *bytes, hra_error *error)
{
    uint32_t sums[PIECES_AT_ONCE];
    int64_t first = piece * HRA_SUM_ROWS, rows = count * HRA_SUM_ROWS;
    if (rows > (int64_t)r->size[0] - first) rows = (int64_t)r->size[0] - first;
    HRA_TRY(read_block(r, r->type, first, rows, bytes, error));
    HRA_TRY(read_sums(r, piece, count, sums, error));
    for (int64_t k = 0; k < count; k++) {
        int64_t at = k * HRA_SUM_ROWS, left = rows - at < HRA_SUM_ROWS ? rows - at : HRA_SUM_ROWS;
        if (hra_checksum(0, bytes + (size_t)at * r->row, (size_t)left * r->row) == sums[k]) continue;
        return hra_fail(error, HRA_EINPUT,
                        "%s: rows %lld to %lld of %s are damaged, or were changed after they were written: their "
                        "checksum does not fit (make the file again, or take it from a copy)",
                        r->sums->path, (long long)(first + at), (long long)(first + at + left - 1), r->name);
    }
    return HRA_OK;
}

static hra_code read_checked(const reading *r, int64_t first, int64_t count, unsigned char *out, hra_error *error)
{
    size_t widest = r->row > r->read_row ? r->row : r->read_row;
    int64_t last = (first + count - 1) / HRA_SUM_ROWS, pieces = last - first / HRA_SUM_ROWS + 1;
    if (pieces > PIECES_AT_ONCE) pieces = PIECES_AT_ONCE;
    unsigned char *bytes = malloc((size_t)pieces * HRA_SUM_ROWS * widest);
    if (!bytes) return hra_out_of_memory(error);
    hra_code code = HRA_OK;
    for (int64_t end = first + count; first < end && !code;) {
        int64_t piece = first / HRA_SUM_ROWS, many = last - piece + 1 < pieces ? last - piece + 1 : pieces;
        int64_t rows = (piece + many) * HRA_SUM_ROWS < end ? (piece + many) * HRA_SUM_ROWS - first : end - first;
        code = read_pieces(r, piece, many, bytes, error);
        if (code) break;
        unsigned char *from = bytes + (size_t)(first - piece * HRA_SUM_ROWS) * r->row;
        memmove(bytes, from, (size_t)rows * r->row);
        if (H5Tconvert(r->type, r->memory, (size_t)rows * r->size[1], bytes, NULL, H5P_DEFAULT) < 0)
            code = hra_h5_fail(error, HRA_EINPUT, "%s: %s cannot be read", r->sums->path, r->name);
        memcpy(out, bytes, (size_t)rows * r->read_row);
        out += (size_t)rows * r->read_row;
        first += rows;
    }
    free(bytes);
    return code;
}

hra_code hra_result_sums_read(const hra_result_sums *sums, hid_t dataset, const char *name, hid_t memory, int64_t first,
                              int64_t count, void *out, hra_error *error)
{
    reading r = {.sums = sums, .dataset = dataset, .memory = memory, .name = name, .size = {0, 1}, .column = -1};
    if (count <= 0) return HRA_OK;
    hra_h5_id type = H5Dget_type(dataset);
    hra_h5_id space = H5Dget_space(dataset);
    r.type = type;
    r.rank = space > 0 ? H5Sget_simple_extent_ndims(space) : -1;
    if (type < 0 || r.rank < 1 || r.rank > 2 || H5Sget_simple_extent_dims(space, r.size, NULL) < 0 || first < 0 ||
        first > (int64_t)r.size[0] - count)
        return hra_fail(error, HRA_EINPUT, "%s: %s does not have these rows", sums->path, name);
    r.row = H5Tget_size(type) * r.size[1];
    r.read_row = H5Tget_size(memory) * r.size[1];
    if (r.row == 0 || r.row > MAX_ROW_BYTES || r.read_row > MAX_ROW_BYTES)
        return hra_fail(error, HRA_EINPUT, "%s: %s has rows of %zu bytes", sums->path, name, r.row);
    if (sums->dataset < 0 || !hra_h5_get_int(dataset, HRA_SUM_COLUMN, &r.column))
        return read_block(&r, memory, first, count, out, error);
    return read_checked(&r, first, count, out, error);
}
