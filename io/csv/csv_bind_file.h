/* Binding one file's columns; the part of io/csv/csv_binding.c that sees a header. */
#ifndef HRA_IO_CSV_BIND_FILE_H
#define HRA_IO_CSV_BIND_FILE_H

#include "io/csv/csv_binding.h"

/* Gives every column of the plan its meaning; marks the map's rules and words that found a column. */
hra_code hra_bind_file(hra_binding *binding, hra_file_plan *plan, hra_error *error);

/* A variable by name, label or alias; `where` and `line` (0: none) go into the message. */
hra_code hra_find_variable(const hra_binding *binding, const char *name, const char *where, int line, int *variable,
                           hra_error *error);

/* Whether a text variable holds two values, as 120/80 (its note in the dictionary says "split into A and B"), and
 * which.
 */
bool hra_pair_parts(const hra_dictionary *dictionary, const hra_variable *v, int *first, int *second);

/* Measures, counts, flags, categories and dates become columns. */
bool hra_is_value(hra_type type);

#endif
