/* Expressions, from loosest to tightest: or, and, not, comparison, sum,
 * product, sign, power, primary. */
#include "engine/language/parse_expression.h"

#include <string.h>

enum { DEEPEST = 200, HIGHEST = 3000 };

/* ---- building -------------------------------------------------------------- */

hra_expr *hra_expr_new(hra_parser *p, hra_expr_kind kind, hra_span span)
{
    hra_expr *e = HRA_TAKE(p->memory, hra_expr);
    e->kind = kind;
    e->span = span;
    return e;
}

void hra_expr_grow(hra_parser *p, hra_expr *e, const hra_expr *child)
{
    if (!child || p->memory->failed) return;
    if (child->height >= e->height) e->height = child->height + 1;
    if (e->height <= HIGHEST || p->failed) return;
    hra_fault(p->diagnostics, e->span, "expression with more than %d nested terms; split it with let", HIGHEST);
    p->failed = true;
}

static hra_expr *binary(hra_parser *p, int op, hra_expr *a, hra_expr *b)
{
    if (!a || !b) return NULL;
    hra_expr *e = hra_expr_new(p, HRA_EXPR_BINARY, hra_span_join(a->span, b->span));
    e->op = op;
    e->a = a;
    e->b = b;
    hra_expr_grow(p, e, a);
    hra_expr_grow(p, e, b);
    return p->failed ? NULL : e;
}

static hra_expr *unary(hra_parser *p, hra_expr_kind kind, hra_span start, hra_expr *a)
{
    if (!a) return NULL;
    hra_expr *e = hra_expr_new(p, kind, hra_span_join(start, a->span));
    e->a = a;
    hra_expr_grow(p, e, a);
    return p->failed ? NULL : e;
}

/* ---- primaries ------------------------------------------------------------- */

bool hra_parse_argument(hra_parser *p, hra_expr *e)
{
    hra_expr *argument = hra_parse_expr(p);
    if (!argument) return false;
    hra_expr_grow(p, e, argument);
    hra_list_add(p->memory, &e->args, argument);
    return !p->failed;
}

static hra_expr *name_expr(hra_parser *p)
{
    hra_token name = p->token;
    const char *text = name.word->text;
    hra_parser_advance(p);
    if (hra_parser_at(p, '(')) return hra_parse_call(p, name);
    hra_expr_kind kind = HRA_EXPR_NAME;
    if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0) kind = HRA_EXPR_TRUTH;
    if (strcmp(text, "unknown") == 0) kind = HRA_EXPR_UNKNOWN;
    if (strcmp(text, "outside") == 0) kind = HRA_EXPR_OUTSIDE;
    hra_expr *e = hra_expr_new(p, kind, name.span);
    e->word = name.word;
    e->number = kind == HRA_EXPR_TRUTH && text[0] == 't';
    if (kind != HRA_EXPR_NAME || !hra_parser_take(p, '.')) return e;
    e->kind = HRA_EXPR_MEMBER;
    hra_span span;
    e->member = hra_parser_name(p, "a name after '.'", &span);
    if (!e->member) return NULL;
    e->span = hra_span_join(e->span, span);
    return e;
}

/* x[unit] or x[unit = factor] after x; the present token is '[' */
static hra_expr *unit_of(hra_parser *p, hra_expr *base)
{
    hra_span span = hra_lexer_unit(&p->lexer);
    if (span.length == 0) {
        hra_fault(p->diagnostics, p->token.span, "expected a unit such as mg/dL between the brackets");
        p->failed = true;
        return NULL;
    }
    hra_parser_advance(p);
    hra_expr *e = hra_expr_new(p, HRA_EXPR_UNIT, base->span);
    e->a = base;
    e->text = hra_take_text(p->memory, span.script->text + span.start, (size_t)span.length);
    if (hra_parser_take(p, '=')) {
        e->b = hra_parse_expr(p);
        if (!e->b) return NULL;
    }
    if (!hra_parser_need(p, ']', "']'")) return NULL;
    hra_expr_grow(p, e, base);
    e->span = hra_parser_since(p, base->span);
    return p->failed ? NULL : e;
}

/* A level whose name is also the name of something else may be quoted. */
hra_expr *hra_parse_quoted_level(hra_parser *p)
{
    hra_expr *e = hra_expr_new(p, HRA_EXPR_NAME, p->token.span);
    e->word = hra_word_of(p->memory, p->token.text, strlen(p->token.text));
    e->quoted = true;
    hra_parser_advance(p);
    return e;
}

/* Words that are never values; at the start of a line also those that begin a
 * statement, so that an unfinished line does not swallow the next. */
static bool is_reserved(const hra_parser *p)
{
    static const char *const operators[] = {"and", "or", "in", "else"};
    static const char *const statements[] = {"let", "valid", "exclude", "stratum", "fold", "emit", "when"};
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++)
        if (hra_parser_at_word(p, operators[i])) return true;
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++)
        if (p->token.first_on_line && hra_parser_at_word(p, statements[i])) return true;
    return false;
}

static hra_expr *primary(hra_parser *p)
{
    hra_expr *e = NULL;
    hra_span start = p->token.span;
    if (hra_parser_at(p, TOKEN_NUMBER)) {
        e = hra_expr_new(p, HRA_EXPR_NUMBER, start);
        e->number = p->token.number;
        hra_parser_advance(p);
    } else if (hra_parser_at(p, TOKEN_TEXT)) {
        e = hra_parse_quoted_level(p);
    } else if (hra_parser_take(p, '(')) {
        e = hra_parse_expr(p);
        if (!e || !hra_parser_need(p, ')', "')'")) return NULL;
        e->span = hra_parser_since(p, start);
    } else if (hra_parser_at(p, TOKEN_NAME) && !is_reserved(p)) {
        e = name_expr(p);
    } else {
        hra_parser_expected(p, "a value: a name, a number or '('");
    }
    while (e && hra_parser_at(p, '[')) e = unit_of(p, e);
    return e;
}

/* ---- operators ------------------------------------------------------------- */

/* One level more; false where the nesting has no end. */
static bool goes_deeper(hra_parser *p, hra_span at)
{
    if (p->nesting < DEEPEST) {
        p->nesting++;
        return true;
    }
    hra_fault(p->diagnostics, at, "nested deeper than %d levels", DEEPEST);
    p->failed = true;
    return false;
}

static hra_expr *signed_term(hra_parser *p);

static hra_expr *power(hra_parser *p)
{
    hra_expr *base = primary(p);
    if (!base || !hra_parser_take(p, '^')) return base;
    return binary(p, '^', base, signed_term(p));
}

static hra_expr *signed_term(hra_parser *p)
{
    hra_span start = p->token.span;
    if (!goes_deeper(p, start)) return NULL;
    hra_expr *e;
    if (hra_parser_take(p, '-'))
        e = unary(p, HRA_EXPR_NEGATE, start, signed_term(p));
    else if (hra_parser_take(p, '+'))
        e = signed_term(p);
    else
        e = power(p);
    p->nesting--;
    return e;
}

static hra_expr *product(hra_parser *p)
{
    hra_expr *e = signed_term(p);
    while (e && (hra_parser_at(p, '*') || hra_parser_at(p, '/'))) {
        int op = p->token.kind;
        hra_parser_advance(p);
        e = binary(p, op, e, signed_term(p));
    }
    return e;
}

static hra_expr *addition(hra_parser *p)
{
    hra_expr *e = product(p);
    while (e && (hra_parser_at(p, '+') || hra_parser_at(p, '-'))) {
        int op = p->token.kind;
        hra_parser_advance(p);
        e = binary(p, op, e, product(p));
    }
    return e;
}

static hra_expr *membership(hra_parser *p, hra_expr *subject)
{
    hra_expr *e = hra_expr_new(p, HRA_EXPR_IN_RANGE, subject->span);
    e->a = subject;
    hra_expr_grow(p, e, subject);
    if (!hra_parser_take(p, '{')) {
        if (!hra_parse_range(p, &e->range)) return NULL;
        e->span = hra_parser_since(p, subject->span);
        return p->failed ? NULL : e;
    }
    e->kind = HRA_EXPR_IN_SET;
    do {
        if (!hra_parse_argument(p, e)) return NULL;
    } while (hra_parser_take(p, ','));
    if (!hra_parser_need(p, '}', "',' or '}'")) return NULL;
    e->span = hra_parser_since(p, subject->span);
    return e;
}

static bool is_comparison(int kind)
{
    return kind == '<' || kind == '>' || kind == TOKEN_LESS_EQUAL || kind == TOKEN_GREATER_EQUAL ||
           kind == TOKEN_EQUAL || kind == TOKEN_NOT_EQUAL;
}

static hra_expr *comparison(hra_parser *p)
{
    hra_expr *e = addition(p);
    if (!e) return NULL;
    if (hra_parser_take_word(p, "in")) return membership(p, e);
    if (hra_parser_at(p, '=')) {
        hra_fault(p->diagnostics, p->token.span, "'=' gives a name a value; compare with '=='");
        p->failed = true;
        return NULL;
    }
    if (!is_comparison(p->token.kind)) return e;
    int op = p->token.kind;
    hra_parser_advance(p);
    e = binary(p, op, e, addition(p));
    if (e && is_comparison(p->token.kind)) {
        hra_fault(p->diagnostics, p->token.span, "comparisons do not chain; write 'x in a..b' or join them with 'and'");
        p->failed = true;
        return NULL;
    }
    return e;
}

static hra_expr *negation(hra_parser *p)
{
    hra_span start = p->token.span;
    if (!hra_parser_take_word(p, "not")) return comparison(p);
    if (!goes_deeper(p, start)) return NULL;
    hra_expr *e = unary(p, HRA_EXPR_NOT, start, negation(p));
    p->nesting--;
    return e;
}

static hra_expr *conjunction(hra_parser *p)
{
    hra_expr *e = negation(p);
    while (e && hra_parser_take_word(p, "and")) e = binary(p, HRA_BINARY_AND, e, negation(p));
    return e;
}

hra_expr *hra_parse_expr(hra_parser *p)
{
    if (!goes_deeper(p, p->token.span)) return NULL;
    hra_expr *e = conjunction(p);
    while (e && hra_parser_take_word(p, "or")) e = binary(p, HRA_BINARY_OR, e, conjunction(p));
    p->nesting--;
    return p->failed ? NULL : e;
}
