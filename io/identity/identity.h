/* Identity: person identifiers become keyed hashes before anything is stored.
 * A person is an issuer plus an identifier; the key file is made once
 * (`hra key new`) and never given on the command line. */
#ifndef HRA_IO_IDENTITY_H
#define HRA_IO_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"
#include "io/identity/id_set.h"

enum { HRA_KEY_TEXT = 33 /* 32 hex digits and NUL */ };

typedef struct hra_identity hra_identity;

hra_code hra_identity_create(const char *path, hra_error *error); /* new key file, 0600; refuses to overwrite */
hra_code hra_identity_load(const char *path, hra_identity **out, hra_error *error);
void hra_identity_free(hra_identity *identity); /* wipes the key */
const char *hra_identity_fingerprint(const hra_identity *identity);
/* The first 128 bits of the keyed BLAKE3 of issuer, 0x1F, identifier (trimmed, upper-cased ASCII, full-width folded);
 * under a key file of the first kind ("hra-key 1") keyed BLAKE2b-128 of the same. */
void hra_identity_hash(const hra_identity *identity, const char *issuer, const char *identifier, size_t length,
                       char out[HRA_KEY_TEXT]);

/* The same of many identifiers at once, as words, and the text of such a hash. */
typedef struct hra_identifier {
    const char *text;
    size_t length;
} hra_identifier;
void hra_identity_hash_many(const hra_identity *identity, const char *issuer, const hra_identifier *identifiers,
                            int count, hra_id_hash *out);
void hra_identity_key_text(hra_id_hash hash, char out[HRA_KEY_TEXT]);
/* The digits of many, one after the other without anything between them. */
void hra_identity_key_digits(const hra_id_hash *hashes, int count, char *out);

/* A secret of 32 bytes for another purpose: keyed BLAKE2b-256 of the purpose and a salt. */
void hra_identity_derive(const hra_identity *identity, const char *purpose, const unsigned char *salt, size_t length,
                         unsigned char out[32]);

#endif
