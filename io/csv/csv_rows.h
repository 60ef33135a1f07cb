/* Rows in the order of the input: read file after file, and judged whether they
 * stand, before they are parsed in parallel. What depends on order (duplicates,
 * row numbers) is decided here, so results do not depend on the number of
 * threads. */
#ifndef HRA_IO_CSV_ROWS_H
#define HRA_IO_CSV_ROWS_H

#include "io/csv/csv_work.h"
#include "io/csv/long_reader.h"

typedef struct hra_row_counts {
    int64_t rows, rejected, duplicates;
    int64_t later;        /* duplicates of a later visit than the row that stands, where it is asked for */
    int64_t lines_before; /* of the files before it */
    hra_long_counts of_long;
} hra_row_counts;

typedef struct hra_rows hra_rows;

/* Reads all files once beforehand where the duplicate rule needs to know the future. Where it does not, that reading
 * happens later, once the identifiers exceed their memory. */
hra_code hra_rows_new(const hra_binding *binding, const hra_csv_options *options, hra_rows **out, hra_error *error);
void hra_rows_free(hra_rows *rows);
/* When the last rows were judged: the memory of their identifiers. Counts stay. */
void hra_rows_give_back(hra_rows *rows);

/* Several threads are going to work on the rows (hra_batches_share). */
void hra_rows_share(hra_rows *rows);
/* The next rows, not judged yet; an empty batch (work->batch.count == 0) is the end. By one thread at a time. */
hra_code hra_rows_next(hra_rows *rows, hra_work *work, hra_error *error);
/* Gives the rows their verdicts, by any thread. Must be called for every batch that was given out, since it waits for
 * those before; where one fails, all behind it do. */
hra_code hra_rows_judge(hra_rows *rows, hra_work *work, hra_error *error);
int64_t hra_rows_bytes_done(const hra_rows *rows);
hra_row_counts hra_rows_counts(const hra_rows *rows, int file);

#endif
