/* Population stores without some of their people. Everybody else keeps order and values. */
#ifndef HRA_IO_STORE_REWRITE_H
#define HRA_IO_STORE_REWRITE_H

#include "io/people/population_store.h"

/* Whether a row does not go on. Asked once of each row, in order; `chunk` has all columns, labels and keys. */
typedef bool hra_row_goes(void *context, const hra_chunk *chunk, int row);

/* Hands the rows of chunks on to a writer, but those that go. */
typedef struct hra_store_others hra_store_others;
hra_code hra_store_others_new(const hra_schema *schema, hra_row_goes *goes, void *context, hra_store_others **out,
                              hra_error *error);
hra_code hra_store_others_append(hra_store_others *others, const hra_chunk *chunk, hra_store_writer *writer,
                                 hra_error *error);
void hra_store_others_free(hra_store_others *others); /* NULL allowed */

/* Writes the store of `source` as `path`, which may be its own, whole or not at all: checksums, content hash and
 * summary are made anew, label texts that nobody has any more go, what the file says of its origin stays. `source` was
 * just opened (hra_store_open) and stays the caller's to close. */
hra_code hra_store_rewrite(hra_source *source, const char *path, hra_row_goes *goes, void *context, hra_error *error);

#endif
