/* What the number in a workbook's cell says, by the cell's number format: a number, a percentage, a day, a time. */
#ifndef HRA_IO_XLSX_NUMBER_H
#define HRA_IO_XLSX_NUMBER_H

#include <stdint.h>

#include "base/buffer.h"

typedef enum hra_xlsx_form_kind {
    HRA_XLSX_NUMBER,
    HRA_XLSX_PERCENT, /* 0.058 is 5.8% */
    HRA_XLSX_DAY,     /* a serial day */
    HRA_XLSX_CLOCK,   /* a serial day with its time, or a time alone */
    HRA_XLSX_ELAPSED, /* hours beyond a day: [h]:mm */
    HRA_XLSX_PADDED   /* 000000: leading zeros up to a width */
} hra_xlsx_form_kind;

typedef struct hra_xlsx_form {
    uint8_t kind, width; /* width of padded ones */
} hra_xlsx_form;

/* Formats that have a number instead of a code. */
hra_xlsx_form hra_xlsx_form_builtin(long id);
hra_xlsx_form hra_xlsx_form_of_code(const char *code);

/* A format that a workbook brings along, by its number. */
typedef struct hra_xlsx_custom_form {
    long id;
    hra_xlsx_form form;
} hra_xlsx_custom_form;

/* Among the workbook's own, else of those that have a number instead of a code. */
hra_xlsx_form hra_xlsx_form_by_id(const hra_xlsx_custom_form *custom, int count, long id);

/* Appends what the number says; a text that is no number is appended as it is.
 * Days are counted from 1900 (with its day 60 that never was, which comes out as 1900-02-29), or from 1904. */
void hra_xlsx_number_text(const char *text, size_t length, hra_xlsx_form form, bool from_1904, hra_buffer *out);

#endif
