#include "io/id_set.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "io/text_fold.h"

typedef struct slot {
    hra_id_hash hash; /* both words zero: free */
    int64_t number;
} slot;

struct hra_id_set {
    slot *slots;
    size_t capacity, count; /* capacity is a power of two */
};

/* ---- hashes ------------------------------------------------------------------------- */

_Static_assert(sizeof(hra_id_hasher) == crypto_shorthash_siphashx24_KEYBYTES, "the key of this hash");
_Static_assert(sizeof(hra_id_hash) == crypto_shorthash_siphashx24_BYTES, "the size of this hash");

bool hra_id_hasher_start(hra_id_hasher *hasher)
{
    if (sodium_init() < 0) return false;
    randombytes_buf(hasher->key, sizeof hasher->key);
    return true;
}

hra_id_hasher hra_id_hasher_of_issuer(const hra_id_hasher *hasher, const char *issuer)
{
    hra_id_hasher own = *hasher;
    if (*issuer) crypto_shorthash_siphashx24(own.key, (const unsigned char *)issuer, strlen(issuer), hasher->key);
    return own;
}

bool hra_id_hash_text(const hra_id_hasher *hasher, const char *identifier, size_t length, hra_id_hash *hash)
{
    char small[256], *folded = small;
    size_t capacity = 4 * length + 16;
    if (capacity > sizeof small && !(folded = malloc(capacity))) return false;
    int n = hra_fold(identifier, length, HRA_FOLD_UPPER, folded, capacity > sizeof small ? capacity : sizeof small);
    unsigned char bytes[crypto_shorthash_siphashx24_BYTES];
    crypto_shorthash_siphashx24(bytes, (const unsigned char *)folded, n > 0 ? (size_t)n : 0, hasher->key);
    memcpy(hash->word, bytes, sizeof bytes);
    if (hash->word[0] == 0 && hash->word[1] == 0) hash->word[1] = 1;
    if (folded != small) free(folded);
    return true;
}

/* ---- the set ------------------------------------------------------------------------ */

hra_id_set *hra_id_set_new(void) { return calloc(1, sizeof(hra_id_set)); }

void hra_id_set_free(hra_id_set *set)
{
    if (!set) return;
    free(set->slots);
    free(set);
}

size_t hra_id_set_count(const hra_id_set *set) { return set->count; }

static bool is_free(const slot *s) { return s->hash.word[0] == 0 && s->hash.word[1] == 0; }

static slot *find(slot *slots, size_t capacity, hra_id_hash hash)
{
    size_t mask = capacity - 1;
    for (size_t i = hash.word[0] & mask;; i = (i + 1) & mask) {
        slot *s = &slots[i];
        if (is_free(s) || (s->hash.word[0] == hash.word[0] && s->hash.word[1] == hash.word[1])) return s;
    }
}

static bool is_enough(size_t capacity, size_t count) { return count * 4 <= capacity * 3; }

static size_t grown(size_t capacity) { return capacity ? 2 * capacity : 1024; }

bool hra_id_set_fits(const hra_id_set *set, size_t more, size_t bytes)
{
    size_t capacity = set->capacity, before = 0;
    while (!is_enough(capacity, set->count + more)) {
        before = capacity;
        capacity = grown(capacity);
    }
    return (before + capacity) * sizeof(slot) <= bytes; /* old and new slots while it grows */
}

static bool grow(hra_id_set *set)
{
    size_t capacity = grown(set->capacity);
    slot *slots = calloc(capacity, sizeof *slots);
    if (!slots) return false;
    for (size_t i = 0; i < set->capacity; i++) {
        const slot *s = &set->slots[i];
        if (!is_free(s)) *find(slots, capacity, s->hash) = *s;
    }
    free(set->slots);
    set->slots = slots;
    set->capacity = capacity;
    return true;
}

int64_t *hra_id_set_at(hra_id_set *set, hra_id_hash hash, bool *added)
{
    if (!is_enough(set->capacity, set->count + 1) && !grow(set)) return NULL;
    slot *s = find(set->slots, set->capacity, hash);
    *added = is_free(s);
    if (*added) {
        s->hash = hash;
        set->count++;
    }
    return &s->number;
}
