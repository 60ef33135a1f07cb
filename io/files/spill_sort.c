#include "io/files/spill_sort.h"

#include <stdlib.h>
#include <string.h>

#include "io/files/spill_file.h"

enum {
    FEWEST_BUFFERED = 128, /* records of a run that are read at once: 4 KiB */
    FEW_RECORDS = 24,      /* sorted by insertion */
    RECORD_BYTES = sizeof(hra_spill_record)
};

/* Sorted records in the file, and those of them that are in memory. */
typedef struct run {
    int64_t offset; /* of what is still to be read */
    int64_t left;   /* records still to be read */
    hra_spill_record *records;
    size_t at, count;
} run;

struct hra_spill_sort {
    hra_spill_file spill;
    hra_spill_record *records; /* being filled; after finish shared out among the runs */
    size_t capacity, count, at;
    run *runs;
    size_t run_count, run_capacity;
    size_t *heap; /* runs that are not used up, the one with the smallest record first */
    size_t heap_count;
};

hra_spill_sort *hra_spill_sort_new(const char *beside, size_t bytes)
{
    hra_spill_sort *sort = calloc(1, sizeof *sort);
    if (!sort) return NULL;
    sort->capacity = bytes > RECORD_BYTES ? bytes / RECORD_BYTES : 1;
    sort->records = malloc(sort->capacity * RECORD_BYTES);
    bool ready = hra_spill_file_init(&sort->spill, beside);
    if (sort->records && ready) return sort;
    hra_spill_sort_free(sort);
    return NULL;
}

void hra_spill_sort_free(hra_spill_sort *sort)
{
    if (!sort) return;
    hra_spill_file_close(&sort->spill);
    free(sort->records);
    free(sort->runs);
    free(sort->heap);
    free(sort);
}

/* ---- the order --------------------------------------------------------------------- */

static inline bool is_less(const hra_spill_record *a, const hra_spill_record *b)
{
    for (int i = 0; i < 3; i++)
        if (a->word[i] != b->word[i]) return a->word[i] < b->word[i];
    return a->word[3] < b->word[3];
}

static inline unsigned digit(const hra_spill_record *record, int place)
{
    return (unsigned)(record->word[place / 8] >> (56 - 8 * (place % 8))) & 255;
}

static void insertion_sort(hra_spill_record *records, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        hra_spill_record record = records[i];
        size_t j = i;
        for (; j > 0 && is_less(&record, &records[j - 1]); j--) records[j] = records[j - 1];
        records[j] = record;
    }
}

/* Where the records of each byte start; false if all have the same byte. */
static bool count_bytes(const hra_spill_record *records, size_t count, int place, size_t start[257])
{
    size_t sizes[256] = {0}, sum = 0;
    for (size_t i = 0; i < count; i++) sizes[digit(&records[i], place)]++;
    for (int d = 0; d < 256; d++) {
        start[d] = sum;
        sum += sizes[d];
    }
    start[256] = sum;
    return sizes[digit(&records[0], place)] < count;
}

/* By bytes, from `place` on, without further memory: every record is swapped into the part of its byte, then each part
 * is sorted by the next byte. The work is bounded whatever the records are. */
static void sort_records(hra_spill_record *records, size_t count, int place)
{
    if (count <= FEW_RECORDS) {
        insertion_sort(records, count);
        return;
    }
    size_t start[257], at[256];
    while (place < RECORD_BYTES && !count_bytes(records, count, place, start)) place++;
    if (place == RECORD_BYTES) return; /* all the same */
    memcpy(at, start, sizeof at);
    for (unsigned d = 0; d < 256; d++)
        while (at[d] < start[d + 1]) {
            hra_spill_record *here = &records[at[d]];
            hra_spill_record *there = &records[at[digit(here, place)]++];
            hra_spill_record record = *there;
            *there = *here;
            *here = record;
        }
    for (int d = 0; d < 256; d++)
        if (start[d + 1] - start[d] > 1) sort_records(records + start[d], start[d + 1] - start[d], place + 1);
}

/* ---- runs -------------------------------------------------------------------------- */

static hra_code write_run(hra_spill_sort *sort, hra_error *error)
{
    if (sort->run_count == sort->run_capacity) {
        size_t capacity = sort->run_capacity ? 2 * sort->run_capacity : 16;
        run *runs = realloc(sort->runs, capacity * sizeof *runs);
        if (!runs) return hra_out_of_memory(error);
        sort->runs = runs;
        sort->run_capacity = capacity;
    }
    sort_records(sort->records, sort->count, 0);
    sort->runs[sort->run_count++] = (run){.offset = sort->spill.written, .left = (int64_t)sort->count};
    HRA_TRY(hra_spill_append(&sort->spill, sort->records, sort->count * RECORD_BYTES, error));
    sort->count = 0;
    return HRA_OK;
}

hra_code hra_spill_sort_add(hra_spill_sort *sort, const hra_spill_record *record, hra_error *error)
{
    if (sort->count == sort->capacity) HRA_TRY(write_run(sort, error));
    sort->records[sort->count++] = *record;
    return HRA_OK;
}

static hra_code refill(const hra_spill_sort *sort, run *r, size_t most, hra_error *error)
{
    r->at = 0;
    r->count = r->left < (int64_t)most ? (size_t)r->left : most;
    HRA_TRY(hra_spill_read(&sort->spill, r->offset, r->records, r->count * RECORD_BYTES, error));
    r->offset += (int64_t)(r->count * RECORD_BYTES);
    r->left -= (int64_t)r->count;
    return HRA_OK;
}

/* ---- merging ----------------------------------------------------------------------- */

static const hra_spill_record *head(const hra_spill_sort *sort, size_t place)
{
    const run *r = &sort->runs[sort->heap[place]];
    return &r->records[r->at];
}

/* Moves a run down to where no run below it has a smaller record. */
static void sink(hra_spill_sort *sort, size_t place)
{
    size_t moved = sort->heap[place];
    const hra_spill_record *record = head(sort, place);
    for (;;) {
        size_t child = 2 * place + 1;
        if (child >= sort->heap_count) break;
        if (child + 1 < sort->heap_count && is_less(head(sort, child + 1), head(sort, child))) child++;
        if (!is_less(head(sort, child), record)) break;
        sort->heap[place] = sort->heap[child];
        place = child;
    }
    sort->heap[place] = moved;
}

hra_code hra_spill_sort_finish(hra_spill_sort *sort, hra_error *error)
{
    if (sort->run_count == 0) {
        sort_records(sort->records, sort->count, 0);
        return HRA_OK;
    }
    HRA_TRY(write_run(sort, error));
    size_t share = sort->capacity / sort->run_count;
    if (share < FEWEST_BUFFERED) {
        share = FEWEST_BUFFERED;
        free(sort->records);
        sort->records = malloc(share * sort->run_count * RECORD_BYTES);
    }
    sort->capacity = share; /* from now on of each run */
    sort->heap = malloc(sort->run_count * sizeof *sort->heap);
    if (!sort->records || !sort->heap) return hra_out_of_memory(error);
    for (size_t i = 0; i < sort->run_count; i++) {
        sort->runs[i].records = sort->records + i * share;
        HRA_TRY(refill(sort, &sort->runs[i], share, error));
        sort->heap[i] = i;
    }
    sort->heap_count = sort->run_count;
    for (size_t i = sort->heap_count / 2; i-- > 0;) sink(sort, i);
    return HRA_OK;
}

hra_code hra_spill_sort_next(hra_spill_sort *sort, hra_spill_record *record, bool *any, hra_error *error)
{
    if (sort->run_count == 0) {
        *any = sort->at < sort->count;
        if (*any) *record = sort->records[sort->at++];
        return HRA_OK;
    }
    *any = sort->heap_count > 0;
    if (!*any) return HRA_OK;
    *record = *head(sort, 0);
    run *r = &sort->runs[sort->heap[0]];
    if (++r->at == r->count) {
        if (r->left > 0)
            HRA_TRY(refill(sort, r, sort->capacity, error));
        else
            sort->heap[0] = sort->heap[--sort->heap_count];
    }
    if (sort->heap_count > 0) sink(sort, 0);
    return HRA_OK;
}
