/* Identifiers as they are compared, and a set of them with one number each. Both know identifiers by a 128-bit hash
 * under a key drawn at random, so nobody can prepare identifiers that collide, and a hash tells nothing. */
#ifndef HRA_IO_ID_SET_H
#define HRA_IO_ID_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct hra_id_hash {
    uint64_t word[2];
} hra_id_hash;

typedef struct hra_id_hasher {
    unsigned char key[16];
} hra_id_hasher;

bool hra_id_hasher_start(hra_id_hasher *hasher); /* false: no source of randomness */
/* Each issuer has a key of its own: one identifier of two issuers is two persons. "" leaves the key as it is. */
hra_id_hasher hra_id_hasher_of_issuer(const hra_id_hasher *hasher, const char *issuer);
/* Identifiers differing only in case, width or outer spaces are the same. False: out of memory. */
bool hra_id_hash_text(const hra_id_hasher *hasher, const char *identifier, size_t length, hra_id_hash *hash);

/* Open addressing: 24 bytes a slot, between 32 and 64 bytes per identifier. */
typedef struct hra_id_set hra_id_set;

hra_id_set *hra_id_set_new(void);
void hra_id_set_free(hra_id_set *set);
size_t hra_id_set_count(const hra_id_set *set);
/* True if `more` identifiers can be added without ever exceeding so many bytes, also while the set grows. */
bool hra_id_set_fits(const hra_id_set *set, size_t more, size_t bytes);

/* The number kept for an identifier, 0 if it was not there before (*added). NULL: out of memory. Valid until the next
 * call. */
int64_t *hra_id_set_at(hra_id_set *set, hra_id_hash hash, bool *added);

#endif
