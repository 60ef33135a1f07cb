#include "base/plain_text.h"

#include <stddef.h>
#include <string.h>

/* U+0080 to U+009F, among them an escape for terminals, are C2 80 to C2 9F. */
static int is_high_control(const unsigned char *c) { return c[0] == 0xC2 && c[1] >= 0x80 && c[1] <= 0x9F; }

void hra_plain_lines(char *text)
{
    for (unsigned char *c = (unsigned char *)text; *c; c++) {
        if (*c == '\n' || *c == '\t') continue;
        if (*c < 0x20 || *c == 0x7F)
            *c = '?';
        else if (is_high_control(c))
            c[0] = c[1] = '?';
    }
}

void hra_plain_text(char *text)
{
    for (char *c = text; *c; c++)
        if (*c == '\n' || *c == '\r' || *c == '\t') *c = ' ';
    hra_plain_lines(text);
}

void hra_mask_long_numbers(char *text)
{
    enum { LONG = 6 };
    while (*text) {
        size_t digits = strspn(text, "0123456789");
        if (digits >= LONG) memset(text, '*', digits);
        text += digits ? digits : 1;
    }
}
