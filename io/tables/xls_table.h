/* One sheet of an old Excel workbook (.xls) as comma-separated text. Memory does not grow with a sheet whose cells
 * stand row by row, as Excel writes them; one whose cells stand in another order is held as a whole while it is read.
 */
#ifndef HRA_IO_XLS_TABLE_H
#define HRA_IO_XLS_TABLE_H

#include "base/buffer.h"
#include "io/tables/table_choice.h"
#include "io/tables/xls_book.h"

/* Chooses the sheet (`wanted` NULL: the first visible one that is not empty) and walks through its records once, so
 * that a damaged workbook is refused before anything of it is used. */
hra_code hra_xls_examine(const hra_xls_book *book, const char *wanted, hra_table_choice *choice, hra_error *error);

typedef struct hra_xls_table hra_xls_table;

/* `book` and `choice` are borrowed. */
hra_code hra_xls_table_open(const hra_xls_book *book, const hra_table_choice *choice, hra_xls_table **out,
                            hra_error *error);
void hra_xls_table_close(hra_xls_table *table);
/* Appends lines; *end is set when those were the last. */
hra_code hra_xls_table_read(hra_xls_table *table, hra_buffer *out, bool *end, hra_error *error);
int64_t hra_xls_table_progress(const hra_xls_table *table); /* as bytes of the file */

#endif
