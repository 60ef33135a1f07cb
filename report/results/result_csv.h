/* Results as CSV: person key first, then for every output its value and, where
 * it has one of its own, its status (docs/formats.md). Columns are formatted by
 * the scoring threads and written in input order. */
#ifndef HRA_REPORT_RESULT_CSV_H
#define HRA_REPORT_RESULT_CSV_H

#include "engine/run/runner.h"
#include "io/files/atomic_file.h"

typedef struct hra_result_csv_options {
    bool full_precision; /* 17 significant digits instead of 6 */
    int threads;
} hra_result_csv_options;

typedef struct hra_result_csv hra_result_csv;

/* The file appears whole when it is committed. PATH "-" writes to standard output. */
hra_code hra_result_csv_new(const char *path, const hra_graph *graph, const hra_output *outputs, int output_count,
                            const hra_schema *schema, const hra_result_csv_options *options, hra_result_csv **out,
                            hra_error *error);
hra_sink *hra_result_csv_sink(hra_result_csv *csv);
/* All is written; the file is the caller's to commit. *file: NULL for standard output. */
hra_code hra_result_csv_finish(hra_result_csv *csv, hra_atomic_file **file, hra_error *error);
void hra_result_csv_free(hra_result_csv *csv);

#endif
