/* Slices: a source seen in smaller pieces, so that the results in memory do not
 * grow with the number of outputs. The pieces of one chunk share it; the first
 * to be filled reads it, the last to be released gives it back. */
#ifndef HRA_RUN_SLICES_H
#define HRA_RUN_SLICES_H

#include "engine/run/column.h"

/* Rows of a slice for results of `row_bytes` each: a power of two, at most
 * HRA_CHUNK_ROWS. */
int hra_slice_rows(size_t row_bytes);

/* `inner` stays the caller's and must outlive the slices. Sequence numbers are
 * inner number * slices per chunk + place; slices behind the end of a short
 * chunk have no rows. */
hra_code hra_slices_new(hra_source *inner, int slice_rows, hra_source **out, hra_error *error);

#endif
