/* What the records of a sheet of an old workbook say of its cells. */
#ifndef HRA_IO_XLS_CELLS_H
#define HRA_IO_XLS_CELLS_H

#include "io/tables/xls_book.h"
#include "io/tables/xlsx_rows.h"

typedef struct hra_xls_cells {
    const hra_xls_book *book;
    hra_xls_records *records;
    hra_xlsx_rows *rows;
    const char *place; /* begins messages: "FILE: sheet 'X'" */
    hra_buffer shown;
} hra_xls_cells;

/* Whether a record holds cells, and where the first of them is (from 0). Empty cells have a format only: they are none.
 */
bool hra_xls_cell_at(const hra_xls_record *record, int *row, int *column);

/* Gives the cells of the record read last to the rows, at the row that was begun. What belongs to a formula is read on
 * from the records behind it. */
hra_code hra_xls_cells_add(hra_xls_cells *cells, const hra_xls_record *record, hra_error *error);

#endif
