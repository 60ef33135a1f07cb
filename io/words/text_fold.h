/* Folding: the forms of one text that people type become one form.
 *
 * Full-width letters, digits, brackets and signs become ASCII; all Unicode
 * spaces become a space; CJK unit signs are spelt out; spaces at both ends go.
 * The folded text of a character depends on that character alone.
 */
#ifndef HRA_IO_TEXT_FOLD_H
#define HRA_IO_TEXT_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum hra_fold_flags {
    HRA_FOLD_LOWER = 1,     /* ASCII letters to lower case */
    HRA_FOLD_UPPER = 2,     /* ASCII letters to upper case */
    HRA_FOLD_NO_SPACES = 4, /* inner spaces and control characters go too */
    HRA_FOLD_NO_MARKS = 8   /* * # and arrows go too */
};

typedef struct hra_fold_reader {
    const char *at, *end;
    int flags;
} hra_fold_reader;

/* Decodes one UTF-8 character; an invalid byte gives U+FFFD and length 1. */
uint32_t hra_utf8_next(const char *text, const char *end, int *length);
/* How many bytes from the start are whole, valid characters. */
size_t hra_utf8_whole(const char *text, size_t length);

/* Narrows to the text between leading and trailing Unicode spaces. */
void hra_trim(const char **text, size_t *length);

hra_fold_reader hra_fold_begin(const char *text, size_t length, int flags);
/* Writes the next folded bytes (no NUL), at most `capacity` (at least 8); 0 at the end. */
size_t hra_fold_next(hra_fold_reader *reader, char *out, size_t capacity);

/* Folds all of a text into `out` with a NUL; -1 if it does not fit. */
int hra_fold(const char *text, size_t length, int flags, char *out, size_t capacity);

#endif
