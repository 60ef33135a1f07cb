/* Any number of rows of any length, sorted by four words in bounded memory. What exceeds the memory goes to one
 * temporary file (io/files/spill_file.h) as sorted runs that are merged while reading. Rows of equal words come in no
 * particular order: the caller makes them differ, for example by the row's number. */
#ifndef HRA_IO_ROW_SORT_H
#define HRA_IO_ROW_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"

typedef struct hra_sort_row {
    uint64_t key[4]; /* the first counts most */
    const void *bytes;
    size_t length; /* less than 4 GiB */
} hra_sort_row;

typedef struct hra_row_sort hra_row_sort;

/* `beside`: the temporary file stands in the folder of this path. About `bytes` of memory are used, more only where a
 * single row is longer. NULL: out of memory. */
hra_row_sort *hra_row_sort_new(const char *beside, size_t bytes);
void hra_row_sort_free(hra_row_sort *sort);

hra_code hra_row_sort_add(hra_row_sort *sort, const hra_sort_row *row, hra_error *error);
/* Nothing is added after this. */
hra_code hra_row_sort_finish(hra_row_sort *sort, hra_error *error);
/* The rows in order; bytes are valid until the next call. *any is false at the end. */
hra_code hra_row_sort_next(hra_row_sort *sort, hra_sort_row *row, bool *any, hra_error *error);

#endif
