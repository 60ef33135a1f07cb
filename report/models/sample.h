/* People in memory for measuring: every wanted input known, values spread
 * evenly over the plausible range. Nothing like a population (generate/ makes
 * those), but no model finds an input missing. The same numbers every time. */
#ifndef HRA_REPORT_SAMPLE_H
#define HRA_REPORT_SAMPLE_H

#include "engine/data/column.h"

typedef struct hra_sample {
    hra_schema schema;
    hra_chunk chunk;
    struct hra_arena *arena;
} hra_sample;

/* Variables that no column can hold (labels, texts, identifiers) are passed over. */
hra_code hra_sample_new(const hra_dictionary *dictionary, const char *const *names, int count, int rows,
                        hra_sample **out, hra_error *error);
void hra_sample_free(hra_sample *sample);

#endif
