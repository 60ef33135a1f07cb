/* Reading a decimal number: what strtod reads, sooner where the number is short. */
#ifndef HRA_BASE_NUMBER_READ_H
#define HRA_BASE_NUMBER_READ_H

/* The value and the end that strtod gives in the C locale. `end` may be NULL. */
double hra_number_read(const char *text, char **end);

#endif
