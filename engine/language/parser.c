/* Tokens, recovery and blocks: what all parts of the parser share. */
#include "engine/language/parser.h"

#include <math.h>
#include <string.h>

void hra_parser_advance(hra_parser *p)
{
    p->last = p->token;
    p->token = hra_lexer_next(&p->lexer);
    if (p->token.kind == TOKEN_FAULT) p->failed = true;
}

bool hra_parser_at(const hra_parser *p, int kind) { return p->token.kind == kind; }

bool hra_parser_at_word(const hra_parser *p, const char *word)
{
    if (p->token.kind != TOKEN_NAME) return false;
    const char *text = p->token.word->text;
    return text[0] == word[0] && strcmp(text, word) == 0;
}

bool hra_parser_take(hra_parser *p, int kind)
{
    if (!hra_parser_at(p, kind)) return false;
    hra_parser_advance(p);
    return true;
}

bool hra_parser_take_word(hra_parser *p, const char *word)
{
    if (!hra_parser_at_word(p, word)) return false;
    hra_parser_advance(p);
    return true;
}

hra_token hra_parser_peek(const hra_parser *p)
{
    hra_lexer ahead = p->lexer;
    ahead.diagnostics = NULL; /* reported when really read */
    return hra_lexer_next(&ahead);
}

void hra_parser_expected(hra_parser *p, const char *what)
{
    if (p->token.kind == TOKEN_FAULT) {
        /* the lexer has told */
    } else if (p->token.kind == TOKEN_END) {
        hra_fault(p->diagnostics, p->token.span, "expected %s, but the file ends here", what);
    } else {
        hra_span found = p->token.span;
        int shown = found.length > 40 ? 40 : found.length;
        hra_fault(p->diagnostics, found, "expected %s, found '%.*s'", what, shown, found.script->text + found.start);
    }
    p->failed = true;
}

bool hra_parser_need(hra_parser *p, int kind, const char *what)
{
    if (hra_parser_take(p, kind)) return true;
    hra_parser_expected(p, what);
    return false;
}

hra_word *hra_parser_name(hra_parser *p, const char *what, hra_span *span)
{
    if (!hra_parser_at(p, TOKEN_NAME)) {
        hra_parser_expected(p, what);
        return NULL;
    }
    if (span) *span = p->token.span;
    hra_parser_advance(p);
    return p->last.word;
}

bool hra_parser_number(hra_parser *p, double *value)
{
    double sign = hra_parser_take(p, '-') ? -1 : 1;
    if (!hra_parser_at(p, TOKEN_NUMBER)) {
        hra_parser_expected(p, "a number");
        return false;
    }
    *value = sign * p->token.number;
    hra_parser_advance(p);
    return true;
}

const char *hra_parser_text(hra_parser *p, const char *what)
{
    if (!hra_parser_at(p, TOKEN_TEXT)) {
        hra_parser_expected(p, what);
        return NULL;
    }
    hra_parser_advance(p);
    return p->last.text;
}

hra_span hra_parser_since(const hra_parser *p, hra_span start) { return hra_span_join(start, p->last.span); }

/* ---- recovery -------------------------------------------------------------- */

static bool is_one_of(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (word[0] == (*words)[0] && strcmp(word, *words) == 0) return true;
    return false;
}

/* `let` at the margin may also stand in a model that is not indented. */
bool hra_parser_at_declaration(const hra_parser *p)
{
    static const char *const words[] = {
        "variable", "substitute", "table",        "model", "factor",  "tier",  "prescription", "group_action", "panel",
        "ideal",    "replace",    "intervention", "item",  "monitor", "topic", "reference",    "exclusion",    NULL};
    const hra_token *t = &p->token;
    if (t->kind != TOKEN_NAME || !t->first_on_line) return false;
    bool margin = t->span.start == 0 || t->span.script->text[t->span.start - 1] == '\n';
    return margin && is_one_of(t->word->text, words);
}

static bool starts_statement(const hra_parser *p)
{
    static const char *const words[] = {
        "let",       "valid",   "exclude", "map",        "stratum", "fold",       "state",  "next",  "emit",
        "when",      "level",   "role",    "use",        "also",    "rows",       "key",    "value", "csv",
        "roster",    "convert", "alias",   "substitute", "unless",  "instead_of", "one_of", "first", "ranks",
        "at_target", "domains", "low",     "high",       "from",    NULL};
    static const char *const inside[] = {"and", "or", "not", "in", "else", NULL};
    const hra_token *t = &p->token;
    if (t->kind != TOKEN_NAME || !t->first_on_line || is_one_of(t->word->text, inside)) return false;
    int next = hra_parser_peek(p).kind;
    return next == '=' || next == TOKEN_TEXT || is_one_of(t->word->text, words);
}

void hra_parser_recover(hra_parser *p)
{
    int depth = 0;
    bool moved = false;
    p->nesting = 0;
    while (!hra_parser_at(p, TOKEN_END) && !hra_parser_at_declaration(p)) {
        if (hra_parser_at(p, '}') && depth-- == 0) break;
        if (hra_parser_at(p, '{')) depth++;
        if (depth == 0 && moved && starts_statement(p)) break;
        if (depth == 0 && !moved && starts_statement(p) && p->last.line < p->token.line && !hra_parser_at(p, '{')) {
            /* the fault was found at the next statement's first word */
            hra_token here = p->token;
            if (here.span.start != p->recovered_at) {
                p->recovered_at = here.span.start;
                break;
            }
        }
        hra_parser_advance(p);
        moved = true;
    }
    p->failed = false;
}

void hra_parser_block(hra_parser *p, hra_parse_item *item, void *context)
{
    hra_span open = p->token.span;
    if (!hra_parser_need(p, '{', "'{'")) return;
    while (!hra_parser_at(p, '}')) {
        if (hra_parser_at(p, TOKEN_END) || hra_parser_at_declaration(p)) {
            hra_fault(p->diagnostics, open, "this '{' is not closed");
            p->failed = true;
            return;
        }
        item(p, context);
        if (p->failed) hra_parser_recover(p);
    }
    hra_parser_advance(p);
}
