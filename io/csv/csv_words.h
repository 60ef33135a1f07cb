/* Columns of words: flags and categories written out. A column mostly holds few words, and those that it had are known
 * again sixteen bytes at a time. */
#ifndef HRA_IO_CSV_WORDS_H
#define HRA_IO_CSV_WORDS_H

#include "io/csv/csv_columns.h"

enum { HRA_KNOWN_WORDS = 8, HRA_WORD_BYTES = 16 };

/* Words of one column with their codes. */
typedef struct hra_known_words {
    int count;
    struct hra_known_word {
        uint64_t first, last, length; /* the first eight bytes, zeros behind them; the last eight of more than eight */
        int32_t code;
    } words[HRA_KNOWN_WORDS];
} hra_known_words;

/* Longer words than HRA_WORD_BYTES are not taken, nor more than there is room for, nor one twice. */
void hra_known_words_add(hra_known_words *known, const char *text, size_t length, int32_t code);

/* Puts down the codes of those among the `wanted` rows whose cells are known words; the others are returned. The text
 * is readable for HRA_TEXT_SLACK bytes behind the cells. */
uint64_t hra_word_column(hra_vector_level level, const char *text, const uint32_t *before, const uint32_t *ends,
                         uint64_t wanted, const hra_known_words *known, bool wide, void *codes);

#endif
