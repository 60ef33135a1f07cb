/* Files for one reader: encrypted to a public key, opened with the secret one. A random key of the file is sealed to
 * the reader (X25519, XSalsa20-Poly1305), the bytes are a stream of authenticated blocks (XChaCha20-Poly1305): what was
 * changed, cut off or put in another order is refused. */
#ifndef HRA_IO_SEALED_FILE_H
#define HRA_IO_SEALED_FILE_H

#include <stdbool.h>

#include "base/fail.h"

/* PATH.public to give away and PATH.secret (0600) to keep; existing files are never overwritten. */
hra_code hra_seal_new_keys(const char *path, hra_error *error);

/* Is this file a public key? The error says why not. */
hra_code hra_seal_check_public(const char *public_key, hra_error *error);

/* Both write a file (0600) that appears whole or not at all. */
hra_code hra_seal(const char *plain, const char *public_key, const char *sealed, hra_error *error);
hra_code hra_unseal(const char *sealed, const char *secret_key, const char *plain, hra_error *error);

/* Does the file begin as a sealed one? */
bool hra_is_sealed(const char *path);

#endif
