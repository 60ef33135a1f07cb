/* Quantities in the texts that people read: "{6.1 mmol/L of glucose_fasting}" and "{ldl_limit mmol/L of ldl}" are
 * printed as "6.1 mmol/L". Whoever knows the unit of the delivery prints them in that unit, too. */
#ifndef HRA_ENGINE_LANGUAGE_QUANTITY_TEXT_H
#define HRA_ENGINE_LANGUAGE_QUANTITY_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

typedef struct hra_text_piece {
    const char *text;
    size_t length;
} hra_text_piece;

typedef struct hra_quantity {
    hra_text_piece value; /* "6.1", "4.4–7.0", "3.4, 2.6 or 1.8"; a name of a variable or let */
    bool is_name;
    hra_text_piece unit; /* as it stands behind the value: " mmol/L", "厘米" */
    hra_text_piece variable;
} hra_quantity;

/* What stands in braces; false: it is no quantity, but a name alone. */
bool hra_quantity_read(const char *inside, size_t length, hra_quantity *out);

/* A text without what programs alone read: "{6.1 mmol/L of ...}" is 6.1 mmol/L, "{ldl_limit mmol/L of ldl}" is
 * {ldl_limit} mmol/L. */
void hra_quantity_plain(const char *text, hra_buffer *out);

#endif
