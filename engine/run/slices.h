/* Slices: a source seen in smaller pieces, so that the results in memory do not
 * grow with the number of outputs. The pieces of one chunk share it; the first
 * to be filled reads it, the last to be released gives it back. */
#ifndef HRA_RUN_SLICES_H
#define HRA_RUN_SLICES_H

#include "engine/data/column.h"

/* Rows of a slice for results of `row_bytes` each: a power of two, at most
 * HRA_CHUNK_ROWS. */
int hra_slice_rows(size_t row_bytes);
/* The same for results that only the thread that made them reads: they stay in its cache. */
int hra_slice_rows_cached(size_t row_bytes);

/* `inner` stays the caller's and must outlive the slices; what is wanted of it is said before. Sequence numbers are
 * inner number * slices per chunk + place; slices behind the end of a short
 * chunk have no rows, or are left out where the source knows its length. */
hra_code hra_slices_new(hra_source *inner, int slice_rows, hra_source **out, hra_error *error);

/* Rows of a chunk as a chunk that points into it; what is sparse is copied. Its sequence and owner are the whole's. */
typedef struct hra_slice {
    hra_codes *columns;
    hra_label_codes *labels;
    hra_exception *exceptions, *beyond;
    hra_cell_mark *marks;
} hra_slice;

/* Rows behind the end of the chunk are left out, and codes that come by piece. `slice` is to be destroyed whatever
 * comes back. */
hra_code hra_slice_view(const hra_schema *schema, const hra_chunk *whole, int start, int rows, hra_slice *slice,
                        hra_chunk *out, hra_error *error);
void hra_slice_destroy(hra_slice *slice);

#endif
