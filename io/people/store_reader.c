/* A population store as a source of chunks. */
#include <stdlib.h>
#include <unistd.h>

#include "io/people/store_buffers.h"

static hra_store_buffers *take_buffers(hra_store_source *s)
{
    pthread_mutex_lock(&s->pool_lock);
    hra_store_buffers *b = s->pool;
    if (b) s->pool = b->next;
    pthread_mutex_unlock(&s->pool_lock);
    return b ? b : hra_store_buffers_new(s);
}

static void give_back(hra_store_source *s, hra_store_buffers *b)
{
    if (!b) return;
    pthread_mutex_lock(&s->pool_lock);
    s->bytes_read += b->scratch.bytes_read;
    b->scratch.bytes_read = 0;
    b->next = s->pool;
    s->pool = b;
    pthread_mutex_unlock(&s->pool_lock);
}

static hra_code store_claim(hra_source *source, int64_t *sequence, void **ticket, hra_error *error)
{
    hra_store_source *s = (hra_store_source *)source;
    *ticket = NULL;
    if (s->next == 0 && source->want_marks) HRA_TRY(hra_store_source_marks(s, error));
    *sequence = s->next * HRA_CHUNK_ROWS < s->base.rows ? s->next++ : -1;
    return HRA_OK;
}

static hra_code store_fill(hra_source *source, int64_t sequence, void *ticket, hra_chunk *chunk, hra_error *error)
{
    hra_store_source *s = (hra_store_source *)source;
    int64_t first = sequence * HRA_CHUNK_ROWS, left = s->base.rows - first;
    int rows = left < HRA_CHUNK_ROWS ? (int)left : HRA_CHUNK_ROWS;
    hra_store_buffers *b = take_buffers(s);
    *chunk = (hra_chunk){.sequence = sequence, .first_row = first, .rows = rows, .owner = b};
    if (!b) return hra_out_of_memory(error);
    hra_code code = hra_store_buffers_fill(s, sequence, rows, b, chunk, error);
    if (!code) return HRA_OK;
    give_back(s, b);
    *chunk = (hra_chunk){.sequence = sequence};
    return code;
}

static hra_code store_piece(hra_source *source, const hra_chunk *chunk, int start, int rows, hra_piece_memory *memory,
                            hra_codes *columns, hra_error *error)
{
    return hra_store_buffers_piece(chunk->owner, source->schema->column_count, start, rows, memory, columns, error);
}

static void store_release(hra_source *source, hra_chunk *chunk)
{
    give_back((hra_store_source *)source, chunk->owner);
    *chunk = (hra_chunk){0};
}

static int64_t store_bytes(hra_source *source)
{
    hra_store_source *s = (hra_store_source *)source;
    pthread_mutex_lock(&s->pool_lock);
    int64_t bytes = s->bytes_read;
    pthread_mutex_unlock(&s->pool_lock);
    return bytes;
}

static void close_list(const hra_store_list *list)
{
    hra_packed_close(list->rows);
    hra_packed_close(list->values);
    free(list->start);
}

static void store_close(hra_source *source)
{
    hra_store_source *s = (hra_store_source *)source;
    hra_h5_lock_asleep();
    for (int i = 0; i < s->schema.column_count; i++) {
        hra_packed_close(s->columns[i].data);
        close_list(&s->columns[i].exceptions);
        close_list(&s->columns[i].marks);
    }
    for (int i = 0; i < s->schema.label_count; i++) hra_packed_close(s->labels[i]);
    hra_packed_close(s->keys);
    hra_packed_close(s->lines);
    hra_packed_close(s->files);
    hra_h5_unlock();
    while (s->pool) {
        hra_store_buffers *next = s->pool->next;
        hra_store_buffers_free(s, s->pool);
        s->pool = next;
    }
    pthread_mutex_destroy(&s->pool_lock);
    if (s->file >= 0) close(s->file);
    hra_arena_free(s->arena);
    free(s);
}

/* ---- opening ---- */

/* The file, if it is open, becomes the source's own. */
static void take_over(hra_store_source *s, hra_summary_file *known)
{
    s->file = known->summary ? known->file : -1;
    s->arena = known->summary ? known->arena : hra_arena_new();
    s->file_size = known->size;
    s->summary = known->summary;
    *known = (hra_summary_file){0};
}

hra_code hra_store_open(const char *path, const hra_dictionary *dictionary, hra_source **out, hra_error *error)
{
    hra_summary_file nothing = {0};
    return hra_store_open_known(path, &nothing, dictionary, out, error);
}

hra_code hra_store_open_known(const char *path, hra_summary_file *known, const hra_dictionary *dictionary,
                              hra_source **out, hra_error *error)
{
    hra_store_source *s = calloc(1, sizeof *s);
    if (!s) return hra_out_of_memory(error);
    pthread_mutex_init(&s->pool_lock, NULL);
    s->schema.dictionary = dictionary;
    s->base = (hra_source){.schema = &s->schema,
                           .rows = -1,
                           .bytes = -1,
                           .claim = store_claim,
                           .fill = store_fill,
                           .piece = store_piece,
                           .release = store_release,
                           .bytes_done = store_bytes,
                           .close = store_close};
    take_over(s, known);
    s->path = s->arena ? hra_arena_text(s->arena, path) : NULL;
    hra_code code = s->path ? HRA_OK : hra_out_of_memory(error);
    if (!code) {
        hra_h5_lock_asleep();
        code = hra_store_source_open(s, error);
        hra_h5_unlock();
    }
    if (code)
        store_close(&s->base);
    else
        *out = &s->base;
    return code;
}

/* ---- what a store says about itself ---- */

const hra_store_about *hra_store_describe(const hra_source *source)
{
    return &((const hra_store_source *)source)->about;
}

const char *hra_store_content_hash(const hra_source *source)
{
    return ((const hra_store_source *)source)->content_hash;
}

const char *hra_store_key_fingerprint(const hra_source *source) { return hra_store_describe(source)->key_fingerprint; }

void hra_store_column_facts(const hra_source *source, int column, const char **encoding, uint64_t *stored_bytes)
{
    const hra_packed *data = ((const hra_store_source *)source)->columns[column].data;
    *encoding = data->encoding;
    *stored_bytes = data->stored_bytes;
}

int hra_store_unmatched(const hra_source *source, const char *const **names)
{
    const hra_store_source *s = (const hra_store_source *)source;
    *names = s->unmatched;
    return s->unmatched_count;
}
