/* The texts of a dictionary as Arrow has them, held by everybody who shows them. */
#ifndef HRA_API_WORDS_H
#define HRA_API_WORDS_H

#include <stdint.h>

typedef struct hra_words hra_words;

/* NULL without memory. */
hra_words *hra_words_new(const char *const *texts, int count);
/* All words of a status byte, in the order of its values. */
hra_words *hra_words_of_statuses(void);
hra_words *hra_words_hold(hra_words *words);
void hra_words_drop(hra_words *words); /* NULL allowed; the last one frees */

int hra_words_count(const hra_words *words);
const int32_t *hra_words_offsets(const hra_words *words); /* count + 1 */
const char *hra_words_text(const hra_words *words);

#endif
