#include "base/shell_word.h"

#include <string.h>

void hra_shell_word(hra_buffer *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,+=@%";
    if (*word && !word[strspn(word, plain)]) {
        hra_buffer_text(out, word);
        return;
    }
    hra_buffer_char(out, '\'');
    for (const char *c = word; *c; c++)
        if (*c == '\'')
            hra_buffer_text(out, "'\\''");
        else
            hra_buffer_char(out, *c);
    hra_buffer_char(out, '\'');
}
