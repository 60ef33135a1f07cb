/* The attributes by which a dataset of a population store says what it means. */
#ifndef HRA_IO_STORE_DESCRIPTION_H
#define HRA_IO_STORE_DESCRIPTION_H

#include "io/people/series.h"

/* Whoever changes these changes the bytes of every store. With the lock held. */
hra_code hra_store_describe_column(const hra_series *series, const hra_column *column, const hra_dictionary *dictionary,
                                   hra_arena *arena, hra_error *error);
hra_code hra_store_describe_label(const hra_series *series, const hra_dictionary *dictionary, int variable,
                                  hra_error *error);

#endif
