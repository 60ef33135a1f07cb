#include "io/identity/id_set.h"

#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/large_memory.h"
#include "io/words/text_fold.h"

/* A line of the cache: identifiers stand in it from the first on. `rest` is the word of the hash that does not say
 * where it belongs. */
enum { TOGETHER = 5 };

typedef struct line {
    uint64_t rest[TOGETHER];
    uint32_t number[TOGETHER];
    uint32_t used;
} line;

_Static_assert(sizeof(line) == HRA_ID_SET_LINE, "the size of a line");
_Static_assert((int)HRA_ID_SET_ROOM < (int)TOGETHER, "in a full set most lines have a place");

static const uint32_t too_large = UINT32_MAX; /* for a number to be kept */

typedef struct table {
    void *memory; /* that the lines stand in, on boundaries of the cache's */
    line *lines;
    size_t line_count;
} table;

/* A set that grows gets another table, twice as large, and keeps the full ones: nothing is copied. */
enum { FIRST_LINES = 256, TABLES = 48 };

struct hra_id_set {
    table tables[TABLES];
    int table_count;
    size_t count, full; /* identifiers, and those of them in all tables but the last */
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
    for (int i = 0; i < set->table_count; i++) free(set->tables[i].memory);
    free(set);
}

size_t hra_id_set_count(const hra_id_set *set) { return set->count; }

/* Where a hash belongs: as far from the first line as its first word is from 0. */
static line *place_of(const table *t, hra_id_hash hash)
{
    return &t->lines[(size_t)((unsigned __int128)hash.word[0] * t->line_count >> 64)];
}

/* Which of a line an identifier is; the next free one if it is not there, TOGETHER if none is free. All are compared,
 * not one after the other: the processor could not foresee the answers. */
static inline uint32_t find_in(const line *l, uint64_t rest)
{
    uint32_t same = 0;
    for (uint32_t i = 0; i < TOGETHER; i++) same |= (uint32_t)(l->rest[i] == rest) << i;
    same &= (1u << l->used) - 1;
    return same ? (uint32_t)__builtin_ctz(same) : l->used;
}

/* The line of an identifier, or where it goes, and its number there; beyond full lines is the next one. */
static line *find(const table *t, hra_id_hash hash, uint32_t *at)
{
    line *l = place_of(t, hash);
    while ((*at = find_in(l, hash.word[1])) == TOGETHER)
        if (++l == t->lines + t->line_count) l = t->lines;
    return l;
}

static size_t room_of(size_t line_count) { return line_count * HRA_ID_SET_ROOM; }

static size_t grown(size_t line_count) { return line_count ? 2 * line_count : FIRST_LINES; }

/* Every look into a large set goes to another page: large pages make that half as slow. Of a large one the system
 * clears each page when it is first needed, not all of them while everybody waits for the first rows. */
static bool add_table(hra_id_set *set, size_t line_count)
{
    if (set->table_count == TABLES) return false;
    char *memory = calloc(line_count + 1, sizeof(line));
    if (!memory) return false;
    hra_large_memory_advise(memory, (line_count + 1) * sizeof(line));
    line *lines = (line *)(void *)(memory + -(uintptr_t)memory % sizeof(line));
    set->tables[set->table_count++] = (table){memory, lines, line_count};
    set->full = set->count;
    return true;
}

static size_t last_lines(const hra_id_set *set)
{
    return set->table_count ? set->tables[set->table_count - 1].line_count : 0;
}

bool hra_id_set_fits(const hra_id_set *set, size_t more, size_t bytes)
{
    size_t all = 0, line_count = last_lines(set), room = room_of(line_count) - (set->count - set->full);
    for (int i = 0; i < set->table_count; i++) all += set->tables[i].line_count;
    while (room < more) {
        more -= room;
        line_count = grown(line_count);
        room = room_of(line_count);
        all += line_count;
    }
    return all * sizeof(line) <= bytes;
}

void hra_id_set_expect(hra_id_set *set, size_t count, size_t bytes)
{
    size_t line_count = (count + HRA_ID_SET_ROOM - 1) / HRA_ID_SET_ROOM, most = bytes / sizeof(line);
    if (line_count < FIRST_LINES) line_count = FIRST_LINES;
    if (line_count > most) line_count = most;
    if (!set->table_count && line_count > 0) add_table(set, line_count); /* if not, it grows later */
}

void hra_id_set_prefetch(const hra_id_set *set, hra_id_hash hash)
{
    for (int i = 0; i < set->table_count; i++) __builtin_prefetch(place_of(&set->tables[i], hash), 1);
}

bool hra_id_set_add(hra_id_set *set, hra_id_hash hash, int64_t number, int64_t *earlier)
{
    uint32_t at;
    if (set->count - set->full == room_of(last_lines(set)) && !add_table(set, grown(last_lines(set)))) return false;
    for (int i = 0; i < set->table_count; i++) {
        line *l = find(&set->tables[i], hash, &at);
        if (at < l->used) {
            *earlier = l->number[at] == too_large ? -1 : (int64_t)l->number[at];
            return true;
        }
        if (i + 1 < set->table_count) continue;
        l->rest[at] = hash.word[1];
        l->number[at] = number < too_large ? (uint32_t)number : too_large;
        l->used++;
    }
    set->count++;
    *earlier = 0;
    return true;
}
