/* The key map: which identifier, name and phone stand behind a person key. It is made at import beside the store, is
 * encrypted with a key derived from the key file, and is read where reports and rosters show names. Stores, results and
 * logs never hold what is in it.
 *
 * Layout: a head of 64 bytes (magic, fingerprint of the key, salt), then blocks of people in the order of their keys,
 * each encrypted and authenticated by itself (XChaCha20-Poly1305; head and block number are authenticated with it),
 * then a block with the first key of every block, so that one person costs the reading of one block. While the map is
 * written, what does not fit the memory goes to a nameless temporary file, encrypted with a key that dies with the
 * process. */
#ifndef HRA_IO_KEY_MAP_H
#define HRA_IO_KEY_MAP_H

#include <stdint.h>

#include "base/buffer.h"
#include "engine/data/dictionary.h"
#include "io/identity/identity.h"

/* ---- reading ---------------------------------------------------------------------- */

typedef struct hra_key_map hra_key_map;

/* Another key than the one it was made with is refused. */
hra_code hra_key_map_open(const char *path, const hra_identity *identity, hra_key_map **out, hra_error *error);
void hra_key_map_close(hra_key_map *map);
int64_t hra_key_map_people(const hra_key_map *map);

#define HRA_KEY_MAP_IDENTIFIER "identifier"

/* A text of the person with this key: HRA_KEY_MAP_IDENTIFIER or a variable of type text ("name", "phone"); NULL if the
 * map does not know it. Valid until the next call; one thread at a time. */
hra_code hra_key_map_find(hra_key_map *map, const char *key, const char *field, const char **text, hra_error *error);

/* Everybody in the map, by key. Starts all zero. */
typedef struct hra_key_map_walk {
    uint64_t block;
    size_t at;              /* in the block */
    char key[HRA_KEY_TEXT]; /* of the present person */
    const char *fields;     /* not read yet */
    size_t left;
} hra_key_map_walk;

/* *any false at the end. What it tells is valid until the next call of anything with this map. */
hra_code hra_key_map_next(hra_key_map *map, hra_key_map_walk *walk, bool *any, hra_error *error);
/* The next field of the present person; *name is NULL at the end. */
hra_code hra_key_map_next_field(const hra_key_map *map, hra_key_map_walk *walk, hra_identifier *name,
                                hra_identifier *text, hra_error *error);

/* ---- writing ------------------------------------------------------------------------ */

typedef struct hra_key_map_writer hra_key_map_writer;

/* `bytes` of memory for sorting. The file (0600) appears whole at finish. */
hra_code hra_key_map_create(const char *path, const hra_identity *identity, const hra_dictionary *dictionary,
                            size_t bytes, hra_key_map_writer **out, hra_error *error);

/* The people of one chunk: begin gives the place that end wants; between them fields in any order (variable -1: the
 * identifier). Nothing is kept of a person whose key is NULL. */
size_t hra_key_map_begin(hra_buffer *people);
void hra_key_map_field(hra_buffer *people, int variable, const char *text, size_t length);
void hra_key_map_end(hra_buffer *people, size_t begin, const char *key);

/* Takes the people of chunk `sequence` over and wipes them. Of a person who comes again, fields not known before are
 * added. One thread at a time. */
hra_code hra_key_map_add(hra_key_map_writer *writer, int64_t sequence, hra_buffer *people, hra_error *error);
hra_code hra_key_map_finish(hra_key_map_writer *writer, hra_error *error); /* frees */
void hra_key_map_abandon(hra_key_map_writer *writer);                      /* NULL allowed; nothing is left */

#endif
