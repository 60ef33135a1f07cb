#include "service/tables/key_index.h"

#include <stdlib.h>

#include "io/files/spill_sort.h"
#include "service/tables/scratch.h"

enum { SORT_BYTES = 64 << 20, BUCKETS = 1 << 16 };

typedef struct entry {
    uint64_t key[2];
    int64_t row;
} entry;

struct hra_key_index {
    hra_spill_sort *sort; /* until finish */
    hra_scratch room;
    entry *entries; /* sorted by key */
    int64_t rows, count, repeated;
    int64_t bucket[BUCKETS + 1]; /* first entry of the keys that start with these 16 bits */
};

hra_code hra_key_index_new(const char *beside, int64_t rows, hra_key_index **out, hra_error *error)
{
    hra_key_index *index = calloc(1, sizeof *index);
    hra_code code = index ? HRA_OK : hra_out_of_memory(error);
    if (!code) {
        index->rows = rows;
        index->sort = hra_spill_sort_new(beside, SORT_BYTES);
        if (!index->sort) code = hra_out_of_memory(error);
    }
    if (!code) code = hra_scratch_open(beside, (size_t)rows * sizeof *index->entries, &index->room, error);
    if (code) {
        hra_key_index_free(index);
        return code;
    }
    index->entries = index->room.memory;
    *out = index;
    return HRA_OK;
}

void hra_key_index_free(hra_key_index *index)
{
    if (!index) return;
    hra_spill_sort_free(index->sort);
    hra_scratch_close(&index->room);
    free(index);
}

hra_code hra_key_index_add(hra_key_index *index, const uint64_t key[2], int64_t row, hra_error *error)
{
    hra_spill_record record = {{key[0], key[1], (uint64_t)row}};
    return hra_spill_sort_add(index->sort, &record, error);
}

static void fill_buckets(hra_key_index *index)
{
    int64_t at = 0;
    for (int b = 0; b <= BUCKETS; b++) {
        while (at < index->count && index->entries[at].key[0] >> 48 < (uint64_t)b) at++;
        index->bucket[b] = at;
    }
}

hra_code hra_key_index_finish(hra_key_index *index, hra_error *error)
{
    hra_spill_record record, before = {{0}};
    bool any, repeated = false;
    HRA_TRY(hra_spill_sort_finish(index->sort, error));
    for (int64_t at = 0;; at++) {
        HRA_TRY(hra_spill_sort_next(index->sort, &record, &any, error));
        if (!any) break;
        if (at == index->rows) return hra_fail(error, HRA_EINTERNAL, "more keys than there are rows");
        bool same = at > 0 && record.word[0] == before.word[0] && record.word[1] == before.word[1];
        if (same && !repeated) {
            index->count--;
            index->repeated++;
        }
        if (!same) index->entries[index->count++] = (entry){{record.word[0], record.word[1]}, (int64_t)record.word[2]};
        repeated = same;
        before = record;
    }
    hra_spill_sort_free(index->sort);
    index->sort = NULL;
    fill_buckets(index);
    return HRA_OK;
}

static int compare(const uint64_t a[2], const uint64_t b[2])
{
    if (a[0] != b[0]) return a[0] < b[0] ? -1 : 1;
    return a[1] < b[1] ? -1 : a[1] > b[1];
}

bool hra_key_index_find(const hra_key_index *index, const uint64_t key[2], int64_t *row)
{
    int64_t low = index->bucket[key[0] >> 48], high = index->bucket[(key[0] >> 48) + 1];
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        int order = compare(index->entries[middle].key, key);
        if (order == 0) {
            *row = index->entries[middle].row;
            return true;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

int64_t hra_key_index_repeated(const hra_key_index *index) { return index->repeated; }
