#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/files/atomic_file.h"
#include "io/files/row_sort.h"
#include "io/identity/key_map.h"
#include "io/identity/key_map_format.h"

enum { MOST_TEXT = 1024 };

struct hra_key_map_writer {
    hra_atomic_file *file;
    const hra_dictionary *dictionary;
    hra_key_map_seal seal;
    unsigned char secret[HRA_KEY_MAP_SECRET];
    unsigned char passing[crypto_secretbox_KEYBYTES]; /* of the temporary file */
    hra_row_sort *sort;
    bool *used; /* per variable of the dictionary; the first is the identifier */
    uint64_t people, written;
    hra_buffer block, sealed, index;
    uint64_t block_key[2]; /* of its first person */
    uint64_t block_count;
};

void hra_key_map_secret(const hra_identity *identity, const hra_key_map_head *head,
                        unsigned char secret[HRA_KEY_MAP_SECRET])
{
    hra_identity_derive(identity, "hra key map", head->salt, sizeof head->salt, secret);
}

hra_code hra_key_map_create(const char *path, const hra_identity *identity, const hra_dictionary *dictionary,
                            size_t bytes, hra_key_map_writer **out, hra_error *error)
{
    hra_key_map_writer *w = calloc(1, sizeof *w);
    if (!w) return hra_out_of_memory(error);
    w->dictionary = dictionary;
    w->sort = hra_row_sort_new(path, bytes);
    w->used = calloc((size_t)hra_dictionary_count(dictionary) + 1, sizeof *w->used);
    hra_code code = w->sort && w->used ? hra_atomic_open(path, &w->file, error) : hra_out_of_memory(error);
    if (code != HRA_OK) {
        hra_key_map_abandon(w);
        return code;
    }
    hra_key_map_head *head = &w->seal.head;
    memcpy(head->magic, HRA_KEY_MAP_MAGIC, sizeof HRA_KEY_MAP_MAGIC);
    memcpy(head->fingerprint, hra_identity_fingerprint(identity), sizeof head->fingerprint);
    randombytes_buf(head->salt, sizeof head->salt);
    randombytes_buf(w->passing, sizeof w->passing);
    hra_key_map_secret(identity, head, w->secret);
    fwrite(head, sizeof *head, 1, hra_atomic_stream(w->file)); /* commit checks the stream */
    w->written = sizeof *head;
    *out = w;
    return HRA_OK;
}

static void wipe(hra_buffer *buffer)
{
    if (buffer->bytes) sodium_memzero(buffer->bytes, buffer->capacity);
    hra_buffer_clear(buffer);
}

void hra_key_map_abandon(hra_key_map_writer *w)
{
    if (!w) return;
    hra_atomic_abandon(w->file);
    hra_row_sort_free(w->sort);
    wipe(&w->block);
    hra_buffer_destroy(&w->block);
    hra_buffer_destroy(&w->sealed);
    hra_buffer_destroy(&w->index);
    free(w->used);
    sodium_memzero(w, sizeof *w);
    free(w);
}

/* ---- people of a chunk: bytes of the fields, key, fields ------------------------------------ */

enum { OPEN_HEAD = sizeof(uint32_t) + HRA_KEY_TEXT - 1 };

size_t hra_key_map_begin(hra_buffer *people)
{
    static const char nothing[OPEN_HEAD];
    size_t begin = people->length;
    hra_buffer_append(people, nothing, sizeof nothing);
    return begin;
}

void hra_key_map_field(hra_buffer *people, int variable, const char *text, size_t length)
{
    if (length == 0) return;
    if (length > MOST_TEXT) { /* whole characters only */
        length = MOST_TEXT;
        while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80) length--;
    }
    uint16_t numbers[2] = {(uint16_t)(variable + 1), (uint16_t)length};
    hra_buffer_append(people, numbers, sizeof numbers);
    hra_buffer_append(people, text, length);
}

void hra_key_map_end(hra_buffer *people, size_t begin, const char *key)
{
    if (people->failed) return;
    if (!key) {
        people->length = begin;
        return;
    }
    uint32_t size = (uint32_t)(people->length - begin - OPEN_HEAD);
    memcpy(people->bytes + begin, &size, sizeof size);
    memcpy(people->bytes + begin + sizeof size, key, HRA_KEY_TEXT - 1);
}

/* ---- into the sort: encrypted, as it may go to a temporary file ------------------------------- */

static void nonce_of(const uint64_t place[2], unsigned char nonce[crypto_secretbox_NONCEBYTES])
{
    memset(nonce, 0, crypto_secretbox_NONCEBYTES);
    memcpy(nonce, place, 2 * sizeof *place); /* chunk and person: used once */
}

static hra_code add_person(hra_key_map_writer *w, const char *person, uint32_t size, const uint64_t place[2],
                           hra_error *error)
{
    unsigned char nonce[crypto_secretbox_NONCEBYTES], key[(HRA_KEY_TEXT - 1) / 2];
    char text[HRA_KEY_TEXT] = "";
    memcpy(text, person + sizeof size, HRA_KEY_TEXT - 1);
    if (sodium_hex2bin(key, sizeof key, text, HRA_KEY_TEXT - 1, NULL, NULL, NULL) != 0)
        return hra_fail(error, HRA_EUSAGE, "a key map needs hashed identifiers: give the key file with --key");
    hra_buffer_clear(&w->sealed);
    char *sealed = hra_buffer_reserve(&w->sealed, (size_t)size + crypto_secretbox_MACBYTES);
    if (!sealed) return hra_out_of_memory(error);
    nonce_of(place, nonce);
    crypto_secretbox_easy((unsigned char *)sealed, (const unsigned char *)person + OPEN_HEAD, size, nonce, w->passing);
    hra_sort_row row = {.bytes = sealed, .length = (size_t)size + crypto_secretbox_MACBYTES};
    for (int i = 0; i < 16; i++) row.key[i / 8] = row.key[i / 8] << 8 | key[i];
    row.key[2] = place[0];
    row.key[3] = place[1];
    return hra_row_sort_add(w->sort, &row, error);
}

hra_code hra_key_map_add(hra_key_map_writer *w, int64_t sequence, hra_buffer *people, hra_error *error)
{
    hra_code code = people->failed ? hra_out_of_memory(error) : HRA_OK;
    uint64_t place[2] = {(uint64_t)sequence, 0};
    for (size_t at = 0; code == HRA_OK && at < people->length; place[1]++) {
        uint32_t size;
        memcpy(&size, people->bytes + at, sizeof size);
        code = add_person(w, people->bytes + at, size, place, error);
        at += OPEN_HEAD + size;
    }
    wipe(people);
    return code;
}

/* ---- out of the sort: people by key, in blocks ---------------------------------------------------- */

static hra_code write_block(hra_key_map_writer *w, const hra_buffer *plain, uint64_t number, hra_error *error)
{
    unsigned char nonce[HRA_KEY_MAP_NONCE];
    unsigned long long length;
    if (plain->failed) return hra_out_of_memory(error);
    hra_buffer_clear(&w->sealed);
    char *sealed = hra_buffer_reserve(&w->sealed, plain->length + HRA_KEY_MAP_TAG);
    if (!sealed) return hra_out_of_memory(error);
    randombytes_buf(nonce, sizeof nonce);
    w->seal.number = number;
    crypto_aead_xchacha20poly1305_ietf_encrypt((unsigned char *)sealed, &length, (const unsigned char *)plain->bytes,
                                               plain->length, (const unsigned char *)&w->seal, sizeof w->seal, NULL,
                                               nonce, w->secret);
    uint32_t size = (uint32_t)length;
    FILE *stream = hra_atomic_stream(w->file);
    if (fwrite(&size, sizeof size, 1, stream) != 1 || fwrite(nonce, sizeof nonce, 1, stream) != 1 ||
        fwrite(sealed, 1, size, stream) != size)
        return hra_fail(error, HRA_EIO, "%s: writing the key map failed: %s", hra_atomic_path(w->file),
                        strerror(errno));
    w->written += sizeof size + sizeof nonce + size;
    return HRA_OK;
}

static hra_code end_block(hra_key_map_writer *w, hra_error *error)
{
    if (w->block.length == 0) return HRA_OK;
    hra_key_map_place place = {{w->block_key[0], w->block_key[1]}, w->written};
    hra_buffer_append(&w->index, &place, sizeof place);
    HRA_TRY(write_block(w, &w->block, w->block_count++, error));
    wipe(&w->block);
    return HRA_OK;
}

/* One person's fields; of a field that came several times the first. */
typedef struct person {
    uint64_t key[2];
    bool open;
    hra_buffer fields;
} person;

static bool has_field(const hra_buffer *fields, uint16_t number)
{
    for (size_t at = 0; at < fields->length;) {
        uint16_t numbers[2];
        memcpy(numbers, fields->bytes + at, sizeof numbers);
        if (numbers[0] == number) return true;
        at += sizeof numbers + numbers[1];
    }
    return false;
}

static void add_fields(hra_key_map_writer *w, person *p, const char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        uint16_t numbers[2];
        memcpy(numbers, bytes + at, sizeof numbers);
        size_t length = sizeof numbers + numbers[1];
        if (!has_field(&p->fields, numbers[0])) {
            hra_buffer_append(&p->fields, bytes + at, length);
            w->used[numbers[0]] = true;
        }
        at += length;
    }
}

static hra_code end_person(hra_key_map_writer *w, person *p, hra_error *error)
{
    if (!p->open) return HRA_OK;
    if (p->fields.failed) return hra_out_of_memory(error);
    uint32_t size = (uint32_t)p->fields.length;
    if (w->block.length > 0 && w->block.length + size > HRA_KEY_MAP_BLOCK) HRA_TRY(end_block(w, error));
    if (w->block.length == 0) memcpy(w->block_key, p->key, sizeof w->block_key);
    hra_buffer_append(&w->block, p->key, sizeof p->key);
    hra_buffer_append(&w->block, &size, sizeof size);
    hra_buffer_append(&w->block, p->fields.bytes ? p->fields.bytes : "", size);
    w->people++;
    wipe(&p->fields);
    return w->block.failed ? hra_out_of_memory(error) : HRA_OK;
}

static hra_code write_people(hra_key_map_writer *w, person *p, hra_buffer *plain, hra_error *error)
{
    for (;;) {
        hra_sort_row row;
        bool any;
        HRA_TRY(hra_row_sort_next(w->sort, &row, &any, error));
        if (!any || !p->open || row.key[0] != p->key[0] || row.key[1] != p->key[1]) HRA_TRY(end_person(w, p, error));
        if (!any) return end_block(w, error);
        unsigned char nonce[crypto_secretbox_NONCEBYTES];
        hra_buffer_clear(plain);
        char *text = hra_buffer_reserve(plain, row.length);
        if (!text) return hra_out_of_memory(error);
        nonce_of(row.key + 2, nonce);
        if (crypto_secretbox_open_easy((unsigned char *)text, row.bytes, row.length, nonce, w->passing) != 0)
            return hra_fail(error, HRA_EIO, "a temporary file of the key map was changed while it was in use");
        p->open = true;
        memcpy(p->key, row.key, sizeof p->key);
        add_fields(w, p, text, row.length - crypto_secretbox_MACBYTES);
    }
}

/* Numbers, names of the fields, first keys of the blocks. */
static hra_code write_index(hra_key_map_writer *w, hra_error *error)
{
    hra_buffer index = {0};
    uint64_t counts[3] = {w->people, 0, w->block_count};
    for (int i = 0; i <= hra_dictionary_count(w->dictionary); i++) counts[1] += w->used[i];
    hra_buffer_append(&index, counts, sizeof counts);
    for (int i = 0; i <= hra_dictionary_count(w->dictionary); i++) {
        if (!w->used[i]) continue;
        const char *name = i == 0 ? HRA_KEY_MAP_IDENTIFIER : hra_dictionary_at(w->dictionary, i - 1)->name;
        uint16_t numbers[2] = {(uint16_t)i, (uint16_t)strlen(name)};
        hra_buffer_append(&index, numbers, sizeof numbers);
        hra_buffer_append(&index, name, numbers[1]);
    }
    hra_buffer_append(&index, w->index.bytes ? w->index.bytes : "", w->index.length);
    if (w->index.failed) index.failed = true;
    uint64_t offset = w->written;
    hra_code code = write_block(w, &index, HRA_KEY_MAP_INDEX, error);
    hra_buffer_destroy(&index);
    if (code == HRA_OK && fwrite(&offset, sizeof offset, 1, hra_atomic_stream(w->file)) != 1)
        code =
            hra_fail(error, HRA_EIO, "%s: writing the key map failed: %s", hra_atomic_path(w->file), strerror(errno));
    return code;
}

hra_code hra_key_map_finish(hra_key_map_writer *w, hra_error *error)
{
    person p = {0};
    hra_buffer plain = {0};
    hra_code code = hra_row_sort_finish(w->sort, error);
    if (code == HRA_OK) code = write_people(w, &p, &plain, error);
    if (code == HRA_OK) code = write_index(w, error);
    wipe(&p.fields);
    wipe(&plain);
    hra_buffer_destroy(&p.fields);
    hra_buffer_destroy(&plain);
    hra_atomic_file *file = w->file;
    if (code == HRA_OK) w->file = NULL;
    hra_key_map_abandon(w);
    return code == HRA_OK ? hra_atomic_commit(file, error) : code;
}
