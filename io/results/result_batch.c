#include "io/results/result_batch.h"

#include <stdlib.h>
#include <string.h>

#include "io/results/result_sums.h"

enum { BATCH_BYTES = 4 << 20, FEWEST_ROWS = 1024 };

static size_t row_bytes(const hra_result_layout *layout)
{
    size_t bytes = 0;
    for (int i = 0; i < layout->count; i++) bytes += hra_result_row_size(&layout->columns[i]);
    return bytes;
}

int hra_result_batch_rows(const hra_result_layout *layout)
{
    int rows = HRA_CHUNK_ROWS;
    while (rows > FEWEST_ROWS && (size_t)rows * row_bytes(layout) > BATCH_BYTES) rows /= 2;
    return rows;
}

static hra_result_batch *spare_or_new(hra_result_batches *pool, size_t size)
{
    pthread_mutex_lock(&pool->lock);
    hra_result_batch *batch = pool->spare;
    if (batch) pool->spare = batch->next;
    pthread_mutex_unlock(&pool->lock);
    if (batch && batch->size >= size) return batch;
    free(batch);
    batch = malloc(sizeof *batch + size);
    if (batch) batch->size = size;
    return batch;
}

hra_result_batch *hra_result_batch_take(hra_result_batches *pool, const hra_result_layout *layout, int64_t first,
                                        int capacity)
{
    size_t whole = ((size_t)capacity + 7) / 8 * 8; /* elements of every column are aligned */
    size_t pieces = whole / HRA_SUM_ROWS + 2, words = (pieces + 1) * (size_t)layout->count;
    hra_result_batch *batch = spare_or_new(pool, row_bytes(layout) * whole + words * sizeof(uint32_t));
    if (!batch) return NULL;
    batch->first = first;
    batch->rows = 0;
    batch->capacity = (int)whole;
    batch->running = (uint32_t *)(void *)(batch->bytes + row_bytes(layout) * whole);
    batch->sums = batch->running + layout->count;
    memset(batch->running, 0, words * sizeof(uint32_t)); /* texts are not summed here */
    return batch;
}

void hra_result_batch_give(hra_result_batches *pool, hra_result_batch *batch)
{
    pthread_mutex_lock(&pool->lock);
    batch->next = pool->spare;
    pool->spare = batch;
    pthread_mutex_unlock(&pool->lock);
}

void hra_result_batches_free(hra_result_batches *pool)
{
    while (pool->spare) {
        hra_result_batch *next = pool->spare->next;
        free(pool->spare);
        pool->spare = next;
    }
}

void hra_result_batch_add(hra_result_batch *batch, const hra_result_layout *layout, const hra_chunk *chunk,
                          const hra_results *results)
{
    char *column = batch->bytes;
    for (int i = 0; i < layout->count; i++) {
        const hra_result_column *c = &layout->columns[i];
        size_t row = hra_result_row_size(c);
        if (c->content != HRA_RESULT_TEXT)
            hra_result_render(layout, c, chunk, results, column + row * (size_t)batch->rows);
        column += row * (size_t)batch->capacity;
    }
    batch->rows += chunk->rows;
}

void hra_result_batch_sum(hra_result_batch *batch, const hra_result_layout *layout, int from)
{
    const char *column = batch->bytes;
    int64_t first = batch->first + from, piece = first / HRA_SUM_ROWS - batch->first / HRA_SUM_ROWS;
    for (int i = 0; i < layout->count; i++) {
        const hra_result_column *c = &layout->columns[i];
        size_t row = hra_result_row_size(c);
        uint32_t *sums = batch->sums + piece * layout->count + i;
        if (c->content != HRA_RESULT_TEXT)
            batch->running[i] = hra_result_sum(column + row * (size_t)from, row, first, batch->rows - from,
                                               batch->running[i], sums, layout->count);
        column += row * (size_t)batch->capacity;
    }
}
