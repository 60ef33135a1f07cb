/* Who looks after the people of an urgent list: group, branch and department, where the delivery with the urgent value
 * did not say, come from the joined population. */
#ifndef HRA_REPORT_URGENT_ORIGIN_H
#define HRA_REPORT_URGENT_ORIGIN_H

#include "engine/run/runner.h"

/* Fills empty cells of the list at `path` and puts it in place anew. */
hra_code hra_urgent_origin(const char *path, hra_source *population, int threads, hra_error *error);

#endif
