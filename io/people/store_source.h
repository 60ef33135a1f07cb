/* A population store that is open as a source: what its opening (store_open.c) leaves for its reading
 * (store_reader.c). */
#ifndef HRA_IO_STORE_SOURCE_H
#define HRA_IO_STORE_SOURCE_H

#include <pthread.h>

#include "io/hdf5/content_hash.h"
#include "io/people/population_store.h"
#include "io/people/store_column.h"

struct hra_store_buffers;

typedef struct hra_store_source {
    hra_source base; /* first: a store source is an hra_source */
    hra_arena *arena;
    const char *path;
    int file;
    uint64_t file_size;
    hra_schema schema;
    hra_store_column *columns;
    hra_packed **labels;
    hra_label_texts *label_texts;
    hra_packed *keys, *lines, *files;
    char content_hash[HRA_H5_HASH_TEXT];
    const hra_summary *summary; /* NULL: the store is read through HDF5 */
    const char **column_names;  /* of the datasets */
    const char **unmatched;
    int unmatched_count;
    hra_store_about about;
    int64_t next;
    pthread_mutex_t pool_lock;
    struct hra_store_buffers *pool;
    int64_t bytes_read; /* of the chunks that were given back; under the lock */
} hra_store_source;

/* Fills a source that knows its path and dictionary, and perhaps its file and summary; what was opened is the caller's
 * to close, also on failure. With the lock held. */
hra_code hra_store_source_open(hra_store_source *s, hra_error *error);
/* Marks are looked up only for those who ask. Without the lock. */
hra_code hra_store_source_marks(hra_store_source *s, hra_error *error);

#endif
