/* Records of an urgent list that is there. */
#ifndef HRA_REPORT_URGENT_RECORDS_H
#define HRA_REPORT_URGENT_RECORDS_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/fail.h"

hra_code hra_urgent_list_read(const char *path, hra_buffer *list, hra_error *error);

/* Where the record that begins at `text` is over, behind its line end; false: it is not whole. */
bool hra_urgent_record_end(const char *text, const char *end, const char **next);

#endif
