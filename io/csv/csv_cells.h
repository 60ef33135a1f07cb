/* The cells of a record, one after the other, as views into its text. */
#ifndef HRA_IO_CSV_CELLS_H
#define HRA_IO_CSV_CELLS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

typedef struct hra_cells {
    const char *at, *end; /* what is left of the record */
    char delimiter;
    bool done;           /* the last cell was taken */
    hra_buffer *scratch; /* cells with doubled quotes are rewritten here */
} hra_cells;

typedef struct hra_cell_text {
    const char *text;
    size_t length;
    bool quoted;
} hra_cell_text;

static inline hra_cells hra_cells_begin(const char *record, size_t length, char delimiter, hra_buffer *scratch)
{
    return (hra_cells){record, record + length, delimiter, false, scratch};
}

/* The next cell of a record without any quote character. */
static inline hra_cell_text hra_cells_next_plain(hra_cells *cells)
{
    const char *start = cells->at, *at = start;
    while (at < cells->end && *at != cells->delimiter) at++;
    cells->done = at == cells->end;
    cells->at = at + 1;
    return (hra_cell_text){start, (size_t)(at - start), false};
}

/* The next cell of any record. Valid until the next call. */
hra_cell_text hra_cells_next(hra_cells *cells);

#endif
