/* What the parts of io/hdf5/packed_dataset.h share: opening through HDF5 (packed_dataset.c), the same from a store's
 * summary (packed_parcel.c), and reading (packed_read.c). */
#ifndef HRA_IO_PACKED_INTERNAL_H
#define HRA_IO_PACKED_INTERNAL_H

#include "engine/data/column.h"
#include "io/hdf5/packed_dataset.h"

/* The most filters, bytes of a text and rows that are accepted. */
enum { HRA_PACKED_FILTERS = 4, HRA_PACKED_TEXT_WIDTH = 4096 };
#define HRA_PACKED_ROWS ((int64_t)1 << 36)

enum { HRA_PLACE_BYTES = 24 }; /* of a place in a parcel */

typedef struct hra_chunk_place {
    uint64_t offset; /* HADDR_UNDEF: never written */
    uint32_t size, skipped_filters;
    uint32_t sum; /* of the stored bytes, where the file has checksums */
} hra_chunk_place;

struct hra_packed_private {
    hid_t dataset, memory_type;
    int file;
    bool direct;
    int chunk_rows; /* of direct datasets: HRA_CHUNK_ROWS, or all rows in one smaller chunk */
    H5Z_filter_t filters[HRA_PACKED_FILTERS];
    int filter_count;
    unsigned parameters[HRA_SO_PARAMETERS]; /* of scale-offset */
    const hra_chunk_place *chunks;          /* NULL: they stand in the file, from `table` on */
    uint64_t table, file_size;
    bool has_sums; /* the file has checksums of the stored chunks */
};

static inline size_t hra_packed_plain_size(const hra_packed *d) /* of a whole chunk */
{
    return (size_t)d->private->chunk_rows * (unsigned)d->width;
}

static inline int64_t hra_packed_chunks(const hra_packed *d) { return (d->rows + HRA_CHUNK_ROWS - 1) / HRA_CHUNK_ROWS; }

/* ---- packed_dataset.c ---- */

/* One that nothing is known of yet but its name. NULL: out of memory. */
hra_packed *hra_packed_new(hid_t dataset, const char *name, int file, uint64_t file_size, hra_arena *arena);
/* The filter at place `i` of `count`; false if only HDF5 can undo it. */
bool hra_packed_take_filter(hra_packed *d, int i, int count, H5Z_filter_t filter, const unsigned *parameters,
                            size_t parameter_count);
/* Says which encoding the filters make. */
void hra_packed_name_encoding(hra_packed *d);
/* Whether chunk `index` can stand there with so many bytes. */
hra_code hra_packed_check_place(const hra_packed *d, int64_t index, const hra_chunk_place *place, uint64_t size,
                                hra_error *error);

/* ---- packed_parcel.c ---- */

/* The next of the places that hra_packed_put_parcel wrote: offset; size and skipped filters; checksum. */
void hra_packed_place_of_parcel(hra_parcel *table, hra_chunk_place *place);

#endif
