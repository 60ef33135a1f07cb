/* What one chunk of a population store is read into. */
#ifndef HRA_IO_STORE_BUFFERS_H
#define HRA_IO_STORE_BUFFERS_H

#include "io/hdf5/packed_columns.h"
#include "io/people/store_source.h"

/* Everything one chunk needs; kept for reuse. */
typedef struct hra_store_buffers {
    struct hra_store_buffers *next; /* in the pool of the source */
    hra_packed_scratch scratch;
    int64_t *wide;
    hra_exception_list exceptions;
    hra_mark_list marks;
    hra_codes *codes;
    void **column_memory; /* made when a column is first wanted */
    void **memories;      /* in which these lie */
    int memory_count;
    hra_packed_columns packed; /* columns whose codes wait for those who ask for a piece */
    hra_label_codes *labels;
    int32_t **label_memory;
    char *key_texts;
    const char **keys;
    int64_t *lines;
    int32_t *files;
} hra_store_buffers;

/* NULL without memory. */
hra_store_buffers *hra_store_buffers_new(const hra_store_source *s);
void hra_store_buffers_free(const hra_store_source *s, hra_store_buffers *b);

/* Reads a block of rows; the chunk's columns, labels, people, exceptions and marks point into the buffers then. */
hra_code hra_store_buffers_fill(const hra_store_source *s, int64_t block, int rows, hra_store_buffers *b,
                                hra_chunk *chunk, hra_error *error);
/* Codes of some of these rows (`piece` of a source). */
hra_code hra_store_buffers_piece(const hra_store_buffers *b, int column_count, int start, int rows,
                                 hra_piece_memory *memory, hra_codes *columns, hra_error *error);

#endif
