/* Writes a generated population as delimited text: one file, or one for each
 * corporate group; clean, with Chinese headers, or with the dirt of real
 * exports (then optionally with the true values beside it). */
#ifndef HRA_GENERATE_CSV_WRITER_H
#define HRA_GENERATE_CSV_WRITER_H

#include "engine/run/runner.h"
#include "generate/generate.h"

typedef struct hra_csv_writer hra_csv_writer;

typedef struct hra_csv_writer_options {
    const char *path;  /* file, folder if `split`, NULL: standard output */
    bool split;        /* one file for each group: PATH/G0001.csv ... */
    bool chinese;      /* Chinese headers and words */
    bool messy;        /* the manners and mistakes of providers */
    const char *truth; /* messy: file of clean rows with a last column that names what was spoilt; NULL: none */
    uint64_t seed;
} hra_csv_writer_options;

/* The source must be one of hra_generate_open, and outlive the writer. */
hra_code hra_csv_writer_new(const hra_source *source, const hra_csv_writer_options *options, hra_csv_writer **out,
                            hra_error *error);
hra_sink *hra_csv_writer_sink(hra_csv_writer *writer);
/* Flushes; the last file appears. */
hra_code hra_csv_writer_finish(hra_csv_writer *writer, hra_error *error);
void hra_csv_writer_free(hra_csv_writer *writer);

#endif
