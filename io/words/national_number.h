/* Chinese identity numbers (GB 11643): 18 characters with the birth date and a
 * check digit, whose 17th digit is odd for men; the older 15 digits have two of
 * the year, always 19yy, and no check digit. */
#ifndef HRA_IO_NATIONAL_NUMBER_H
#define HRA_IO_NATIONAL_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

typedef struct hra_national_number {
    double birth_day; /* days since 1970-01-01 */
    bool male;
} hra_national_number;

/* NULL: it is one; else why not. Full-width characters and a small x are read. */
const char *hra_national_number_read(const char *text, size_t length, hra_national_number *out);

/* 110101199001010000: a spreadsheet keeps fifteen digits and writes zeros for the others. A real number that ends so
 * has the right check digit. */
bool hra_national_number_lost_digits(const char *text, size_t length);

#endif
