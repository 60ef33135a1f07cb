/* How the dictionary is filled. */
#ifndef HRA_DATA_DICTIONARY_FILL_H
#define HRA_DATA_DICTIONARY_FILL_H

#include "base/arena.h"
#include "engine/data/dictionary.h"

/* Without variables; NULL without memory. They are copied into the arena, which outlives the dictionary and holds what
 * they point to. */
hra_dictionary *hra_dictionary_new(hra_arena *arena);
void hra_dictionary_free(hra_dictionary *dictionary);

/* Adds, or replaces one of the same name. Returns its index, -1 out of memory. */
int hra_dictionary_put(hra_dictionary *dictionary, const hra_variable *variable);
/* After the last variable: alternative names that are names themselves. False without memory. */
bool hra_dictionary_index_aliases(hra_dictionary *dictionary);

#endif
