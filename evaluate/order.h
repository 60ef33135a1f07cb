/* Rows in ascending order of a value. Equal values stay in the order of the rows, so the order is always the same. */
#ifndef HRA_EVALUATE_ORDER_H
#define HRA_EVALUATE_ORDER_H

#include <stdint.h>

#include "base/fail.h"

/* `value` holds no NaN; `order` has room for `rows` numbers. */
hra_code hra_order_rows(const double *value, int64_t rows, int64_t *order, hra_error *error);

/* The value that a share of `count` ascending values (at least one) lies below: between two values on the straight
 * line from the one to the other (type 7 of Hyndman and Fan, The American Statistician 1996). */
double hra_quantile(const double *ascending, int64_t count, double share);

/* What every function here says when memory runs out. */
hra_code hra_evaluate_no_memory(hra_error *error);

#endif
