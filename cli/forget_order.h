/* What is told of runs whose figures are to be formed anew: each after the year that it compares itself with, whose
 * figures it reads. */
#ifndef HRA_CLI_FORGET_ORDER_H
#define HRA_CLI_FORGET_ORDER_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/fail.h"

typedef struct hra_forget_order hra_forget_order;

hra_forget_order *hra_forget_order_new(void);        /* NULL: out of memory */
void hra_forget_order_free(hra_forget_order *order); /* NULL allowed */

/* Of the run with these results. `is_command`: its text forms the figures, and is not something to be done before.
 * `year`: the results of a year whose figures have to be formed before; NULL: there is none. */
hra_code hra_forget_order_add(hra_forget_order *order, const char *results, const char *text, bool is_command,
                              const char *year, hra_error *error);

/* All texts. Where no command forms the figures of the year, that is what is to be done before. */
void hra_forget_order_put(hra_forget_order *order, hra_buffer *out);

#endif
