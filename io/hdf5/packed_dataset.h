/* One dataset of a store, read in blocks of HRA_CHUNK_ROWS rows.
 *
 * Where the layout allows it (chunks of that many rows, or one chunk of
 * fewer; filters we know) the
 * bytes come by pread at the offsets HDF5 reports and are unfiltered by the
 * calling thread; anything else goes through H5Dread. Offsets and sizes in the
 * file are checked, never trusted.
 */
#ifndef HRA_IO_PACKED_DATASET_H
#define HRA_IO_PACKED_DATASET_H

#include "io/files/parcel.h"
#include "io/hdf5/hdf5_util.h"
#include "io/hdf5/scale_offset.h"

typedef enum hra_element {
    HRA_ELEMENT_SIGNED,
    HRA_ELEMENT_UNSIGNED,
    HRA_ELEMENT_DOUBLE, /* any floating-point type, read as double */
    HRA_ELEMENT_TEXT    /* fixed-length strings */
} hra_element;

typedef struct hra_packed {
    const char *name; /* for messages: "people.h5: /variables/age" */
    int64_t rows;
    hra_element element;
    int width;       /* bytes of an element in a block */
    bool has_filter; /* scale-offset is in the pipeline, with these parameters */
    hra_so_filter filter;
    const char *encoding; /* "scale-offset", "shuffle+deflate", "deflate", "plain", "other" */
    uint64_t stored_bytes;
    struct hra_packed_private *private;
} hra_packed;

/* Buffers of one thread. All zero to begin with. The bytes of a chunk are read into `lent`, the caller's, where that is
 * large enough. */
typedef struct hra_packed_scratch {
    uint8_t *lent;
    size_t lent_size;
    uint8_t *bytes[2];
    size_t capacity[2];
    void *decompressor;
    int64_t bytes_read; /* so far, by offset */
} hra_packed_scratch;

/* Rows of one block: plain native elements, or a scale-offset chunk to unpack. Valid until the scratch is used again.
 */
typedef struct hra_packed_block {
    const void *plain; /* NULL: see packed */
    hra_so_chunk packed;
} hra_packed_block;

/* Takes over `dataset` (also on failure). `file` is a descriptor for pread, -1 to go through HDF5 always. With the
 * lock held. The arena keeps everything but what hra_packed_close frees. */
hra_code hra_packed_open(hid_t dataset, const char *name, int file, uint64_t file_size, hra_arena *arena,
                         hra_packed **out, hra_error *error);
hid_t hra_packed_id(const hra_packed *dataset);     /* of the open dataset, for its attributes */
hid_t hra_packed_memory(const hra_packed *dataset); /* the type its elements are read as */
void hra_packed_close(hra_packed *dataset);         /* with the lock held; NULL allowed */

/* All that reading it by offset takes, and back: without HDF5, and only for hra_packed_read. False: HDF5 is needed. */
bool hra_packed_put_parcel(const hra_packed *dataset, hra_buffer *out);
/* From a parcel in the same file. Where the chunks are stays there, and is looked up when one is read. */
hra_code hra_packed_of_parcel(hra_parcel *rows, const char *name, int file, uint64_t file_size, hra_arena *arena,
                              hra_packed **out, hra_error *error);
/* Where its chunks stand; 0 where it is not read by offset. */
int64_t hra_packed_chunk_count(const hra_packed *dataset);
void hra_packed_chunk(const hra_packed *dataset, int64_t index, uint64_t *offset, uint64_t *size);

/* Block `index`: rows index * HRA_CHUNK_ROWS and on. Without the lock; many threads may read at once. */
hra_code hra_packed_read(const hra_packed *dataset, int64_t index, hra_packed_scratch *scratch, hra_packed_block *block,
                         hra_error *error);
void hra_packed_scratch_free(hra_packed_scratch *scratch);

/* Any `count` elements from row `first`, through HDF5, as native elements. Without the lock. */
hra_code hra_packed_read_rows(const hra_packed *dataset, int64_t first, int64_t count, void *out, hra_error *error);
/* The same with the lock held. */
hra_code hra_packed_read_rows_locked(const hra_packed *dataset, int64_t first, int64_t count, void *out,
                                     hra_error *error);

/* Integer `index` of the plain elements of a block. */
int64_t hra_packed_integer(const hra_packed *dataset, const void *plain, size_t index);

#endif
