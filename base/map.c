#include "base/map.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef struct slot {
    char *key;
    size_t length;
    uint64_t hash;
    int64_t value;
} slot;

/* Keys are kept in blocks of their own: a map has thousands, and they go together. */
typedef struct key_block {
    struct key_block *next;
    size_t used, size;
    char bytes[];
} key_block;

enum { FIRST_BLOCK = 256, LARGEST_BLOCK = 32 * 1024 };

struct hra_map {
    slot *slots;
    key_block *keys;
    size_t capacity, count; /* capacity is a power of two */
};

/* FNV-1a, 64 bits */
static uint64_t hash_bytes(const char *key, size_t length)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < length; i++) h = (h ^ (unsigned char)key[i]) * 1099511628211u;
    return h;
}

hra_map *hra_map_new(void) { return calloc(1, sizeof(hra_map)); }

void hra_map_free(hra_map *map)
{
    if (!map) return;
    for (key_block *b = map->keys; b;) {
        key_block *next = b->next;
        free(b);
        b = next;
    }
    free(map->slots);
    free(map);
}

static slot *find(const hra_map *map, const char *key, size_t length, uint64_t hash)
{
    size_t mask = map->capacity - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        slot *s = &map->slots[i];
        if (!s->key || (s->hash == hash && s->length == length && memcmp(s->key, key, length) == 0)) return s;
    }
}

/* A copy with a NUL behind it; NULL when out of memory. */
static char *keep_key(hra_map *map, const char *key, size_t length)
{
    key_block *b = map->keys;
    if (!b || b->size - b->used <= length) {
        size_t size = !b ? FIRST_BLOCK : b->size < LARGEST_BLOCK ? 2 * b->size : LARGEST_BLOCK;
        if (size <= length) size = length + 1;
        b = malloc(sizeof *b + size);
        if (!b) return NULL;
        *b = (key_block){.next = map->keys, .size = size};
        map->keys = b;
    }
    char *copy = b->bytes + b->used;
    memcpy(copy, key, length);
    copy[length] = '\0';
    b->used += length + 1;
    return copy;
}

static bool grow(hra_map *map)
{
    hra_map bigger = {.keys = map->keys, .capacity = map->capacity ? map->capacity * 2 : 16, .count = map->count};
    bigger.slots = calloc(bigger.capacity, sizeof(slot));
    if (!bigger.slots) return false;
    for (size_t i = 0; i < map->capacity; i++) {
        const slot *s = &map->slots[i];
        if (s->key) *find(&bigger, s->key, s->length, s->hash) = *s;
    }
    free(map->slots);
    *map = bigger;
    return true;
}

int64_t hra_map_get_n(const hra_map *map, const char *key, size_t length)
{
    if (map->count == 0) return -1;
    const slot *s = find(map, key, length, hash_bytes(key, length));
    return s->key ? s->value : -1;
}

int64_t hra_map_get(const hra_map *map, const char *key) { return hra_map_get_n(map, key, strlen(key)); }

int hra_map_set_n(hra_map *map, const char *key, size_t length, int64_t value)
{
    if ((map->count + 1) * 4 > map->capacity * 3 && !grow(map)) return -1;
    uint64_t hash = hash_bytes(key, length);
    slot *s = find(map, key, length, hash);
    if (!s->key) {
        char *copy = keep_key(map, key, length);
        if (!copy) return -1;
        *s = (slot){.key = copy, .length = length, .hash = hash};
        map->count++;
    }
    s->value = value;
    return 0;
}

int hra_map_set(hra_map *map, const char *key, int64_t value) { return hra_map_set_n(map, key, strlen(key), value); }
