#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/hash_ahead.h"
#include "io/identity.h"

enum { BLOCK = 1 << 18, HASH_BYTES = 32 };

hra_code hra_file_hash(const char *path, char out[65], hra_error *error)
{
    if (hra_hash_ahead_find(path, out)) return HRA_OK;
    return hra_file_hash_while(path, out, NULL, NULL, error);
}

hra_code hra_file_hash_while(const char *path, char out[65], bool (*go_on)(void *context), void *context,
                             hra_error *error)
{
    if (sodium_init() < 0) return hra_fail(error, HRA_EINTERNAL, "libsodium cannot start (no random source?)");
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return hra_fail(error, HRA_EIO, "%s: cannot open: %s", path, strerror(errno));
    unsigned char *block = malloc(BLOCK), hash[HASH_BYTES];
    if (!block) {
        close(descriptor);
        return hra_fail(error, HRA_ENOMEM, "out of memory");
    }
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, HASH_BYTES);
    ssize_t got;
    bool stopped = false;
    while (!stopped && ((got = read(descriptor, block, BLOCK)) > 0 || (got < 0 && errno == EINTR))) {
        stopped = go_on && !go_on(context);
        if (got > 0) crypto_generichash_update(&state, block, (size_t)got);
    }
    int cause = errno;
    close(descriptor);
    free(block);
    if (got < 0) return hra_fail(error, HRA_EIO, "%s: reading failed: %s", path, strerror(cause));
    if (stopped) return hra_fail(error, HRA_EINTERRUPTED, "%s: hashing was stopped", path);
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(out, 65, hash, sizeof hash);
    return HRA_OK;
}
