/* Status words with the names of missing inputs (`missing:tc,hdl`). The names
 * come from the judge, which walks the path taken for the rows that need it. */
#ifndef HRA_REPORT_STATUS_WRITER_H
#define HRA_REPORT_STATUS_WRITER_H

#include "base/buffer.h"
#include "engine/graph/judge.h"

typedef struct hra_status_writer hra_status_writer;

/* One writer serves `threads` threads. */
hra_code hra_status_writer_new(const hra_graph *graph, const hra_schema *schema, int threads, hra_status_writer **out,
                               hra_error *error);
void hra_status_writer_free(hra_status_writer *writer);

/* The variables that an unknown output lacks on the path taken, and those that a known one took from others, as
 * indexes of the dictionary in its order; valid until the same thread asks again. How many. */
int hra_status_missing(hra_status_writer *writer, int thread, const hra_chunk *chunk, int row, const hra_output *output,
                       const int **variables);
int hra_status_substituted(hra_status_writer *writer, int thread, const hra_chunk *chunk, int row,
                           const hra_output *output, const int **variables);

/* Appends the words for one output of one row as a cell of a CSV file: in quotes if several inputs are missing. */
void hra_status_cell(hra_status_writer *writer, int thread, const hra_chunk *chunk, int row, const hra_output *output,
                     unsigned status, hra_buffer *out);

/* The same for `count` outputs that follow one another, each with a status of its own, all of them this one, which
 * says missing: ",,missing:tc,hdl" for each, the empty cell of the unknown value before its words. */
void hra_status_missing_cells(hra_status_writer *writer, int thread, const hra_chunk *chunk, int row,
                              const hra_output *outputs, int count, unsigned status, hra_buffer *out);

#endif
