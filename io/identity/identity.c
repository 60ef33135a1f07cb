#include "io/identity/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/files/blake3.h"
#include "io/files/blake3_lanes.h"
#include "io/words/text_fold.h"

/* The key file is one line, "hra-key 2 <base64 of 32 bytes>". The number says how person keys are made of it: 2 by
 * keyed BLAKE3, which is several times as quick; 1 by keyed BLAKE2b, as the first key files have it, whose persons must
 * be found again. */
#define KEY_PREFIX "hra-key 2 "
#define KEY_PREFIX_BLAKE2B "hra-key 1 "
enum {
    KEY_BYTES = 32,
    KEY_BASE64 = sodium_base64_ENCODED_LEN(KEY_BYTES, sodium_base64_VARIANT_ORIGINAL), /* with NUL */
    KEY_LINE = sizeof KEY_PREFIX - 1 + KEY_BASE64,                                     /* with line feed */
    HASH_BYTES = 16,
    SEPARATOR = 0x1F, /* between issuer and identifier */
    FINGERPRINT_BYTES = 8
};

struct hra_identity {
    unsigned char key[KEY_BYTES];
    bool by_blake2b; /* a key file of the first kind */
    hra_vector_level level;
    char fingerprint[2 * FINGERPRINT_BYTES + 1];
};

static hra_code start_sodium(hra_error *error)
{
    if (sodium_init() < 0) return hra_fail(error, HRA_EINTERNAL, "libsodium cannot start (no random source?)");
    return HRA_OK;
}

static hra_code write_key(int descriptor, const char *path, hra_error *error)
{
    unsigned char key[KEY_BYTES];
    char line[KEY_LINE + 1] = KEY_PREFIX;
    randombytes_buf(key, sizeof key);
    sodium_bin2base64(line + sizeof KEY_PREFIX - 1, KEY_BASE64, key, sizeof key, sodium_base64_VARIANT_ORIGINAL);
    line[KEY_LINE - 1] = '\n';
    ssize_t written = write(descriptor, line, KEY_LINE);
    hra_code code = HRA_OK;
    if (written != KEY_LINE || fsync(descriptor) != 0)
        code = hra_fail(error, HRA_EIO, "%s: writing the key failed: %s", path,
                        written < 0 || written == KEY_LINE ? strerror(errno) : "disk full");
    sodium_memzero(key, sizeof key);
    sodium_memzero(line, sizeof line);
    return code;
}

hra_code hra_identity_create(const char *path, hra_error *error)
{
    HRA_TRY(start_sodium(error));
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0 && errno == EEXIST)
        return hra_fail(
            error, HRA_ECONFLICT,
            "%s: exists; a key is never overwritten, since what was hashed with it could not be linked again", path);
    if (descriptor < 0) return hra_fail(error, HRA_EIO, "%s: cannot create: %s", path, strerror(errno));
    hra_code code = write_key(descriptor, path, error);
    if (close(descriptor) != 0 && code == HRA_OK)
        code = hra_fail(error, HRA_EIO, "%s: writing the key failed: %s", path, strerror(errno));
    if (code != HRA_OK) unlink(path);
    return code;
}

/* A key that others can read protects nobody. */
static hra_code read_key_line(const char *path, char line[KEY_LINE + 1], hra_error *error)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return hra_fail(error, HRA_EIO, "%s: cannot open the key file: %s; 'hra key new %s' makes one", path,
                        strerror(errno), path);
    struct stat facts;
    hra_code code = HRA_OK;
    ssize_t got = 0;
    if (fstat(descriptor, &facts) != 0)
        code = hra_fail(error, HRA_EIO, "%s: %s", path, strerror(errno));
    else if (!S_ISREG(facts.st_mode))
        code = hra_fail(error, HRA_EINPUT, "%s: not a regular file", path);
    else if (facts.st_mode & 077)
        code = hra_fail(error, HRA_EINPUT, "%s: the key file can be read by others; first: chmod 600 %s", path, path);
    else if ((got = read(descriptor, line, KEY_LINE + 1)) < 0)
        code = hra_fail(error, HRA_EIO, "%s: reading the key failed: %s", path, strerror(errno));
    close(descriptor);
    if (code == HRA_OK && (got < KEY_LINE - 1 || got > KEY_LINE || (got == KEY_LINE && line[KEY_LINE - 1] != '\n')))
        code = hra_fail(error, HRA_EINPUT, "%s: not a key file of hra", path);
    if (code == HRA_OK) line[KEY_LINE - 1] = '\0';
    return code;
}

static void set_fingerprint(hra_identity *identity)
{
    /* The same secret under both numbers would make two kinds of person keys, which must not meet. */
    const char *text = identity->by_blake2b ? "hra key fingerprint" : "hra key fingerprint 2";
    unsigned char hash[HASH_BYTES];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)text, strlen(text), identity->key, KEY_BYTES);
    sodium_bin2hex(identity->fingerprint, sizeof identity->fingerprint, hash, FINGERPRINT_BYTES);
}

hra_code hra_identity_load(const char *path, hra_identity **out, hra_error *error)
{
    *out = NULL;
    HRA_TRY(start_sodium(error));
    char line[KEY_LINE + 1];
    hra_code code = read_key_line(path, line, error);
    hra_identity *identity = code == HRA_OK ? calloc(1, sizeof *identity) : NULL;
    size_t length = 0;
    if (code == HRA_OK && !identity) code = hra_out_of_memory(error);
    bool by_blake2b = code == HRA_OK && strncmp(line, KEY_PREFIX_BLAKE2B, sizeof KEY_PREFIX_BLAKE2B - 1) == 0;
    if (code == HRA_OK && ((!by_blake2b && strncmp(line, KEY_PREFIX, sizeof KEY_PREFIX - 1) != 0) ||
                           sodium_base642bin(identity->key, KEY_BYTES, line + sizeof KEY_PREFIX - 1, KEY_BASE64 - 1,
                                             NULL, &length, NULL, sodium_base64_VARIANT_ORIGINAL) != 0 ||
                           length != KEY_BYTES))
        code = hra_fail(error, HRA_EINPUT, "%s: not a key file of hra", path);
    sodium_memzero(line, sizeof line);
    if (code != HRA_OK) {
        hra_identity_free(identity);
        return code;
    }
    identity->by_blake2b = by_blake2b;
    set_fingerprint(identity);
    identity->level = hra_vector_level_choose();
    *out = identity;
    return HRA_OK;
}

void hra_identity_free(hra_identity *identity)
{
    if (!identity) return;
    sodium_memzero(identity, sizeof *identity);
    free(identity);
}

const char *hra_identity_fingerprint(const hra_identity *identity) { return identity->fingerprint; }

/* What is hashed: the issuer, a separator and the identifier in its compared form, piece by piece. The folded text of a
 * character depends on that character alone, so that long identifiers can be folded so. */
typedef struct hashed_text {
    const char *issuer;
    int pieces; /* taken so far */
    hra_fold_reader reader;
    char folded[128];
} hashed_text;

static size_t next_piece(void *context, const void **piece)
{
    static const unsigned char separator = SEPARATOR;
    hashed_text *text = context;
    if (text->pieces == 0 && !*text->issuer) text->pieces = 1;
    switch (text->pieces++) {
    case 0: *piece = text->issuer; return strlen(text->issuer);
    case 1: *piece = &separator; return 1;
    default: *piece = text->folded; return hra_fold_next(&text->reader, text->folded, sizeof text->folded);
    }
}

static void blake2b(const hra_identity *identity, hashed_text *text, unsigned char hash[HASH_BYTES])
{
    crypto_generichash_state state;
    const void *piece;
    crypto_generichash_init(&state, identity->key, KEY_BYTES, HASH_BYTES);
    for (size_t length; (length = next_piece(text, &piece)) > 0;) crypto_generichash_update(&state, piece, length);
    crypto_generichash_final(&state, hash, HASH_BYTES);
}

/* An identifier of any length. */
static void hash_one(const hra_identity *identity, const char *issuer, const char *identifier, size_t length,
                     unsigned char hash[HASH_BYTES])
{
    hashed_text text = {.issuer = issuer ? issuer : "", .reader = hra_fold_begin(identifier, length, HRA_FOLD_UPPER)};
    unsigned char whole[HRA_BLAKE3_BYTES];
    if (identity->by_blake2b) {
        blake2b(identity, &text, hash);
    } else {
        hra_blake3_keyed(identity->key, next_piece, &text, whole);
        memcpy(hash, whole, HASH_BYTES);
    }
    sodium_memzero(&text, sizeof text);
}

void hra_identity_hash(const hra_identity *identity, const char *issuer, const char *identifier, size_t length,
                       char out[HRA_KEY_TEXT])
{
    unsigned char hash[HASH_BYTES];
    hash_one(identity, issuer, identifier, length, hash);
    sodium_bin2hex(out, HRA_KEY_TEXT, hash, sizeof hash);
}

/* Eight plain characters in capitals; false: some are not plain. */
static bool raise_eight(const char *text, unsigned char *out)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = 0x80 * ones;
    uint64_t word;
    memcpy(&word, text, sizeof word);
    uint64_t above_space = word + (0x7F - ' ') * ones, deletes = word + ones;
    if ((word & tops) || (above_space & tops) != tops || (deletes & tops)) return false;
    uint64_t letters = (word + (0x80 - 'a') * ones) & ~(word + (0x7F - 'z') * ones) & tops;
    word -= letters >> 2; /* 'a' - 'A' */
    memcpy(out, &word, sizeof word);
    return true;
}

/* What all messages of an issuer begin with: its text and a separator. */
typedef struct message_start {
    unsigned char bytes[HRA_BLAKE3_MESSAGE]; /* zeros behind it */
    size_t length;
} message_start;

static message_start start_of(const char *issuer)
{
    message_start start = {.length = strlen(issuer) + 1};
    if (start.length > HRA_BLAKE3_MESSAGE) return start;
    memcpy(start.bytes, issuer, start.length - 1);
    start.bytes[start.length - 1] = SEPARATOR;
    return start;
}

/* Start and folded identifier as one message, into zeros; 0 if it is too long for one. */
static size_t put_message(const message_start *start, const hra_identifier *identifier,
                          unsigned char out[HRA_BLAKE3_MESSAGE])
{
    char folded[HRA_BLAKE3_MESSAGE];
    size_t length = identifier->length;
    if (start->length + length > HRA_BLAKE3_MESSAGE) return 0;
    memcpy(out, start->bytes, 8); /* mostly all */
    if (start->length > 8) memcpy(out, start->bytes, start->length);
    unsigned char *rest = out + start->length;
    size_t i = 0;
    while (i + 8 <= length && raise_eight(identifier->text + i, rest + i)) i += 8;
    if (i >= 8 && i < length && raise_eight(identifier->text + length - 8, rest + length - 8)) i = length;
    for (unsigned char c; i < length && (c = (unsigned char)identifier->text[i]) > ' ' && c < 0x7F; i++)
        rest[i] = c >= 'a' && c <= 'z' ? (unsigned char)(c - 'a' + 'A') : c;
    if (i == length) return start->length + length;
    int n = hra_fold(identifier->text, length, HRA_FOLD_UPPER, folded, sizeof folded);
    if (n < 0 || start->length + (size_t)n > HRA_BLAKE3_MESSAGE) return 0;
    memset(rest, 0, length);
    memcpy(rest, folded, (size_t)n);
    sodium_memzero(folded, sizeof folded);
    return start->length + (size_t)n;
}

typedef uint8_t sixteen __attribute__((vector_size(HASH_BYTES)));

/* Of numbers below sixteen. */
static inline sixteen hex_digits(sixteen numbers) { return numbers + '0' + ((sixteen)(numbers > 9) & ('a' - '9' - 1)); }

void hra_identity_key_digits(const hra_id_hash *hashes, int count, char *out)
{
    for (int i = 0; i < count; i++, out += HRA_KEY_TEXT - 1) {
        hra_id_hash hash = hashes[i];
        sixteen bytes;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        for (int k = 0; k < 2; k++) hash.word[k] = __builtin_bswap64(hash.word[k]);
#endif
        memcpy(&bytes, hash.word, sizeof bytes);
        sixteen high = hex_digits(bytes >> 4), low = hex_digits(bytes & 0xF);
        sixteen halves[2] = {
            __builtin_shufflevector(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23),
            __builtin_shufflevector(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)};
        memcpy(out, halves, sizeof halves);
    }
}

void hra_identity_key_text(hra_id_hash hash, char out[HRA_KEY_TEXT])
{
    hra_identity_key_digits(&hash, 1, out);
    out[HRA_KEY_TEXT - 1] = '\0';
}

static hra_id_hash hash_alone(const hra_identity *identity, const char *issuer, const hra_identifier *identifier)
{
    unsigned char bytes[HASH_BYTES];
    hash_one(identity, issuer, identifier->text, identifier->length, bytes);
    hra_id_hash hash = {{0, 0}};
    for (int i = 0; i < HASH_BYTES; i++) hash.word[i / 8] |= (uint64_t)bytes[i] << 8 * (i % 8);
    return hash;
}

/* Zeros again where messages stood: mostly at the start only. */
static void clear_messages(hra_blake3_messages *messages)
{
    enum { SHORT = 32 };
    for (int i = 0; i < HRA_BLAKE3_MESSAGES; i++) {
        size_t length = messages->length[i];
        memset(messages->bytes[i], 0, length > 0 && length <= SHORT ? SHORT : HRA_BLAKE3_MESSAGE);
    }
    memset(messages->length, 0, sizeof messages->length);
    messages->longest = 0;
}

static void hash_messages(const hra_identity *identity, const char *issuer, const hra_identifier *identifiers,
                          int count, hra_id_hash *out)
{
    hra_blake3_messages messages;
    hra_id_hash hashes[HRA_BLAKE3_MESSAGES];
    message_start start = start_of(issuer);
    memset(&messages, 0, sizeof messages);
    for (int from = 0; from < count; from += HRA_BLAKE3_MESSAGES) {
        int lanes = count - from < HRA_BLAKE3_MESSAGES ? count - from : HRA_BLAKE3_MESSAGES;
        if (from > 0) clear_messages(&messages);
        for (int i = 0; i < lanes; i++) {
            uint32_t length = (uint32_t)put_message(&start, &identifiers[from + i], messages.bytes[i]);
            messages.length[i] = length;
            if (length > messages.longest) messages.longest = length;
        }
        hra_blake3_keyed_messages(identity->level, identity->key, &messages, hashes);
        for (int i = 0; i < lanes; i++)
            out[from + i] = messages.length[i] > 0 ? hashes[i] : hash_alone(identity, issuer, &identifiers[from + i]);
    }
    sodium_memzero(&messages, sizeof messages);
}

void hra_identity_hash_many(const hra_identity *identity, const char *issuer, const hra_identifier *identifiers,
                            int count, hra_id_hash *out)
{
    if (!identity->by_blake2b)
        hash_messages(identity, issuer ? issuer : "", identifiers, count, out);
    else
        for (int i = 0; i < count; i++) out[i] = hash_alone(identity, issuer, &identifiers[i]);
}

void hra_identity_derive(const hra_identity *identity, const char *purpose, const unsigned char *salt, size_t length,
                         unsigned char out[32])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, identity->key, KEY_BYTES, 32);
    crypto_generichash_update(&state, (const unsigned char *)purpose, strlen(purpose) + 1);
    crypto_generichash_update(&state, salt, length);
    crypto_generichash_final(&state, out, 32);
    sodium_memzero(&state, sizeof state);
}
