/* The row above a header: names of columns that the header leaves empty, and of groups of columns. */
#ifndef HRA_IO_CSV_HEADER_ABOVE_H
#define HRA_IO_CSV_HEADER_ABOVE_H

#include "io/csv/csv_records.h"
#include "io/csv/csv_unit_row.h"

/* Row `row` of the batch as a header. Columns to which it gives no name have that of the row above, 工号 beside 收缩压
 * below 血压; a disease below 家族史 is that of the family, 高血压家族史, never the person's own. If the row above says
 * neither, the row is as it stands. `whole` lives as long as the batch and the arena. */
hra_code hra_whole_header(const hra_name_index *names, hra_arena *arena, const hra_batch *batch, int row,
                          char delimiter, hra_row_text *whole, hra_error *error);

#endif
