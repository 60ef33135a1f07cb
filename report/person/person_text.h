/* Texts about one person: values with units, and prescription texts with their
 * placeholders filled. */
#ifndef HRA_REPORT_PERSON_TEXT_H
#define HRA_REPORT_PERSON_TEXT_H

#include "base/arena.h"
#include "base/buffer.h"
#include "engine/run/runner.h"
#include "report/models/catalogue.h"
#include "report/tools/texts.h"

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
/* Is it not meant for such people? Of a run that computes the status of every output. */
bool hra_person_not_applicable(const hra_person *person, int output);

/* What a reader calls a level of a category. */
const char *hra_level_label(const hra_level *level, const char *language);

/* A number as a laboratory prints it: with all decimals (5.20); one in another unit than the dictionary's, whose
 * decimals say nothing of that unit, with as few as it needs (36 inches, 36.5 inches). */
void hra_measured_text(double value, int decimals, bool other_unit, hra_buffer *out);

/* A column's value as a reader wants it: a measured number, the label of a category, yes or no. Language "zh" or "en".
 */
void hra_person_input_text(const hra_person *person, int column, const char *language, hra_buffer *out);

/* As few decimals, at most so many, as tell a number to better than 3 %: 109 mg/dL of glucose, 0.83 mg/dL of
 * creatinine. */
int hra_lab_decimals(double value, int most);

/* A text with places for variables and lets ({name}), found once for all people. Quantities
 * (engine/language/quantity_text.h) are printed in the unit of the delivery as well: "6.1 mmol/L (110 mg/dL)". */
typedef struct hra_template hra_template;

/* Belongs to the arena; NULL: out of memory. `text` must stay. */
const hra_template *hra_template_new(hra_arena *arena, const hra_catalogue *catalogue, const hra_schema *schema,
                                     const hra_words *words, const char *text);
/* The text itself if it has no places, else NULL. */
const char *hra_template_constant(const hra_template *template);
/* An unknown value prints as "?". */
void hra_template_fill(const hra_template *template, const hra_person *person, const char *language, hra_buffer *out);

/* Names in braces of a text that are lets of the library or numbers of the dictionary (which others may stand in for),
 * handed one by one. */
void hra_placeholder_lets(const hra_library *library, const char *text, void (*found)(void *context, const char *name),
                          void *context);

#endif
