/* Sparse lists of a population store: row numbers and, for each, one value,
 * two datasets in a group of their own. With the lock held throughout. */
#ifndef HRA_IO_STORE_SPARSE_H
#define HRA_IO_STORE_SPARSE_H

#include "io/hdf5/hdf5_util.h"

typedef enum hra_sparse_kind {
    HRA_SPARSE_EXACT, /* "value": doubles that the grid cannot hold */
    HRA_SPARSE_MARKS  /* "mark": hra_mark, packed: a column that nobody had examined is one long list */
} hra_sparse_kind;

typedef struct hra_sparse_writer hra_sparse_writer;

/* Creates group/name. */
hra_code hra_sparse_new(hid_t group, const char *name, hra_sparse_kind kind, hra_sparse_writer **out, hra_error *error);
/* Rows rise. Of an exact list only `value` counts, of marks only `mark`. */
hra_code hra_sparse_add(hra_sparse_writer *list, int64_t row, double value, uint8_t mark, hra_error *error);
hra_code hra_sparse_flush(hra_sparse_writer *list, hra_error *error); /* NULL allowed */
/* Flushes, and writes the checksums. NULL allowed. */
hra_code hra_sparse_finish(hra_sparse_writer *list, hra_error *error);
void hra_sparse_free(hra_sparse_writer *list); /* NULL allowed; does not flush */

#endif
