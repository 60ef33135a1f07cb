/* What the dictionary is filled with: rows of dictionary.csv, then `variable` blocks. */
#ifndef HRA_LANGUAGE_DICTIONARY_BUILD_H
#define HRA_LANGUAGE_DICTIONARY_BUILD_H

#include "engine/data/dictionary_fill.h"
#include "engine/language/parser.h"

/* Adds, or replaces one of the same name. */
void hra_dictionary_add(hra_dictionary *dictionary, hra_memory *memory, const hra_variable *variable);

/* Whom the variable is for: "models" (level ""), or a category given before and one of its levels; else a fault. */
void hra_dictionary_only_for(const hra_dictionary *dictionary, hra_variable *variable, const char *category,
                             const char *level, hra_span span, hra_diagnostics *diagnostics);

void hra_dictionary_read_csv(hra_dictionary *dictionary, hra_memory *memory, const hra_script *script,
                             hra_diagnostics *diagnostics);
void hra_dictionary_add_block(hra_dictionary *dictionary, hra_memory *memory, const hra_variable_block *block,
                              hra_diagnostics *diagnostics);

#endif
