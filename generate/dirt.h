/* What goes wrong between the laboratory and the file: spoilt cells, swapped
 * pressures, rows that come twice, identifiers that are wanting. Drawn from the
 * seed and the row number. */
#ifndef HRA_GENERATE_DIRT_H
#define HRA_GENERATE_DIRT_H

#include "generate/cells.h"

enum { HRA_DIRT_CELLS = 4, HRA_DIRT_LOG = 256 };

typedef struct hra_spoilt_cell {
    int column;
    char text[HRA_CELL_LONGEST];
} hra_spoilt_cell;

typedef struct hra_dirt {
    int count;
    hra_spoilt_cell cells[HRA_DIRT_CELLS];
    bool repeated;    /* the row comes twice, alike */
    bool conflicting; /* the row comes twice, the second time with another weight */
    bool no_key;
    char log[HRA_DIRT_LOG]; /* "swapped_pressure full_width:tc": for the file of true values */
} hra_dirt;

void hra_dirt_draw(uint64_t seed, int64_t row, const hra_cells *cells, const hra_chunk *chunk, int at, hra_dirt *out);

/* A made-up name and telephone number of a row: to be kept out of everything hra stores. */
int hra_dirt_name(uint64_t seed, int64_t row, char out[HRA_CELL_LONGEST]);
int hra_dirt_phone(uint64_t seed, int64_t row, char out[HRA_CELL_LONGEST]);

#endif
