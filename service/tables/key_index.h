/* From person keys to row numbers: sorted on disk (24 bytes a person in an
 * unlinked temporary file), found by bisection. */
#ifndef HRA_SERVICE_KEY_INDEX_H
#define HRA_SERVICE_KEY_INDEX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"

typedef struct hra_key_index hra_key_index;

/* For at most `rows` rows; temporary files stand in the folder of the path `beside`. */
hra_code hra_key_index_new(const char *beside, int64_t rows, hra_key_index **out, hra_error *error);
void hra_key_index_free(hra_key_index *index);

hra_code hra_key_index_add(hra_key_index *index, const uint64_t key[2], int64_t row, hra_error *error);
/* After the last key, before the first question. */
hra_code hra_key_index_finish(hra_key_index *index, hra_error *error);

/* False: not there, or there more than once (which row is meant cannot be told). Any thread. */
bool hra_key_index_find(const hra_key_index *index, const uint64_t key[2], int64_t *row);
int64_t hra_key_index_repeated(const hra_key_index *index); /* keys that stand more than once */

#endif
