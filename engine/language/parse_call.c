/* What a name before a parenthesis means: a function, case, points, bands, sum. */
#include <string.h>

#include "engine/language/parse_expression.h"

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

static hra_expr *call(hra_parser *p, int function, hra_span start)
{
    hra_expr *e = hra_expr_new(p, HRA_EXPR_CALL, start);
    e->op = function;
    while (!hra_parser_at(p, ')')) {
        if (!hra_parse_argument(p, e)) return NULL;
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

/* Labels of a case arm: a level name, a number, true or false; with | between. */
static bool case_labels(hra_parser *p, hra_arm *arm)
{
    do {
        hra_expr *label = NULL;
        hra_span start = p->token.span;
        double number;
        if (hra_parser_at(p, TOKEN_TEXT)) {
            label = hra_parse_quoted_level(p);
        } else if (hra_parser_at(p, TOKEN_NAME)) {
            bool truth = hra_parser_at_word(p, "true") || hra_parser_at_word(p, "false");
            label = hra_expr_new(p, truth ? HRA_EXPR_TRUTH : HRA_EXPR_NAME, start);
            label->word = p->token.word;
            label->number = hra_parser_at_word(p, "true");
            hra_parser_advance(p);
        } else if (hra_parser_at(p, TOKEN_NUMBER) || hra_parser_at(p, '-')) {
            if (!hra_parser_number(p, &number)) return false;
            label = hra_expr_new(p, HRA_EXPR_NUMBER, hra_parser_since(p, start));
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
        if (e->b) hra_expr_grow(p, e, e->b);
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
    hra_expr_grow(p, e, arm->value);
    hra_list_add(p->memory, &e->arms, arm);
    return !p->failed;
}

/* case(x: ...), points(x: ...), bands(x: ...) after the opening parenthesis */
static hra_expr *choice(hra_parser *p, hra_expr_kind kind, hra_span start)
{
    hra_expr *e = hra_expr_new(p, kind, start);
    e->op = start.length == 5; /* bands, not points or case: results are level names */
    e->a = hra_parse_expr(p);
    if (!e->a || !hra_parser_need(p, ':', "':' and the arms")) return NULL;
    hra_expr_grow(p, e, e->a);
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
    hra_expr *e = hra_expr_new(p, HRA_EXPR_SUM, start);
    hra_loop *loop = HRA_TAKE(p->memory, hra_loop);
    if (!hra_parse_loop(p, loop)) return NULL;
    hra_list_add(p->memory, &e->args, loop); /* the only argument: the loop */
    if (!hra_parser_need(p, ':', "':' and the expression to sum")) return NULL;
    e->a = hra_parse_expr(p);
    if (!e->a || !hra_parser_need(p, ')', "')'")) return NULL;
    hra_expr_grow(p, e, e->a);
    e->span = hra_parser_since(p, start);
    return p->failed ? NULL : e;
}

/* What functions of statistics programs are called here. */
static const char *known_elsewhere(const char *name)
{
    static const struct {
        const char *name, *here;
    } rows[] = {{"log10", "ln(x)/ln(10)"},
                {"log2", "ln(x)/ln(2)"},
                {"log1p", "ln(1 + x)"},
                {"expm1", "exp(x) - 1"},
                {"pow", "x^y"},
                {"plogis", "1/(1 + exp(-x))"},
                {"expit", "1/(1 + exp(-x))"},
                {"invlogit", "1/(1 + exp(-x))"},
                {"inv_logit", "1/(1 + exp(-x))"},
                {"qlogis", "ln(p/(1 - p))"},
                {"logit", "ln(p/(1 - p))"},
                {"pnorm", "normal_cdf(x)"},
                {"normal", "normal_cdf(x)"},
                {"ifelse", "if(condition, a, b)"},
                {"I", "(x)"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].name, name) == 0) return rows[i].here;
    return NULL;
}

static hra_expr *no_function(hra_parser *p, hra_token name)
{
    const char *text = name.word->text, *here = known_elsewhere(text);
    p->failed = true;
    if (here) {
        hra_fault(p->diagnostics, name.span, "no function '%s'; write %s", text, here);
        return NULL;
    }
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
    return NULL;
}

hra_expr *hra_parse_call(hra_parser *p, hra_token name)
{
    hra_parser_advance(p); /* ( */
    const char *text = name.word->text;
    if (strcmp(text, "case") == 0) return choice(p, HRA_EXPR_CASE, name.span);
    if (strcmp(text, "points") == 0 || strcmp(text, "bands") == 0) return choice(p, HRA_EXPR_BANDS, name.span);
    if (strcmp(text, "sum") == 0) return sum(p, name.span);
    int function = find_function(text);
    if (function >= 0) return call(p, function, name.span);
    return no_function(p, name);
}
