/* Whether a workbook that was just written is whole. The library that writes it (libxlsxwriter) keeps each part in a
 * temporary file first and does not look whether that had room: on a full disk it would end well with half a list. */
#ifndef HRA_REPORT_XLSX_CHECK_H
#define HRA_REPORT_XLSX_CHECK_H

#include <stdint.h>

#include "base/fail.h"

/* What is read by: to be asked for before anything is written. */
hra_code hra_xlsx_check_load(hra_error *error);

/* Reads all parts of the archive `file`: each must end, and the sheets together have `cells` cells. HRA_EIO if not,
 * with a message about `path`, where the workbook will stand. */
hra_code hra_xlsx_check(const char *file, const char *path, int64_t cells, hra_error *error);

#endif
