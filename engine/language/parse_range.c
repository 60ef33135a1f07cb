/* Ranges such as 40..<45 or >=18, and what a loop runs over. */
#include <math.h>

#include "engine/language/parser.h"

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
    if (hra_parser_at(p, '-')) { /* as papers print it */
        hra_parser_expected(p, "'..': a range is written 40..79");
        return false;
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
