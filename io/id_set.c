#include "io/id_set.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "io/text_fold.h"

typedef struct slot {
    uint64_t hash[2]; /* both zero: free */
    int64_t number;
} slot;

struct hra_id_set {
    slot *slots;
    size_t capacity, count; /* capacity is a power of two */
    unsigned char key[crypto_shorthash_siphashx24_KEYBYTES];
};

hra_id_set *hra_id_set_new(void)
{
    if (sodium_init() < 0) return NULL;
    hra_id_set *set = calloc(1, sizeof *set);
    if (set) randombytes_buf(set->key, sizeof set->key); /* nobody can prepare identifiers that collide */
    return set;
}

void hra_id_set_free(hra_id_set *set)
{
    if (!set) return;
    free(set->slots);
    free(set);
}

size_t hra_id_set_count(const hra_id_set *set) { return set->count; }

static slot *find(slot *slots, size_t capacity, const uint64_t hash[2])
{
    size_t mask = capacity - 1;
    for (size_t i = hash[0] & mask;; i = (i + 1) & mask) {
        slot *s = &slots[i];
        if ((s->hash[0] == 0 && s->hash[1] == 0) || (s->hash[0] == hash[0] && s->hash[1] == hash[1])) return s;
    }
}

static bool grow(hra_id_set *set)
{
    size_t capacity = set->capacity ? 2 * set->capacity : 1024;
    slot *slots = calloc(capacity, sizeof *slots);
    if (!slots) return false;
    for (size_t i = 0; i < set->capacity; i++) {
        const slot *s = &set->slots[i];
        if (s->hash[0] || s->hash[1]) *find(slots, capacity, s->hash) = *s;
    }
    free(set->slots);
    set->slots = slots;
    set->capacity = capacity;
    return true;
}

static bool hash_identifier(const hra_id_set *set, const char *identifier, size_t length, uint64_t hash[2])
{
    char small[256], *folded = small;
    size_t capacity = 4 * length + 16;
    if (capacity > sizeof small && !(folded = malloc(capacity))) return false;
    int n = hra_fold(identifier, length, HRA_FOLD_UPPER, folded, capacity > sizeof small ? capacity : sizeof small);
    unsigned char bytes[crypto_shorthash_siphashx24_BYTES];
    crypto_shorthash_siphashx24(bytes, (const unsigned char *)folded, n > 0 ? (size_t)n : 0, set->key);
    memcpy(hash, bytes, sizeof bytes);
    if (hash[0] == 0 && hash[1] == 0) hash[1] = 1;
    if (folded != small) free(folded);
    return true;
}

int64_t *hra_id_set_at(hra_id_set *set, const char *identifier, size_t length, bool *added)
{
    uint64_t hash[2];
    if (!hash_identifier(set, identifier, length, hash)) return NULL;
    if ((set->count + 1) * 4 > set->capacity * 3 && !grow(set)) return NULL;
    slot *s = find(set->slots, set->capacity, hash);
    *added = s->hash[0] == 0 && s->hash[1] == 0;
    if (*added) {
        memcpy(s->hash, hash, sizeof hash);
        set->count++;
    }
    return &s->number;
}
