/* Free text in cells: answers, histories, findings. Whole and negation-aware:
 * a text is cut into clauses, every clause must be made of known phrases and
 * known words to the last character, and what the phrases mean, the words
 * around them (no, father, used to) turn. Nothing is looked for inside a text,
 * and what is not understood is rejected.
 *
 * Phrases and words are content: datasets/phrases.csv, datasets/phrase_words.csv. */
#ifndef HRA_IO_PHRASES_H
#define HRA_IO_PHRASES_H

#include "io/words/cell_value.h"

typedef struct hra_phrase_book hra_phrase_book;

/* From the tables that are compiled in. Variables that the dictionary does not have are left out. */
hra_code hra_phrase_book_new(const hra_dictionary *dictionary, hra_phrase_book **out, hra_error *error);
void hra_phrase_book_free(hra_phrase_book *book);

/* Whether there are phrases about a variable (dictionary index). */
bool hra_phrases_about(const hra_phrase_book *book, int variable);

/* A cell that as a whole is a phrase: 正常 in a column of electrocardiograms. False: it is none. */
bool hra_phrase_whole(const hra_phrase_book *book, int variable, const char *text, size_t length,
                      hra_cell_value *value);

/* What the text says of the variable; missing if it is understood but says nothing of it. A variable in years gets
 * the duration that stands with the phrase it belongs to (已戒烟5年: quit_years). */
hra_cell_value hra_phrases_read(const hra_phrase_book *book, int variable, const char *text, size_t length);

/* Rejections of hra_phrases_read: part of the text is unknown; or it is understood and says nothing of the variable. */
#define HRA_TEXT_NOT_UNDERSTOOD "text not understood"
#define HRA_TEXT_DOES_NOT_SAY "the text does not say"

enum { HRA_SEVERAL_MOST = 32 }; /* variables of one cell */

/* A code of a question with several answers and the variable (its place in `variables`) it stands for; -1: another
 * answer that none of them is about. */
typedef struct hra_answer_code {
    const char *text; /* folded: lower case, no spaces */
    int place;
} hra_answer_code;

/* One cell about several variables: 高血压、脂肪肝；胆囊结石 or 1;3;7. As the question lists them all, a flag that an
 * understood text does not name is no; if a part is not understood, it is rejected. A blank cell leaves all missing. */
void hra_phrases_read_several(const hra_phrase_book *book, const int *variables, int count,
                              const hra_answer_code *codes, int code_count, const char *text, size_t length,
                              hra_cell_value *values);

#endif
