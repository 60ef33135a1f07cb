/* Which rows do not stand because their identifier occurs more than once, for any number of rows in bounded memory.
 * All identifiers are added (as hashes) in the order of the rows, then sorted so that rows of one identifier meet; the
 * rows that do not stand are sorted back into the order of the input. */
#ifndef HRA_IO_REPEATS_H
#define HRA_IO_REPEATS_H

#include "io/csv/csv_source.h"
#include "io/identity/id_set.h"

typedef struct hra_repeats hra_repeats;

/* Temporary files stand beside the path `beside`. NULL: out of memory. */
hra_repeats *hra_repeats_new(hra_duplicate_rule rule, const char *beside, size_t bytes);
void hra_repeats_free(hra_repeats *repeats);

/* `day` of the visit, below 2^HRA_DAY_BITS; 0: not known. */
hra_code hra_repeats_add(hra_repeats *repeats, hra_id_hash hash, int64_t row, int64_t line, uint32_t day,
                         hra_error *error);
/* After the last identifier, before the first question. */
hra_code hra_repeats_resolve(hra_repeats *repeats, hra_error *error);
typedef struct hra_repeat {
    bool stands;
    int64_t other_line; /* of the row that stands instead, 0: not told */
    bool later;         /* it is of an earlier visit; told where its line is */
} hra_repeat;

/* Rows are asked for in ascending order; any may be left out. */
hra_code hra_repeats_judge(hra_repeats *repeats, int64_t row, hra_repeat *repeat, hra_error *error);

#endif
