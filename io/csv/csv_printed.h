/* Columns of numbers that are printed alike, each with all the decimals of the column, which may have none. Most are;
 * nothing has to be found out about their cells then. */
#ifndef HRA_IO_CSV_PRINTED_H
#define HRA_IO_CSV_PRINTED_H

#include "io/csv/csv_columns.h"

/* Codes of the cells between two neighbours of hra_cell_ends. Blank and left rows get the missing code, and so may up
 * to fifteen behind the last one; left are all that are not such numbers within the limits. Where the processor has
 * HRA_VECTOR_AVX512. */
hra_block_rows hra_printed_column(const char *text, const uint32_t *before, const uint32_t *ends, int rows,
                                  const hra_number_codes *how, void *codes);

#endif
