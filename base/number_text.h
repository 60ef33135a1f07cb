/* Numbers as text for output files: the bytes of printf("%.6g") in the C
 * locale, about ten times as fast. */
#ifndef HRA_BASE_NUMBER_TEXT_H
#define HRA_BASE_NUMBER_TEXT_H

enum { HRA_NUMBER_TEXT = 32 };

/* Six significant digits, correctly rounded (ties of the exact binary value to even). Returns the length; a NUL
 * follows. */
int hra_format_six_digits(double value, char out[HRA_NUMBER_TEXT]);

/* All digits of a whole number below 1e15 in magnitude. */
int hra_format_whole(double value, char out[HRA_NUMBER_TEXT]);

#endif
