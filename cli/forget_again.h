/* How the figures of a run are formed anew when people were taken out of its results. */
#ifndef HRA_CLI_FORGET_AGAIN_H
#define HRA_CLI_FORGET_AGAIN_H

#include <stdint.h>

#include "cli/forget_order.h"
#include "cli/options.h"
#include "service/forget/forget_list.h"

/* Results beside which figures count people who are not among them any more. */
typedef struct hra_counted {
    char *results;
    int64_t rows; /* people who are left */
} hra_counted;

/* To `order`: the command that runs again from the remaining store, with the options that run.json beside the results
 * has on record; or what is to be done before, where one of the files that it reads still has people on the list. */
hra_code hra_forget_again(const hra_counted *counted, const hra_texts *definitions, hra_forget_list *list,
                          hra_forget_order *order, hra_error *error);

#endif
