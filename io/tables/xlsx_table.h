/* One sheet of an Excel workbook (.xlsx) as comma-separated text, in memory that does not grow with the sheet. */
#ifndef HRA_IO_XLSX_TABLE_H
#define HRA_IO_XLSX_TABLE_H

#include "base/buffer.h"
#include "io/files/zip_archive.h"
#include "io/tables/table_choice.h"

/* Chooses the sheet (`wanted` NULL: the first visible one that is not empty) and reads the parts of the archive that
 * belong to it once, so that a damaged workbook is refused before anything of it is used. */
hra_code hra_xlsx_examine(hra_zip *zip, const char *wanted, hra_table_choice *choice, hra_error *error);

typedef struct hra_xlsx_table hra_xlsx_table;

/* `zip` and `choice` are borrowed. */
hra_code hra_xlsx_table_open(hra_zip *zip, const hra_table_choice *choice, hra_xlsx_table **out, hra_error *error);
void hra_xlsx_table_close(hra_xlsx_table *table);
/* Appends lines; *end is set when those were the last. */
hra_code hra_xlsx_table_read(hra_xlsx_table *table, hra_buffer *out, bool *end, hra_error *error);
int64_t hra_xlsx_table_progress(const hra_xlsx_table *table); /* as bytes of the archive's file */

#endif
