/* The loaded phrases; between phrase_book.c, phrase_cut.c and phrase_meaning.c. */
#ifndef HRA_IO_PHRASE_BOOK_H
#define HRA_IO_PHRASE_BOOK_H

#include "base/arena.h"
#include "io/words/phrases.h"

typedef enum hra_phrase_role {
    HRA_PHRASE_NONE_ROLE,   /* only a phrase */
    HRA_PHRASE_NEGATION,    /* 否认, 无 */
    HRA_PHRASE_AFFIRMATION, /* 有, 患 */
    HRA_PHRASE_RELATIVE,    /* 父亲 */
    HRA_PHRASE_OTHER,       /* 爷爷, 妻子: neither the person nor the first degree */
    HRA_PHRASE_SELF,        /* 本人 */
    HRA_PHRASE_PAST,        /* 既往 */
    HRA_PHRASE_NOTHING,     /* 无特殊: nothing to report */
    HRA_PHRASE_FILLER,      /* 病史 */
    HRA_PHRASE_ROLES
} hra_phrase_role;

/* A meaning, or none. */
typedef struct hra_phrase_meaning {
    enum { HRA_MEANS_UNSAID, HRA_MEANS_VALUE, HRA_MEANS_MISSING } kind;
    double value;
} hra_phrase_meaning;

/* What a phrase says of one variable. */
typedef struct hra_phrase_entry {
    int variable;
    hra_phrase_meaning plain, negated, past;
    bool relative; /* speaks of the family */
    int years;     /* variable of a duration beside it, -1: none */
    int next;      /* of the same phrase, -1: none */
} hra_phrase_entry;

typedef struct hra_phrase_word {
    hra_phrase_role role;
    int first;   /* entry, -1: none */
    bool phrase; /* names something, if only what no variable is about */
} hra_phrase_word;

/* Of a variable that has phrases. */
typedef struct hra_phrase_topic {
    bool any, any_whole, relative;
    hra_phrase_meaning plain, negated; /* of its first phrase that has them: what 无 and 父亲 alone say */
} hra_phrase_topic;

struct hra_phrase_book {
    const hra_dictionary *dictionary;
    hra_arena *arena;
    hra_map *index; /* folded text -> word */
    hra_map *whole; /* "variable number:folded text" -> entry */
    hra_phrase_word *words;
    int word_count, word_capacity;
    hra_phrase_entry *entries;
    int entry_count, entry_capacity;
    hra_phrase_topic *topics; /* per variable */
    size_t longest;           /* bytes of a word */
};

/* Reads tables given as text; for the compiled-in ones and for tests. */
hra_code hra_phrase_book_read(hra_phrase_book *book, const char *name, const char *text, size_t length,
                              hra_error *error);
hra_code hra_phrase_words_read(hra_phrase_book *book, const char *name, const char *text, size_t length,
                               hra_error *error);

/* ---- cutting --------------------------------------------------------------- */

enum { HRA_PHRASE_TEXT = 1200, HRA_PHRASE_TOKENS = 160 };

typedef enum hra_token_class {
    HRA_TOKEN_WORD,
    HRA_TOKEN_DURATION, /* years */
    HRA_TOKEN_QUANTITY, /* other numbers, with a unit; dates */
    HRA_TOKEN_LIST,     /* 、和: goes on with the same */
    HRA_TOKEN_COMMA,    /* also a space */
    HRA_TOKEN_STOP      /* ； 。 line break */
} hra_token_class;

typedef struct hra_phrase_token {
    hra_token_class class;
    int word;
    double years;
    const char *text; /* into the folded text */
    size_t length;
} hra_phrase_token;

typedef struct hra_phrase_text {
    char folded[HRA_PHRASE_TEXT];
    hra_phrase_token tokens[HRA_PHRASE_TOKENS];
    int count;
    bool unknown; /* some clause was not understood; its tokens are left out */
} hra_phrase_text;

/* Folds and cuts a text; false if it is too long. */
bool hra_phrase_cut(const hra_phrase_book *book, const char *text, size_t length, hra_phrase_text *out);
/* Folds as phrases are kept: lower case, spaces single, line breaks as 。; the length or -1. */
int hra_phrase_fold(const char *text, size_t length, char *out, size_t capacity);

/* ---- meaning ---------------------------------------------------------------- */

/* Missing with the reason HRA_TEXT_DOES_NOT_SAY: understood, but it says nothing of the variable. */
hra_cell_value hra_phrase_says(const hra_phrase_book *book, const hra_phrase_text *text, int variable);

#endif
