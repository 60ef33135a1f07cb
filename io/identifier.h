/* Identifiers as they are compared and hashed: what spreadsheets and people put around one is not part of it. */
#ifndef HRA_IO_IDENTIFIER_H
#define HRA_IO_IDENTIFIER_H

#include <stdbool.h>
#include <stddef.h>

/* Without outer spaces and without the wrappers that protect digits from a spreadsheet (="0012", '0012). */
void hra_clean_identifier(const char **text, size_t *length);

enum { HRA_IDENTIFIER_ROOM = 64 };

/* Of a clean one: 1001.0 is the number 1001, and an identity number with spaces or hyphens between its parts is that
 * number, if its check digit says so. Other identifiers stay: nobody becomes somebody else. True: the text now stands
 * in `room`. */
bool hra_identifier_canonical(const char **text, size_t *length, char room[HRA_IDENTIFIER_ROOM]);

/* A number that a spreadsheet made of a long identifier and that has lost digits: 1.10101E+17, 110101199001010000,
 * 110101199003071230.0. */
bool hra_identifier_is_damaged(const char *text, size_t length);

#endif
