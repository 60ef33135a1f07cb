/* The reject file: every value and row that was not taken over, as CSV with
 * file, line, column, variable, value, reason. It holds raw values, so only
 * its owner may read it (0600). Chunks finish in any order; their lines are
 * written in the order of the input. */
#ifndef HRA_IO_REJECT_FILE_H
#define HRA_IO_REJECT_FILE_H

#include <stdint.h>

#include "base/buffer.h"
#include "base/fail.h"
#include "io/files/atomic_file.h"

typedef struct hra_reject_file hra_reject_file;

/* Whether there is a place for the file is told at once; what an earlier run left there stays until the first line is
 * written, or the reading is finished without one. */
hra_code hra_reject_open(const char *path, hra_reject_file **out, hra_error *error);
/* The same for a reading that may be given up and begun again: the file appears when it is finished. */
hra_code hra_reject_open_whole(const char *path, hra_reject_file **out, hra_error *error);

/* Appends one line to a chunk's text. column and variable may be "". */
void hra_reject_line(hra_buffer *text, const char *file, int64_t line, const char *column, const char *variable,
                     const char *value, size_t value_length, const char *reason);

/* Hands over the lines of chunk `sequence` (0, 1, 2 ...); `text` is emptied. Thread-safe. */
hra_code hra_reject_write(hra_reject_file *rejects, int64_t sequence, hra_buffer *text, hra_error *error);

/* Writes what is left, flushes, closes and puts the file in place: a header alone where nothing was rejected. */
hra_code hra_reject_finish(hra_reject_file *rejects, hra_error *error);
/* The same, but a file that appears when it is finished is handed over, for whoever puts several in place together;
 * NULL where there is nothing left to do. */
hra_code hra_reject_complete(hra_reject_file *rejects, hra_atomic_file **file, hra_error *error);
void hra_reject_free(hra_reject_file *rejects); /* unfinished: what was written is kept as far as possible, but
                                                 * of hra_reject_open_whole nothing */

#endif
