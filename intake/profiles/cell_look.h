/* What one cell looks like, whatever column it stands in. */
#ifndef HRA_INTAKE_CELL_LOOK_H
#define HRA_INTAKE_CELL_LOOK_H

#include <stddef.h>

#include "intake/profiles/scan.h"

typedef enum hra_look_kind {
    HRA_LOOK_BLANK,
    HRA_LOOK_NOT_DONE,
    HRA_LOOK_REFUSED,
    HRA_LOOK_OTHER_MISSING,
    HRA_LOOK_NUMBER,
    HRA_LOOK_PAIR,
    HRA_LOOK_TEXT
} hra_look_kind;

typedef struct hra_cell_look {
    hra_look_kind kind;
    int date; /* hra_date_shape, -1: no date */
    /* of a number */
    double value;
    bool bound, marked, with_unit, full_width, exponent;
    int digits, decimals; /* digits written, and those behind the point */
    int last_digit;
    bool comma;     /* of a text: 5,6 */
    bool zero_tail; /* 16 digits and more that end in 000 */
} hra_cell_look;

/* `text` is trimmed. */
hra_cell_look hra_look_at_cell(const char *text, size_t length);

#endif
