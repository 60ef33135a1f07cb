#include "io/files/file_hash.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/files/blake3.h"
#include "io/files/hash_memory.h"

enum { BLOCK = 1 << 18, HASH_BYTES = 32 };

typedef void (*add_bytes)(void *state, const unsigned char *bytes, size_t length);

static hra_code add_all(const char *path, int descriptor, add_bytes add, void *state, hra_error *error)
{
    unsigned char *block = malloc(BLOCK);
    if (!block) return hra_out_of_memory(error);
    ssize_t got;
    while ((got = read(descriptor, block, BLOCK)) > 0 || (got < 0 && errno == EINTR))
        if (got > 0) add(state, block, (size_t)got);
    int cause = errno;
    free(block);
    return got == 0 ? HRA_OK : hra_fail(error, HRA_EIO, "%s: reading failed: %s", path, strerror(cause));
}

static hra_code add_file(const char *path, add_bytes add, void *state, hra_error *error)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return hra_fail(error, HRA_EIO, "%s: cannot open: %s", path, strerror(errno));
    hra_code code = add_all(path, descriptor, add, state, error);
    close(descriptor);
    return code;
}

static void add_now(void *state, const unsigned char *bytes, size_t length) { hra_blake3_add(state, bytes, length); }

hra_code hra_file_hash(const char *path, char out[HRA_FILE_HASH_TEXT], hra_error *error)
{
    hra_hash_state kept = hra_hash_memory_find(path, out);
    if (kept == HRA_HASH_KNOWN) return HRA_OK;
    if (kept == HRA_HASH_CHANGED)
        return hra_fail(error, HRA_EIO, "%s: the file changed after it was read; start again", path);
    hra_blake3 *hash = hra_blake3_new(hra_vector_level_choose());
    if (!hash) return hra_out_of_memory(error);
    hra_code code = add_file(path, add_now, hash, error);
    if (code == HRA_OK) hra_blake3_finish(hash, out);
    hra_blake3_free(hash);
    return code;
}

static void add_before(void *state, const unsigned char *bytes, size_t length)
{
    crypto_generichash_update(state, bytes, length);
}

hra_code hra_file_hash_before(const char *path, char out[HRA_FILE_HASH_TEXT], hra_error *error)
{
    unsigned char hash[HASH_BYTES];
    crypto_generichash_state state;
    if (sodium_init() < 0) return hra_fail(error, HRA_EINTERNAL, "libsodium cannot start (no random source?)");
    crypto_generichash_init(&state, NULL, 0, HASH_BYTES);
    HRA_TRY(add_file(path, add_before, &state, error));
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(out, HRA_FILE_HASH_TEXT, hash, sizeof hash);
    return HRA_OK;
}

hra_code hra_file_hash_fits(const char *path, const char *stated, bool *fits, hra_error *error)
{
    enum { MARK = sizeof HRA_FILE_HASH_MARK - 1 };
    char hash[HRA_FILE_HASH_TEXT];
    bool marked = strncmp(stated, HRA_FILE_HASH_MARK, MARK) == 0;
    HRA_TRY(marked ? hra_file_hash(path, hash, error) : hra_file_hash_before(path, hash, error));
    *fits = strcmp(marked ? stated + MARK : stated, hash) == 0;
    return HRA_OK;
}
