/* Rows of results as they stand in the file, held in memory until there are enough of them: the file takes few large
 * writes faster than many small ones. */
#ifndef HRA_IO_RESULT_BATCH_H
#define HRA_IO_RESULT_BATCH_H

#include <pthread.h>

#include "io/results/result_layout.h"

/* Column after column, each with room for `capacity` rows. */
typedef struct hra_result_batch {
    struct hra_result_batch *next;
    size_t size;
    int64_t first; /* row number in the file of the first */
    int rows, capacity;
    uint32_t *running; /* of each column: the checksum so far of the piece that the next rows go on with */
    uint32_t *sums;    /* of each piece those of all columns, as far as they are summed */
    _Alignas(8) char bytes[];
} hra_result_batch;

/* Fresh memory costs a page fault for every 4 KiB: what was given back is taken again. All zero to begin with, but for
 * the lock. */
typedef struct hra_result_batches {
    pthread_mutex_t lock;
    hra_result_batch *spare;
} hra_result_batches;

/* Rows of a batch that nothing else decides: as many as take a few MiB. */
int hra_result_batch_rows(const hra_result_layout *layout);

/* Empty, with room for `capacity` rows from row `first`; NULL: out of memory. Any thread. */
hra_result_batch *hra_result_batch_take(hra_result_batches *pool, const hra_result_layout *layout, int64_t first,
                                        int capacity);
void hra_result_batch_give(hra_result_batches *pool, hra_result_batch *batch);
void hra_result_batches_free(hra_result_batches *pool);

/* The rows of all columns but the texts, whose numbers depend on the order of the rows. There must be room. */
void hra_result_batch_add(hra_result_batch *batch, const hra_result_layout *layout, const hra_chunk *chunk,
                          const hra_results *results);
/* Checksums of the rows from row `from` of the batch on, going on with batch->running. */
void hra_result_batch_sum(hra_result_batch *batch, const hra_result_layout *layout, int from);

#endif
