/* RFC 4180 text in memory: small files that belong to definitions (the data
 * dictionary, tables). People's data is read by io/. */
#ifndef HRA_LANGUAGE_CSV_TEXT_H
#define HRA_LANGUAGE_CSV_TEXT_H

#include "engine/language/lexer.h"

typedef struct hra_csv_text {
    const hra_script *script;
    int position;
    hra_buffer cell;
} hra_csv_text;

typedef struct hra_csv_cell {
    const char *text; /* quotes removed, blanks at both ends removed; valid until the next cell */
    hra_span span;
    bool last_of_row;
} hra_csv_cell;

hra_csv_text hra_csv_text_open(const hra_script *script);
void hra_csv_text_close(hra_csv_text *csv);
/* False at the end. Rows that are empty or start with '#' are passed over. */
bool hra_csv_text_next(hra_csv_text *csv, bool row_start, hra_csv_cell *cell);

#endif
