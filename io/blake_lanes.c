#include "io/blake_lanes.h"

#include <string.h>

#include "io/blake_round.h"

/* A word of every lane. Compilers turn the arithmetic into what the processor has. */
typedef uint64_t lanes __attribute__((vector_size(8 * HRA_BLAKE_LANES)));

static const uint64_t start_values[8] = {UINT64_C(0x6a09e667f3bcc908), UINT64_C(0xbb67ae8584caa73b),
                                         UINT64_C(0x3c6ef372fe94f82b), UINT64_C(0xa54ff53a5f1d36f1),
                                         UINT64_C(0x510e527fade682d1), UINT64_C(0x9b05688c2b3e6c1f),
                                         UINT64_C(0x1f83d9abfb41bd6b), UINT64_C(0x5be0cd19137e2179)};

/* Which message words each round takes; rounds 10 and 11 repeat 0 and 1. */
enum { ROUNDS = 12, PERIOD = 10 };
static const uint8_t order[PERIOD][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

#define WORD(i) ((i) < words ? m[i] : (lanes){0})
#define MIX(a, b, c, d, x, y) HRA_BLAKE_MIX(64, 32, 24, 16, 63, a, b, c, d, WORD(x), WORD(y))

/* The function F of the RFC for all lanes; `counted` are the bytes so far, `last` all ones for the last block. Message
 * words from `words` on are zero and not read: it is a constant and the rounds stand one after the other, so that
 * nothing is added there. */
static inline __attribute__((always_inline)) void compress(lanes h[8], const lanes *m, size_t words,
                                                           const lanes *counted, uint64_t last)
{
    lanes v[16];
    for (int i = 0; i < 8; i++) {
        v[i] = h[i];
        v[i + 8] = (lanes){0} + start_values[i];
    }
    v[12] ^= *counted;
    v[14] ^= last;
#pragma GCC unroll 12
    for (int round = 0; round < ROUNDS; round++) HRA_BLAKE_ROUND(MIX, v, order[round % PERIOD]);
    for (int i = 0; i < 8; i++) h[i] ^= v[i] ^ v[i + 8];
}

static inline uint64_t load_little(const unsigned char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* The words at a place of all messages. Written one by one they are put together in pairs, instead of one after the
 * other as in a loop. */
static inline __attribute__((always_inline)) void words_at(const hra_blake_messages *messages, size_t place, lanes *out)
{
    const unsigned char(*bytes)[HRA_BLAKE_BLOCK] = messages->bytes;
    *out = (lanes){load_little(bytes[0] + place), load_little(bytes[1] + place), load_little(bytes[2] + place),
                   load_little(bytes[3] + place), load_little(bytes[4] + place), load_little(bytes[5] + place),
                   load_little(bytes[6] + place), load_little(bytes[7] + place)};
}

/* Message words from `words` on are zero in all lanes. */
static inline __attribute__((always_inline)) void finish_words(const uint64_t state[8],
                                                               const hra_blake_messages *messages, size_t words,
                                                               uint64_t hashes[HRA_BLAKE_LANES][2])
{
    lanes h[8], m[16], counted, pairs[2];
    memcpy(&counted, messages->length, sizeof counted);
    counted += HRA_BLAKE_BLOCK;
    for (int i = 0; i < 8; i++) h[i] = (lanes){0} + state[i];
    for (size_t i = 0; i < words; i++) words_at(messages, 8 * i, &m[i]);
    compress(h, m, words, &counted, UINT64_MAX);
    pairs[0] = __builtin_shufflevector(h[0], h[1], 0, 8, 1, 9, 2, 10, 3, 11);
    pairs[1] = __builtin_shufflevector(h[0], h[1], 4, 12, 5, 13, 6, 14, 7, 15);
    memcpy(hashes, pairs, sizeof pairs);
}

static inline __attribute__((always_inline)) void finish(const uint64_t state[8], const hra_blake_messages *messages,
                                                         uint64_t hashes[HRA_BLAKE_LANES][2])
{
    enum { FEW = 3 }; /* an issuer's short name and an identity number */
    size_t longest = 0;
    for (int lane = 0; lane < HRA_BLAKE_LANES; lane++)
        if (messages->length[lane] > longest) longest = messages->length[lane];
    if (longest <= 8 * FEW)
        finish_words(state, messages, FEW, hashes);
    else
        finish_words(state, messages, 16, hashes);
}

static void finish_plain(const uint64_t state[8], const hra_blake_messages *messages,
                         uint64_t hashes[HRA_BLAKE_LANES][2])
{
    finish(state, messages, hashes);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void finish_avx2(const uint64_t state[8], const hra_blake_messages *messages,
                                                        uint64_t hashes[HRA_BLAKE_LANES][2])
{
    finish(state, messages, hashes);
}

__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw"))) static void
finish_avx512(const uint64_t state[8], const hra_blake_messages *messages, uint64_t hashes[HRA_BLAKE_LANES][2])
{
    finish(state, messages, hashes);
}
#else
#define finish_avx2 finish_plain
#define finish_avx512 finish_plain
#endif

void hra_blake_finish(hra_vector_level level, const uint64_t state[8], const hra_blake_messages *messages,
                      uint64_t hashes[HRA_BLAKE_LANES][2])
{
    switch (level) {
    case HRA_VECTOR_AVX512: finish_avx512(state, messages, hashes); break;
    case HRA_VECTOR_AVX2: finish_avx2(state, messages, hashes); break;
    default: finish_plain(state, messages, hashes);
    }
}

void hra_blake_start(const unsigned char *key, size_t key_length, size_t hash_length, uint64_t state[8])
{
    unsigned char block[HRA_BLAKE_BLOCK] = {0};
    lanes h[8], m[16], counted = (lanes){0} + HRA_BLAKE_BLOCK;
    memcpy(block, key, key_length);
    for (int i = 0; i < 8; i++) h[i] = (lanes){0} + start_values[i];
    h[0] ^= UINT64_C(0x01010000) ^ (uint64_t)key_length << 8 ^ hash_length; /* fan-out 1, depth 1 */
    for (int i = 0; i < 16; i++) m[i] = (lanes){0} + load_little(block + 8 * i);
    compress(h, m, 16, &counted, 0);
    for (int i = 0; i < 8; i++) state[i] = h[i][0];
    explicit_bzero(block, sizeof block);
    explicit_bzero(m, sizeof m);
}
