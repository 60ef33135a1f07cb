/* Expressions, from loosest to tightest: or, and, not, comparison, sum,
 * product, sign, power, primary. */
#include <math.h>
#include <string.h>

#include "engine/language/parser.h"

enum { DEEPEST = 200, HIGHEST = 3000 };

static const hra_function_row functions[] = {
#define F(NAME, text, least, most) {text, least, most},
    HRA_FUNCTIONS(F)
#undef F
};

const hra_function_row *hra_function_at(int function) { return &functions[function]; }

static int find_function(const char *name)
{
    for (int i = 0; i < HRA_FUNCTION_COUNT_; i++)
        if (strcmp(functions[i].name, name) == 0) return i;
    return -1;
}

static bool whole_power(double a, double b, double *value)
{
    if (b != floor(b) || b < 0 || b > 16) return false;
    *value = 1;
    for (int i = 0; i < (int)b; i++) *value *= a;
    return true;
}

static bool apply(int op, double a, double b, double *value)
{
    switch (op) {
    case '+': *value = a + b; return true;
    case '-': *value = a - b; return true;
    case '*': *value = a * b; return true;
    case '/': *value = a / b; return b != 0;
    case '^': return whole_power(a, b, value);
    default: return false;
    }
}

bool hra_expr_constant(const hra_expr *expr, double *value)
{
    double a, b;
    if (!expr) return false;
    switch (expr->kind) {
    case HRA_EXPR_NUMBER: *value = expr->number; return true;
    case HRA_EXPR_NEGATE:
        if (!hra_expr_constant(expr->a, &a)) return false;
        *value = -a;
        return true;
    case HRA_EXPR_BINARY:
        return hra_expr_constant(expr->a, &a) && hra_expr_constant(expr->b, &b) && apply(expr->op, a, b, value);
    default: return false;
    }
}

/* ---- building -------------------------------------------------------------- */

static hra_expr *new_expr(hra_parser *p, hra_expr_kind kind, hra_span span)
{
    hra_expr *e = HRA_TAKE(p->memory, hra_expr);
    e->kind = kind;
    e->span = span;
    return e;
}

static void grow_over(hra_parser *p, hra_expr *e, const hra_expr *child)
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
    hra_expr *e = new_expr(p, HRA_EXPR_BINARY, hra_span_join(a->span, b->span));
    e->op = op;
    e->a = a;
    e->b = b;
    grow_over(p, e, a);
    grow_over(p, e, b);
    return p->failed ? NULL : e;
}

static hra_expr *unary(hra_parser *p, hra_expr_kind kind, hra_span start, hra_expr *a)
{
    if (!a) return NULL;
    hra_expr *e = new_expr(p, kind, hra_span_join(start, a->span));
    e->a = a;
    grow_over(p, e, a);
    return p->failed ? NULL : e;
}

/* ---- ranges ---------------------------------------------------------------- */

static bool starts_bound(const hra_parser *p)
{
    return hra_parser_at(p, TOKEN_NUMBER) || hra_parser_at(p, '-') || hra_parser_at(p, '(');
}

/* A number, or an expression of numbers in parentheses. */
static bool bound(hra_parser *p, double *value)
{
    double sign = hra_parser_take(p, '-') ? -1 : 1;
    if (hra_parser_at(p, TOKEN_NUMBER)) {
        *value = sign * p->token.number;
        hra_parser_advance(p);
        return true;
    }
    hra_span start = p->token.span;
    if (!hra_parser_need(p, '(', "a number")) return false;
    hra_expr *e = hra_parse_expr(p);
    if (!e || !hra_parser_need(p, ')', "')'")) return false;
    if (!hra_expr_constant(e, value)) {
        hra_fault(p->diagnostics, hra_parser_since(p, start), "the end of a range must be made of numbers alone");
        p->failed = true;
        return false;
    }
    *value *= sign;
    return true;
}

static bool at_dots(const hra_parser *p)
{
    int k = p->token.kind;
    return k == TOKEN_DOTS || k == TOKEN_DOTS_OPEN || k == TOKEN_OPEN_DOTS || k == TOKEN_OPEN_DOTS_OPEN;
}

static bool comparison_range(hra_parser *p, hra_range *range)
{
    int op = p->token.kind;
    hra_parser_advance(p);
    double x;
    if (!bound(p, &x)) return false;
    switch (op) {
    case '<': *range = (hra_range){.has_high = true, .high = x, .high_open = true}; break;
    case TOKEN_LESS_EQUAL: *range = (hra_range){.has_high = true, .high = x}; break;
    case '>': *range = (hra_range){.has_low = true, .low = x, .low_open = true}; break;
    case TOKEN_GREATER_EQUAL: *range = (hra_range){.has_low = true, .low = x}; break;
    default: *range = (hra_range){.has_low = true, .low = x, .has_high = true, .high = x}; break;
    }
    return true;
}

/* a..b and its open forms, <a, >=a, or a single number */
bool hra_parse_range(hra_parser *p, hra_range *range)
{
    *range = (hra_range){0};
    hra_span start = p->token.span;
    int k = p->token.kind;
    if (k == '<' || k == '>' || k == TOKEN_LESS_EQUAL || k == TOKEN_GREATER_EQUAL || k == TOKEN_EQUAL)
        return comparison_range(p, range);
    if (!at_dots(p)) {
        if (!starts_bound(p)) {
            hra_parser_expected(p, "a range such as 40..<45, a comparison such as <45, or a number");
            return false;
        }
        if (!bound(p, &range->low)) return false;
        range->has_low = true;
    }
    if (!at_dots(p)) {
        range->has_high = true;
        range->high = range->low;
        return true;
    }
    range->low_open = range->has_low && (p->token.kind == TOKEN_OPEN_DOTS || p->token.kind == TOKEN_OPEN_DOTS_OPEN);
    bool high_open = p->token.kind == TOKEN_DOTS_OPEN || p->token.kind == TOKEN_OPEN_DOTS_OPEN;
    hra_parser_advance(p);
    if (starts_bound(p)) {
        if (!bound(p, &range->high)) return false;
        range->has_high = true;
        range->high_open = high_open;
    } else if (high_open || !range->has_low) {
        hra_parser_expected(p, "the upper end of the range");
        return false;
    }
    bool empty = range->has_low && range->has_high &&
                 (range->low > range->high || (range->low == range->high && (range->low_open || range->high_open)));
    if (!empty) return true;
    hra_fault(p->diagnostics, hra_parser_since(p, start),
              "this range is empty: its lower end is not below its upper end");
    p->failed = true;
    return false;
}

/* NAME in first..last, or NAME in TABLE (a fold may leave the NAME out). */
bool hra_parse_loop(hra_parser *p, hra_loop *loop)
{
    loop->variable = hra_parser_name(p, "a name for the loop", &loop->variable_span);
    if (!loop->variable) return false;
    if (!hra_parser_take_word(p, "in")) {
        loop->table = loop->variable;
        loop->table_span = loop->variable_span;
        loop->variable = NULL;
        return true;
    }
    if (hra_parser_at(p, TOKEN_NAME)) {
        loop->table = hra_parser_name(p, "a table", &loop->table_span);
        return loop->table != NULL;
    }
    hra_span start = p->token.span;
    hra_range range;
    if (!hra_parse_range(p, &range)) return false;
    bool whole = range.has_low && range.has_high && range.low == floor(range.low) && range.high == floor(range.high) &&
                 fabs(range.low) < 1e6 && fabs(range.high) < 1e6;
    loop->first = range.low + range.low_open;
    loop->last = range.high - range.high_open;
    if (whole && loop->first <= loop->last) return true;
    hra_fault(p->diagnostics, hra_parser_since(p, start),
              "a loop runs over whole numbers such as 1..10, or over a table");
    p->failed = true;
    return false;
}

/* ---- primaries ------------------------------------------------------------- */

static bool add_argument(hra_parser *p, hra_expr *e)
{
    hra_expr *argument = hra_parse_expr(p);
    if (!argument) return false;
    grow_over(p, e, argument);
    hra_list_add(p->memory, &e->args, argument);
    return !p->failed;
}

static hra_expr *call(hra_parser *p, int function, hra_span start)
{
    hra_expr *e = new_expr(p, HRA_EXPR_CALL, start);
    e->op = function;
    while (!hra_parser_at(p, ')')) {
        if (!add_argument(p, e)) return NULL;
        if (!hra_parser_take(p, ',')) break;
    }
    if (!hra_parser_need(p, ')', "',' or ')'")) return NULL;
    e->span = hra_parser_since(p, start);
    const hra_function_row *f = &functions[function];
    int n = e->args.count;
    if (n >= f->least && (f->most < 0 || n <= f->most)) return e;
    if (f->least == f->most)
        hra_fault(p->diagnostics, e->span, "%s() takes %d argument%s, here are %d", f->name, f->least,
                  f->least == 1 ? "" : "s", n);
    else
        hra_fault(p->diagnostics, e->span, "%s() takes at least %d arguments%s, here are %d", f->name, f->least,
                  f->most == 2 ? " and at most 2" : "", n);
    p->failed = true;
    return NULL;
}

static hra_expr *quoted_level(hra_parser *p);

/* Labels of a case arm: a level name, a number, true or false; with | between. */
static bool case_labels(hra_parser *p, hra_arm *arm)
{
    do {
        hra_expr *label = NULL;
        hra_span start = p->token.span;
        double number;
        if (hra_parser_at(p, TOKEN_TEXT)) {
            label = quoted_level(p);
        } else if (hra_parser_at(p, TOKEN_NAME)) {
            bool truth = hra_parser_at_word(p, "true") || hra_parser_at_word(p, "false");
            label = new_expr(p, truth ? HRA_EXPR_TRUTH : HRA_EXPR_NAME, start);
            label->word = p->token.word;
            label->number = hra_parser_at_word(p, "true");
            hra_parser_advance(p);
        } else if (hra_parser_at(p, TOKEN_NUMBER) || hra_parser_at(p, '-')) {
            if (!hra_parser_number(p, &number)) return false;
            label = new_expr(p, HRA_EXPR_NUMBER, hra_parser_since(p, start));
            label->number = number;
        } else {
            hra_parser_expected(p, "a level name or a number");
            return false;
        }
        hra_list_add(p->memory, &arm->labels, label);
    } while (hra_parser_take(p, '|'));
    return true;
}

static bool arm_of(hra_parser *p, hra_expr *e)
{
    if (hra_parser_take_word(p, "else")) {
        if (!hra_parser_need(p, TOKEN_ARROW, "'->' after else")) return false;
        e->b = hra_parse_expr(p);
        if (e->b) grow_over(p, e, e->b);
        return e->b && !p->failed;
    }
    hra_arm *arm = HRA_TAKE(p->memory, hra_arm);
    arm->span = p->token.span;
    bool read = e->kind == HRA_EXPR_CASE ? case_labels(p, arm) : hra_parse_range(p, &arm->range);
    if (!read) return false;
    arm->span = hra_parser_since(p, arm->span);
    if (!hra_parser_need(p, TOKEN_ARROW, "'->' and the value of this arm")) return false;
    arm->value = hra_parse_expr(p);
    if (!arm->value) return false;
    grow_over(p, e, arm->value);
    hra_list_add(p->memory, &e->arms, arm);
    return !p->failed;
}

/* case(x: ...), points(x: ...), bands(x: ...) after the opening parenthesis */
static hra_expr *choice(hra_parser *p, hra_expr_kind kind, hra_span start)
{
    hra_expr *e = new_expr(p, kind, start);
    e->op = start.length == 5; /* bands, not points or case: results are level names */
    e->a = hra_parse_expr(p);
    if (!e->a || !hra_parser_need(p, ':', "':' and the arms")) return NULL;
    grow_over(p, e, e->a);
    do {
        if (!arm_of(p, e)) return NULL;
    } while (hra_parser_take(p, ',') && !hra_parser_at(p, ')'));
    if (!hra_parser_need(p, ')', "',' or ')'")) return NULL;
    e->span = hra_parser_since(p, start);
    if (e->arms.count > 0) return e;
    hra_fault(p->diagnostics, e->span, "no arm here but else");
    p->failed = true;
    return NULL;
}

static hra_expr *sum(hra_parser *p, hra_span start)
{
    hra_expr *e = new_expr(p, HRA_EXPR_SUM, start);
    hra_loop *loop = HRA_TAKE(p->memory, hra_loop);
    if (!hra_parse_loop(p, loop)) return NULL;
    hra_list_add(p->memory, &e->args, loop); /* the only argument: the loop */
    if (!hra_parser_need(p, ':', "':' and the expression to sum")) return NULL;
    e->a = hra_parse_expr(p);
    if (!e->a || !hra_parser_need(p, ')', "')'")) return NULL;
    grow_over(p, e, e->a);
    e->span = hra_parser_since(p, start);
    return p->failed ? NULL : e;
}

static hra_expr *named_call(hra_parser *p, hra_token name)
{
    hra_parser_advance(p); /* ( */
    const char *text = name.word->text;
    if (strcmp(text, "case") == 0) return choice(p, HRA_EXPR_CASE, name.span);
    if (strcmp(text, "points") == 0 || strcmp(text, "bands") == 0) return choice(p, HRA_EXPR_BANDS, name.span);
    if (strcmp(text, "sum") == 0) return sum(p, name.span);
    int function = find_function(text);
    if (function >= 0) return call(p, function, name.span);
    hra_suggestion s = {.wanted = text};
    for (int i = 0; i < HRA_FUNCTION_COUNT_; i++) hra_suggest(&s, functions[i].name);
    hra_suggest(&s, "case");
    hra_suggest(&s, "points");
    hra_suggest(&s, "bands");
    hra_suggest(&s, "sum");
    if (strcmp(text, "log") == 0) s = (hra_suggestion){.wanted = text, .best = "ln"};
    const char *best = hra_suggested(&s);
    hra_fault(p->diagnostics, name.span, "no function '%s'%s%s%s", text, best ? "; did you mean '" : "",
              best ? best : "", best ? "'?" : "");
    p->failed = true;
    return NULL;
}

static hra_expr *name_expr(hra_parser *p)
{
    hra_token name = p->token;
    const char *text = name.word->text;
    hra_parser_advance(p);
    if (hra_parser_at(p, '(')) return named_call(p, name);
    hra_expr_kind kind = HRA_EXPR_NAME;
    if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0) kind = HRA_EXPR_TRUTH;
    if (strcmp(text, "unknown") == 0) kind = HRA_EXPR_UNKNOWN;
    if (strcmp(text, "outside") == 0) kind = HRA_EXPR_OUTSIDE;
    hra_expr *e = new_expr(p, kind, name.span);
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
    hra_expr *e = new_expr(p, HRA_EXPR_UNIT, base->span);
    e->a = base;
    e->text = hra_take_text(p->memory, span.script->text + span.start, (size_t)span.length);
    if (hra_parser_take(p, '=')) {
        e->b = hra_parse_expr(p);
        if (!e->b) return NULL;
    }
    if (!hra_parser_need(p, ']', "']'")) return NULL;
    grow_over(p, e, base);
    e->span = hra_parser_since(p, base->span);
    return p->failed ? NULL : e;
}

/* A level whose name is also the name of something else may be quoted. */
static hra_expr *quoted_level(hra_parser *p)
{
    hra_expr *e = new_expr(p, HRA_EXPR_NAME, p->token.span);
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
        e = new_expr(p, HRA_EXPR_NUMBER, start);
        e->number = p->token.number;
        hra_parser_advance(p);
    } else if (hra_parser_at(p, TOKEN_TEXT)) {
        e = quoted_level(p);
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
    if (++p->nesting > DEEPEST) {
        hra_fault(p->diagnostics, start, "nested deeper than %d levels", DEEPEST);
        p->failed = true;
        return NULL;
    }
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
    hra_expr *e = new_expr(p, HRA_EXPR_IN_RANGE, subject->span);
    e->a = subject;
    grow_over(p, e, subject);
    if (!hra_parser_take(p, '{')) {
        if (!hra_parse_range(p, &e->range)) return NULL;
        e->span = hra_parser_since(p, subject->span);
        return p->failed ? NULL : e;
    }
    e->kind = HRA_EXPR_IN_SET;
    do {
        if (!add_argument(p, e)) return NULL;
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
    if (++p->nesting > DEEPEST) {
        hra_fault(p->diagnostics, start, "nested deeper than %d levels", DEEPEST);
        p->failed = true;
        return NULL;
    }
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
    if (++p->nesting > DEEPEST) {
        hra_fault(p->diagnostics, p->token.span, "nested deeper than %d levels", DEEPEST);
        p->failed = true;
        p->nesting--;
        return NULL;
    }
    hra_expr *e = conjunction(p);
    while (e && hra_parser_take_word(p, "or")) e = binary(p, HRA_BINARY_OR, e, conjunction(p));
    p->nesting--;
    return p->failed ? NULL : e;
}
