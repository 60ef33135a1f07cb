/* The cells of many rows, column by column: where they stand, and the codes of plain numbers, sixty-four rows at a
 * time. What is not plain is left to the reading of single cells, which gives the same codes. */
#ifndef HRA_IO_CSV_COLUMNS_H
#define HRA_IO_CSV_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/csv/csv_records.h"
#include "io/files/vector_level.h"

enum { HRA_BLOCK_ROWS = 64 };

/* Cell c of row r stands from ends[c][r] + 1 to ends[c + 1][r]; offsets in the text, modulo 2^32. */
typedef uint32_t hra_cell_ends[HRA_BLOCK_ROWS];

/* The places of the first `cells` cells of up to HRA_BLOCK_ROWS records that have at least so many. The text is
 * readable for HRA_TEXT_SLACK bytes (io/csv/csv_lines.h) behind them. Rows up to the next multiple of sixteen get blank
 * cells. `scratch` holds hra_find_cells_scratch(cells) numbers. */
size_t hra_find_cells_scratch(int cells);
void hra_find_cells(hra_vector_level level, const char *text, const hra_record *records, int rows, char delimiter,
                    int cells, uint16_t *scratch, hra_cell_ends *ends);

/* True if every quote of a record opens or closes a whole cell that holds neither quotes nor delimiters: then its cells
 * are those between its delimiters, some in quotes. Without vectors nobody is told. */
bool hra_quotes_are_simple(hra_vector_level level, const char *text, const hra_record *record, char delimiter);

/* How numbers of a column become codes; days are numbers. */
typedef struct hra_number_codes {
    int decimals;
    int64_t low, high; /* grid steps that are taken; others are left */
    int64_t first;     /* grid steps of code 0 */
    uint32_t missing;
    bool wide; /* codes are uint32_t, else uint16_t */
} hra_number_codes;

/* What became of the rows, a bit each. The others are known. */
typedef struct hra_block_rows {
    uint64_t blank, left;
} hra_block_rows;

/* Codes of the cells between two neighbours of ends, into codes. Blank and left rows get the missing code, and so may
 * up to fifteen behind the last one. */
hra_block_rows hra_number_column(hra_vector_level level, const char *text, const uint32_t *before, const uint32_t *ends,
                                 int rows, const hra_number_codes *how, void *codes);

/* The same of days written 2024-01-31. */
hra_block_rows hra_day_column(hra_vector_level level, const char *text, const uint32_t *before, const uint32_t *ends,
                              int rows, const hra_number_codes *how, void *codes);

/* What single characters mean: their codes, -1 for those that are left, as all are that are not ASCII. */
typedef int16_t hra_short_codes[256];
/* The same of cells of one character; all longer ones are left. */
hra_block_rows hra_short_column(hra_vector_level level, const char *text, const uint32_t *before, const uint32_t *ends,
                                int rows, const hra_short_codes meanings, uint32_t missing, bool wide, void *codes);

#endif
