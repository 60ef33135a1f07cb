/* Identifiers as they are compared, and a set of them with one number each. Both know identifiers by a 128-bit hash
 * under a key drawn at random, so nobody can prepare identifiers that collide, and a hash tells nothing. */
#ifndef HRA_IO_ID_SET_H
#define HRA_IO_ID_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/data/column.h"

typedef hra_key_hash hra_id_hash; /* of an identifier, whoever it is compared for */

typedef struct hra_id_hasher {
    unsigned char key[16];
} hra_id_hasher;

bool hra_id_hasher_start(hra_id_hasher *hasher); /* false: no source of randomness */
/* Each issuer has a key of its own: one identifier of two issuers is two persons. "" leaves the key as it is. */
hra_id_hasher hra_id_hasher_of_issuer(const hra_id_hasher *hasher, const char *issuer);
/* Identifiers differing only in case, width or outer spaces are the same. False: out of memory. */
bool hra_id_hash_text(const hra_id_hasher *hasher, const char *identifier, size_t length, hra_id_hash *hash);

/* Lines of 64 bytes, each for four identifiers on average at most: 64 bits of the hash beside those that say which
 * line, and the number. 16 bytes an identifier, up to 48 in a set that had to grow. */
typedef struct hra_id_set hra_id_set;

enum { HRA_ID_SET_LINE = 64, HRA_ID_SET_ROOM = 4 };

hra_id_set *hra_id_set_new(void);
void hra_id_set_free(hra_id_set *set);
size_t hra_id_set_count(const hra_id_set *set);
/* True if `more` identifiers can be added without ever exceeding so many bytes. */
bool hra_id_set_fits(const hra_id_set *set, size_t more, size_t bytes);
/* Makes room for so many at once, or for as many as fit the bytes. Only an empty set; growing step by step needs more
 * memory and more time. */
void hra_id_set_expect(hra_id_set *set, size_t count, size_t bytes);

/* The place of a hash that is asked for soon. */
void hra_id_set_prefetch(const hra_id_set *set, hra_id_hash hash);
/* Keeps `number` (at least 1) for an identifier that was not there before; else *earlier is the one that was kept, -1
 * if it was too large to be kept in 32 bits. *earlier is 0 for a new one. False: out of memory. */
bool hra_id_set_add(hra_id_set *set, hra_id_hash hash, int64_t number, int64_t *earlier);

#endif
