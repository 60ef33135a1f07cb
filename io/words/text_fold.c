#include "io/words/text_fold.h"

#include <string.h>

uint32_t hra_utf8_next(const char *text, const char *end, int *length)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t left = (size_t)(end - text);
    *length = 1;
    if (s[0] < 0x80) return s[0];
    int more = s[0] >= 0xF0 ? 3 : s[0] >= 0xE0 ? 2 : 1;
    if (s[0] < 0xC2 || s[0] > 0xF4 || left <= (size_t)more) return 0xFFFD;
    uint32_t code = s[0] & (0x3Fu >> more);
    for (int i = 1; i <= more; i++) {
        if ((s[i] & 0xC0) != 0x80) return 0xFFFD;
        code = code << 6 | (s[i] & 0x3F);
    }
    if ((more == 2 && (code < 0x800 || (code >= 0xD800 && code <= 0xDFFF))) ||
        (more == 3 && (code < 0x10000 || code > 0x10FFFF)))
        return 0xFFFD;
    *length = more + 1;
    return code;
}

/* How many bytes from the start are ASCII, in pieces; they are looked at together. */
static size_t ascii_pieces(const unsigned char *bytes, size_t length)
{
    enum { PIECE = 64 };
    size_t at = 0;
    for (; length - at >= PIECE; at += PIECE) {
        unsigned char any = 0;
        for (int i = 0; i < PIECE; i++) any |= bytes[at + (size_t)i];
        if (any & 0x80) break;
    }
    return at;
}

size_t hra_utf8_whole(const char *text, size_t length)
{
    const unsigned char *s = (const unsigned char *)text, *end = s + length;
    const uint64_t tops = 0x8080808080808080u;
    enum { WORTHWHILE = 4 };
    int n, ascii = 0; /* words of ASCII in a row */
    for (uint64_t word; s < end; s += n) {
        n = 8;
        if (end - s >= 8 && (memcpy(&word, s, sizeof word), (word & tops) == 0)) {
            if (++ascii >= WORTHWHILE) s += ascii_pieces(s + 8, (size_t)(end - s) - 8);
            continue;
        }
        ascii = 0;
        n = 1;
        if (*s < 0x80) continue;
        n = 3;
        if (end - s >= 3 && s[0] > 0xE0 && s[0] < 0xED && (s[1] & 0xC0) == 0x80 && (s[2] & 0xC0) == 0x80) continue;
        if (hra_utf8_next((const char *)s, (const char *)end, &n) == 0xFFFD && n == 1) break;
    }
    return (size_t)((const char *)s - text);
}

static bool is_space(uint32_t c)
{
    return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0xA0 || (c >= 0x2000 && c <= 0x200D) || c == 0x2028 ||
           c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x2060 || c == 0x3000 || c == 0xFEFF;
}

static bool is_plain(char c) { return c > ' ' && c < 0x7F; }

/* Chinese writing and what is coded near it: no space is among these. */
static bool leads_ideograph(char c) { return (unsigned char)c >= 0xE4 && (unsigned char)c <= 0xEC; }

static bool continues(char c) { return ((unsigned char)c & 0xC0) == 0x80; }

/* Nearly all cells: a letter, digit or ideograph at both ends. */
static bool is_trimmed(const char *start, const char *end)
{
    if (start == end || !(is_plain(*start) || leads_ideograph(*start))) return false;
    return is_plain(end[-1]) ||
           (end - start >= 3 && leads_ideograph(end[-3]) && continues(end[-2]) && continues(end[-1]));
}

void hra_trim(const char **text, size_t *length)
{
    const char *start = *text, *end = start + *length;
    int n;
    if (is_trimmed(start, end)) return;
    while (start < end && is_space(hra_utf8_next(start, end, &n))) start += n;
    while (end > start) {
        const char *last = end - 1;
        while (last > start && ((unsigned char)*last & 0xC0) == 0x80) last--;
        if (!is_space(hra_utf8_next(last, end, &n)) || last + n != end) break;
        end = last;
    }
    *text = start;
    *length = (size_t)(end - start);
}

/* Signs of one meaning that keyboards and fonts write differently. */
static const struct {
    uint32_t code;
    const char *text;
} spellings[] = {
    {0x00B2, "2"},  {0x00B3, "3"},  {0x03BC, "u"},  {0x00B5, "u"},  {0x2010, "-"},  {0x2011, "-"},
    {0x2012, "-"},  {0x2013, "-"},  {0x2014, "-"},  {0x2015, "-"},  {0x2212, "-"},  {0x2103, "°C"},
    {0x2264, "<="}, {0x2265, ">="}, {0x2266, "<="}, {0x2267, ">="}, {0x2044, "/"},  {0x2215, "/"},
    {0x3010, "["},  {0x3011, "]"},  {0x3014, "("},  {0x3015, ")"},  {0x338E, "mg"}, {0x338F, "kg"},
    {0x339C, "mm"}, {0x339D, "cm"}, {0x33A1, "m2"}, {0x3396, "ml"}, {0x3397, "dl"}, {0x338D, "ug"},
    {0x2713, "√"},  {0x2714, "√"},  {0x2715, "×"},  {0x2716, "×"},  {0x2717, "×"},  {0x2718, "×"},
};

static bool is_mark(uint32_t c)
{
    return c == '*' || c == '#' || c == 0x2191 || c == 0x2193 || c == 0x203B || c == 0x2605 || c == 0x2606;
}

static int unchanged(const char *source, int length, char *out)
{
    memcpy(out, source, (size_t)length);
    return length;
}

static bool is_ideograph(uint32_t c) { return c >= 0x3400 && c < 0xA000; }

/* The folded bytes of one character; at most four. */
static int fold_character(uint32_t c, const char *source, int source_length, int flags, char *out)
{
    if (is_ideograph(c)) return unchanged(source, source_length, out); /* neither space nor mark, one spelling */
    if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;
    if (c <= ' ' || c >= 0x80) c = is_space(c) ? ' ' : c;
    if (c == ' ' && (flags & HRA_FOLD_NO_SPACES)) return 0;
    if (c < 0x20 && (flags & HRA_FOLD_NO_SPACES)) return 0;
    if ((flags & HRA_FOLD_NO_MARKS) && is_mark(c)) return 0;
    if (c < 0x80) {
        if ((flags & HRA_FOLD_LOWER) && c >= 'A' && c <= 'Z') c += 32;
        if ((flags & HRA_FOLD_UPPER) && c >= 'a' && c <= 'z') c -= 32;
        out[0] = (char)c;
        return 1;
    }
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        if (spellings[i].code != c) continue;
        int length = (int)strlen(spellings[i].text);
        memcpy(out, spellings[i].text, (size_t)length);
        return length;
    }
    return unchanged(source, source_length, out);
}

/* What mostly stands as it is. */
static bool is_kept(char c, int flags)
{
    return (c >= '0' && c <= '9') || c == '.' || (c >= 'a' && c <= 'z' && !(flags & HRA_FOLD_UPPER));
}

/* Three bytes of U+4000 to U+9FFF. */
static bool starts_with_ideograph(const char *at, const char *end)
{
    unsigned char lead = (unsigned char)*at;
    return lead >= 0xE4 && lead <= 0xE9 && end - at >= 3 && continues(at[1]) && continues(at[2]);
}

hra_fold_reader hra_fold_begin(const char *text, size_t length, int flags)
{
    hra_trim(&text, &length);
    return (hra_fold_reader){text, text + length, flags};
}

size_t hra_fold_next(hra_fold_reader *reader, char *out, size_t capacity)
{
    size_t used = 0;
    while (reader->at < reader->end && used + 4 <= capacity) {
        if (is_kept(*reader->at, reader->flags)) { /* most of all */
            out[used++] = *reader->at++;
            continue;
        }
        int length = 3;
        if (starts_with_ideograph(reader->at, reader->end)) {
            used += (size_t)unchanged(reader->at, length, out + used);
            reader->at += length;
            continue;
        }
        uint32_t c = hra_utf8_next(reader->at, reader->end, &length);
        used += (size_t)fold_character(c, reader->at, length, reader->flags, out + used);
        reader->at += length;
        if (used == 0 && reader->at == reader->end) return 0;
    }
    return used;
}

int hra_fold(const char *text, size_t length, int flags, char *out, size_t capacity)
{
    hra_fold_reader reader = hra_fold_begin(text, length, flags);
    size_t used = 0;
    while (reader.at < reader.end) {
        if (used + 8 > capacity) return -1;
        used += hra_fold_next(&reader, out + used, capacity - used - 1);
    }
    out[used] = '\0';
    return (int)used;
}
