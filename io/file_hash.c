#include "io/file_hash.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/hash_memory.h"

enum { BLOCK = 1 << 18, HASH_BYTES = 32 };

struct hra_file_hasher {
    crypto_generichash_state state;
};

hra_file_hasher *hra_file_hasher_new(void)
{
    if (sodium_init() < 0) return NULL;
    hra_file_hasher *hasher = aligned_alloc(_Alignof(hra_file_hasher), sizeof *hasher);
    if (hasher) crypto_generichash_init(&hasher->state, NULL, 0, HASH_BYTES);
    return hasher;
}

void hra_file_hasher_free(hra_file_hasher *hasher) { free(hasher); }

void hra_file_hasher_add(hra_file_hasher *hasher, const void *bytes, size_t length)
{
    crypto_generichash_update(&hasher->state, bytes, length);
}

void hra_file_hasher_finish(hra_file_hasher *hasher, char out[HRA_FILE_HASH_TEXT])
{
    unsigned char hash[HASH_BYTES];
    crypto_generichash_final(&hasher->state, hash, sizeof hash);
    sodium_bin2hex(out, HRA_FILE_HASH_TEXT, hash, sizeof hash);
}

static hra_code add_all(hra_file_hasher *hasher, const char *path, int descriptor, unsigned char *block,
                        hra_error *error)
{
    ssize_t got;
    while ((got = read(descriptor, block, BLOCK)) > 0 || (got < 0 && errno == EINTR))
        if (got > 0) hra_file_hasher_add(hasher, block, (size_t)got);
    return got == 0 ? HRA_OK : hra_fail(error, HRA_EIO, "%s: reading failed: %s", path, strerror(errno));
}

static hra_code make_hash(const char *path, char out[HRA_FILE_HASH_TEXT], hra_error *error)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return hra_fail(error, HRA_EIO, "%s: cannot open: %s", path, strerror(errno));
    unsigned char *block = malloc(BLOCK);
    hra_file_hasher *hasher = hra_file_hasher_new();
    hra_code code = block && hasher ? add_all(hasher, path, descriptor, block, error)
                                    : hra_fail(error, HRA_ENOMEM, "out of memory");
    if (code == HRA_OK) hra_file_hasher_finish(hasher, out);
    hra_file_hasher_free(hasher);
    free(block);
    close(descriptor);
    return code;
}

hra_code hra_file_hash(const char *path, char out[HRA_FILE_HASH_TEXT], hra_error *error)
{
    return hra_hash_memory_find(path, out) ? HRA_OK : make_hash(path, out, error);
}
