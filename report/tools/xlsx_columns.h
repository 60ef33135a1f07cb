/* What the columns of hra's lists are in a workbook: text, number, share or day, and how wide. A column that is not
 * known here is text, so that nothing in it can be taken for anything else. */
#ifndef HRA_REPORT_XLSX_COLUMNS_H
#define HRA_REPORT_XLSX_COLUMNS_H

#include <stdbool.h>

#include "report/tools/texts.h"

typedef enum hra_xlsx_kind { HRA_XLSX_TEXT, HRA_XLSX_NUMBER, HRA_XLSX_SHARE, HRA_XLSX_DAY } hra_xlsx_kind;

typedef struct hra_xlsx_column {
    const char *name, *title; /* title: the header, in the language asked for */
    hra_xlsx_kind kind;
    double width; /* in characters */
    bool hidden;  /* a text in the other language */
    bool coded;   /* its cells are codes of which the catalogues have the words: cell.NAME.CODE */
} hra_xlsx_column;

hra_xlsx_column hra_xlsx_column_of(const char *name, const hra_words *words);

int hra_xlsx_columns_known(void); /* for tests: how many names have a row of their own */
const char *hra_xlsx_columns_name(int index);

#endif
