#include "io/files/blake3.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "io/files/blake3_lanes.h"

/* The tree has chunks of 1 KiB as its leaves; the left part of every node is the largest power of two that leaves
 * something to the right. So parts of 64 chunks are whole trees, and of those that are done the stack holds the values
 * that still wait for a right neighbour: one for every bit of their number. Four parts from where such a tree of four
 * begins are made together, which is quicker. A part is added to the stack only when more follows, because the last
 * merge of all is marked as the root. */
enum { PART_CHUNKS = 64, PART = PART_CHUNKS * HRA_BLAKE3_CHUNK, TOGETHER = 4, DEEPEST = 64 };

typedef unsigned char chain_value[HRA_BLAKE3_VALUE];

struct hra_blake3 {
    hra_vector_level level;
    chain_value start;  /* of every chunk and parent: a key, or what stands for none */
    uint32_t flags;     /* of every block */
    uint64_t parts;     /* done, and on the stack */
    chain_value top[2]; /* of the part, or four, that were read last: the two values below the uppermost */
    uint64_t top_parts; /* how many; 0: none */
    int depth;
    chain_value stack[DEEPEST];
    size_t rest_length; /* of what does not fill a part yet */
    unsigned char rest[PART];
};

static void begin(hra_blake3 *hash, hra_vector_level level, const unsigned char *key)
{
    hash->level = level;
    memcpy(hash->start, key ? key : hra_blake3_start, sizeof hash->start);
    hash->flags = key ? HRA_BLAKE3_KEYED : 0;
    hash->parts = 0;
    hash->top_parts = 0;
    hash->depth = 0;
    hash->rest_length = 0;
}

hra_blake3 *hra_blake3_new(hra_vector_level level)
{
    hra_blake3 *hash = malloc(sizeof *hash);
    if (hash) begin(hash, level, NULL);
    return hash;
}

void hra_blake3_free(hra_blake3 *hash) { free(hash); }

/* `values` of neighbours become those of their parents, layer by layer, until two are left or one. A value without a
 * neighbour moves up as it is. */
static size_t merge_layers(const hra_blake3 *hash, chain_value *values, size_t count)
{
    chain_value parents[TOGETHER * PART_CHUNKS / 2];
    while (count > 2) {
        hra_blake3_inputs pairs = {.start = hash->start,
                                   .bytes = values[0],
                                   .blocks = 1,
                                   .count = count / 2,
                                   .flags = hash->flags | HRA_BLAKE3_PARENT};
        hra_blake3_values(hash->level, &pairs, parents[0]);
        memcpy(values, parents, sizeof *values * (count / 2));
        if (count % 2) memcpy(values[count / 2], values[count - 1], sizeof *values);
        count = count / 2 + count % 2;
    }
    return count;
}

static void make_parent(const hra_blake3 *hash, const chain_value left, const chain_value right, uint32_t root,
                        chain_value out)
{
    unsigned char block[HRA_BLAKE3_BLOCK];
    memcpy(block, left, HRA_BLAKE3_VALUE);
    memcpy(block + HRA_BLAKE3_VALUE, right, HRA_BLAKE3_VALUE);
    memcpy(out, hash->start, HRA_BLAKE3_VALUE);
    hra_blake3_block(out, block, 0, HRA_BLAKE3_BLOCK, hash->flags | HRA_BLAKE3_PARENT | root);
}

/* The last chunk, which may be short; of an empty input it is empty. */
static void make_last_chunk(const hra_blake3 *hash, const unsigned char *bytes, size_t length, uint64_t counter,
                            uint32_t root, chain_value out)
{
    memcpy(out, hash->start, HRA_BLAKE3_VALUE);
    size_t at = 0;
    do {
        unsigned char block[HRA_BLAKE3_BLOCK] = {0};
        size_t size = length - at < HRA_BLAKE3_BLOCK ? length - at : HRA_BLAKE3_BLOCK;
        bool last = at + size == length;
        if (size > 0) memcpy(block, bytes + at, size);
        uint32_t flags = hash->flags | (at == 0 ? HRA_BLAKE3_CHUNK_START : 0U);
        hra_blake3_block(out, block, counter, (uint32_t)size, flags | (last ? HRA_BLAKE3_CHUNK_END | root : 0U));
        at += size;
    } while (at < length);
}

/* What waits goes to the stack: something follows it. */
static void push_top(hra_blake3 *hash)
{
    if (hash->top_parts == 0) return;
    chain_value value;
    make_parent(hash, hash->top[0], hash->top[1], 0, value);
    hash->parts += hash->top_parts;
    for (uint64_t trees = hash->parts / hash->top_parts; trees % 2 == 0; trees /= 2)
        make_parent(hash, hash->stack[--hash->depth], value, 0, value);
    memcpy(hash->stack[hash->depth++], value, sizeof value);
    hash->top_parts = 0;
}

/* One part, or four from a multiple of four on. */
static void add_parts(hra_blake3 *hash, const unsigned char *bytes, uint64_t count)
{
    chain_value values[TOGETHER * PART_CHUNKS];
    push_top(hash);
    hra_blake3_inputs chunks = {.start = hash->start,
                                .bytes = bytes,
                                .blocks = HRA_BLAKE3_CHUNK / HRA_BLAKE3_BLOCK,
                                .count = count * PART_CHUNKS,
                                .counter = hash->parts * PART_CHUNKS,
                                .counted = true,
                                .flags = hash->flags,
                                .first_flags = HRA_BLAKE3_CHUNK_START,
                                .last_flags = HRA_BLAKE3_CHUNK_END};
    hra_blake3_values(hash->level, &chunks, values[0]);
    merge_layers(hash, values, count * PART_CHUNKS);
    memcpy(hash->top, values, sizeof hash->top);
    hash->top_parts = count;
}

void hra_blake3_add(hra_blake3 *hash, const void *bytes, size_t length)
{
    const unsigned char *from = bytes;
    while (length > 0) {
        if (hash->rest_length == 0 && length >= PART) {
            bool four = length >= TOGETHER * PART && (hash->parts + hash->top_parts) % TOGETHER == 0;
            uint64_t count = four ? TOGETHER : 1;
            add_parts(hash, from, count);
            from += count * PART;
            length -= count * PART;
            continue;
        }
        size_t room = PART - hash->rest_length, size = length < room ? length : room;
        memcpy(hash->rest + hash->rest_length, from, size);
        hash->rest_length += size;
        from += size;
        length -= size;
        if (hash->rest_length < PART) continue;
        add_parts(hash, hash->rest, 1);
        hash->rest_length = 0;
    }
}

/* The values of the chunks behind the last whole part, merged until two are left or one. */
static size_t end_values(const hra_blake3 *hash, chain_value values[PART_CHUNKS])
{
    size_t whole = (hash->rest_length - 1) / HRA_BLAKE3_CHUNK, at = whole * HRA_BLAKE3_CHUNK;
    uint64_t counter = hash->parts * PART_CHUNKS;
    hra_blake3_inputs chunks = {.start = hash->start,
                                .bytes = hash->rest,
                                .blocks = HRA_BLAKE3_CHUNK / HRA_BLAKE3_BLOCK,
                                .count = whole,
                                .counter = counter,
                                .counted = true,
                                .flags = hash->flags,
                                .first_flags = HRA_BLAKE3_CHUNK_START,
                                .last_flags = HRA_BLAKE3_CHUNK_END};
    hra_blake3_values(hash->level, &chunks, values[0]);
    make_last_chunk(hash, hash->rest + at, hash->rest_length - at, counter + whole, 0, values[whole]);
    return merge_layers(hash, values, whole + 1);
}

static void make_root(hra_blake3 *hash, chain_value value)
{
    chain_value values[PART_CHUNKS];
    size_t count = 2;
    if (hash->rest_length > 0) push_top(hash);
    bool alone = hash->depth == 0 && hash->top_parts == 0 && hash->rest_length <= HRA_BLAKE3_CHUNK;
    if (alone) {
        make_last_chunk(hash, hash->rest, hash->rest_length, 0, HRA_BLAKE3_ROOT, value);
        return;
    }
    if (hash->rest_length > 0)
        count = end_values(hash, values);
    else
        memcpy(values, hash->top, sizeof hash->top);
    if (count == 2)
        make_parent(hash, values[0], values[1], hash->depth == 0 ? HRA_BLAKE3_ROOT : 0, value);
    else
        memcpy(value, values[0], HRA_BLAKE3_VALUE);
    while (hash->depth > 0) {
        hash->depth--;
        make_parent(hash, hash->stack[hash->depth], value, hash->depth == 0 ? HRA_BLAKE3_ROOT : 0, value);
    }
}

void hra_blake3_finish(hra_blake3 *hash, char out[HRA_BLAKE3_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    chain_value root;
    make_root(hash, root);
    for (int i = 0; i < HRA_BLAKE3_VALUE; i++) {
        out[2 * i] = digits[root[i] >> 4];
        out[2 * i + 1] = digits[root[i] & 15];
    }
    out[HRA_BLAKE3_TEXT - 1] = '\0';
}

void hra_blake3_keyed(const unsigned char key[HRA_BLAKE3_BYTES], hra_blake3_piece *next, void *context,
                      unsigned char out[HRA_BLAKE3_BYTES])
{
    hra_blake3 hash;
    const void *piece;
    begin(&hash, HRA_VECTOR_PLAIN, key);
    for (size_t length; (length = next(context, &piece)) > 0;) hra_blake3_add(&hash, piece, length);
    make_root(&hash, out);
    explicit_bzero(&hash, sizeof hash);
}
