/* The exam dates of a population store, by row. */
#ifndef HRA_SERVICE_EXAM_DAYS_H
#define HRA_SERVICE_EXAM_DAYS_H

#include <stdint.h>

#include "base/fail.h"
#include "engine/data/dictionary.h"
#include "service/tables/key_index.h"

#define HRA_NO_DAY INT32_MIN

/* Fills `days` (of all `rows`; HRA_NO_DAY: unknown). *known: whether the store has the column. The store's people must
 * stand in the rows that the index says. */
hra_code hra_exam_days_read(const char *population, const hra_dictionary *dictionary, const hra_key_index *index,
                            int64_t rows, int32_t *days, bool *known, hra_error *error);

#endif
