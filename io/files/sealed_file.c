#include "io/files/sealed_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/files/atomic_file.h"

enum {
    MAGIC = 8,
    BLOCK = 64 << 10,
    SEALED_KEY = crypto_secretstream_xchacha20poly1305_KEYBYTES + crypto_box_SEALBYTES,
    HEADER = crypto_secretstream_xchacha20poly1305_HEADERBYTES,
    EXTRA = crypto_secretstream_xchacha20poly1305_ABYTES,
    KEY = 32,
    PATH = 4096
};

static const char magic[MAGIC + 1] = "HRASEAL1";
static const char public_head[] = "hra branch public key 1\n", secret_head[] = "hra branch secret key 1\n";

typedef crypto_secretstream_xchacha20poly1305_state stream_state;

/* ---- keys ---- */

static hra_code write_key(const char *path, const char *head, const unsigned char key[KEY], hra_error *error)
{
    char hex[2 * KEY + 1];
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 && errno == EEXIST)
        return hra_fail(error, HRA_ECONFLICT, "%s already exists; keys are never overwritten", path);
    if (file < 0) return hra_fail(error, HRA_EIO, "cannot write %s: %m", path);
    sodium_bin2hex(hex, sizeof hex, key, KEY);
    FILE *stream = fdopen(file, "w");
    bool ok = stream && fprintf(stream, "%s%s\n", head, hex) > 0 && fflush(stream) == 0 && fsync(file) == 0;
    if (stream ? fclose(stream) != 0 : close(file) != 0) ok = false;
    sodium_memzero(hex, sizeof hex);
    if (ok) return HRA_OK;
    unlink(path);
    return hra_fail(error, HRA_EIO, "cannot write %s: %m", path);
}

static hra_code name_keys(const char *path, char public_path[PATH], char secret_path[PATH], hra_error *error)
{
    if (snprintf(public_path, PATH, "%s.public", path) < PATH && snprintf(secret_path, PATH, "%s.secret", path) < PATH)
        return HRA_OK;
    return hra_fail(error, HRA_EUSAGE, "the name of the key is too long");
}

hra_code hra_seal_new_keys(const char *path, hra_error *error)
{
    unsigned char public_key[KEY], secret_key[KEY];
    char public_path[PATH], secret_path[PATH];
    HRA_TRY(name_keys(path, public_path, secret_path, error));
    if (sodium_init() < 0) return hra_fail(error, HRA_EINTERNAL, "libsodium cannot be used");
    crypto_box_keypair(public_key, secret_key);
    hra_code code = write_key(secret_path, secret_head, secret_key, error);
    if (!code) {
        code = write_key(public_path, public_head, public_key, error);
        if (code) unlink(secret_path);
    }
    sodium_memzero(secret_key, sizeof secret_key);
    return code;
}

static hra_code read_key(const char *path, const char *head, const char *what, unsigned char key[KEY], hra_error *error)
{
    char text[256];
    size_t length, head_length = strlen(head);
    FILE *file = fopen(path, "rb");
    if (!file) return hra_fail(error, HRA_EINPUT, "cannot read the %s key %s: %m", what, path);
    length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    bool ok = strncmp(text, head, head_length) == 0;
    size_t got = 0;
    const char *end = text;
    if (ok) ok = sodium_hex2bin(key, KEY, text + head_length, strlen(text + head_length), NULL, &got, &end) == 0;
    ok = ok && got == KEY && end[strspn(end, "\r\n ")] == '\0';
    sodium_memzero(text, sizeof text);
    if (ok) return HRA_OK;
    return hra_fail(error, HRA_EINPUT, "%s is no %s key of a branch; 'hra key branch NAME' makes a pair", path, what);
}

hra_code hra_seal_check_public(const char *path, hra_error *error)
{
    unsigned char key[KEY];
    return read_key(path, public_head, "public", key, error);
}

/* ---- streams ---- */

static hra_code cannot_write(hra_error *error) { return hra_fail(error, HRA_EIO, "cannot write the file: %m"); }

static hra_code put(FILE *to, const void *bytes, size_t length, hra_error *error)
{
    return fwrite(bytes, 1, length, to) == length ? HRA_OK : cannot_write(error);
}

typedef struct block_room {
    unsigned char plain[BLOCK], sealed[BLOCK + EXTRA];
} block_room;

/* The last block is marked, and the only one that may be short. */
static hra_code seal_blocks(FILE *from, stream_state *state, FILE *to, block_room *room, hra_error *error)
{
    for (bool last = false; !last;) {
        size_t length = fread(room->plain, 1, BLOCK, from);
        if (ferror(from)) return hra_fail(error, HRA_EIO, "cannot read the file to encrypt: %m");
        last = length < BLOCK;
        crypto_secretstream_xchacha20poly1305_push(state, room->sealed, NULL, room->plain, length, NULL, 0,
                                                   last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
        HRA_TRY(put(to, room->sealed, length + EXTRA, error));
    }
    return HRA_OK;
}

static hra_code seal_stream(FILE *from, const unsigned char public_key[KEY], FILE *to, block_room *room,
                            hra_error *error)
{
    unsigned char key[crypto_secretstream_xchacha20poly1305_KEYBYTES], sealed_key[SEALED_KEY], header[HEADER];
    stream_state state;
    crypto_secretstream_xchacha20poly1305_keygen(key);
    hra_code code = crypto_box_seal(sealed_key, key, sizeof key, public_key) == 0
                        ? HRA_OK
                        : hra_fail(error, HRA_EINPUT, "the public key cannot be used");
    crypto_secretstream_xchacha20poly1305_init_push(&state, header, key);
    if (!code) code = put(to, magic, MAGIC, error);
    if (!code) code = put(to, sealed_key, sizeof sealed_key, error);
    if (!code) code = put(to, header, sizeof header, error);
    if (!code) code = seal_blocks(from, &state, to, room, error);
    sodium_memzero(key, sizeof key);
    sodium_memzero(&state, sizeof state);
    return code;
}

static hra_code damaged(const char *path, hra_error *error)
{
    return hra_fail(error, HRA_EINPUT, "%s is damaged or cut off: have it sent again", path);
}

static hra_code open_blocks(FILE *from, const char *path, stream_state *state, FILE *to, block_room *room,
                            hra_error *error)
{
    for (;;) {
        unsigned char tag;
        unsigned long long length;
        size_t got = fread(room->sealed, 1, sizeof room->sealed, from);
        if (ferror(from)) return hra_fail(error, HRA_EIO, "cannot read %s: %m", path);
        if (got < EXTRA || crypto_secretstream_xchacha20poly1305_pull(state, room->plain, &length, &tag, room->sealed,
                                                                      got, NULL, 0) != 0)
            return damaged(path, error);
        HRA_TRY(put(to, room->plain, (size_t)length, error));
        if (tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL)
            return fgetc(from) == EOF ? HRA_OK : damaged(path, error);
    }
}

static hra_code open_stream(FILE *from, const char *path, const unsigned char secret_key[KEY], FILE *to,
                            block_room *room, hra_error *error)
{
    unsigned char start[MAGIC + SEALED_KEY + HEADER], public_key[KEY];
    unsigned char key[crypto_secretstream_xchacha20poly1305_KEYBYTES];
    stream_state state;
    if (fread(start, 1, sizeof start, from) != sizeof start || memcmp(start, magic, MAGIC) != 0)
        return hra_fail(error, HRA_EINPUT, "%s is not a sealed file of hra", path);
    crypto_scalarmult_base(public_key, secret_key);
    if (crypto_box_seal_open(key, start + MAGIC, SEALED_KEY, public_key, secret_key) != 0)
        return hra_fail(error, HRA_ECONFLICT, "%s was not made for this key, or its beginning is damaged", path);
    hra_code code = crypto_secretstream_xchacha20poly1305_init_pull(&state, start + MAGIC + SEALED_KEY, key) == 0
                        ? open_blocks(from, path, &state, to, room, error)
                        : damaged(path, error);
    sodium_memzero(key, sizeof key);
    sodium_memzero(&state, sizeof state);
    return code;
}

/* ---- files ---- */

typedef struct ends {
    FILE *from;
    hra_atomic_file *to;
    block_room *room;
} ends;

static hra_code open_ends(const char *from, const char *to, ends *e, hra_error *error)
{
    *e = (ends){0};
    if (sodium_init() < 0) return hra_fail(error, HRA_EINTERNAL, "libsodium cannot be used");
    e->from = fopen(from, "rb");
    if (!e->from) return hra_fail(error, HRA_EINPUT, "cannot read %s: %m", from);
    e->room = malloc(sizeof *e->room);
    hra_code code = e->room ? hra_atomic_open(to, &e->to, error) : hra_out_of_memory(error);
    if (!code) return HRA_OK;
    free(e->room);
    fclose(e->from);
    return code;
}

static hra_code close_ends(ends *e, hra_code code, hra_error *error)
{
    fclose(e->from);
    sodium_memzero(e->room->plain, sizeof e->room->plain);
    free(e->room);
    if (code) {
        hra_atomic_abandon(e->to);
        return code;
    }
    return hra_atomic_commit(e->to, error);
}

hra_code hra_seal(const char *plain, const char *public_key, const char *sealed, hra_error *error)
{
    unsigned char key[KEY];
    ends e;
    HRA_TRY(read_key(public_key, public_head, "public", key, error));
    HRA_TRY(open_ends(plain, sealed, &e, error));
    return hra_fail_at(error, close_ends(&e, seal_stream(e.from, key, hra_atomic_stream(e.to), e.room, error), error),
                       sealed);
}

hra_code hra_unseal(const char *sealed, const char *secret_key, const char *plain, hra_error *error)
{
    unsigned char key[KEY];
    ends e;
    HRA_TRY(read_key(secret_key, secret_head, "secret", key, error));
    hra_code code = open_ends(sealed, plain, &e, error);
    if (!code) code = close_ends(&e, open_stream(e.from, sealed, key, hra_atomic_stream(e.to), e.room, error), error);
    sodium_memzero(key, sizeof key);
    return hra_fail_at(error, code, plain);
}

bool hra_is_sealed(const char *path)
{
    char start[MAGIC];
    FILE *file = fopen(path, "rb");
    bool sealed = file && fread(start, 1, MAGIC, file) == MAGIC && memcmp(start, magic, MAGIC) == 0;
    if (file) fclose(file);
    return sealed;
}
