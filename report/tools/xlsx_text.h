/* Text as a workbook holds it: XML takes no U+FFFE and U+FFFF, and what looks like an escape of a workbook (_x0041_)
 * would be read as the character that it names. */
#ifndef HRA_REPORT_XLSX_TEXT_H
#define HRA_REPORT_XLSX_TEXT_H

#include "base/buffer.h"

/* The text itself where it can stand so; otherwise made in `room`, NULL without memory. Control characters are left to
 * the library that writes the workbook. */
const char *hra_xlsx_text(const char *text, hra_buffer *room);

#endif
