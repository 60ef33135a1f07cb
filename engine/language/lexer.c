#include "engine/language/lexer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number_read.h"

/* ---- places ---------------------------------------------------------------- */

static bool is_continuation(char c) { return ((unsigned char)c & 0xC0) == 0x80; }

static int characters(const char *text, int length)
{
    int count = 0;
    for (int i = 0; i < length; i++) count += !is_continuation(text[i]);
    return count;
}

int hra_span_line(hra_span span)
{
    int line = 1;
    for (int i = 0; i < span.start; i++) line += span.script->text[i] == '\n';
    return line;
}

hra_span hra_span_join(hra_span first, hra_span last)
{
    first.length = last.start + last.length - first.start;
    return first;
}

void hra_fault(hra_diagnostics *diagnostics, hra_span span, const char *format, ...)
{
    char message[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    const char *text = span.script->text;
    int start = span.start, end = span.start;
    while (start > 0 && text[start - 1] != '\n') start--;
    while (end < span.script->length && text[end] != '\n' && text[end] != '\r') end++;
    int shown = span.length < end - span.start ? span.length : end - span.start;
    hra_diagnostics_add(diagnostics, span.script->name, hra_span_line(span),
                        characters(text + start, span.start - start) + 1, characters(text + span.start, shown),
                        text + start, end - start, "%s", message);
}

static int utf8_width(const unsigned char *c, size_t left)
{
    int width = c[0] < 0x80 ? 1 : c[0] < 0xC2 ? 0 : c[0] < 0xE0 ? 2 : c[0] < 0xF0 ? 3 : c[0] < 0xF5 ? 4 : 0;
    if (c[0] == 0 || (size_t)width > left) return 0;
    for (int i = 1; i < width; i++)
        if ((c[i] & 0xC0) != 0x80) return 0;
    if ((c[0] == 0xE0 && c[1] < 0xA0) || (c[0] == 0xED && c[1] > 0x9F) || (c[0] == 0xF0 && c[1] < 0x90) ||
        (c[0] == 0xF4 && c[1] > 0x8F))
        return 0; /* overlong forms, surrogates, beyond U+10FFFF */
    return width;
}

/* Eight bytes of plain ASCII, none of them NUL. */
static bool is_ascii(const char *text)
{
    const uint64_t high = 0x8080808080808080u, ones = 0x0101010101010101u;
    uint64_t eight;
    memcpy(&eight, text, sizeof eight);
    return ((eight | (eight - ones)) & high) == 0;
}

int hra_utf8_fault(const char *text, size_t length)
{
    for (size_t i = 0; i < length;) {
        if (length - i >= 8 && is_ascii(text + i)) {
            i += 8;
            continue;
        }
        int width = utf8_width((const unsigned char *)text + i, length - i);
        if (width == 0) return (int)i;
        i += (size_t)width;
    }
    return -1;
}

/* ---- tokens ---------------------------------------------------------------- */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

static bool is_name_part(char c) { return is_name_start(c) || is_digit(c); }

/* The text ends with a NUL, so peeking one or two bytes ahead is safe. */
static const char *here(const hra_lexer *lexer) { return lexer->script->text + lexer->position; }

/* Returns true if a line break was passed. */
static bool skip_blanks(hra_lexer *lexer)
{
    bool broke = lexer->position == 0;
    for (;;) {
        char c = *here(lexer);
        if (c == '\n') {
            lexer->line++;
            broke = true;
        } else if (c == '#') {
            lexer->position += (int)strcspn(here(lexer), "\n");
            continue;
        } else if (c != ' ' && c != '\t' && c != '\r') {
            return broke;
        }
        lexer->position++;
    }
}

static hra_token token_of(hra_lexer *lexer, int kind, int length)
{
    hra_token token = {.kind = kind, .span = {lexer->script, lexer->position, length}, .line = lexer->line};
    lexer->position += length;
    return token;
}

/* Digits, or digits directly followed by letters: then it is a name (`5y`). */
static hra_token number_or_name(hra_lexer *lexer)
{
    const char *start = here(lexer), *c = start;
    while (is_digit(*c)) c++;
    if (*c == '.' && is_digit(c[1])) {
        c++;
        while (is_digit(*c)) c++;
    }
    if (*c == 'e' || *c == 'E') {
        const char *e = c + 1;
        if (*e == '+' || *e == '-') e++;
        const char *digits = e;
        while (is_digit(*e)) e++;
        if (e > digits && !is_name_part(*e)) c = e;
    }
    if (!is_name_start(*c)) {
        double number = hra_number_read(start, NULL);
        hra_token token = token_of(lexer, TOKEN_NUMBER, (int)(c - start));
        token.number = number;
        return token;
    }
    while (is_name_part(*c)) c++;
    hra_token token = token_of(lexer, TOKEN_NAME, (int)(c - start));
    token.word = hra_word_of(lexer->memory, start, (size_t)token.span.length);
    if (!memchr(start, '.', (size_t)token.span.length)) return token;
    hra_fault(lexer->diagnostics, token.span, "neither a number nor a name: '%.*s'", token.span.length, start);
    token.kind = TOKEN_FAULT;
    return token;
}

static hra_token name(hra_lexer *lexer)
{
    const char *start = here(lexer), *c = start;
    while (is_name_part(*c)) c++;
    hra_token token = token_of(lexer, TOKEN_NAME, (int)(c - start));
    token.word = hra_word_of(lexer->memory, start, (size_t)token.span.length);
    return token;
}

/* What stands after a backslash that was just passed; the backslash itself where that is no escape. */
static char escaped(hra_lexer *lexer)
{
    char c = *here(lexer);
    if (c == '"' || c == '\\' || c == 'n') {
        lexer->position++;
        return c == 'n' ? '\n' : c;
    }
    hra_span span = {lexer->script, lexer->position - 1, 2};
    hra_fault(lexer->diagnostics, span, "unknown escape in a text; known are \\\" \\\\ and \\n");
    return '\\';
}

/* One quoted text appended to `out`; false: no closing quote on this line. */
static bool quoted(hra_lexer *lexer, hra_buffer *out)
{
    lexer->position++;
    for (;;) {
        size_t plain = strcspn(here(lexer), "\"\\\n");
        hra_buffer_append(out, here(lexer), plain);
        lexer->position += (int)plain;
        char c = *here(lexer);
        if (c == '\0' || c == '\n') return false;
        lexer->position++;
        if (c == '"') return true;
        hra_buffer_char(out, escaped(lexer));
    }
}

static hra_token text(hra_lexer *lexer)
{
    hra_token token = {.kind = TOKEN_TEXT, .span = {lexer->script, lexer->position, 0}, .line = lexer->line};
    hra_buffer out = {0};
    hra_lexer end = *lexer;
    do {
        hra_span start = {lexer->script, lexer->position, 1};
        if (!quoted(lexer, &out)) {
            hra_fault(lexer->diagnostics, start, "text without a closing quote on its line");
            token.kind = TOKEN_FAULT;
        }
        end = *lexer;
        skip_blanks(lexer);
    } while (token.kind == TOKEN_TEXT && *here(lexer) == '"');
    *lexer = end;
    token.span.length = lexer->position - token.span.start;
    token.text = hra_take_text(lexer->memory, out.bytes ? out.bytes : "", out.length);
    lexer->memory->failed |= out.failed;
    hra_buffer_destroy(&out);
    return token;
}

static hra_token stray(hra_lexer *lexer)
{
    static const struct {
        const char *sign, *ascii;
    } signs[] = {{"，", ","}, {"。", "."}, {"：", ":"}, {"；", ";"},   {"（", "("}, {"）", ")"}, {"“", "\""},
                 {"”", "\""}, {"＝", "="}, {"＜", "<"}, {"＞", ">"},   {"≥", ">="}, {"≤", "<="}, {"≠", "!="},
                 {"×", "*"},  {"÷", "/"},  {"–", "-"},  {"−", "-"},    {"—", "-"},  {"【", "["}, {"】", "]"},
                 {"、", ","}, {"＋", "+"}, {"→", "->"}, {"&&", "and"}, {"&", "and"}};
    const char *c = here(lexer);
    int length = 1;
    while (is_continuation(c[length])) length++;
    if (c[0] == '&' && c[1] == '&') length = 2;
    hra_token token = token_of(lexer, TOKEN_FAULT, length);
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strncmp(c, signs[i].sign, strlen(signs[i].sign)) == 0) {
            hra_fault(lexer->diagnostics, token.span, "'%s' is not a sign of the language; write '%s'", signs[i].sign,
                      signs[i].ascii);
            return token;
        }
    hra_fault(lexer->diagnostics, token.span, "unexpected character '%.*s'%s", length, c,
              length > 1 ? "; names are letters a-z, digits and _, other text stands in double quotes" : "");
    return token;
}

static hra_token sign(hra_lexer *lexer)
{
    static const struct {
        const char *text;
        int kind;
    } signs[] = {{"<..<", TOKEN_OPEN_DOTS_OPEN},
                 {"<..", TOKEN_OPEN_DOTS},
                 {"..<", TOKEN_DOTS_OPEN},
                 {"..", TOKEN_DOTS},
                 {"==", TOKEN_EQUAL},
                 {"!=", TOKEN_NOT_EQUAL},
                 {"<=", TOKEN_LESS_EQUAL},
                 {">=", TOKEN_GREATER_EQUAL},
                 {"->", TOKEN_ARROW}};
    const char *c = here(lexer);
    bool may_be_longer = strchr("<>=!-.", *c) != NULL;
    for (size_t i = 0; may_be_longer && i < sizeof signs / sizeof signs[0]; i++)
        if (strncmp(c, signs[i].text, strlen(signs[i].text)) == 0)
            return token_of(lexer, signs[i].kind, (int)strlen(signs[i].text));
    if (strchr("{}()[],;:.|+-*/^=<>", *c)) return token_of(lexer, *c, 1);
    return stray(lexer);
}

hra_token hra_lexer_next(hra_lexer *lexer)
{
    bool first = skip_blanks(lexer);
    char c = *here(lexer);
    hra_token token;
    if (lexer->position >= lexer->script->length)
        token = (hra_token){.kind = TOKEN_END, .span = {lexer->script, lexer->script->length, 0}, .line = lexer->line};
    else if (is_digit(c))
        token = number_or_name(lexer);
    else if (is_name_start(c))
        token = name(lexer);
    else if (c == '"')
        token = text(lexer);
    else
        token = sign(lexer);
    token.first_on_line = first;
    return token;
}

hra_span hra_lexer_unit(hra_lexer *lexer)
{
    while (*here(lexer) == ' ') lexer->position++;
    hra_span span = {lexer->script, lexer->position, 0};
    while (*here(lexer) && !strchr("]=\n", *here(lexer))) lexer->position++;
    span.length = lexer->position - span.start;
    while (span.length > 0 && span.script->text[span.start + span.length - 1] == ' ') span.length--;
    return span;
}
