/* A row of units below the names of a header: "(mmol/L)" below "总胆固醇". */
#ifndef HRA_IO_CSV_UNIT_ROW_H
#define HRA_IO_CSV_UNIT_ROW_H

#include "base/buffer.h"
#include "base/fail.h"
#include "io/header_match.h"

typedef struct hra_row_text {
    const char *text;
    size_t length;
} hra_row_text;

/* If `below` is a row of units for `header`, *found is true and `joined` holds the header with the units in brackets
 * behind their names: "总胆固醇(mmol/L)". It is one if it says a unit of at least one known name and nothing but units,
 * words in brackets, names repeated from above, and signs for "none". */
hra_code hra_join_unit_row(const hra_name_index *names, hra_arena *arena, hra_row_text header, hra_row_text below,
                           char delimiter, hra_buffer *joined, bool *found, hra_error *error);

#endif
