/* Texts in the records of an old workbook: since Excel 97 in 16 bits a character (or in 8, where all of a piece have
 * room there), before that in the code page of who wrote them. */
#ifndef HRA_IO_XLS_TEXT_H
#define HRA_IO_XLS_TEXT_H

#include "base/buffer.h"
#include "io/tables/xls_records.h"
#include "io/words/encoding.h"

/* How long the number is that says how many characters follow. */
typedef enum hra_xls_count { HRA_XLS_COUNT_8 = 1, HRA_XLS_COUNT_16 = 2 } hra_xls_count;

/* The text at the cursor, with its length before it, behind what `out` holds; control characters become spaces. NULL
 * for `decoder`: a text since Excel 97. Where it is cut, cursor->over is set. */
hra_code hra_xls_text_read(hra_xls_cursor *cursor, hra_xls_count count, hra_decoder *decoder, hra_buffer *out,
                           hra_error *error);

#endif
