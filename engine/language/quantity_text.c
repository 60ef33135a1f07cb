#include "engine/language/quantity_text.h"

#include <string.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_name_part(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c); }

/* Where the unit begins: at the last blank, unless a number stands behind it (3.4 or 4.1: the unit follows later in the
 * text); where none is, behind the last digit (85厘米). */
static size_t end_of_numbers(const char *text, size_t length)
{
    size_t word = length, digits = 0;
    while (word > 0 && text[word - 1] != ' ') word--;
    while (digits < length - word && (is_digit(text[word + digits]) || text[word + digits] == '.')) digits++;
    if (word > 0) return word + digits == length ? length : word - 1;
    for (size_t at = length; at-- > 0;)
        if (is_digit(text[at])) return at + 1;
    return 0;
}

bool hra_quantity_read(const char *inside, size_t length, hra_quantity *out)
{
    static const char of[] = " of ";
    const char *cut = memmem(inside, length, of, sizeof of - 1);
    if (!cut) return false;
    size_t head = (size_t)(cut - inside), value = 0;
    bool is_name = head > 0 && !is_digit(*inside) && is_name_part(*inside);
    if (is_name)
        while (value < head && is_name_part(inside[value])) value++;
    else
        value = end_of_numbers(inside, head);
    const char *variable = cut + sizeof of - 1;
    *out = (hra_quantity){.value = {inside, value},
                          .is_name = is_name,
                          .unit = {inside + value, head - value},
                          .variable = {variable, length - (size_t)(variable - inside)}};
    return true;
}

void hra_quantity_plain(const char *text, hra_buffer *out)
{
    for (const char *open; (open = strchr(text, '{')) != NULL;) {
        const char *close = strchr(open, '}');
        hra_quantity q;
        if (!close) break;
        if (hra_quantity_read(open + 1, (size_t)(close - open - 1), &q)) {
            hra_buffer_append(out, text, (size_t)(open - text) + q.is_name);
            hra_buffer_append(out, q.value.text, q.value.length);
            if (q.is_name) hra_buffer_char(out, '}');
            hra_buffer_append(out, q.unit.text, q.unit.length);
        } else {
            hra_buffer_append(out, text, (size_t)(close + 1 - text));
        }
        text = close + 1;
    }
    hra_buffer_text(out, text);
}
