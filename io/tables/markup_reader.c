#include "io/tables/markup_reader.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

enum { LONGEST_MARK = 1 << 16, LONGEST_NAME = 32 };

struct hra_markup_reader {
    const hra_markup_handlers *handlers;
    void *context;
    hra_buffer held;     /* not cut yet */
    const char *skip_to; /* inside a comment or script: what ends it; NULL: inside neither */
};

hra_markup_reader *hra_markup_reader_new(const hra_markup_handlers *handlers, void *context)
{
    hra_markup_reader *r = calloc(1, sizeof *r);
    if (r) *r = (hra_markup_reader){.handlers = handlers, .context = context};
    return r;
}

void hra_markup_reader_free(hra_markup_reader *r)
{
    if (!r) return;
    hra_buffer_destroy(&r->held);
    free(r);
}

/* ---- marks ---------------------------------------------------------------------------- */

static bool is_name_byte(char c) { return isalnum((unsigned char)c) || c == ':' || c == '-' || c == '_' || c == '.'; }

static const char *find_word(const char *text, const char *end, const char *word)
{
    size_t length = strlen(word);
    for (; (size_t)(end - text) >= length; text++)
        if (strncasecmp(text, word, length) == 0) return text;
    return NULL;
}

/* The '>' behind a mark, past quoted values, or a '<' before it: then it is no mark. NULL: neither is there yet. */
static const char *find_mark_end(const char *at, const char *end)
{
    char quote = '\0', before = '\0';
    for (; at < end; at++) {
        if (quote)
            quote = *at == quote ? '\0' : quote;
        else if ((*at == '"' || *at == '\'') && before == '=')
            quote = *at;
        else if (*at == '>' || *at == '<')
            return at;
        if (!isspace((unsigned char)*at)) before = *at;
    }
    return NULL;
}

static void tell_mark(hra_markup_reader *r, char *mark, char *end)
{
    char name[LONGEST_NAME];
    bool closes = *mark == '/';
    char *from = mark + closes, *to = from, *prefix;
    while (to < end && is_name_byte(*to)) to++;
    char *rest = to;
    for (prefix = from; prefix < to; prefix++)
        if (*prefix == ':') from = prefix + 1;
    size_t length = (size_t)(to - from);
    if (length == 0 || length >= sizeof name) return;
    for (size_t i = 0; i < length; i++) name[i] = (char)tolower((unsigned char)from[i]);
    name[length] = '\0';
    bool empty = !closes && end > rest && end[-1] == '/';
    if (empty) end--;
    *end = '\0';
    if (!closes) r->handlers->open(r->context, name, rest);
    if (closes || empty) r->handlers->close(r->context, name);
    if (!closes && !empty && strcmp(name, "script") == 0) r->skip_to = "</script";
    if (!closes && !empty && strcmp(name, "style") == 0) r->skip_to = "</style";
}

/* Takes what begins with '<' at `at`; the bytes taken, 0: more text is needed to tell. */
static size_t take_mark(hra_markup_reader *r, char *at, char *end, bool last)
{
    static const char comment[] = "<!--";
    size_t left = (size_t)(end - at);
    if (left < sizeof comment - 1 && !last) return 0;
    if (left >= sizeof comment - 1 && memcmp(at, comment, sizeof comment - 1) == 0) {
        r->skip_to = "-->";
        return sizeof comment - 1;
    }
    bool mark = left > 1 && (isalpha((unsigned char)at[1]) || at[1] == '/');
    bool declaration = left > 1 && (at[1] == '!' || at[1] == '?');
    const char *close = mark || declaration ? find_mark_end(at + 1, end) : NULL;
    if ((mark || declaration) && !close && left < LONGEST_MARK && !last) return 0;
    if (!close || *close == '<') { /* no mark after all */
        r->handlers->text(r->context, at, 1);
        return 1;
    }
    if (mark) tell_mark(r, at + 1, (char *)close);
    return (size_t)(close - at) + 1;
}

/* Inside a comment or script: the bytes passed over. Its end may come in two blocks. */
static size_t skip(hra_markup_reader *r, const char *at, const char *end)
{
    size_t length = strlen(r->skip_to), left = (size_t)(end - at);
    const char *found = find_word(at, end, r->skip_to);
    if (!found) return left >= length ? left - length + 1 : 0;
    bool comment = *r->skip_to == '-';
    r->skip_to = NULL;
    return (size_t)(found - at) + (comment ? length : 0); /* </script> is a mark of its own */
}

bool hra_markup_reader_feed(hra_markup_reader *r, const char *text, size_t length, bool last)
{
    hra_buffer_append(&r->held, text, length);
    if (r->held.failed || !r->held.bytes) return !r->held.failed;
    char *at = r->held.bytes, *end = at + r->held.length;
    for (bool going = true; going && at < end;) {
        bool inside = r->skip_to != NULL;
        char *mark = inside ? NULL : memchr(at, '<', (size_t)(end - at));
        size_t taken;
        if (inside) {
            taken = skip(r, at, end);
        } else if (mark != at) {
            taken = (size_t)((mark ? mark : end) - at);
            r->handlers->text(r->context, at, taken);
        } else {
            taken = take_mark(r, at, end, last);
        }
        at += taken;
        going = taken > 0 || (inside && !r->skip_to); /* a script without a text has ended */
    }
    r->held.length = (size_t)(end - at);
    memmove(r->held.bytes, at, r->held.length);
    r->held.bytes[r->held.length] = '\0';
    return true;
}

/* ---- attributes and texts ---------------------------------------------------------------- */

bool hra_markup_attribute(const char *attributes, const char *name, char *out, size_t room)
{
    const char *at = attributes;
    while (*at) {
        while (*at && !is_name_byte(*at)) at++;
        const char *from = at;
        for (; is_name_byte(*at); at++)
            if (*at == ':') from = at + 1;
        bool is = (size_t)(at - from) == strlen(name) && strncasecmp(from, name, strlen(name)) == 0;
        while (isspace((unsigned char)*at)) at++;
        if (*at != '=') continue;
        at++;
        while (isspace((unsigned char)*at)) at++;
        char quote = *at == '"' || *at == '\'' ? *at++ : '\0';
        const char *value = at;
        while (*at && (quote ? *at != quote : !isspace((unsigned char)*at))) at++;
        size_t length = (size_t)(at - value);
        if (*at && quote) at++;
        if (!is) continue;
        if (length >= room) return false;
        memcpy(out, value, length);
        out[length] = '\0';
        return true;
    }
    return false;
}

/* The entity at `at`, never longer as a character than as written; the bytes it takes, 0: there is none. */
static size_t read_entity(const char *at, char *out, size_t *length)
{
    static const struct {
        const char *name, *text;
    } known[] = {{"&amp;", "&"},    {"&lt;", "<"},    {"&gt;", ">"},     {"&quot;", "\""}, {"&apos;", "'"},
                 {"&nbsp;", " "},   {"&ensp;", " "},  {"&emsp;", " "},   {"&micro;", "µ"}, {"&deg;", "°"},
                 {"&plusmn;", "±"}, {"&times;", "×"}, {"&middot;", "·"}, {"&alpha;", "α"}, {"&beta;", "β"},
                 {"&gamma;", "γ"},  {"&mu;", "μ"},    {"&le;", "≤"},     {"&ge;", "≥"},    {"&uarr;", "↑"},
                 {"&darr;", "↓"},   {"&sup2;", "²"},  {"&sup3;", "³"},   {"&mdash;", "—"}, {"&ndash;", "–"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        size_t n = strlen(known[i].name);
        if (strncmp(at, known[i].name, n) != 0) continue;
        *length = strlen(known[i].text);
        memcpy(out, known[i].text, *length);
        return n;
    }
    if (at[1] != '#') return 0;
    bool hexadecimal = at[2] == 'x' || at[2] == 'X';
    const char *digits = at + 2 + hexadecimal;
    char *end;
    if (!isxdigit((unsigned char)*digits)) return 0;
    unsigned long c = strtoul(digits, &end, hexadecimal ? 16 : 10);
    if (*end != ';' || end - digits > 8) return 0;
    bool none = c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF);
    *length = hra_utf8_put(none ? 0xFFFD : c == 0xA0 ? ' ' : (uint32_t)c, out);
    return (size_t)(end - at) + 1;
}

void hra_markup_plain(hra_buffer *text)
{
    if (!text->bytes) return;
    char *to = text->bytes;
    for (const char *at = text->bytes; *at;) {
        char character[4];
        size_t length = 1, taken = *at == '&' ? read_entity(at, character, &length) : 0;
        if (taken == 0) {
            character[0] = *at;
            taken = length = 1;
        }
        at += taken;
        bool space = length == 1 && isspace((unsigned char)character[0]);
        if (space && (to == text->bytes || to[-1] == ' ')) continue;
        if (space) character[0] = ' ';
        memcpy(to, character, length);
        to += length;
    }
    if (to > text->bytes && to[-1] == ' ') to--;
    *to = '\0';
    text->length = (size_t)(to - text->bytes);
}
