/* Lines of the urgent list of an earlier run into the same folder that its population alone does not tell: values that
 * were rejected as data, and those of earlier visits. */
#ifndef HRA_REPORT_URGENT_KEPT_H
#define HRA_REPORT_URGENT_KEPT_H

#include <stdio.h>

#include "base/fail.h"

typedef struct hra_urgent_kept hra_urgent_kept;

/* Reads the list at `path`, if there is one. */
hra_code hra_urgent_kept_new(const char *path, hra_urgent_kept **out, hra_error *error);
void hra_urgent_kept_free(hra_urgent_kept *kept); /* NULL allowed */

/* Lines of the new list: the same finding of the same row of a file is not kept twice. */
hra_code hra_urgent_kept_meet(hra_urgent_kept *kept, const char *lines, size_t length, hra_error *error);
/* The others, without the header; the stream tells of a failure when it is closed. */
hra_code hra_urgent_kept_write(hra_urgent_kept *kept, FILE *out, hra_error *error);

#endif
