#include "engine/run/slices.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Slices are whole pieces of checksums (io/results/result_sums.h), those for the cache at least halves. */
enum { RESULT_BYTES = 4 << 20, FEWEST_ROWS = 1024, CACHED_BYTES = 512 << 10, FEWEST_CACHED_ROWS = 512 };

typedef enum state { UNREAD, READING, READ, FAILED } state;

/* One chunk of the inner source and who still needs it. */
typedef struct shared {
    hra_chunk chunk;
    int64_t sequence;
    void *ticket;
    state state;
    hra_code code;
    hra_error error;
    int users; /* slices not yet released */
} shared;

typedef struct slices {
    hra_source base;
    hra_source *inner;
    int slice_rows, per_chunk;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    shared *current; /* being handed out, by claim alone */
    int count, next; /* its slices, the next of them: count when there is none */
} slices;

/* What is claimed is also what owns the view afterwards. */
typedef struct view {
    shared *of;
    int place;
    hra_slice slice;
} view;

static int rows_within(size_t bytes, size_t row_bytes, int fewest)
{
    int rows = HRA_CHUNK_ROWS;
    while (rows > fewest && (size_t)rows * row_bytes > bytes) rows /= 2;
    return rows;
}

int hra_slice_rows(size_t row_bytes) { return rows_within(RESULT_BYTES, row_bytes, FEWEST_ROWS); }

int hra_slice_rows_cached(size_t row_bytes) { return rows_within(CACHED_BYTES, row_bytes, FEWEST_CACHED_ROWS); }

/* A chunk of known length has no empty slices: they would take the places of others in the pipeline. */
static int slices_of(const slices *s, const shared *of)
{
    if (!s->inner->claimed_rows) return s->per_chunk;
    int rows = s->inner->claimed_rows(s->inner, of->ticket);
    return rows > s->slice_rows ? (rows + s->slice_rows - 1) / s->slice_rows : 1;
}

static hra_code claim(hra_source *base, int64_t *sequence, void **ticket, hra_error *error)
{
    slices *s = (slices *)base;
    if (s->next == s->count) {
        shared *of = calloc(1, sizeof *of);
        if (!of) return hra_fail(error, HRA_ENOMEM, "out of memory for a chunk");
        hra_code code = s->inner->claim(s->inner, &of->sequence, &of->ticket, error);
        if (code != HRA_OK || of->sequence < 0) {
            free(of);
            *sequence = -1;
            return code;
        }
        of->chunk = (hra_chunk){.sequence = of->sequence, .first_row = -1};
        of->users = s->count = slices_of(s, of);
        s->current = of;
        s->next = 0;
    }
    view *v = calloc(1, sizeof *v);
    if (!v) return hra_fail(error, HRA_ENOMEM, "out of memory for a chunk");
    *v = (view){.of = s->current, .place = s->next++};
    *sequence = v->of->sequence * s->per_chunk + v->place;
    *ticket = v;
    return HRA_OK;
}

/* The last user gives the chunk back. */
static void leave(slices *s, shared *of, int users)
{
    pthread_mutex_lock(&s->lock);
    of->users -= users;
    bool last = of->users == 0;
    pthread_mutex_unlock(&s->lock);
    if (!last) return;
    if (of->state == READ && s->inner->release) s->inner->release(s->inner, &of->chunk);
    free(of);
}

/* Read by whoever comes first; the others wait. */
static hra_code read_chunk(slices *s, shared *of, hra_error *error)
{
    pthread_mutex_lock(&s->lock);
    if (of->state == UNREAD) {
        of->state = READING;
        pthread_mutex_unlock(&s->lock);
        of->code = s->inner->fill(s->inner, of->sequence, of->ticket, &of->chunk, &of->error);
        pthread_mutex_lock(&s->lock);
        of->state = of->code == HRA_OK ? READ : FAILED;
        pthread_cond_broadcast(&s->changed);
    }
    while (of->state == READING) pthread_cond_wait(&s->changed, &s->lock);
    hra_code code = of->code;
    if (code != HRA_OK && error) *error = of->error;
    pthread_mutex_unlock(&s->lock);
    return code;
}

/* Exceptions and marks: sparse entries of `size` bytes that begin with their row (int32_t), sorted by it. */
static int first_entry_from(const char *all, size_t size, int count, int row)
{
    int low = 0, high = count;
    while (low < high) {
        int middle = (low + high) / 2;
        int32_t at;
        memcpy(&at, all + (size_t)middle * size, sizeof at);
        if (at < row)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A copy of the entries of these rows, with the slice's row numbers. */
static void *slice_entries(const void *all, size_t size, int count, int start, int rows, int *kept)
{
    int from = first_entry_from(all, size, count, start), to = first_entry_from(all, size, count, start + rows);
    char *own = calloc((size_t)(to - from) + 1, size);
    for (int i = from; own && i < to; i++) {
        char *entry = own + (size_t)(i - from) * size;
        int32_t row;
        memcpy(entry, (const char *)all + (size_t)i * size, size);
        memcpy(&row, entry, sizeof row);
        row -= start;
        memcpy(entry, &row, sizeof row);
    }
    *kept = to - from;
    return own;
}

static bool allocate(const hra_schema *schema, const hra_chunk *whole, int start, int rows, hra_slice *v,
                     hra_chunk *out)
{
    v->columns = calloc((size_t)schema->column_count + 1, sizeof *v->columns);
    v->labels = calloc((size_t)schema->label_count + 1, sizeof *v->labels);
    v->exceptions = slice_entries(whole->exceptions, sizeof *v->exceptions, whole->exception_count, start, rows,
                                  &out->exception_count);
    v->beyond = slice_entries(whole->beyond, sizeof *v->beyond, whole->beyond_count, start, rows, &out->beyond_count);
    v->marks = slice_entries(whole->marks, sizeof *v->marks, whole->mark_count, start, rows, &out->mark_count);
    return v->columns && v->labels && v->exceptions && v->beyond && v->marks;
}

/* Pointers into the whole chunk, moved to the first row of the slice. Codes that come by piece are the caller's. */
hra_code hra_slice_view(const hra_schema *schema, const hra_chunk *whole, int start, int rows, hra_slice *slice,
                        hra_chunk *out, hra_error *error)
{
    int left = whole->rows - start;
    rows = left < 0 ? 0 : left < rows ? left : rows;
    *out = *whole;
    *slice = (hra_slice){0};
    if (!allocate(schema, whole, start, rows, slice, out))
        return hra_fail(error, HRA_ENOMEM, "out of memory for a chunk");
    out->first_row = whole->first_row < 0 ? -1 : whole->first_row + (rows ? start : whole->rows);
    out->rows = rows;
    out->rejected = start == 0 ? whole->rejected : 0;
    for (int c = 0; whole->columns && c < schema->column_count; c++) {
        slice->columns[c] = whole->columns[c];
        if (slice->columns[c].u16) slice->columns[c].u16 += start;
        if (slice->columns[c].u32) slice->columns[c].u32 += start;
    }
    for (int l = 0; l < schema->label_count; l++) {
        slice->labels[l] = whole->labels[l];
        if (slice->labels[l].index) slice->labels[l].index += start;
    }
    out->columns = slice->columns;
    out->labels = slice->labels;
    out->exceptions = slice->exceptions;
    out->beyond = slice->beyond;
    out->marks = slice->marks;
    if (whole->keys) out->keys = whole->keys + start;
    if (whole->key_hashes) out->key_hashes = whole->key_hashes + start;
    if (whole->source_lines) out->source_lines = whole->source_lines + start;
    if (whole->source_files) out->source_files = whole->source_files + start;
    return HRA_OK;
}

void hra_slice_destroy(hra_slice *slice)
{
    free(slice->columns);
    free(slice->labels);
    free(slice->exceptions);
    free(slice->beyond);
    free(slice->marks);
}

static hra_code view_rows(const slices *s, view *v, hra_chunk *out, hra_error *error)
{
    HRA_TRY(
        hra_slice_view(s->base.schema, &v->of->chunk, v->place * s->slice_rows, s->slice_rows, &v->slice, out, error));
    out->sequence = v->of->sequence * s->per_chunk + v->place;
    out->owner = v;
    return HRA_OK;
}

static void free_view(view *v)
{
    hra_slice_destroy(&v->slice);
    free(v);
}

static hra_code fill(hra_source *base, int64_t sequence, void *ticket, hra_chunk *chunk, hra_error *error)
{
    slices *s = (slices *)base;
    view *v = ticket;
    hra_code code = read_chunk(s, v->of, error);
    if (code == HRA_OK) code = view_rows(s, v, chunk, error);
    if (code == HRA_OK) return HRA_OK;
    leave(s, v->of, 1);
    free_view(v);
    return code;
}

static void release(hra_source *base, hra_chunk *chunk)
{
    view *v = chunk->owner;
    leave((slices *)base, v->of, 1);
    free_view(v);
}

static int64_t bytes_done(hra_source *base)
{
    hra_source *inner = ((slices *)base)->inner;
    return inner->bytes_done ? inner->bytes_done(inner) : -1;
}

/* A run that ended early leaves slices of the present chunk that nobody claimed. */
static void close_slices(hra_source *base)
{
    slices *s = (slices *)base;
    if (s->next < s->count) {
        if (s->current->state == UNREAD) read_chunk(s, s->current, NULL);
        leave(s, s->current, s->count - s->next);
    }
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

hra_code hra_slices_new(hra_source *inner, int slice_rows, hra_source **out, hra_error *error)
{
    slices *s = calloc(1, sizeof *s);
    if (!s) return hra_out_of_memory(error);
    s->base = *inner;
    s->base.claim = claim;
    s->base.fill = fill;
    s->base.claimed_rows = NULL;
    s->base.piece = NULL;
    s->base.release = release;
    s->base.bytes_done = bytes_done;
    s->base.close = close_slices;
    s->inner = inner;
    s->slice_rows = slice_rows;
    s->per_chunk = HRA_CHUNK_ROWS / slice_rows;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    *out = &s->base;
    return HRA_OK;
}
