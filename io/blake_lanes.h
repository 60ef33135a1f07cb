/* BLAKE2b (RFC 7693) of eight short messages at once, after a block of key that is the same for all of them. */
#ifndef HRA_IO_BLAKE_LANES_H
#define HRA_IO_BLAKE_LANES_H

#include <stddef.h>
#include <stdint.h>

#include "io/vector_level.h"

enum { HRA_BLAKE_LANES = 8, HRA_BLAKE_BLOCK = 128 };

/* The state behind the key: where every message goes on. key_length is at most 64. */
void hra_blake_start(const unsigned char *key, size_t key_length, size_t hash_length, uint64_t state[8]);

/* Messages of 1 to HRA_BLAKE_BLOCK bytes, zeros behind them. The first 16 bytes of each hash, as two little-endian
 * words. */
typedef struct hra_blake_messages {
    unsigned char bytes[HRA_BLAKE_LANES][HRA_BLAKE_BLOCK];
    uint64_t length[HRA_BLAKE_LANES];
} hra_blake_messages;

void hra_blake_finish(hra_vector_level level, const uint64_t state[8], const hra_blake_messages *messages,
                      uint64_t hashes[HRA_BLAKE_LANES][2]);

#endif
