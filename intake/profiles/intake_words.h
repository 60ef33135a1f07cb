/* The sentences of inspection and of held files in the language of the reader (datasets/intake_texts.csv: en,zh). The
 * English sentence stands in the code and is its own key. */
#ifndef HRA_INTAKE_INTAKE_WORDS_H
#define HRA_INTAKE_INTAKE_WORDS_H

#include "base/arena.h"
#include "base/fail.h"

typedef struct hra_intake_words hra_intake_words;

/* `language` "zh" or "en". NULL words are English. Belongs to the arena. */
hra_code hra_intake_words_new(const char *language, hra_arena *arena, const hra_intake_words **out, hra_error *error);
/* The same of another table of sentences, such as "datasets/evaluation_reasons.csv". */
hra_code hra_intake_words_of(const char *table, const char *language, hra_arena *arena, const hra_intake_words **out,
                             hra_error *error);
/* The same of why values and rows are rejected (datasets/reject_texts.csv). */
hra_code hra_reject_words_new(const char *language, hra_arena *arena, const hra_intake_words **out, hra_error *error);
/* A sentence, which may be a printf format: the other language takes the same values. What is not there stays
 * English. */
const char *hra_say(const hra_intake_words *words, const char *english) __attribute__((format_arg(2)));
/* The same of a sentence that is whole already, as reading a file tells why it failed: a row of the table whose English
 * has "%s" in the place of each value fits it. What is not there stays English. NULL: out of memory. */
const char *hra_say_again(const hra_intake_words *words, const char *sentence, hra_arena *arena);
/* Why a file is held, where reading it failed with `sentence`. What is not in the table stands in brackets behind words
 * that the reader knows. NULL: out of memory. */
const char *hra_say_why_held(const hra_intake_words *words, const char *sentence, hra_arena *arena);

#endif
