/* libxlsxwriter, loaded when the first workbook is written. Whoever calls it includes this header instead of its own;
 * functions that are called stand in workbook.calls. */
#ifndef HRA_REPORT_WORKBOOK_CALLS_H
#define HRA_REPORT_WORKBOOK_CALLS_H

#include <xlsxwriter.h>

#include "base/fail.h"
#include "late/workbook.h" /* after the library's own names */

/* Before a workbook is made; later calls cost nothing. Library absent: HRA_EUSAGE with what to install. */
hra_code hra_workbook_load(hra_error *error);

#endif
