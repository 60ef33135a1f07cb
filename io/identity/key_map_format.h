/* What stands in a key map; shared by its writer and its reader. */
#ifndef HRA_IO_KEY_MAP_FORMAT_H
#define HRA_IO_KEY_MAP_FORMAT_H

#include <sodium.h>
#include <stdint.h>

#include "base/buffer.h"
#include "io/identity/identity.h"

#define HRA_KEY_MAP_MAGIC "hra-key-map 1\n"
#define HRA_KEY_MAP_INDEX UINT64_MAX /* block number of the index */

enum {
    HRA_KEY_MAP_SECRET = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    HRA_KEY_MAP_NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    HRA_KEY_MAP_TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    HRA_KEY_MAP_BLOCK = 16 << 10, /* plain bytes of a block, about */
    HRA_KEY_MAP_LARGEST = 64 << 20
};

/* Magic, fingerprint, salt: told in plain, authenticated with every block. */
typedef struct hra_key_map_head {
    char magic[16], fingerprint[16];
    unsigned char salt[32];
} hra_key_map_head;

/* A person in a block: key (two words), bytes of the fields (4), the fields. A field: its number and length (2 each),
 * its text. */
enum { HRA_KEY_MAP_PERSON = 20, HRA_KEY_MAP_FIELD = 4 };

/* What a block is authenticated with besides its content. */
typedef struct hra_key_map_seal {
    hra_key_map_head head;
    uint64_t number;
} hra_key_map_seal;

/* A block in the index: its first key and its place. The index begins with the number of people, of fields, of blocks;
 * then field numbers with names, then these. */
typedef struct hra_key_map_place {
    uint64_t key[2], offset;
} hra_key_map_place;

void hra_key_map_secret(const hra_identity *identity, const hra_key_map_head *head,
                        unsigned char secret[HRA_KEY_MAP_SECRET]);

#endif
