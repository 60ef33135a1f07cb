/* Fixed words of reports, one message catalogue per language
 * (datasets/texts/zh.csv, en.csv: key,text), embedded in the binary. Words of
 * the content (titles, advice) stand in the definitions instead.
 *
 * A test holds every key used in C against both catalogues: keys are written
 * out as literals, hra_text(words, "key"), or listed in a table whose rows end
 * in a comment naming it. */
#ifndef HRA_REPORT_TEXTS_H
#define HRA_REPORT_TEXTS_H

#include "base/buffer.h"
#include "base/fail.h"

typedef struct hra_words hra_words;

/* `language` "zh" or "en". Immutable; shared by threads. */
hra_code hra_words_new(const char *language, hra_words **out, hra_error *error);
void hra_words_free(hra_words *words);
const char *hra_words_language(const hra_words *words);

/* The text of a key; a key that is not there gives the key itself. */
const char *hra_text(const hra_words *words, const char *key);
/* The text of PREFIX.NAME, or `otherwise` if there is none (names that definitions make: levels, domains). */
const char *hra_text_of(const hra_words *words, const char *prefix, const char *name, const char *otherwise);

/* Fills {0}, {1} ... of a text. */
void hra_text_fill(const char *text, const char *const *values, int count, hra_buffer *out);

/* Lists: "a, b"; where an item holds a comma itself, "a, b; c". `semicolons`: whether one of the items does. */
bool hra_text_holds_comma(const char *item);
const char *hra_list_separator(const hra_words *words, bool semicolons);

int hra_words_count(const hra_words *words);
const char *hra_words_key(const hra_words *words, int index);

#endif
