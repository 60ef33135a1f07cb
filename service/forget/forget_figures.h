/* Figures of a run that still count people who are not in its results any more. They name nobody; a run from the
 * remaining store forms them again. */
#ifndef HRA_SERVICE_FORGET_FIGURES_H
#define HRA_SERVICE_FORGET_FIGURES_H

#include <stdint.h>

#include "base/buffer.h"
#include "base/fail.h"

/* Where run.json beside the results tells of other people than the `rows` that are left: a line to `out` for each file
 * or folder of figures that is there. *count: how many lines. */
hra_code hra_forget_figures(const char *results, int64_t rows, hra_buffer *out, int64_t *count, hra_error *error);

#endif
