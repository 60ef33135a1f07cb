/* The inner work of BLAKE3 (io/files/blake3.h), as many inputs at a time as the processor has lanes for. All vector
 * levels give the same. */
#ifndef HRA_IO_BLAKE3_LANES_H
#define HRA_IO_BLAKE3_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/data/column.h"
#include "io/files/vector_level.h"

enum { HRA_BLAKE3_CHUNK = 1024, HRA_BLAKE3_BLOCK = 64, HRA_BLAKE3_VALUE = 32 };

typedef enum hra_blake3_flag {
    HRA_BLAKE3_CHUNK_START = 1,
    HRA_BLAKE3_CHUNK_END = 2,
    HRA_BLAKE3_PARENT = 4,
    HRA_BLAKE3_ROOT = 8,
    HRA_BLAKE3_KEYED = 16
} hra_blake3_flag;

/* What the inputs of one call have in common: whole blocks, one input behind the other. */
typedef struct hra_blake3_inputs {
    const unsigned char *start; /* the value before the first block */
    const unsigned char *bytes;
    size_t blocks; /* of each */
    size_t count;
    uint64_t counter;                        /* of the first */
    bool counted;                            /* the counter grows by one with every input */
    uint32_t flags, first_flags, last_flags; /* of all blocks; more of the first and of the last */
} hra_blake3_inputs;

/* The chaining value of every input, HRA_BLAKE3_VALUE bytes each, one behind the other. */
void hra_blake3_values(hra_vector_level level, const hra_blake3_inputs *inputs, unsigned char *values);

/* One block of `length` bytes, the rest zeros, in place of the value before it. */
void hra_blake3_block(unsigned char value[HRA_BLAKE3_VALUE], const unsigned char block[HRA_BLAKE3_BLOCK],
                      uint64_t counter, uint32_t length, uint32_t flags);

/* Short messages, zeros behind them; whoever sets a length keeps the longest. */
enum { HRA_BLAKE3_MESSAGES = 16, HRA_BLAKE3_MESSAGE = 2 * HRA_BLAKE3_BLOCK };
typedef struct hra_blake3_messages {
    unsigned char bytes[HRA_BLAKE3_MESSAGES][HRA_BLAKE3_MESSAGE];
    uint32_t length[HRA_BLAKE3_MESSAGES], longest;
} hra_blake3_messages;

/* The first 16 bytes of the keyed hash of each. */
void hra_blake3_keyed_messages(hra_vector_level level, const unsigned char key[HRA_BLAKE3_VALUE],
                               const hra_blake3_messages *messages, hra_key_hash hashes[HRA_BLAKE3_MESSAGES]);

extern const unsigned char hra_blake3_start[HRA_BLAKE3_VALUE]; /* without a key, what chunks and parents begin with */

#endif
