/* Counting many flags of many people at once. The flags of a chunk are turned
 * into one row of bits a person; rows of one group are then added up bit by bit,
 * in binary counters whose digits are words: a few operations a person for
 * sixty-four flags. Internal to engine/summary. */
#ifndef HRA_SUMMARY_FLAG_COUNT_H
#define HRA_SUMMARY_FLAG_COUNT_H

#include "engine/graph/results.h"

typedef struct hra_flag_rows {
    int flags;
    size_t words; /* of a row: where each flag is true, then where it is known, then nothing */
    uint64_t *rows;
    uint64_t *counters; /* room for one reading */
} hra_flag_rows;

/* Of these outputs, which are flags; false without memory. */
bool hra_flag_rows_make(const hra_results *results, const int *outputs, int count, hra_flag_rows *out);
void hra_flag_rows_destroy(hra_flag_rows *rows);

/* Adds people to counts: of flag f those who have it to counts[2 * f], those who have it not to counts[2 * f + 1]. */
void hra_flag_rows_count(const hra_flag_rows *rows, const int32_t *people, int count, uint32_t *counts);

#endif
