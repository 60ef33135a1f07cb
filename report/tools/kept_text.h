/* Kept columns (engine/run/kept.h) as cells at the end of CSV rows: numbers with all their digits, texts as they were.
 */
#ifndef HRA_REPORT_KEPT_TEXT_H
#define HRA_REPORT_KEPT_TEXT_H

#include "base/buffer.h"
#include "engine/data/column.h"

typedef struct hra_kept_text hra_kept_text;

hra_code hra_kept_text_new(const hra_schema *schema, hra_kept_text **out, hra_error *error);
void hra_kept_text_free(hra_kept_text *kept);

/* ",outcome,time" */
void hra_kept_text_header(const hra_kept_text *kept, hra_buffer *out);
/* The numbers of a chunk, for the caller to free; NULL: there are none. */
hra_code hra_kept_text_read(const hra_kept_text *kept, const hra_chunk *chunk, double **values, hra_error *error);
void hra_kept_text_row(const hra_kept_text *kept, const hra_chunk *chunk, const double *values, int row,
                       hra_buffer *out);

#endif
