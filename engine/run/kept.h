/* Kept columns: a researcher's own variables (outcome, follow-up time, weight, site), which no model reads and which
 * travel with the rows into the results. They are variables of the domain "kept". */
#ifndef HRA_RUN_KEPT_H
#define HRA_RUN_KEPT_H

#include "engine/data/column.h"

#define HRA_DOMAIN_KEPT "kept"

bool hra_variable_is_kept(const hra_variable *variable);
/* 1, 2, ... in the order they were asked for; of kept variables only. */
int hra_kept_place(const hra_dictionary *dictionary, int variable);
/* Sets wanted[column] for every kept column. */
void hra_kept_columns(const hra_schema *schema, bool *wanted);
/* The values of one column, exact; NaN: missing. `out` has room for the chunk's rows. */
void hra_kept_values(const hra_schema *schema, const hra_chunk *chunk, int column, double *out);

#endif
