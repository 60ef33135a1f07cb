/* The records of all files of a binding in batches, in the order of the input. Beside a single thread that works on
 * them another opens the files, reads, unpacks and cuts them, some batches ahead. */
#ifndef HRA_IO_CSV_BATCHES_H
#define HRA_IO_CSV_BATCHES_H

#include "io/csv_binding.h"
#include "io/long_reader.h"

/* Where a batch comes from. */
typedef struct hra_batch_origin {
    int file;
    int64_t bytes_done; /* of all files */
    size_t rest;        /* bytes of text that were read behind the batch */
} hra_batch_origin;

typedef struct hra_batches hra_batches;

/* A batch has about so many bytes of text. */
hra_code hra_batches_open(const hra_binding *binding, const hra_csv_options *options, size_t bytes, hra_batches **out,
                          hra_error *error);
void hra_batches_close(hra_batches *batches);
/* Several threads take batches in turn: each reads its own, a reader beside them would only be one more than there are
 * processors. Before the first batch. */
void hra_batches_share(hra_batches *batches);
/* The next rows of any file, without headers; an empty batch is the end. The memory of `batch` changes hands. */
hra_code hra_batches_next(hra_batches *batches, hra_batch *batch, hra_batch_origin *origin, hra_error *error);
/* Of a long file, once it was read; else zeros. */
const hra_long_counts *hra_batches_long_counts(const hra_batches *batches, int file);

#endif
