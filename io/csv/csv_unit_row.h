/* Headers of several rows: units below the names ("(mmol/L)" below "总胆固醇"), and names below those of groups of
 * columns (收缩压 below 血压). */
#ifndef HRA_IO_CSV_UNIT_ROW_H
#define HRA_IO_CSV_UNIT_ROW_H

#include "base/buffer.h"
#include "base/fail.h"
#include "io/csv/csv_cells.h"
#include "io/csv/header_match.h"

typedef struct hra_row_text {
    const char *text;
    size_t length;
} hra_row_text;

/* If `below` is a row of units for `header`, *found is true and `joined` holds the header with the units in brackets
 * behind their names: "总胆固醇(mmol/L)". It is one if it says a unit of at least one known name and nothing but units,
 * words in brackets, names repeated from above, names of variables (which stand for the ones above), and signs for
 * "none"; or at least two of these names. */
hra_code hra_join_unit_row(const hra_name_index *names, hra_arena *arena, hra_row_text header, hra_row_text below,
                           char delimiter, hra_buffer *joined, bool *found, hra_error *error);

/* The variable that a cell names, 收缩压 below 血压, or -1. Diseases and words for none are what people's cells hold,
 * too: they are none. */
hra_code hra_header_own_name(const hra_name_index *names, hra_arena *arena, hra_cell_text cell, int *variable,
                             hra_error *error);

/* A cell of a record, in quotes, whatever the separator. */
void hra_put_header_cell(const char *text, size_t length, hra_buffer *out);

#endif
