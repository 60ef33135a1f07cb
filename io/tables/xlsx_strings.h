/* Texts of a workbook: the rich text of one string, and the table of strings that cells share. The table is read only
 * as far as cells ask for it. */
#ifndef HRA_IO_XLSX_STRINGS_H
#define HRA_IO_XLSX_STRINGS_H

#include "base/buffer.h"
#include "io/files/zip_archive.h"

enum { HRA_XLSX_LONGEST_TEXT = 1 << 18 }; /* bytes; Excel's own limit is 32767 characters */

/* Collects the text of an <si> or <is>: pieces of rich text are joined, phonetic guides left out. */
typedef struct hra_xlsx_text {
    hra_buffer text;
    int phonetic;
    bool inside; /* of a <t> */
} hra_xlsx_text;

void hra_xlsx_text_start(hra_xlsx_text *text, const char *name);
void hra_xlsx_text_end(hra_xlsx_text *text, const char *name);
void hra_xlsx_text_piece(hra_xlsx_text *text, const char *bytes, size_t length);
/* Decodes _x000D_ and the like, in place; line breaks, tabs and other control characters become spaces. */
void hra_xlsx_plain(hra_buffer *text);

typedef struct hra_xlsx_strings hra_xlsx_strings;

/* `index`: the part of the table, -1: the workbook has none. */
hra_code hra_xlsx_strings_open(hra_zip *zip, int index, hra_xlsx_strings **out, hra_error *error);
void hra_xlsx_strings_close(hra_xlsx_strings *strings);
/* *text NULL: there is no such string. Valid until the next call; no NUL at its end. */
hra_code hra_xlsx_strings_get(hra_xlsx_strings *strings, int64_t index, const char **text, size_t *length,
                              hra_error *error);

#endif
