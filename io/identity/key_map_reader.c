#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/identity/key_map.h"
#include "io/identity/key_map_format.h"

struct hra_key_map {
    char *path;
    int file;
    uint64_t size; /* of the file */
    hra_key_map_seal seal;
    unsigned char secret[HRA_KEY_MAP_SECRET];
    char *index; /* decrypted; the following point into it */
    size_t index_length;
    uint64_t people, field_count, block_count;
    const char *fields, *places;
    char *block; /* the one read last */
    size_t block_length;
    uint64_t block_number; /* HRA_KEY_MAP_INDEX: none */
    hra_buffer text;
};

static hra_code damaged(const hra_key_map *map, hra_error *error)
{
    return hra_fail(error, HRA_EINPUT, "%s: the key map is damaged or was changed; make it again with 'hra import'",
                    map->path);
}

static void drop(char **bytes, size_t length)
{
    if (*bytes) sodium_memzero(*bytes, length);
    free(*bytes);
    *bytes = NULL;
}

void hra_key_map_close(hra_key_map *map)
{
    if (!map) return;
    if (map->file >= 0) close(map->file);
    drop(&map->index, map->index_length);
    drop(&map->block, map->block_length);
    if (map->text.bytes) sodium_memzero(map->text.bytes, map->text.capacity);
    hra_buffer_destroy(&map->text);
    free(map->path);
    sodium_memzero(map, sizeof *map);
    free(map);
}

static hra_code read_at(const hra_key_map *map, uint64_t offset, void *bytes, size_t length, hra_error *error)
{
    if (offset > map->size || length > map->size - offset) return damaged(map, error);
    for (char *at = bytes; length > 0;) {
        ssize_t done = pread(map->file, at, length, (off_t)offset);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return hra_fail(error, HRA_EIO, "%s: reading failed: %s", map->path, strerror(errno));
        if (done == 0) return damaged(map, error);
        at += done;
        offset += (uint64_t)done;
        length -= (size_t)done;
    }
    return HRA_OK;
}

/* Reads, checks and decrypts one block. */
static hra_code read_block(hra_key_map *map, uint64_t offset, uint64_t number, char **plain, size_t *length,
                           hra_error *error)
{
    uint32_t size;
    unsigned char nonce[HRA_KEY_MAP_NONCE];
    HRA_TRY(read_at(map, offset, &size, sizeof size, error));
    if (size < HRA_KEY_MAP_TAG || size > HRA_KEY_MAP_LARGEST) return damaged(map, error);
    HRA_TRY(read_at(map, offset + sizeof size, nonce, sizeof nonce, error));
    unsigned char *sealed = malloc(size);
    *plain = malloc((size_t)size);
    hra_code code = sealed && *plain ? read_at(map, offset + sizeof size + sizeof nonce, sealed, size, error)
                                     : hra_out_of_memory(error);
    unsigned long long got = 0;
    map->seal.number = number;
    if (code == HRA_OK && crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *)*plain, &got, NULL, sealed, size,
                                                                     (const unsigned char *)&map->seal,
                                                                     sizeof map->seal, nonce, map->secret) != 0)
        code = damaged(map, error);
    free(sealed);
    if (code != HRA_OK) drop(plain, *plain ? size : 0);
    *length = (size_t)got;
    return code;
}

static hra_code read_head(hra_key_map *map, const hra_identity *identity, hra_error *error)
{
    hra_key_map_head *head = &map->seal.head;
    if (map->size < sizeof *head + sizeof(uint64_t))
        return hra_fail(error, HRA_EINPUT, "%s: this is not a key map", map->path);
    HRA_TRY(read_at(map, 0, head, sizeof *head, error));
    if (memcmp(head->magic, HRA_KEY_MAP_MAGIC, sizeof HRA_KEY_MAP_MAGIC) != 0)
        return hra_fail(error, HRA_EINPUT, "%s: this is not a key map", map->path);
    if (memcmp(head->fingerprint, hra_identity_fingerprint(identity), sizeof head->fingerprint) != 0)
        return hra_fail(error, HRA_ECONFLICT,
                        "%s: the key map was made with another key (%.16s) than the given one (%s)", map->path,
                        head->fingerprint, hra_identity_fingerprint(identity));
    hra_key_map_secret(identity, head, map->secret);
    return HRA_OK;
}

static hra_code read_index(hra_key_map *map, hra_error *error)
{
    uint64_t offset, counts[3];
    HRA_TRY(read_at(map, map->size - sizeof offset, &offset, sizeof offset, error));
    HRA_TRY(read_block(map, offset, HRA_KEY_MAP_INDEX, &map->index, &map->index_length, error));
    if (map->index_length < sizeof counts) return damaged(map, error);
    memcpy(counts, map->index, sizeof counts);
    map->people = counts[0];
    map->field_count = counts[1];
    map->block_count = counts[2];
    map->fields = map->index + sizeof counts;
    const char *at = map->fields, *end = map->index + map->index_length;
    for (uint64_t i = 0; i < map->field_count; i++) {
        uint16_t numbers[2];
        if ((size_t)(end - at) < sizeof numbers) return damaged(map, error);
        memcpy(numbers, at, sizeof numbers);
        if ((size_t)(end - at) < sizeof numbers + numbers[1]) return damaged(map, error);
        at += sizeof numbers + numbers[1];
    }
    map->places = at;
    if ((size_t)(end - at) / sizeof(hra_key_map_place) != map->block_count) return damaged(map, error);
    return HRA_OK;
}

hra_code hra_key_map_open(const char *path, const hra_identity *identity, hra_key_map **out, hra_error *error)
{
    *out = NULL;
    hra_key_map *map = calloc(1, sizeof *map);
    if (!map) return hra_out_of_memory(error);
    map->block_number = HRA_KEY_MAP_INDEX;
    map->file = open(path, O_RDONLY | O_CLOEXEC);
    map->path = strdup(path);
    struct stat facts;
    hra_code code = HRA_OK;
    if (!map->path)
        code = hra_out_of_memory(error);
    else if (map->file < 0 || fstat(map->file, &facts) != 0)
        code = hra_fail(error, HRA_EIO, "%s: cannot open the key map: %s", path, strerror(errno));
    else
        map->size = (uint64_t)facts.st_size;
    if (code == HRA_OK) code = read_head(map, identity, error);
    if (code == HRA_OK) code = read_index(map, error);
    if (code != HRA_OK) {
        hra_key_map_close(map);
        return code;
    }
    *out = map;
    return HRA_OK;
}

int64_t hra_key_map_people(const hra_key_map *map) { return (int64_t)map->people; }

/* ---- finding ------------------------------------------------------------------------------ */

static int field_number(const hra_key_map *map, const char *name)
{
    const char *at = map->fields;
    for (uint64_t i = 0; i < map->field_count; i++) {
        uint16_t numbers[2];
        memcpy(numbers, at, sizeof numbers);
        if (strlen(name) == numbers[1] && memcmp(at + sizeof numbers, name, numbers[1]) == 0) return numbers[0];
        at += sizeof numbers + numbers[1];
    }
    return -1;
}

static hra_key_map_place place_at(const hra_key_map *map, uint64_t block)
{
    hra_key_map_place place;
    memcpy(&place, map->places + block * sizeof place, sizeof place);
    return place;
}

static int compare(const uint64_t a[2], const uint64_t b[2])
{
    if (a[0] != b[0]) return a[0] < b[0] ? -1 : 1;
    return (a[1] > b[1]) - (a[1] < b[1]);
}

/* The last block whose first key is not beyond this one. */
static bool find_block(const hra_key_map *map, const uint64_t key[2], uint64_t *block)
{
    uint64_t low = 0, high = map->block_count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        hra_key_map_place place = place_at(map, middle);
        if (compare(place.key, key) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    *block = low - 1;
    return low > 0;
}

static hra_code use_block(hra_key_map *map, uint64_t block, hra_error *error)
{
    if (map->block_number == block) return HRA_OK;
    drop(&map->block, map->block_length);
    map->block_number = HRA_KEY_MAP_INDEX;
    HRA_TRY(read_block(map, place_at(map, block).offset, block, &map->block, &map->block_length, error));
    map->block_number = block;
    return HRA_OK;
}

/* A field among those of one person, into map->text. */
static bool take_field(hra_key_map *map, const char *fields, size_t size, int number)
{
    for (size_t at = 0; at + HRA_KEY_MAP_FIELD <= size;) {
        uint16_t numbers[2];
        memcpy(numbers, fields + at, sizeof numbers);
        at += sizeof numbers;
        if (numbers[1] > size - at) return false;
        if (numbers[0] == number) {
            hra_buffer_clear(&map->text);
            hra_buffer_append(&map->text, fields + at, numbers[1]);
            return true;
        }
        at += numbers[1];
    }
    return false;
}

static bool find_in_block(hra_key_map *map, const uint64_t key[2], int number)
{
    for (size_t at = 0; at + HRA_KEY_MAP_PERSON <= map->block_length;) {
        uint64_t own[2];
        uint32_t size;
        memcpy(own, map->block + at, sizeof own);
        memcpy(&size, map->block + at + sizeof own, sizeof size);
        at += HRA_KEY_MAP_PERSON;
        if (size > map->block_length - at) return false;
        if (compare(own, key) == 0) return take_field(map, map->block + at, size, number);
        at += size;
    }
    return false;
}

hra_code hra_key_map_find(hra_key_map *map, const char *key, const char *field, const char **text, hra_error *error)
{
    unsigned char bytes[(HRA_KEY_TEXT - 1) / 2];
    uint64_t words[2] = {0, 0}, block;
    size_t length = 0;
    *text = NULL;
    int number = field_number(map, field);
    if (number < 0 || sodium_hex2bin(bytes, sizeof bytes, key, strlen(key), NULL, &length, NULL) != 0 ||
        length != sizeof bytes)
        return HRA_OK;
    for (int i = 0; i < 16; i++) words[i / 8] = words[i / 8] << 8 | bytes[i];
    if (!find_block(map, words, &block)) return HRA_OK;
    HRA_TRY(use_block(map, block, error));
    if (!find_in_block(map, words, number)) return HRA_OK;
    if (map->text.failed) return hra_out_of_memory(error);
    *text = map->text.bytes;
    return HRA_OK;
}

/* ---- everybody ------------------------------------------------------------------------------ */

hra_code hra_key_map_next(hra_key_map *map, hra_key_map_walk *walk, bool *any, hra_error *error)
{
    uint64_t key[2];
    uint32_t size;
    *any = false;
    for (;; walk->block++, walk->at = 0) {
        if (walk->block >= map->block_count) return HRA_OK;
        HRA_TRY(use_block(map, walk->block, error));
        if (walk->at < map->block_length) break;
    }
    if (map->block_length - walk->at < HRA_KEY_MAP_PERSON) return damaged(map, error);
    memcpy(key, map->block + walk->at, sizeof key);
    memcpy(&size, map->block + walk->at + sizeof key, sizeof size);
    walk->at += HRA_KEY_MAP_PERSON;
    if (size > map->block_length - walk->at) return damaged(map, error);
    walk->fields = map->block + walk->at;
    walk->left = size;
    walk->at += size;
    snprintf(walk->key, sizeof walk->key, "%016llx%016llx", (unsigned long long)key[0], (unsigned long long)key[1]);
    *any = true;
    return HRA_OK;
}

static hra_code field_name(const hra_key_map *map, uint16_t number, hra_identifier *name, hra_error *error)
{
    const char *at = map->fields;
    for (uint64_t i = 0; i < map->field_count; i++) {
        uint16_t numbers[2];
        memcpy(numbers, at, sizeof numbers);
        *name = (hra_identifier){at + sizeof numbers, numbers[1]};
        if (numbers[0] == number) return HRA_OK;
        at += sizeof numbers + numbers[1];
    }
    return damaged(map, error);
}

hra_code hra_key_map_next_field(const hra_key_map *map, hra_key_map_walk *walk, hra_identifier *name,
                                hra_identifier *text, hra_error *error)
{
    uint16_t numbers[2];
    *name = *text = (hra_identifier){NULL, 0};
    if (walk->left == 0) return HRA_OK;
    if (walk->left < sizeof numbers) return damaged(map, error);
    memcpy(numbers, walk->fields, sizeof numbers);
    if (numbers[1] > walk->left - sizeof numbers) return damaged(map, error);
    *text = (hra_identifier){walk->fields + sizeof numbers, numbers[1]};
    walk->fields += sizeof numbers + numbers[1];
    walk->left -= sizeof numbers + numbers[1];
    return field_name(map, numbers[0], name, error);
}
