/* Inside the parsing of a chunk: rows (io/csv/csv_fill.c), single cells (io/csv/csv_fill_cell.c, csv_fill_national.c),
 * what they leave behind (io/csv/csv_put.h) and blocks of rows read column by column (io/csv/csv_block.c). */
#ifndef HRA_IO_CSV_FILL_H
#define HRA_IO_CSV_FILL_H

#include "io/csv/csv_work.h"
#include "io/words/national_number.h"

/* Readings of one person gathered for a combination. */
typedef struct hra_gathered {
    double sum, first;
    int count;
    bool implausible;
    uint8_t mark;   /* of the readings that were taken */
    uint8_t absent; /* of those that were not: the strongest reason */
} hra_gathered;

typedef struct hra_filler {
    hra_work *work;
    const hra_fill_context *context;
    const hra_file_plan *plan;
    const hra_schema *schema;
    hra_chunk *chunk;
    const hra_record *record;
    int row;  /* in the chunk */
    int last; /* source column behind which nothing is read */
    hra_gathered *gathered;
    int *unread; /* columns that blocks do not fill themselves */
    int unread_count;
    hra_national_number national; /* of this row */
    bool has_national;
    hra_code code; /* first failure */
    hra_error *error;
} hra_filler;

void hra_fill_out_of_memory(hra_filler *f);

/* Columns that blocks do not fill themselves begin as missing in the rows from f->row on, so that cells that are not
 * there need no further thought. */
void hra_fill_missing(const hra_filler *f, int rows);
/* Where they stand in the file and whose they are: the rows of `count` records from number `first` of the batch on. */
void hra_fill_places(hra_filler *f, int first, int count);
/* Before and after the cells of f->record, which becomes f->row. */
void hra_fill_row_begin(hra_filler *f);
void hra_fill_row_end(hra_filler *f);
/* The row number stands in for a missing identifier where rows without one are kept. */
void hra_fill_default_key(hra_filler *f);
/* Whether there is something to do behind every row; else only behind those of which single cells were read. */
bool hra_fill_has_row_ends(const hra_filler *f);
/* One cell of it. */
void hra_fill_cell(hra_filler *f, const hra_source_column *source, hra_cell_text cell);
/* An identity number in it, and what it says beside the other cells at the end of the row. */
void hra_fill_national(hra_filler *f, const hra_source_column *source, hra_cell_text cell);
void hra_fill_national_end(hra_filler *f);
/* The number of a text that a label column of this chunk did not have yet; -1: out of memory. */
int32_t hra_fill_new_label(hra_filler *f, hra_label_memory *labels, const char *text, size_t length);
/* A cell of a label column. */
void hra_fill_label(hra_filler *f, const hra_source_column *source, hra_cell_text cell);

enum { HRA_LABEL_TEXT = 512 /* longer ones are rejected */ };

/* The rows of `count` records from number `first` of the batch on, all of the file's full width, with simple quotes
 * at most. */
void hra_fill_block(hra_filler *f, int first, int count);

#endif
