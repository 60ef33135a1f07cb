/* One year's values with those taken away that the same person's other year
 * does not have: what both years know. */
#ifndef HRA_SERVICE_YEARS_MASK_H
#define HRA_SERVICE_YEARS_MASK_H

#include "service/years/years_previous.h"

/* A source over `inner` (a population store of the people of `own`, which stays the caller's): values of a linked
 * person are missing where `other` does not know the variable. */
hra_code hra_years_mask_new(hra_source *inner, const hra_previous *own, const hra_previous *other, hra_source **out,
                            hra_error *error);

#endif
