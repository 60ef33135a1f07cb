#include "intake/profiles/tally.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct slot {
    uint64_t key;  /* bits of the value without the dropped ones */
    int64_t count; /* 0: free */
} slot;

struct hra_tally {
    slot *slots;
    uint32_t capacity, used, most; /* capacity is a power of two, twice the numbers at least */
    int dropped;                   /* bits */
    int64_t total;
    hra_tally_entry *entries;
    int entry_count;
};

hra_tally *hra_tally_new(int most)
{
    hra_tally *tally = calloc(1, sizeof *tally);
    if (tally) tally->most = most < 16 ? 16 : (uint32_t)most;
    return tally;
}

void hra_tally_free(hra_tally *tally)
{
    if (!tally) return;
    free(tally->slots);
    free(tally->entries);
    free(tally);
}

static slot *find(slot *slots, uint32_t capacity, uint64_t key)
{
    uint64_t h = key * UINT64_C(0x9E3779B97F4A7C15);
    for (uint32_t i = (uint32_t)(h >> 32) & (capacity - 1);; i = (i + 1) & (capacity - 1))
        if (slots[i].count == 0 || slots[i].key == key) return &slots[i];
}

/* The same counts in `capacity` slots, with `dropped` bits gone. */
static bool rebuild(hra_tally *tally, uint32_t capacity, int dropped)
{
    slot *slots = calloc(capacity, sizeof *slots);
    if (!slots) return false;
    uint32_t used = 0;
    for (uint32_t i = 0; i < tally->capacity; i++) {
        if (tally->slots[i].count == 0) continue;
        uint64_t key = tally->slots[i].key >> dropped << dropped;
        slot *place = find(slots, capacity, key);
        used += place->count == 0;
        place->key = key;
        place->count += tally->slots[i].count;
    }
    free(tally->slots);
    tally->slots = slots;
    tally->capacity = capacity;
    tally->used = used;
    tally->dropped = dropped;
    return true;
}

static bool make_room(hra_tally *tally)
{
    if (2 * (tally->used + 1) > tally->capacity &&
        !rebuild(tally, tally->capacity ? 2 * tally->capacity : 32, tally->dropped))
        return false;
    while (tally->used >= tally->most)
        if (!rebuild(tally, tally->capacity, tally->dropped ? tally->dropped + 1 : 24)) return false;
    return true;
}

bool hra_tally_add_times(hra_tally *tally, double value, int64_t times)
{
    uint64_t key;
    if (times <= 0) return true;
    value += 0.0; /* no -0 */
    memcpy(&key, &value, sizeof key);
    if (!tally->slots && !make_room(tally)) return false;
    slot *place = find(tally->slots, tally->capacity, key >> tally->dropped << tally->dropped);
    if (place->count == 0) {
        if (!make_room(tally)) return false;
        key = key >> tally->dropped << tally->dropped;
        place = find(tally->slots, tally->capacity, key);
        tally->used += place->count == 0;
        place->key = key;
    }
    place->count += times;
    tally->total += times;
    return true;
}

bool hra_tally_add(hra_tally *tally, double value) { return hra_tally_add_times(tally, value, 1); }

int64_t hra_tally_total(const hra_tally *tally) { return tally->total; }

static int by_value(const void *a, const void *b)
{
    double x = ((const hra_tally_entry *)a)->value, y = ((const hra_tally_entry *)b)->value;
    return (x > y) - (x < y);
}

bool hra_tally_finish(hra_tally *tally, const hra_tally_entry **entries, int *count)
{
    if (!tally->entries) {
        tally->entries = calloc((size_t)tally->used + 1, sizeof *tally->entries);
        if (!tally->entries) return false;
        for (uint32_t i = 0; i < tally->capacity; i++) {
            if (tally->slots[i].count == 0) continue;
            hra_tally_entry *entry = &tally->entries[tally->entry_count++];
            memcpy(&entry->value, &tally->slots[i].key, sizeof entry->value);
            entry->count = tally->slots[i].count;
        }
        qsort(tally->entries, (size_t)tally->entry_count, sizeof *tally->entries, by_value);
        free(tally->slots); /* some thousand tallies of a delivery stand side by side */
        tally->slots = NULL;
        tally->capacity = 0;
    }
    *entries = tally->entries;
    *count = tally->entry_count;
    return true;
}

int hra_tally_entries(const hra_tally *tally, const hra_tally_entry **entries)
{
    int count = 0;
    return hra_tally_finish((hra_tally *)tally, entries, &count) ? count : 0;
}

double hra_tally_quantile(const hra_tally *tally, double share)
{
    int64_t seen = 0;
    for (int i = 0; i < tally->entry_count; i++) {
        seen += tally->entries[i].count;
        if ((double)seen >= share * (double)tally->total) return tally->entries[i].value;
    }
    return NAN;
}

int64_t hra_tally_between(const hra_tally *tally, double low, double high)
{
    int64_t inside = 0;
    for (int i = 0; i < tally->entry_count; i++)
        if (tally->entries[i].value >= low && tally->entries[i].value <= high) inside += tally->entries[i].count;
    return inside;
}
