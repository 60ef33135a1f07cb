/* Forest plots in the cells of a table: one estimate with its interval a row, all on one scale. */
#ifndef HRA_REPORT_SVG_FOREST_H
#define HRA_REPORT_SVG_FOREST_H

#include <stdbool.h>

#include "base/buffer.h"
#include "evaluate/metrics.h"

typedef struct hra_forest {
    bool ratio;       /* on a log scale */
    double line;      /* what is to be compared with; NAN: none */
    double low, high; /* ends of the scale, as logarithms if it is a ratio's; NAN before the first estimate */
} hra_forest;

hra_forest hra_forest_new(bool ratio, double line);
/* Makes room for an estimate; NULL and one without a value need none. */
void hra_forest_include(hra_forest *forest, const hra_metric *metric);
/* After the last one. */
void hra_forest_close(hra_forest *forest);

/* The head of the column: both ends of the scale. */
void hra_forest_put_head(const hra_forest *forest, hra_buffer *out);
/* A cell; what it shows must stand beside it as numbers. */
void hra_forest_put_cell(const hra_forest *forest, const hra_metric *metric, hra_buffer *out);

#endif
