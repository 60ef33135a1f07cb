/* The words of quality reports (datasets/quality_texts.csv: key,en,zh). */
#ifndef HRA_INTAKE_QUALITY_WORDS_H
#define HRA_INTAKE_QUALITY_WORDS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fail.h"

typedef struct hra_quality_words hra_quality_words;

/* `language` "zh" or "en". Belongs to the arena. */
hra_code hra_quality_words_new(const char *language, hra_arena *arena, const hra_quality_words **out, hra_error *error);
bool hra_quality_words_chinese(const hra_quality_words *words);
/* The text of PREFIX.NAME (PREFIX alone: name NULL); what is not there gives the name. */
const char *hra_quality_word(const hra_quality_words *words, const char *prefix, const char *name);

/* Why a cell was rejected. */
const char *hra_quality_reject(const hra_quality_words *words, const char *reason);

/* A unit of the dictionary as people write it. */
const char *hra_quality_unit(const hra_quality_words *words, const char *unit);

#endif
