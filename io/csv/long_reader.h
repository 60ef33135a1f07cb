/* Reads a long file as records of its wide form (io/csv/long_format.h), in the order in which people first appear, in
 * bounded memory: its rows are sorted outside of memory by person and day, put together, and sorted back. */
#ifndef HRA_IO_LONG_READER_H
#define HRA_IO_LONG_READER_H

#include "io/csv/csv_binding.h"

typedef struct hra_long_counts {
    int64_t rows;          /* of the file, behind the header */
    int64_t unknown_items; /* rows whose item the map does not name; the first of each is rejected */
    int64_t repeats;       /* values that stand behind another of the same item */
} hra_long_counts;

typedef struct hra_long_reader hra_long_reader;

/* Reads the whole file. `bytes` of memory for sorting; temporary files stand beside `beside`. */
hra_code hra_long_reader_open(const hra_binding *binding, const hra_file_plan *plan, const char *beside, size_t bytes,
                              hra_long_reader **out, hra_error *error);
void hra_long_reader_close(hra_long_reader *reader);
const hra_long_counts *hra_long_reader_counts(const hra_long_reader *reader);

/* As hra_record_reader_next; the batch says of each cell on which line of the file it stands. */
hra_code hra_long_reader_next(hra_long_reader *reader, int most, size_t bytes, hra_batch *batch, hra_error *error);

#endif
