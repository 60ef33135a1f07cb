/* What transport leaves in cells: entities, tags, escapes, wrappers. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/words/cell_text.h"
#include "io/words/text_fold.h"

enum { RAW_TEXT = 4096 };

static const struct {
    const char *name, *text;
} entities[] = {{"lt", "<"},    {"gt", ">"},     {"amp", "&"},   {"quot", "\""},  {"apos", "'"},
                {"nbsp", " "},  {"ensp", " "},   {"emsp", " "},  {"thinsp", " "}, {"le", "<="},
                {"ge", ">="},   {"plusmn", "±"}, {"minus", "-"}, {"deg", "°"},    {"micro", "u"},
                {"times", "×"}, {"middot", "·"}, {"uarr", "↑"},  {"darr", "↓"}};

/* The UTF-8 bytes of a character; control characters become line breaks or spaces. */
static size_t put_character(unsigned long c, char *out)
{
    if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return 0;
    if (c == '\r' || c == '\n') c = '\n';
    if (c < 0x20 && c != '\n') c = ' ';
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const unsigned char heads[] = {0, 0xC0, 0xE0, 0xF0};
    out[0] = (char)(heads[more] | (c >> (6 * more)));
    for (size_t i = 1; i <= more; i++) out[i] = (char)(0x80 | ((c >> (6 * (more - i))) & 0x3F));
    return more + 1;
}

/* "&lt;", "&#60;", "&#x3C;": bytes read, 0 if it is none. */
static size_t read_entity(const char *at, const char *end, char *out, size_t *written)
{
    const char *semicolon = memchr(at, ';', (size_t)(end - at) < 12 ? (size_t)(end - at) : 12);
    if (!semicolon) return 0;
    size_t length = (size_t)(semicolon - at) - 1;
    char name[16] = "";
    memcpy(name, at + 1, length);
    if (name[0] == '#') {
        bool hex = name[1] == 'x' || name[1] == 'X';
        char *stop;
        unsigned long c = strtoul(name + 1 + hex, &stop, hex ? 16 : 10);
        *written = *stop || stop == name + 1 + hex ? 0 : put_character(c == 160 ? ' ' : c, out);
        return *written ? length + 2 : 0;
    }
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
        if (strcasecmp(name, entities[i].name) != 0) continue;
        *written = strlen(entities[i].text);
        memcpy(out, entities[i].text, *written);
        return length + 2;
    }
    return 0;
}

/* "<br/>", "</p>" end a line. A comparator is followed by no letter. */
static size_t read_tag(const char *at, const char *end)
{
    const char *name = at + 1 + (at + 1 < end && at[1] == '/');
    if (name >= end || !((*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z'))) return 0;
    const char *close = memchr(name, '>', (size_t)(end - name));
    return close ? (size_t)(close - at) + 1 : 0;
}

/* "_x000D_": how spreadsheets write control characters. */
static size_t read_escape(const char *at, const char *end, char *out, size_t *written)
{
    if (end - at < 7 || at[1] != 'x' || at[6] != '_') return 0;
    char digits[5] = {at[2], at[3], at[4], at[5], '\0'}, *stop;
    unsigned long c = strtoul(digits, &stop, 16);
    if (*stop) return 0;
    *written = put_character(c, out);
    return *written ? 7 : 0;
}

/* ="0012", '0012 */
static bool unwrap(const char **text, size_t *length)
{
    const char *s = *text;
    size_t n = *length;
    if (n >= 3 && s[0] == '=' && s[1] == '"' && s[n - 1] == '"') {
        *text = s + 2;
        *length = n - 3;
        return true;
    }
    if (n < 2 || s[0] != '\'') return false;
    *text = s + 1;
    *length = n - 1;
    return true;
}

static bool may_need_decoding(const char *text, size_t length)
{
    return memchr(text, '&', length) || memchr(text, '<', length) || memchr(text, '_', length);
}

/* Decodes into `out`; -1 if it does not fit. Sets `changed`. */
static int decode(const char *text, size_t length, char *out, size_t capacity, bool *changed)
{
    const char *at = text, *end = text + length;
    size_t used = 0;
    while (at < end) {
        if (used + 8 > capacity) return -1;
        size_t taken = 0, written = 1;
        if (*at == '&') taken = read_entity(at, end, out + used, &written);
        if (*at == '_') taken = read_escape(at, end, out + used, &written);
        if (*at == '<' && (taken = read_tag(at, end))) out[used] = '\n';
        *changed |= taken > 0;
        if (!taken) {
            out[used] = *at;
            taken = written = 1;
        }
        at += taken;
        used += written;
    }
    return (int)used;
}

int hra_cell_clean(const char *text, size_t length, int flags, char *out, size_t capacity, uint8_t *altered)
{
    char raw[RAW_TEXT];
    bool changed = false;
    hra_trim(&text, &length);
    if (may_need_decoding(text, length)) {
        int decoded = decode(text, length, raw, sizeof raw, &changed);
        if (decoded < 0) return -1;
        if (changed) {
            text = raw;
            length = (size_t)decoded;
            hra_trim(&text, &length);
        }
    }
    changed |= unwrap(&text, &length);
    hra_trim(&text, &length);
    int folded = hra_fold(text, length, flags, out, capacity);
    if (folded < 0) return -1;
    changed |= (size_t)folded != length || memcmp(out, text, length) != 0;
    if (changed) *altered |= HRA_ALTERED_FORM;
    return folded;
}

bool hra_collapse_repeats(char *text)
{
    size_t length = strlen(text);
    for (size_t unit = 4; unit <= length / 2; unit++) { /* shorter texts (++, 11, 是是) may mean something */
        if (length % unit != 0 || ((unsigned char)text[unit] & 0xC0) == 0x80) continue;
        if ((unsigned char)text[0] < 0x80 && unit < 6) continue;
        size_t at = unit;
        while (at < length && memcmp(text, text + at, unit) == 0) at += unit;
        if (at < length) continue;
        text[unit] = '\0';
        return true;
    }
    return false;
}
