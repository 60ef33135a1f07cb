/* Units as people write them, and the dictionary's spelling. */
#ifndef HRA_IO_UNIT_WORDS_H
#define HRA_IO_UNIT_WORDS_H

#include "engine/data/dictionary.h"

/* The dictionary's own spelling of a unit of this variable, whatever the case of its letters; a word for it (公斤,
 * 次/分) and a power written in another way (x10^9/L, 10*9/L) are read too. `text` has no spaces. NULL if it does not
 * fit. A short form of several units (mg/dL of urea and of its nitrogen) is the one that the name of the column says;
 * NULL if it says none, or both, or is not known (NULL). */
const char *hra_unit_spelling(const hra_variable *variable, const char *text, const char *header);

/* The same in cells of a column, whose own unit says what a short form means. */
const char *hra_unit_in_column(const hra_variable *variable, const char *text, const char *header, const char *unit);

/* The units that `text` (NULL: any text) is a short form of, by their number from 0; NULL: there are no more. */
const char *hra_unit_choice(const hra_variable *variable, const char *text, int choice);

#endif
