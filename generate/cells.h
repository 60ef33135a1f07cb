/* Cell texts. A code of a packed column has one text in a dialect, so texts are
 * made once and then copied: writing a cell is a copy of 24 bytes. */
#ifndef HRA_GENERATE_CELLS_H
#define HRA_GENERATE_CELLS_H

#include <stdint.h>
#include <string.h>

#include "generate/dialect.h"

enum { HRA_CELL_TEXT = 23, HRA_CELL_LONGEST = 160 };

typedef struct hra_cell {
    char text[HRA_CELL_TEXT]; /* the delimiter included */
    uint8_t length;
} hra_cell;

typedef struct hra_cell_column {
    const hra_column *column;
    const hra_variable *variable;
    const hra_dialect *dialect;
    const char *unit;      /* written in this unit */
    double factor, offset; /* canonical = written * factor + offset */
    bool converted;
    hra_cell *cells; /* of the first codes */
    uint32_t cell_count;
    hra_cell missing;
} hra_cell_column;

typedef struct hra_cells {
    hra_cell_column *columns;
    int count;
} hra_cells;

hra_code hra_cells_make(const hra_schema *schema, const hra_dialect *dialect, hra_cells *out, hra_error *error);
void hra_cells_destroy(hra_cells *cells);

/* The text of a code without delimiter; its length (at most HRA_CELL_LONGEST - 1). */
int hra_cell_format(const hra_cell_column *column, uint32_t code, char out[HRA_CELL_LONGEST]);

/* Writes text and delimiter; returns the place after it. Up to HRA_CELL_LONGEST bytes may be touched. */
static inline char *hra_cell_write(const hra_cell_column *column, uint32_t code, char *out)
{
    const hra_cell *cell = code < column->cell_count                    ? &column->cells[code]
                           : code == hra_column_missing(column->column) ? &column->missing
                                                                        : NULL;
    if (cell && cell->length) {
        memcpy(out, cell->text, HRA_CELL_TEXT);
        return out + cell->length;
    }
    out += hra_cell_format(column, code, out);
    *out++ = column->dialect->delimiter;
    return out;
}

#endif
