#include "io/files/blake3_lanes.h"

#include <string.h>

enum { ROUNDS = 7 };

static const uint32_t start_words[8] = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                                        0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};

const unsigned char hra_blake3_start[HRA_BLAKE3_VALUE] = {
    0x67, 0xE6, 0x09, 0x6A, 0x85, 0xAE, 0x67, 0xBB, 0x72, 0xF3, 0x6E, 0x3C, 0x3A, 0xF5, 0x4F, 0xA5,
    0x7F, 0x52, 0x0E, 0x51, 0x8C, 0x68, 0x05, 0x9B, 0xAB, 0xD9, 0x83, 0x1F, 0x19, 0xCD, 0xE0, 0x5B};

/* Which message words each round takes: the permutation of the second row, over and over. */
static const uint8_t order[ROUNDS][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8},
    {3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1}, {10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6},
    {12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4}, {9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7},
    {11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13}};

#define ROTATE(x, by) ((x) >> (by) | (x) << (32 - (by)))

/* Mixes two message words into four words of the state. The word comes first: b is the last that is known. */
#define MIX(a, b, c, d, x, y)                                                                                          \
    do {                                                                                                               \
        (a) = (a) + (x) + (b);                                                                                         \
        (d) = ROTATE((d) ^ (a), 16);                                                                                   \
        (c) = (c) + (d);                                                                                               \
        (b) = ROTATE((b) ^ (c), 12);                                                                                   \
        (a) = (a) + (y) + (b);                                                                                         \
        (d) = ROTATE((d) ^ (a), 8);                                                                                    \
        (c) = (c) + (d);                                                                                               \
        (b) = ROTATE((b) ^ (c), 7);                                                                                    \
    } while (0)

/* Over the columns and the diagonals of the state v; s says which words of the message m. */
#define ROUND(v, m, s)                                                                                                 \
    do {                                                                                                               \
        MIX((v)[0], (v)[4], (v)[8], (v)[12], (m)[(s)[0]], (m)[(s)[1]]);                                                \
        MIX((v)[1], (v)[5], (v)[9], (v)[13], (m)[(s)[2]], (m)[(s)[3]]);                                                \
        MIX((v)[2], (v)[6], (v)[10], (v)[14], (m)[(s)[4]], (m)[(s)[5]]);                                               \
        MIX((v)[3], (v)[7], (v)[11], (v)[15], (m)[(s)[6]], (m)[(s)[7]]);                                               \
        MIX((v)[0], (v)[5], (v)[10], (v)[15], (m)[(s)[8]], (m)[(s)[9]]);                                               \
        MIX((v)[1], (v)[6], (v)[11], (v)[12], (m)[(s)[10]], (m)[(s)[11]]);                                             \
        MIX((v)[2], (v)[7], (v)[8], (v)[13], (m)[(s)[12]], (m)[(s)[13]]);                                              \
        MIX((v)[3], (v)[4], (v)[9], (v)[14], (m)[(s)[14]], (m)[(s)[15]]);                                              \
    } while (0)

static inline uint32_t load_little(const unsigned char *bytes)
{
    uint32_t word;
    memcpy(&word, bytes, 4);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap32(word);
#endif
    return word;
}

static inline void store_little(unsigned char *bytes, uint32_t word)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap32(word);
#endif
    memcpy(bytes, &word, 4);
}

#define LANES 1
#define LANES_TARGET
#include "io/files/blake3_lanes.inc.h"

#define LANES 4
#define LANES_TARGET
#define LOW_HALVES 0, 4, 1, 5
#define HIGH_HALVES 2, 6, 3, 7
#include "io/files/blake3_lanes.inc.h"

#if defined(__x86_64__)
#define LANES 8
#define LANES_TARGET __attribute__((target("avx2")))
#define LOW_HALVES 0, 8, 1, 9, 2, 10, 3, 11
#define HIGH_HALVES 4, 12, 5, 13, 6, 14, 7, 15
#include "io/files/blake3_lanes.inc.h"

#define LANES 16
#define LANES_TARGET __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw")))
#define LOW_HALVES 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define HIGH_HALVES 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#include "io/files/blake3_lanes.inc.h"
#endif

void hra_blake3_values(hra_vector_level level, const hra_blake3_inputs *inputs, unsigned char *values)
{
    size_t done = 0;
#if defined(__x86_64__)
    if (level == HRA_VECTOR_AVX512) done = fill_16(inputs, done, values);
    if (level != HRA_VECTOR_PLAIN) done = fill_8(inputs, done, values);
#else
    (void)level;
#endif
    done = fill_4(inputs, done, values);
    fill_1(inputs, done, values);
}

void hra_blake3_block(unsigned char value[HRA_BLAKE3_VALUE], const unsigned char block[HRA_BLAKE3_BLOCK],
                      uint64_t counter, uint32_t length, uint32_t flags)
{
    lanes_1 h[8], m[16], count[2] = {{(uint32_t)counter}, {(uint32_t)(counter >> 32)}};
    for (size_t i = 0; i < 8; i++) h[i][0] = load_little(value + 4 * i);
    for (size_t i = 0; i < 16; i++) m[i][0] = load_little(block + 4 * i);
    compress_1(h, m, count, (lanes_1[2]){{length}, {flags}});
    for (size_t i = 0; i < 8; i++) store_little(value + 4 * i, h[i][0]);
}

void hra_blake3_keyed_messages(hra_vector_level level, const unsigned char key[HRA_BLAKE3_VALUE],
                               const hra_blake3_messages *messages, hra_key_hash hashes[HRA_BLAKE3_MESSAGES])
{
#if defined(__x86_64__)
    if (level == HRA_VECTOR_AVX512) {
        messages_16(key, messages, 0, hashes);
        return;
    }
    if (level == HRA_VECTOR_AVX2) {
        for (size_t from = 0; from < HRA_BLAKE3_MESSAGES; from += 8) messages_8(key, messages, from, hashes);
        return;
    }
#else
    (void)level;
#endif
    for (size_t from = 0; from < HRA_BLAKE3_MESSAGES; from += 4) messages_4(key, messages, from, hashes);
}
