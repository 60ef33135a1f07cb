/* The rows of a sheet as lines of comma-separated text (RFC 4180). Line N of the text is row N of the sheet: rows that
 * are missing or empty become empty lines. The first rows are held back until the header's shape is known: names in
 * merged cells are carried over the cells that they cover, and every row is filled up to the widest of them. */
#ifndef HRA_IO_XLSX_ROWS_H
#define HRA_IO_XLSX_ROWS_H

#include "base/buffer.h"
#include "base/fail.h"
#include "io/tables/table_choice.h"

enum { HRA_XLSX_COLUMNS = 16384, HRA_XLSX_HELD_ROWS = 12 };

typedef struct hra_xlsx_rows hra_xlsx_rows;

/* NULL: out of memory. `place` begins messages ("FILE: sheet 'X'"); it and `choice` are borrowed. */
hra_xlsx_rows *hra_xlsx_rows_new(const char *place, const hra_table_choice *choice);
void hra_xlsx_rows_free(hra_xlsx_rows *rows);
/* Row numbers rise; columns count from 1 and come in any order. */
hra_code hra_xlsx_rows_begin(hra_xlsx_rows *rows, int64_t number, hra_error *error);
hra_code hra_xlsx_rows_cell(hra_xlsx_rows *rows, int column, const char *text, size_t length, hra_error *error);
hra_code hra_xlsx_rows_end(hra_xlsx_rows *rows, hra_buffer *out, hra_error *error);
/* After the last row: what was held back. */
hra_code hra_xlsx_rows_finish(hra_xlsx_rows *rows, hra_buffer *out, hra_error *error);

#endif
