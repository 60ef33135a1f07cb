/* Units as people write them, and the dictionary's spelling. */
#ifndef HRA_IO_UNIT_WORDS_H
#define HRA_IO_UNIT_WORDS_H

#include "engine/data/dictionary.h"

/* The dictionary's own spelling of a unit of this variable, whatever the case of its letters; a word for it (公斤,
 * 次/分) and a power written in another way (x10^9/L, 10*9/L) are read too. `text` has no spaces. NULL if it does not
 * fit. */
const char *hra_unit_spelling(const hra_variable *variable, const char *text);

/* Of a unit (in the dictionary's spelling) that is written for two quantities, unless the column's name (NULL: none)
 * says which: the units that say it, "[mg/dL-N], [mg/dL-urea]". NULL: there is no doubt. */
const char *hra_unit_choices(const hra_variable *variable, const char *unit, const char *header);

#endif
