/* Cutting text into records many bytes at a time, as long as lines are plain: no quote character, no NUL and no
 * carriage return but one before a line feed. Anything else is left to hra_cut_record. */
#ifndef HRA_IO_CSV_LINES_H
#define HRA_IO_CSV_LINES_H

#include "io/csv/csv_records.h"
#include "io/files/vector_level.h"

/* Bytes behind a text that may be read (never used). */
enum { HRA_TEXT_SLACK = 64 };

typedef struct hra_line_cut {
    const char *text; /* HRA_TEXT_SLACK readable bytes follow `length` */
    size_t length;
    size_t at; /* start of a line; moves behind what was cut */
    char delimiter;
    int64_t line;        /* number of the line at `at` */
    hra_record *records; /* gets the records, without empty ones */
    int room, count;
} hra_line_cut;

/* Stops before a line that is not plain, before one that does not end in the text, and when there is no room. Without
 * vectors nothing is cut. */
void hra_cut_lines(hra_vector_level level, hra_line_cut *cut);

#endif
