/* The records of all files of a binding in batches, in the order of the input. Beside a single thread that works on
 * them another opens the files, reads, unpacks and cuts them and begins to judge, some batches ahead. */
#ifndef HRA_IO_CSV_BATCHES_H
#define HRA_IO_CSV_BATCHES_H

#include "io/csv/csv_work.h"
#include "io/csv/long_reader.h"

/* Where a batch comes from. */
typedef struct hra_batch_origin {
    int64_t bytes_done; /* of all files */
    size_t rest;        /* bytes of text that were read behind the batch */
} hra_batch_origin;

typedef struct hra_batches hra_batches;

/* What the thread that reads ahead does with a batch if others wait already, so that there is time; else it is left to
 * those who take it. */
typedef hra_code (*hra_batch_begin)(void *context, hra_work *work, hra_error *error);

/* A batch has about so many bytes of text. */
hra_code hra_batches_open(const hra_binding *binding, const hra_csv_options *options, size_t bytes,
                          hra_batch_begin begin, void *context, hra_batches **out, hra_error *error);
void hra_batches_close(hra_batches *batches);
/* Several threads take batches in turn and read them themselves: a reader beside them would only be one more than there
 * are processors. Before the first batch. */
void hra_batches_share(hra_batches *batches);
/* The next rows of any file, without headers, and their file; an empty batch is the end. */
hra_code hra_batches_next(hra_batches *batches, hra_work *work, hra_batch_origin *origin, hra_error *error);
/* Of a long file, once it was read; else zeros. */
const hra_long_counts *hra_batches_long_counts(const hra_batches *batches, int file);

#endif
