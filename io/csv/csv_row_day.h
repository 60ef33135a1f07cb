/* The day of a row's visit: which of a person's rows is the latest. */
#ifndef HRA_IO_CSV_ROW_DAY_H
#define HRA_IO_CSV_ROW_DAY_H

#include "io/csv/csv_binding.h"

enum { HRA_DAY_BITS = 20 };

/* The schema column of the day of a visit; -1: no file has one. */
int hra_row_day_column(const hra_binding *binding);

/* Days are numbered from 1, the earlier the less; 0: not known, or before the first day that can be true. `column` from
 * hra_row_day_column. */
uint32_t hra_row_day(const hra_binding *binding, const hra_file_plan *plan, int column, const char *text,
                     const hra_record *record, hra_buffer *scratch);

#endif
