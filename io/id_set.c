#include "io/id_set.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/large_memory.h"
#include "io/text_fold.h"

typedef struct slot {
    uint64_t hash;
    uint64_t rest; /* 24 bits more of the hash, 40 bits of the number; 0: free */
} slot;

_Static_assert(sizeof(slot) == HRA_ID_SET_SLOT, "the size of a slot");

enum { NUMBER_BITS = 40 };
static const uint64_t number_mask = (UINT64_C(1) << NUMBER_BITS) - 1; /* all bits set: a number too large to keep */

struct hra_id_set {
    slot *slots;
    size_t capacity, count;
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

/* Slots are looked at by fours, a line of the cache, which fill from their first on. */
enum { TOGETHER = 4 };

/* Where a hash belongs: as far from the first four as the hash is from 0. */
static slot *place_of(slot *slots, size_t capacity, uint64_t hash)
{
    return &slots[TOGETHER * (size_t)((unsigned __int128)hash * (capacity / TOGETHER) >> 64)];
}

/* The slot of a hash, or the free one where it goes. Which of four it is, is found without asking one after the other:
 * the processor could not foresee the answers. */
static slot *find(slot *slots, size_t capacity, uint64_t hash, uint64_t more_hash)
{
    for (slot *four = place_of(slots, capacity, hash);;) {
        slot *same = NULL;
        int used = 0;
        for (int i = 0; i < TOGETHER; i++) {
            bool taken = four[i].rest != 0;
            used += taken;
            bool equal = taken & (four[i].hash == hash) & ((four[i].rest & ~number_mask) == more_hash);
            same = equal ? &four[i] : same;
        }
        if (same) return same;
        if (used < TOGETHER) return &four[used];
        four += TOGETHER;
        if (four == slots + capacity) four = slots;
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

/* Free slots. Every look into a large set goes to another page: large pages make that half as slow. */
static slot *new_slots(size_t capacity)
{
    slot *slots = hra_large_memory(capacity * sizeof *slots);
    if (slots) memset(slots, 0, capacity * sizeof *slots);
    return slots;
}

static bool grow_to(hra_id_set *set, size_t capacity)
{
    slot *slots = new_slots(capacity);
    if (!slots) return false;
    for (size_t i = 0; i < set->capacity; i++) {
        const slot *s = &set->slots[i];
        if (s->rest) *find(slots, capacity, s->hash, s->rest & ~number_mask) = *s;
    }
    free(set->slots);
    set->slots = slots;
    set->capacity = capacity;
    return true;
}

void hra_id_set_expect(hra_id_set *set, size_t count, size_t bytes)
{
    size_t capacity = grown(0);
    if (!is_enough(capacity, count)) capacity = ((4 * count + 2) / 3 + TOGETHER - 1) / TOGETHER * TOGETHER;
    if (set->count == 0 && capacity * sizeof(slot) <= bytes) grow_to(set, capacity); /* if not, it grows later */
}

void hra_id_set_prefetch(const hra_id_set *set, hra_id_hash hash)
{
    if (set->capacity > 0) __builtin_prefetch(place_of(set->slots, set->capacity, hash.word[0]), 1);
}

bool hra_id_set_add(hra_id_set *set, hra_id_hash hash, int64_t number, int64_t *earlier)
{
    if (!is_enough(set->capacity, set->count + 1) && !grow_to(set, grown(set->capacity))) return false;
    uint64_t more_hash = hash.word[1] & ~number_mask;
    slot *s = find(set->slots, set->capacity, hash.word[0], more_hash);
    *earlier = 0;
    if (s->rest) {
        uint64_t kept = s->rest & number_mask;
        *earlier = kept == number_mask ? -1 : (int64_t)kept;
        return true;
    }
    uint64_t kept = (uint64_t)number < number_mask ? (uint64_t)number : number_mask;
    *s = (slot){hash.word[0], more_hash | kept};
    set->count++;
    return true;
}
