/* Texts about one person: values with units, and prescription texts with their
 * placeholders filled. */
#ifndef HRA_REPORT_PERSON_TEXT_H
#define HRA_REPORT_PERSON_TEXT_H

#include "base/buffer.h"
#include "engine/run/runner.h"
#include "report/catalogue.h"

/* One person of a scored chunk. */
typedef struct hra_person {
    const hra_catalogue *catalogue;
    const hra_schema *schema;
    const double *inputs; /* one value per schema column */
    const hra_results *results;
    int row;
} hra_person;

/* Value of an output for the person; NaN unknown. */
double hra_person_value(const hra_person *person, int output);
unsigned hra_person_status(const hra_person *person, int output);

/* A column's value as a reader wants it: rounded to the dictionary's decimals,
 * the label of a category, yes or no. Language "zh" or "en". */
void hra_person_input_text(const hra_person *person, int column, const char *language, hra_buffer *out);

/* Fills {name} in a text: variables and lets; an unknown value prints as "?". */
void hra_person_fill(const hra_person *person, const char *text, const char *language, hra_buffer *out);

/* Names in braces of a text that are lets of the library, handed one by one. */
void hra_placeholder_lets(const hra_library *library, const char *text, void (*found)(void *context, const char *name),
                          void *context);

#endif
