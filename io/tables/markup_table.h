/* A table in a web page or in an Excel 2003 XML workbook, as comma-separated text: many systems export these under the
 * name .xls. Memory does not grow with the rows. Fed with the text of the file. */
#ifndef HRA_IO_MARKUP_TABLE_H
#define HRA_IO_MARKUP_TABLE_H

#include "base/buffer.h"
#include "base/fail.h"
#include "io/tables/table_choice.h"

typedef struct hra_markup_table hra_markup_table;

/* To choose a table: `wanted` is its name (the sheet's, or "table 2" of a page), NULL: the one with most cells.
 * `path` is borrowed. */
hra_code hra_markup_table_search(const char *path, const char *wanted, hra_markup_table **out, hra_error *error);
/* After the whole text; pages without a table are refused. */
hra_code hra_markup_table_chosen(hra_markup_table *table, hra_table_choice *choice, hra_error *error);

/* To read the table chosen before; `choice` is borrowed. */
hra_code hra_markup_table_open(const char *path, const hra_table_choice *choice, hra_markup_table **out,
                               hra_error *error);
/* A block of the file's text; `end`: the last one. `out` gets lines, when the table is read. */
hra_code hra_markup_table_feed(hra_markup_table *table, const char *text, size_t length, bool end, hra_buffer *out,
                               hra_error *error);
void hra_markup_table_close(hra_markup_table *table);

#endif
