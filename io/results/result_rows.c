/* Rows of a result on their way to the file: by offset, or through HDF5 where their number is unknown. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "io/results/result_sums.h"
#include "io/results/result_writer.h"

/* Rows rendered in memory go to the file as they are. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "result files are little-endian");

static hra_code write_at(const hra_result_writer *w, const void *bytes, size_t size, int64_t offset, hra_error *error)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = pwrite(w->file, (const char *)bytes + done, size - done, (off_t)(offset + (int64_t)done));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return hra_fail(error, HRA_EIO, "%s cannot be written: %s", w->partial, strerror(errno));
        done += (size_t)n;
    }
    return HRA_OK;
}

/* What must be on disk in the end begins its way there at once; whether it arrives, the end asks. */
static void begin_sync(const hra_result_writer *w, int64_t offset, size_t size)
{
#ifdef SYNC_FILE_RANGE_WRITE
    sync_file_range(w->file, (off_t)offset, (off_t)size, SYNC_FILE_RANGE_WRITE);
#else
    (void)w, (void)offset, (void)size;
#endif
}

static hra_code grow_and_write(const hra_result_column *c, const void *bytes, int64_t first, int rows, hra_error *error)
{
    int rank = c->items ? 2 : 1;
    hsize_t extent[2] = {(hsize_t)(first + rows), (hsize_t)c->items};
    hsize_t start[2] = {(hsize_t)first, 0}, size[2] = {(hsize_t)rows, (hsize_t)c->items};
    errno = 0;
    if (H5Dset_extent(c->dataset, extent) < 0)
        return hra_h5_fail(error, HRA_EIO, "%s/%s cannot be written", c->group, c->name);
    hra_h5_id space = H5Dget_space(c->dataset);
    hra_h5_id memory = H5Screate_simple(rank, size, NULL);
    if (H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, size, NULL) < 0 ||
        H5Dwrite(c->dataset, c->type, memory, space, H5P_DEFAULT, bytes) < 0)
        return hra_h5_fail(error, HRA_EIO, "%s/%s cannot be written", c->group, c->name);
    return HRA_OK;
}

hra_code hra_result_write_column(const hra_result_writer *w, const hra_result_column *c, const void *bytes,
                                 int64_t first, int rows, hra_error *error)
{
    size_t row = hra_result_row_size(c);
    if (c->offset >= 0) {
        int64_t offset = c->offset + first * (int64_t)row;
        HRA_TRY(write_at(w, bytes, row * (size_t)rows, offset, error));
        if (w->will_sync) begin_sync(w, offset, row * (size_t)rows);
        return HRA_OK;
    }
    if (w->total >= 0) return HRA_OK; /* a file of no rows */
    hra_h5_lock();
    hra_code code = grow_and_write(c, bytes, first, rows, error);
    hra_h5_unlock();
    return code;
}

int hra_result_pieces(int64_t first, int rows)
{
    return (int)((first + rows + HRA_SUM_ROWS - 1) / HRA_SUM_ROWS - first / HRA_SUM_ROWS);
}

static hra_code grow_and_write_sums(const hra_result_writer *w, int from, int width, int64_t piece, int pieces,
                                    const uint32_t *sums, hra_error *error)
{
    hsize_t extent[2] = {(hsize_t)(piece + pieces), (hsize_t)w->layout.count};
    hsize_t start[2] = {(hsize_t)piece, (hsize_t)from}, size[2] = {(hsize_t)pieces, (hsize_t)width};
    errno = 0;
    if (H5Dset_extent(w->layout.sums, extent) < 0)
        return hra_h5_fail(error, HRA_EIO, "%s: the checksums cannot be written", w->partial);
    hra_h5_id space = H5Dget_space(w->layout.sums);
    hra_h5_id memory = H5Screate_simple(2, size, NULL);
    if (H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, size, NULL) < 0 ||
        H5Dwrite(w->layout.sums, H5T_NATIVE_UINT32, memory, space, H5P_DEFAULT, sums) < 0)
        return hra_h5_fail(error, HRA_EIO, "%s: the checksums cannot be written", w->partial);
    return HRA_OK;
}

hra_code hra_result_write_sums(const hra_result_writer *w, int from, int width, int64_t piece, int pieces,
                               const uint32_t *sums, hra_error *error)
{
    if (w->total >= 0) {
        int64_t all = w->layout.count, offset = w->layout.sums_offset + (piece * all + from) * (int64_t)sizeof *sums;
        size_t size = (size_t)width * sizeof *sums;
        if (width == all) return write_at(w, sums, size * (size_t)pieces, offset, error);
        for (int p = 0; p < pieces; p++)
            HRA_TRY(
                write_at(w, sums + (size_t)p * (size_t)width, size, offset + p * all * (int64_t)sizeof *sums, error));
        return HRA_OK;
    }
    hra_h5_lock();
    hra_code code = grow_and_write_sums(w, from, width, piece, pieces, sums, error);
    hra_h5_unlock();
    return code;
}

static hra_code write_columns(const hra_result_writer *w, const hra_result_batch *batch, hra_error *error)
{
    const char *bytes = batch->bytes;
    for (int i = 0; i < w->layout.count; i++) {
        const hra_result_column *c = &w->layout.columns[i];
        if (c->content != HRA_RESULT_TEXT)
            HRA_TRY(hra_result_write_column(w, c, bytes, batch->first, batch->rows, error));
        bytes += hra_result_row_size(c) * (size_t)batch->capacity;
    }
    return HRA_OK;
}

/* The system lets one thread at a time write to a file: were the
 * columns of two batches written in turns, both threads would be done at the same time and meet again at their next
 * batches; one after the other they part. */
hra_code hra_result_write_batch(hra_result_writer *w, const hra_result_batch *batch, hra_error *error)
{
    int pieces = hra_result_pieces(batch->first, batch->rows);
    pthread_mutex_lock(&w->writing);
    hra_code code = write_columns(w, batch, error);
    if (!code)
        code = hra_result_write_sums(w, 0, w->layout.count, batch->first / HRA_SUM_ROWS, pieces, batch->sums, error);
    pthread_mutex_unlock(&w->writing);
    return code;
}
