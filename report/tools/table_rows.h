/* A table with a header line (CSV in any encoding and separator, or a workbook), read row by row as texts. */
#ifndef HRA_REPORT_TABLE_ROWS_H
#define HRA_REPORT_TABLE_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"

enum { HRA_TABLE_COLUMNS = 512 };

typedef struct hra_table_rows hra_table_rows;

/* `delimiter` 0: told by the file. */
hra_code hra_table_rows_open(const char *path, char delimiter, hra_table_rows **out, hra_error *error);
void hra_table_rows_close(hra_table_rows *table); /* NULL allowed */

int hra_table_rows_width(const hra_table_rows *table);
const char *hra_table_rows_name(const hra_table_rows *table, int column);
int hra_table_rows_find(const hra_table_rows *table, const char *name); /* -1: no such column */

/* The cells of the next row, one for each column, "" where empty; valid until the next call. NULL at the end. */
hra_code hra_table_rows_next(hra_table_rows *table, const char *const **cells, hra_error *error);

#endif
