/* Results as a struct array. */
#ifndef HRA_API_ARROW_RESULT_H
#define HRA_API_ARROW_RESULT_H

#include "api/scorer_internal.h"

/* A struct array with a column for every result and for every status of its own, to be filled by the sink. */
hra_code hra_arrow_result_new(const hra_scorer *scorer, int64_t rows, struct ArrowArray *out, hra_error *error);
/* Rows of all columns from chunk->first_row on; several threads may do so at once. */
hra_code hra_arrow_result_put(const hra_scorer *scorer, const hra_chunk *chunk, const hra_results *results,
                              struct ArrowArray *array, hra_error *error);
/* When all rows are there: the nulls are counted. */
void hra_arrow_result_finish(struct ArrowArray *array);

#endif
