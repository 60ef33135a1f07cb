/* Any number of records, sorted in bounded memory. What exceeds the memory goes to one temporary file as sorted runs
 * that are merged while reading. The file has no name (unlinked at once) and is its owner's (0600). A record is sorted
 * by all of its words, the first one counting most, so how often a value repeats makes no difference. */
#ifndef HRA_IO_SPILL_SORT_H
#define HRA_IO_SPILL_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"

typedef struct hra_spill_record {
    uint64_t word[4];
} hra_spill_record;

typedef struct hra_spill_sort hra_spill_sort;

/* `beside`: the temporary file stands in the folder of this path. `bytes` of memory are used at most; beyond 4096 runs
 * 4 KiB for each run. NULL: out of memory. */
hra_spill_sort *hra_spill_sort_new(const char *beside, size_t bytes);
void hra_spill_sort_free(hra_spill_sort *sort);

hra_code hra_spill_sort_add(hra_spill_sort *sort, const hra_spill_record *record, hra_error *error);
/* Nothing is added after this. */
hra_code hra_spill_sort_finish(hra_spill_sort *sort, hra_error *error);
/* The records in order; *any is false at the end. */
hra_code hra_spill_sort_next(hra_spill_sort *sort, hra_spill_record *record, bool *any, hra_error *error);

#endif
