#include "service/signoff/content.h"

#include <ctype.h>
#include <sodium.h>
#include <string.h>

#include "engine/language/quantity_text.h"

const char *hra_content_kind(const hra_declaration *declaration)
{
    static const char *const kinds[] = {"let",   "factor",    "tier",         "prescription", "group_action",
                                        "panel", "ideal",     "intervention", "item",         "monitor",
                                        "topic", "reference", "exclusion",    "transition"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        size_t length = strlen(kinds[i]);
        bool longer = declaration->source_length > (int)length;
        if (longer && strncmp(declaration->source_text, kinds[i], length) == 0 &&
            strchr(" \t\r\n", declaration->source_text[length]))
            return kinds[i];
    }
    return NULL;
}

/* Findings with a longer deadline are followed up with everything else. */
bool hra_content_is_urgent(const hra_declaration *declaration)
{
    if (declaration->kind != HRA_DECLARATION_FACTOR || !hra_declaration_text(declaration, "deadline_days", "en"))
        return false;
    const char *severity = hra_declaration_text(declaration, "severity", "en");
    return severity && strcmp(severity, "urgent") == 0;
}

/* ---- pieces of a declaration ------------------------------------------------------- */

typedef enum piece_kind { END, WORD, TEXT, SIGN } piece_kind;

/* A word (letters, digits, _ and the points inside of numbers), a quoted text with its quotes, or one sign. */
typedef struct piece {
    piece_kind kind;
    const char *text;
    size_t length;
} piece;

typedef struct pieces {
    const char *at, *end;
} pieces;

static pieces pieces_of(const hra_declaration *d)
{
    return (pieces){d->source_text, d->source_text + d->source_length};
}

static bool is_word(char c) { return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80; }

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && (*at == '#' || strchr(" \t\r\n", *at))) {
        if (*at == '#')
            while (at < end && *at != '\n') at++;
        else
            at++;
    }
    return at;
}

static piece next_piece(pieces *p)
{
    p->at = skip_blanks(p->at, p->end);
    piece found = {END, p->at, 0};
    if (p->at >= p->end) return found;
    const char *to = p->at + 1;
    if (*p->at == '"') {
        found.kind = TEXT;
        while (to < p->end && *to != '"') to += *to == '\\' && to + 1 < p->end ? 2 : 1;
        if (to < p->end) to++;
    } else if (is_word(*p->at)) {
        found.kind = WORD;
        while (to < p->end && is_word(*to)) to++;
    } else {
        found.kind = SIGN;
    }
    found.length = (size_t)(to - p->at);
    p->at = to;
    return found;
}

/* ---- hash ---------------------------------------------------------------------------- */

bool hra_content_hash(const hra_declaration *declaration, char out[HRA_CONTENT_HASH_TEXT])
{
    hra_buffer plain = {0};
    pieces rest = pieces_of(declaration);
    bool after_word = false;
    for (piece p = next_piece(&rest); p.kind != END; p = next_piece(&rest)) {
        if (after_word && p.kind == WORD) hra_buffer_char(&plain, ' ');
        hra_buffer_append(&plain, p.text, p.length);
        after_word = p.kind == WORD;
    }
    unsigned char digest[16];
    bool done = !plain.failed && crypto_generichash(digest, sizeof digest, (const unsigned char *)plain.bytes,
                                                    plain.length, NULL, 0) == 0;
    hra_buffer_destroy(&plain);
    if (!done) return false;
    memcpy(out, "b2-", 3);
    sodium_bin2hex(out + 3, HRA_CONTENT_HASH_TEXT - 3, digest, sizeof digest);
    return true;
}

/* ---- for the reader ---------------------------------------------------------------------- */

static bool is(const piece *p, const char *text)
{
    return p->length == strlen(text) && memcmp(p->text, text, p->length) == 0;
}

/* KEY "...", KEY.zh "...", source doi "...": the length of such a property from `first` on, else 0. */
static bool is_text_property(const piece *first, pieces rest, pieces *after)
{
    if (first->kind != WORD) return false;
    piece next = next_piece(&rest);
    if (is(&next, ".") || (is(first, "source") && is(&next, "doi"))) {
        if (is(&next, ".")) next = next_piece(&rest);
        next = next_piece(&rest);
    }
    if (next.kind != TEXT) return false;
    do {
        *after = rest;
        next = next_piece(&rest);
    } while (next.kind == TEXT);
    return true;
}

void hra_content_rule(const hra_declaration *declaration, hra_buffer *out)
{
    pieces rest = pieces_of(declaration);
    const char *before_end = NULL;
    for (piece p = next_piece(&rest); p.kind != END; p = next_piece(&rest)) {
        if (is_text_property(&p, rest, &rest)) continue;
        if (before_end && before_end != p.text) hra_buffer_char(out, ' ');
        hra_buffer_append(out, p.text, p.length);
        before_end = p.text + p.length;
    }
}

static bool is_shown_elsewhere(const char *key)
{
    return strcmp(key, "title") == 0 || strcmp(key, "source") == 0 || strcmp(key, "review") == 0;
}

void hra_content_texts(const hra_declaration *declaration, const char *language, hra_buffer *out)
{
    bool some = false;
    for (int i = 0; i < declaration->property_count; i++) {
        const hra_property *p = &declaration->properties[i];
        if (strcmp(p->language, language) != 0 || is_shown_elsewhere(p->key)) continue;
        hra_buffer_printf(out, "%s%s: ", some ? "; " : "", p->key);
        hra_quantity_plain(p->value, out);
        some = true;
    }
}

/* ---- names ---------------------------------------------------------------------------------- */

typedef struct search {
    const hra_library *library;
    const hra_declaration *self;
    void (*found)(void *context, const hra_declaration *named);
    void *context;
} search;

static void look_up(const search *s, const char *text, size_t length)
{
    char name[128];
    if (length == 0 || length >= sizeof name) return;
    memcpy(name, text, length);
    name[length] = '\0';
    const hra_declaration *named = hra_library_find(s->library, name);
    if (named && named != s->self && hra_content_kind(named)) s->found(s->context, named);
}

static void look_into_text(const search *s, const char *text, size_t length)
{
    const char *end = text + length;
    for (const char *open = memchr(text, '{', length); open; open = memchr(open, '{', (size_t)(end - open))) {
        open++;
        const char *close = memchr(open, '}', (size_t)(end - open));
        if (!close) return;
        look_up(s, open, (size_t)(close - open));
        open = close;
    }
}

void hra_content_names(const hra_library *library, const hra_declaration *declaration,
                       void (*found)(void *context, const hra_declaration *named), void *context)
{
    const search s = {library, declaration, found, context};
    pieces rest = pieces_of(declaration);
    for (piece p = next_piece(&rest); p.kind != END; p = next_piece(&rest)) {
        if (p.kind == WORD) look_up(&s, p.text, p.length);
        if (p.kind == TEXT) look_into_text(&s, p.text, p.length);
    }
}
