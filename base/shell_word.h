/* A word as it is typed in a shell: in single quotes if it holds anything but letters, digits and _-./:,+=@% */
#ifndef HRA_BASE_SHELL_WORD_H
#define HRA_BASE_SHELL_WORD_H

#include "base/buffer.h"

void hra_shell_word(hra_buffer *out, const char *word);

#endif
