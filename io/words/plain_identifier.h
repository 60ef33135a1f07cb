/* Identifiers of few digits and capitals, which nearly all are: compared and hashed as they are written, and brought
 * into an order by words. */
#ifndef HRA_IO_PLAIN_IDENTIFIER_H
#define HRA_IO_PLAIN_IDENTIFIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Words and characters of the longest, and the bytes that are read whatever the length. */
enum { HRA_PLAIN_WORDS = 3, HRA_PLAIN_IDENTIFIER = 8 * HRA_PLAIN_WORDS, HRA_PLAIN_READ = 32 };

/* Zeros: none, before all others. */
typedef struct hra_plain_identifier {
    size_t length;
    uint64_t words[HRA_PLAIN_WORDS]; /* of the first characters; the first is the most significant byte */
} hra_plain_identifier;

/* The cell at `text`, up to the delimiter or `most` bytes long; HRA_PLAIN_READ bytes are read. False: it is blank, too
 * long, or holds anything but digits and capitals of ASCII; `out` then tells nothing. */
bool hra_plain_identifier_read(const char *text, size_t most, char delimiter, hra_plain_identifier *out);

/* Shorter ones come first, then by their characters: numbers in the order of their value. */
static inline bool hra_plain_identifier_before(const hra_plain_identifier *a, const hra_plain_identifier *b)
{
    if (a->length != b->length) return a->length < b->length;
    if (a->words[0] != b->words[0]) return a->words[0] < b->words[0];
    if (a->words[1] != b->words[1]) return a->words[1] < b->words[1];
    return a->words[2] < b->words[2];
}

#endif
