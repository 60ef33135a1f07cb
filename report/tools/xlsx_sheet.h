/* A list as an Excel workbook, written row by row in memory that does not grow with it: frozen and filtered header,
 * widths, numbers and days as such, everything else as text and never as a formula. What is longer than a sheet goes on
 * in the next one. */
#ifndef HRA_REPORT_XLSX_SHEET_H
#define HRA_REPORT_XLSX_SHEET_H

#include <stdint.h>

#include "base/fail.h"
#include "report/tools/xlsx_columns.h"

enum { HRA_XLSX_SHEET_ROWS = 1048575 }; /* below the header */

typedef struct hra_xlsx_choice { /* what may be entered in a column, offered as a list */
    const char *column;
    const char *const *words; /* ends in NULL; together at most 255 characters */
    const char *hint;
} hra_xlsx_choice;

typedef struct hra_xlsx_list {
    const char *title; /* of the sheet */
    const hra_xlsx_column *columns;
    int column_count;
    int frozen; /* columns that stay while scrolling */
    const hra_xlsx_choice *choices;
    int choice_count;
    const char *choose; /* the words beside a refused entry */
    int64_t sheet_rows; /* 0: as many as fit */
    double day;         /* of the making, as the workbook tells it; 0, NaN: not known */
} hra_xlsx_list;

typedef struct hra_xlsx_sheet hra_xlsx_sheet;

/* `list` and all in it must outlive the sheet. The file (0600) appears whole at finish. */
hra_code hra_xlsx_sheet_new(const char *path, const hra_xlsx_list *list, hra_xlsx_sheet **out, hra_error *error);
/* One text for each column. A number or day that cannot be read as one is written as the text it is. */
hra_code hra_xlsx_sheet_row(hra_xlsx_sheet *sheet, const char *const *cells, hra_error *error);
hra_code hra_xlsx_sheet_finish(hra_xlsx_sheet *sheet, hra_error *error); /* frees */
void hra_xlsx_sheet_abandon(hra_xlsx_sheet *sheet);                      /* NULL allowed; nothing is left */

#endif
