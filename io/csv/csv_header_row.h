/* What stands in a row near the top of a file: names of columns, or a person. */
#ifndef HRA_IO_CSV_HEADER_ROW_H
#define HRA_IO_CSV_HEADER_ROW_H

#include "base/arena.h"
#include "io/csv/csv_records.h"
#include "io/csv/header_match.h"

typedef struct hra_row_look {
    int known; /* variables of the dictionary that it names */
    int names; /* of them those whose name is no finding (高血压) and no word for none (NA): no person's cell says it */
    int numbers; /* numbers, dates, pressures */
    int words;   /* answers and sexes: yes, 男 */
    int filled;  /* cells */
} hra_row_look;

/* A row that cannot name more than `least` variables is not looked at to its end, and its numbers and words are not
 * counted: nobody asks for them. */
hra_code hra_row_look_at(const hra_name_index *names, hra_arena *arena, const hra_batch *batch,
                         const hra_record *record, char delimiter, int least, hra_row_look *look, hra_error *error);

/* The values of a person, where the header is missing. Numbers alone do not tell: columns may be called 1, 2 and 2025.
 */
bool hra_row_holds_values(const hra_row_look *look);

#endif
