/* Which sheet of a workbook is read: the one that is named, else the first that is neither hidden nor empty. */
#ifndef HRA_IO_SHEET_CHOICE_H
#define HRA_IO_SHEET_CHOICE_H

#include <stdbool.h>

#include "base/fail.h"
#include "io/tables/table_choice.h"

typedef struct hra_sheet_entry {
    const char *name; /* safe to print */
    bool hidden;
    bool table; /* a worksheet, not a chart or a macro sheet */
} hra_sheet_entry;

typedef struct hra_sheet_list {
    const char *path;
    int count;
    hra_sheet_entry (*entry)(const void *book, int index);
    hra_code (*is_empty)(const void *book, int index, bool *empty, hra_error *error);
    const void *book;
} hra_sheet_list;

/* `wanted`: a name in any case, or NULL. */
hra_code hra_choose_sheet(const hra_sheet_list *list, const char *wanted, hra_table_choice *choice, hra_error *error);

/* Merged cells of the chosen sheet, by row and column from 1; those far from the top are left out. */
void hra_choose_merge(hra_table_choice *choice, long first_row, long last_row, long first_column, long last_column);

#endif
