#include "io/files/row_sort.h"

#include <stdlib.h>
#include <string.h>

#include "io/files/spill_file.h"

enum { FEWEST_BUFFERED = 32 << 10, SMALLEST = 64 << 10 };

/* A row in memory: its words, and where its bytes stand. */
typedef struct entry {
    uint64_t key[4];
    size_t offset;
    uint32_t length;
} entry;

/* In the file a row is its words, its length and its bytes. */
enum { HEAD = 4 * sizeof(uint64_t) + sizeof(uint32_t) };

/* Sorted rows in the file, and the part of them that is in memory. */
typedef struct run {
    int64_t offset, left; /* bytes still to be read */
    char *bytes;
    size_t at, count, capacity;
    uint64_t key[4]; /* of the row at `at` */
    uint32_t length;
} run;

struct hra_row_sort {
    hra_spill_file spill;
    char *bytes; /* grows from the start; room for both is what the memory allows */
    size_t used, capacity;
    entry *entries;
    size_t entry_count, entry_capacity, at, budget;
    run *runs;
    size_t run_count, run_capacity;
    size_t *heap; /* runs that are not used up, the one with the smallest row first */
    size_t heap_count;
    bool started; /* the first run of the heap has been handed out and moves on at the next call */
};

hra_row_sort *hra_row_sort_new(const char *beside, size_t bytes)
{
    hra_row_sort *sort = calloc(1, sizeof *sort);
    if (!sort) return NULL;
    sort->budget = bytes > SMALLEST ? bytes : SMALLEST;
    if (hra_spill_file_init(&sort->spill, beside)) return sort;
    hra_row_sort_free(sort);
    return NULL;
}

void hra_row_sort_free(hra_row_sort *sort)
{
    if (!sort) return;
    hra_spill_file_close(&sort->spill);
    for (size_t i = 0; i < sort->run_count; i++) free(sort->runs[i].bytes);
    free(sort->bytes);
    free(sort->entries);
    free(sort->runs);
    free(sort->heap);
    free(sort);
}

/* ---- the order --------------------------------------------------------------------- */

static inline int compare_keys(const uint64_t a[4], const uint64_t b[4])
{
    for (int i = 0; i < 4; i++)
        if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    return 0;
}

static int compare_entries(const void *a, const void *b)
{
    return compare_keys(((const entry *)a)->key, ((const entry *)b)->key);
}

/* ---- runs -------------------------------------------------------------------------- */

/* What is on its way to the file. */
typedef struct block {
    char *bytes;
    size_t filled;
} block;
enum { BLOCK = 256 << 10 };

static hra_code flush(hra_row_sort *sort, block *b, hra_error *error)
{
    size_t filled = b->filled;
    b->filled = 0;
    return hra_spill_append(&sort->spill, b->bytes, filled, error);
}

static hra_code write_row(hra_row_sort *sort, const entry *e, block *b, hra_error *error)
{
    bool fits = HEAD + (size_t)e->length <= BLOCK;
    if (b->filled + HEAD + e->length > BLOCK) HRA_TRY(flush(sort, b, error));
    memcpy(b->bytes + b->filled, e->key, sizeof e->key);
    memcpy(b->bytes + b->filled + sizeof e->key, &e->length, sizeof e->length);
    b->filled += HEAD;
    if (!fits) { /* longer than the block: by itself */
        HRA_TRY(flush(sort, b, error));
        return hra_spill_append(&sort->spill, sort->bytes + e->offset, e->length, error);
    }
    memcpy(b->bytes + b->filled, sort->bytes + e->offset, e->length);
    b->filled += e->length;
    return HRA_OK;
}

static hra_code write_rows(hra_row_sort *sort, hra_error *error)
{
    block b = {.bytes = malloc(BLOCK)};
    if (!b.bytes) return hra_out_of_memory(error);
    hra_code code = HRA_OK;
    for (size_t i = 0; i < sort->entry_count && code == HRA_OK; i++)
        code = write_row(sort, &sort->entries[i], &b, error);
    if (code == HRA_OK) code = flush(sort, &b, error);
    free(b.bytes);
    return code;
}

static hra_code write_run(hra_row_sort *sort, hra_error *error)
{
    if (sort->run_count == sort->run_capacity) {
        size_t capacity = sort->run_capacity ? 2 * sort->run_capacity : 16;
        run *runs = realloc(sort->runs, capacity * sizeof *runs);
        if (!runs) return hra_out_of_memory(error);
        sort->runs = runs;
        sort->run_capacity = capacity;
    }
    qsort(sort->entries, sort->entry_count, sizeof *sort->entries, compare_entries);
    int64_t start = sort->spill.written;
    HRA_TRY(write_rows(sort, error));
    sort->runs[sort->run_count++] = (run){.offset = start, .left = sort->spill.written - start};
    sort->entry_count = sort->used = 0;
    return HRA_OK;
}

static size_t grown(size_t capacity, size_t needed, size_t least)
{
    size_t size = capacity ? 2 * capacity : least;
    return size < needed ? needed : size;
}

static hra_code make_room(hra_row_sort *sort, size_t length, hra_error *error)
{
    if (sort->used + length > sort->capacity) {
        size_t capacity = grown(sort->capacity, sort->used + length, SMALLEST / 2);
        char *bytes = realloc(sort->bytes, capacity);
        if (!bytes) return hra_out_of_memory(error);
        sort->bytes = bytes;
        sort->capacity = capacity;
    }
    if (sort->entry_count == sort->entry_capacity) {
        size_t capacity = grown(sort->entry_capacity, 0, 256);
        entry *entries = realloc(sort->entries, capacity * sizeof *entries);
        if (!entries) return hra_out_of_memory(error);
        sort->entries = entries;
        sort->entry_capacity = capacity;
    }
    return HRA_OK;
}

hra_code hra_row_sort_add(hra_row_sort *sort, const hra_sort_row *row, hra_error *error)
{
    if (row->length >= UINT32_MAX) return hra_fail(error, HRA_EINTERNAL, "a row of more than 4 GiB cannot be sorted");
    size_t needed = sort->used + row->length + (sort->entry_count + 1) * sizeof *sort->entries;
    if (needed > sort->budget && sort->entry_count > 0) HRA_TRY(write_run(sort, error));
    HRA_TRY(make_room(sort, row->length, error));
    entry *e = &sort->entries[sort->entry_count++];
    memcpy(e->key, row->key, sizeof e->key);
    e->offset = sort->used;
    e->length = (uint32_t)row->length;
    if (row->length > 0) memcpy(sort->bytes + sort->used, row->bytes, row->length);
    sort->used += row->length;
    return HRA_OK;
}

/* ---- merging ----------------------------------------------------------------------- */

/* At least `needed` bytes from `at` on in memory. */
static hra_code refill(const hra_row_sort *sort, run *r, size_t needed, hra_error *error)
{
    if (r->count - r->at >= needed) return HRA_OK;
    memmove(r->bytes, r->bytes + r->at, r->count - r->at);
    r->count -= r->at;
    r->at = 0;
    if (needed > r->capacity) {
        char *bytes = realloc(r->bytes, needed);
        if (!bytes) return hra_out_of_memory(error);
        r->bytes = bytes;
        r->capacity = needed;
    }
    size_t more = r->capacity - r->count;
    if ((int64_t)more > r->left) more = (size_t)r->left;
    HRA_TRY(hra_spill_read(&sort->spill, r->offset, r->bytes + r->count, more, error));
    r->offset += (int64_t)more;
    r->left -= (int64_t)more;
    r->count += more;
    return HRA_OK;
}

/* Reads the words, length and bytes of the next row; the run has one. */
static hra_code load(const hra_row_sort *sort, run *r, hra_error *error)
{
    HRA_TRY(refill(sort, r, HEAD, error));
    memcpy(r->key, r->bytes + r->at, sizeof r->key);
    memcpy(&r->length, r->bytes + r->at + sizeof r->key, sizeof r->length);
    return refill(sort, r, HEAD + (size_t)r->length, error);
}

static bool is_used_up(const run *r) { return r->at == r->count && r->left == 0; }

/* Moves a run down to where no run below it has a smaller row. */
static void sink(hra_row_sort *sort, size_t place)
{
    size_t moved = sort->heap[place];
    for (;;) {
        size_t child = 2 * place + 1;
        if (child >= sort->heap_count) break;
        const run *left = &sort->runs[sort->heap[child]];
        if (child + 1 < sort->heap_count && compare_keys(sort->runs[sort->heap[child + 1]].key, left->key) < 0) child++;
        if (compare_keys(sort->runs[sort->heap[child]].key, sort->runs[moved].key) >= 0) break;
        sort->heap[place] = sort->heap[child];
        place = child;
    }
    sort->heap[place] = moved;
}

hra_code hra_row_sort_finish(hra_row_sort *sort, hra_error *error)
{
    if (sort->run_count == 0) {
        if (sort->entry_count > 0) qsort(sort->entries, sort->entry_count, sizeof *sort->entries, compare_entries);
        return HRA_OK;
    }
    HRA_TRY(write_run(sort, error));
    free(sort->bytes);
    free(sort->entries);
    sort->bytes = NULL;
    sort->entries = NULL;
    size_t share = sort->budget / sort->run_count;
    if (share < FEWEST_BUFFERED) share = FEWEST_BUFFERED;
    sort->heap = malloc(sort->run_count * sizeof *sort->heap);
    if (!sort->heap) return hra_out_of_memory(error);
    for (size_t i = 0; i < sort->run_count; i++) {
        run *r = &sort->runs[i];
        r->bytes = malloc(share);
        if (!r->bytes) return hra_out_of_memory(error);
        r->capacity = share;
        HRA_TRY(load(sort, r, error));
        sort->heap[i] = i;
    }
    sort->heap_count = sort->run_count;
    for (size_t i = sort->heap_count / 2; i-- > 0;) sink(sort, i);
    return HRA_OK;
}

/* Past the row that was handed out last. */
static hra_code advance(hra_row_sort *sort, hra_error *error)
{
    run *r = &sort->runs[sort->heap[0]];
    r->at += HEAD + (size_t)r->length;
    if (is_used_up(r)) {
        free(r->bytes);
        r->bytes = NULL;
        sort->heap[0] = sort->heap[--sort->heap_count];
    } else {
        HRA_TRY(load(sort, r, error));
    }
    if (sort->heap_count > 0) sink(sort, 0);
    return HRA_OK;
}

hra_code hra_row_sort_next(hra_row_sort *sort, hra_sort_row *row, bool *any, hra_error *error)
{
    if (sort->run_count == 0) {
        *any = sort->at < sort->entry_count;
        if (!*any) return HRA_OK;
        const entry *e = &sort->entries[sort->at++];
        memcpy(row->key, e->key, sizeof row->key);
        row->bytes = sort->bytes + e->offset;
        row->length = e->length;
        return HRA_OK;
    }
    if (sort->started && sort->heap_count > 0) HRA_TRY(advance(sort, error));
    sort->started = true;
    *any = sort->heap_count > 0;
    if (!*any) return HRA_OK;
    const run *r = &sort->runs[sort->heap[0]];
    memcpy(row->key, r->key, sizeof row->key);
    row->bytes = r->bytes + r->at + HEAD;
    row->length = r->length;
    return HRA_OK;
}
