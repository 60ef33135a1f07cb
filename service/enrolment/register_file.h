/* The lines of a register file: read in any encoding and column order, written
 * back with the columns a register has first and all others behind them. */
#ifndef HRA_SERVICE_REGISTER_FILE_H
#define HRA_SERVICE_REGISTER_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fail.h"

typedef enum hra_register_column {
    HRA_REGISTER_PERSON,
    HRA_REGISTER_PLAN,
    HRA_REGISTER_STATE,
    HRA_REGISTER_SINCE,
    HRA_REGISTER_RULE,
    HRA_REGISTER_LAST_SEEN,
    HRA_REGISTER_CONSENT,
    HRA_REGISTER_DECISION,
    HRA_REGISTER_DECIDER,
    HRA_REGISTER_REASON,
    HRA_REGISTER_CONTACT_DATE,
    HRA_REGISTER_CONTACT_RESULT,
    HRA_REGISTER_NEXT_CONTACT,
    HRA_REGISTER_COLUMNS
} hra_register_column;

extern const char *const hra_register_columns[HRA_REGISTER_COLUMNS];

typedef struct hra_register_line {
    const char **cells; /* HRA_REGISTER_COLUMNS and then the file's own; valid until the next line is read */
    int64_t line;       /* in the file */
} hra_register_line;

typedef struct hra_register_file hra_register_file;

hra_code hra_register_open(const char *path, hra_register_file **out, hra_error *error);
void hra_register_close(hra_register_file *file);
/* *any false at the end. */
hra_code hra_register_read(hra_register_file *file, hra_register_line *line, bool *any, hra_error *error);
int hra_register_extra(const hra_register_file *file); /* columns of the file's own */

/* The day in a cell, also as a spreadsheet writes it: 2026/1/5 for 2026-01-05. NaN where it is empty; false: no day. */
bool hra_register_day(const char *text, double *day);

/* Text of the header and of a line; `file` NULL: no columns of its own. */
void hra_register_put_header(const hra_register_file *file, hra_buffer *out);
void hra_register_put(const hra_register_file *file, const hra_register_line *line, hra_buffer *out);

#endif
