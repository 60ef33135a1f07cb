/* Characters of UTF-8. */
#ifndef HRA_BASE_UTF8_H
#define HRA_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Its bytes, 1 to 4, where the text ends with a NUL; 0: no character begins here. *code: which one it is. */
size_t hra_utf8_character(const unsigned char *at, uint32_t *code);
/* Writes the character, which must be one, in 1 to 4 bytes without a NUL; how many. */
size_t hra_utf8_put(uint32_t code, char *out);
/* Not to be shown on a page: controls, marks that turn the direction of the text behind them, U+FFFE and U+FFFF. */
bool hra_is_unprintable(uint32_t code);
/* Nothing but characters. */
bool hra_is_utf8(const char *text, size_t length);

#endif
