/* How the dictionary is filled: rows of dictionary.csv, then `variable` blocks. */
#ifndef HRA_LANGUAGE_DICTIONARY_BUILD_H
#define HRA_LANGUAGE_DICTIONARY_BUILD_H

#include "engine/language/parser.h"

hra_dictionary *hra_dictionary_new(hra_memory *memory);
hra_memory *hra_dictionary_memory(hra_dictionary *dictionary);
void hra_dictionary_free(hra_dictionary *dictionary);

/* Adds, or replaces one of the same name. Returns its index, -1 out of memory. */
int hra_dictionary_put(hra_dictionary *dictionary, const hra_variable *variable);
/* After the last variable: alternative names that are names themselves. */
void hra_dictionary_index_aliases(hra_dictionary *dictionary);

/* Whom the variable is for: "models" (level ""), or a category given before and one of its levels; else a fault. */
void hra_dictionary_only_for(const hra_dictionary *dictionary, hra_variable *variable, const char *category,
                             const char *level, hra_span span, hra_diagnostics *diagnostics);

void hra_dictionary_read_csv(hra_dictionary *dictionary, const hra_script *script, hra_diagnostics *diagnostics);
void hra_dictionary_add_block(hra_dictionary *dictionary, const hra_variable_block *block,
                              hra_diagnostics *diagnostics);

/* Days since 1970-01-01 of YYYY-MM-DD; NaN if it is no date. */
double hra_day_of_text(const char *text);

#endif
