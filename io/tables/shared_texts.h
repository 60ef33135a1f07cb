/* The texts that cells of a workbook share, by their numbers. The first ones stay in memory (up to 8 MiB), the others
 * go to a nameless temporary file together with the index of where they stand, so memory does not grow with them. */
#ifndef HRA_IO_SHARED_TEXTS_H
#define HRA_IO_SHARED_TEXTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"

typedef struct hra_shared_texts hra_shared_texts;

hra_shared_texts *hra_shared_texts_new(void); /* NULL: out of memory */
void hra_shared_texts_free(hra_shared_texts *texts);
int64_t hra_shared_texts_count(const hra_shared_texts *texts);
hra_code hra_shared_texts_add(hra_shared_texts *texts, const char *text, size_t length, hra_error *error);
/* *text NULL: there is no such text. Valid until the next call; no NUL at its end. */
hra_code hra_shared_texts_get(hra_shared_texts *texts, int64_t index, const char **text, size_t *length,
                              hra_error *error);

#endif
