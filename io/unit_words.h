/* Units as people write them, and the dictionary's spelling. */
#ifndef HRA_IO_UNIT_WORDS_H
#define HRA_IO_UNIT_WORDS_H

#include "engine/data/dictionary.h"

/* The dictionary's own spelling of a unit of this variable, whatever the case of its letters; a word for it (公斤,
 * 次/分) and a power written in another way (x10^9/L, 10*9/L) are read too. `text` has no spaces. NULL if it does not
 * fit. */
const char *hra_unit_spelling(const hra_variable *variable, const char *text);

#endif
