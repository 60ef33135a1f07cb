/* Which table of a file that may hold several (sheets of a workbook, tables of an HDF5 file) is read. */
#ifndef HRA_IO_TABLE_CHOICE_H
#define HRA_IO_TABLE_CHOICE_H

#include <stdint.h>

/* Cells that are one, by row and column from 1. */
typedef struct hra_merged_cells {
    uint16_t first_row, last_row, first_column, last_column;
} hra_merged_cells;

enum { HRA_TABLE_NAME = 256, HRA_TABLE_OTHERS = 512, HRA_TABLE_MERGES = 256 };

typedef struct hra_table_choice {
    int index; /* of the sheet in its workbook */
    int count; /* tables that are not empty */
    char name[HRA_TABLE_NAME];
    char not_read[HRA_TABLE_OTHERS]; /* names of the others, separated by commas */
    /* Merged cells near the top: the header may be among them. */
    hra_merged_cells merges[HRA_TABLE_MERGES];
    int merge_count;
} hra_table_choice;

#endif
