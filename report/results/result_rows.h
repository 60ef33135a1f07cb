/* Rows of results as CSV text: the person's key, for every output its value and, where it has one of its own, its
 * status, then the kept columns. Several threads may format at a time, each under its number. */
#ifndef HRA_REPORT_RESULT_ROWS_H
#define HRA_REPORT_RESULT_ROWS_H

#include "base/buffer.h"
#include "engine/graph/results.h"
#include "engine/data/column.h"

typedef struct hra_result_rows hra_result_rows;

/* full_precision: 17 significant digits instead of 6. */
hra_code hra_result_rows_new(const hra_graph *graph, const hra_output *outputs, int output_count,
                             const hra_schema *schema, bool full_precision, int threads, hra_result_rows **out,
                             hra_error *error);
void hra_result_rows_free(hra_result_rows *rows); /* NULL allowed */

void hra_result_rows_header(const hra_result_rows *rows, hra_buffer *out);
/* All rows of a chunk; where it has no keys each begins with the separator behind the key. */
hra_code hra_result_rows_format(hra_result_rows *rows, int thread, const hra_chunk *chunk, const hra_results *results,
                                hra_buffer *out, hra_error *error);

/* A number as it is printed: 6 or 17 significant digits, whole numbers without a point; nothing for unknown. */
void hra_write_number(hra_buffer *out, double value, bool full_precision);

#endif
