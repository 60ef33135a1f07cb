/* Operators and functions, one to a few graph nodes each. */
#include <math.h>

#include "engine/language/lower.h"

static hra_node number_of(hra_lower_frame *f, const hra_expr *e);

static hra_node constant(hra_lower_frame *f, double value) { return hra_graph_number(f->graph, value); }

static hra_node unary(hra_lower_frame *f, hra_op op, hra_node a) { return hra_graph_unary(f->graph, op, a); }

static hra_node binary(hra_lower_frame *f, hra_op op, hra_node a, hra_node b)
{
    return hra_graph_binary(f->graph, op, a, b);
}

static const hra_expr *arg(const hra_expr *e, int i) { return hra_expr_at(&e->args, i); }

hra_node hra_lower_outside(hra_graph *graph, bool flag)
{
    hra_node outside = hra_graph_outside(graph);
    return flag ? hra_graph_binary(graph, HRA_OP_EQ, outside, hra_graph_number(graph, 1)) : outside;
}

hra_node hra_lower_or(hra_graph *graph, hra_node a, hra_node b)
{
    if (a < 0) return b;
    return b < 0 ? a : hra_graph_binary(graph, HRA_OP_OR, a, b);
}

hra_node hra_lower_is_true(hra_graph *graph, hra_node flag) { return hra_graph_unary(graph, HRA_OP_IS_TRUE, flag); }

/* ---- numbers --------------------------------------------------------------------- */

static hra_node power(hra_lower_frame *f, const hra_expr *e)
{
    double exponent;
    hra_node base = hra_lower_number(f, e->a);
    bool whole = hra_expr_constant(e->b, &exponent) && exponent == floor(exponent) && fabs(exponent) <= 16;
    if (whole) return hra_graph_power(f->graph, base, (int)exponent);
    return binary(f, HRA_OP_POW, base, hra_lower_number(f, e->b));
}

static hra_node arithmetic(hra_lower_frame *f, const hra_expr *e)
{
    if (e->op == '^') return power(f, e);
    hra_op op = e->op == '+' ? HRA_OP_ADD : e->op == '-' ? HRA_OP_SUB : e->op == '*' ? HRA_OP_MUL : HRA_OP_DIV;
    hra_node a = hra_lower_number(f, e->a);
    return binary(f, op, a, hra_lower_number(f, e->b));
}

static hra_node chain(hra_lower_frame *f, const hra_expr *e, hra_op op)
{
    hra_node value = hra_lower_number(f, arg(e, 0));
    for (int i = 1; i < e->args.count; i++) value = binary(f, op, value, hra_lower_number(f, arg(e, i)));
    return value;
}

/* max(x - knot, 0)^3 */
static hra_node cubed_excess(hra_lower_frame *f, hra_node x, double knot)
{
    hra_node excess = binary(f, HRA_OP_MAX, binary(f, HRA_OP_SUB, x, constant(f, knot)), constant(f, 0));
    return hra_graph_power(f->graph, excess, 3);
}

/* Harrell: ((x-kj)+^3 - (x-k[n-1])+^3 (kn-kj)/(kn-k[n-1]) + (x-kn)+^3 (k[n-1]-kj)/(kn-k[n-1])) / (kn-k1)^2 */
static hra_node restricted_spline(hra_lower_frame *f, const hra_expr *e)
{
    int n = e->args.count - 2;
    double term = 1, first = 0, knot = 0, before_last = 0, last = 0;
    hra_expr_constant(arg(e, 1), &term);
    hra_expr_constant(arg(e, 2), &first);
    hra_expr_constant(arg(e, 1 + (int)term), &knot);
    hra_expr_constant(arg(e, n), &before_last);
    hra_expr_constant(arg(e, n + 1), &last);
    hra_node x = hra_lower_number(f, arg(e, 0));
    double span = last - before_last, scale = (last - first) * (last - first);
    hra_node value = cubed_excess(f, x, knot);
    hra_node tail = binary(f, HRA_OP_MUL, cubed_excess(f, x, before_last), constant(f, (last - knot) / span));
    value = binary(f, HRA_OP_SUB, value, tail);
    tail = binary(f, HRA_OP_MUL, cubed_excess(f, x, last), constant(f, (before_last - knot) / span));
    return binary(f, HRA_OP_DIV, binary(f, HRA_OP_ADD, value, tail), constant(f, scale));
}

static hra_node counted(hra_lower_frame *f, const hra_expr *e, double threshold)
{
    hra_node *flags = hra_take_array(f->l->memory, (size_t)e->args.count, sizeof *flags);
    for (int i = 0; flags && i < e->args.count; i++) flags[i] = hra_lower_flag(f, arg(e, i));
    if (!flags) return -1;
    return isnan(threshold) ? hra_graph_count_of(f->graph, flags, e->args.count)
                            : hra_graph_count_at_least(f->graph, flags, e->args.count, threshold);
}

/* The codes of a category. */
static hra_node code_of(hra_lower_frame *f, const hra_expr *e)
{
    if (e->type.sort == HRA_SORT_FLAG) return unary(f, HRA_OP_FROM_FLAG, hra_lower_flag(f, e));
    const hra_levels *levels = e->type.levels;
    return hra_lower_recast(f->graph, hra_lower_number(f, e), levels->numbers, levels->count, "number");
}

static hra_node reported(hra_lower_frame *f, const hra_expr *e)
{
    hra_lower_frame as_printed = *f;
    as_printed.reported = true;
    return hra_lower_symbol(&as_printed, arg(e, 0)->symbol);
}

static hra_node first_known(hra_lower_frame *f, const hra_expr *e, bool flag)
{
    hra_node value = -1;
    for (int i = e->args.count - 1; i >= 0; i--) {
        hra_node x = flag ? hra_lower_flag(f, arg(e, i)) : hra_lower_number(f, arg(e, i));
        value = value < 0 ? x : binary(f, flag ? HRA_OP_FIRST_KNOWN_FLAG : HRA_OP_FIRST_KNOWN, x, value);
    }
    return value;
}

static hra_node select_if(hra_lower_frame *f, const hra_expr *e, bool flag)
{
    hra_node condition = hra_lower_flag(f, arg(e, 0));
    hra_node yes = flag ? hra_lower_flag(f, arg(e, 1)) : hra_lower_number(f, arg(e, 1));
    hra_node no = flag ? hra_lower_flag(f, arg(e, 2)) : hra_lower_number(f, arg(e, 2));
    return hra_graph_select(f->graph, condition, yes, no);
}

static hra_node rounded(hra_lower_frame *f, const hra_expr *e)
{
    double decimals = 0;
    if (e->args.count == 2) hra_expr_constant(arg(e, 1), &decimals);
    return hra_graph_round(f->graph, hra_lower_number(f, arg(e, 0)), (int)decimals);
}

static hra_node function(hra_lower_frame *f, const hra_expr *e)
{
    switch ((hra_function)e->op) {
    case HRA_FUNCTION_IF: return select_if(f, e, false);
    case HRA_FUNCTION_FIRST_KNOWN: return first_known(f, e, false);
    case HRA_FUNCTION_LOOKUP: return hra_lower_lookup(f, e);
    case HRA_FUNCTION_COUNT: return counted(f, e, NAN);
    case HRA_FUNCTION_LN: return unary(f, HRA_OP_LN, hra_lower_number(f, arg(e, 0)));
    case HRA_FUNCTION_EXP: return unary(f, HRA_OP_EXP, hra_lower_number(f, arg(e, 0)));
    case HRA_FUNCTION_SQRT: return unary(f, HRA_OP_SQRT, hra_lower_number(f, arg(e, 0)));
    case HRA_FUNCTION_ABS: return unary(f, HRA_OP_ABS, hra_lower_number(f, arg(e, 0)));
    case HRA_FUNCTION_FLOOR: return unary(f, HRA_OP_FLOOR, hra_lower_number(f, arg(e, 0)));
    case HRA_FUNCTION_CEIL: return unary(f, HRA_OP_CEIL, hra_lower_number(f, arg(e, 0)));
    case HRA_FUNCTION_TRUNC: return unary(f, HRA_OP_TRUNC, hra_lower_number(f, arg(e, 0)));
    case HRA_FUNCTION_MIN: return chain(f, e, HRA_OP_MIN);
    case HRA_FUNCTION_MAX: return chain(f, e, HRA_OP_MAX);
    case HRA_FUNCTION_CLAMP: {
        hra_node low = binary(f, HRA_OP_MAX, hra_lower_number(f, arg(e, 0)), hra_lower_number(f, arg(e, 1)));
        return binary(f, HRA_OP_MIN, low, hra_lower_number(f, arg(e, 2)));
    }
    case HRA_FUNCTION_ROUND: return rounded(f, e);
    case HRA_FUNCTION_REPORTED: return reported(f, e);
    case HRA_FUNCTION_NUMBER: return code_of(f, arg(e, 0));
    case HRA_FUNCTION_YEARS_BETWEEN: return chain(f, e, HRA_OP_YEARS_BETWEEN);
    case HRA_FUNCTION_LINEAR_PLUS:
        return binary(f, HRA_OP_MAX,
                      binary(f, HRA_OP_SUB, hra_lower_number(f, arg(e, 0)), hra_lower_number(f, arg(e, 1))),
                      constant(f, 0));
    case HRA_FUNCTION_CUBIC_PLUS: {
        hra_node excess = binary(f, HRA_OP_SUB, hra_lower_number(f, arg(e, 0)), hra_lower_number(f, arg(e, 1)));
        return hra_graph_power(f->graph, binary(f, HRA_OP_MAX, excess, constant(f, 0)), 3);
    }
    case HRA_FUNCTION_RCS: return restricted_spline(f, e);
    case HRA_FUNCTION_NORMAL_CDF: return hra_lower_normal_cdf(f->graph, hra_lower_number(f, arg(e, 0)));
    default: return -1; /* conditions, and functions over groups */
    }
}

static hra_node number_of(hra_lower_frame *f, const hra_expr *e)
{
    double value;
    if (e->kind == HRA_EXPR_NEGATE && hra_expr_constant(e, &value)) return constant(f, value); /* -1.5 is a number */
    if (e->is_level) return constant(f, e->column);
    switch (e->kind) {
    case HRA_EXPR_NUMBER: return constant(f, e->number);
    case HRA_EXPR_UNKNOWN: return hra_graph_unknown(f->graph);
    case HRA_EXPR_OUTSIDE: return hra_graph_outside(f->graph);
    case HRA_EXPR_NAME:
    case HRA_EXPR_MEMBER: return hra_lower_name(f, e);
    case HRA_EXPR_UNIT:
        if (e->a->symbol && e->a->symbol->kind == HRA_SYMBOL_VARIABLE)
            return hra_lower_variable(f, e->a->symbol->variable, e->text, e->b);
        return hra_lower_number(f, e->a);
    case HRA_EXPR_NEGATE: return unary(f, HRA_OP_NEG, hra_lower_number(f, e->a));
    case HRA_EXPR_BINARY: return arithmetic(f, e);
    case HRA_EXPR_CALL: return function(f, e);
    case HRA_EXPR_CASE:
    case HRA_EXPR_BANDS: return hra_lower_choice(f, e);
    case HRA_EXPR_SUM: return hra_lower_sum(f, e);
    case HRA_EXPR_RECAST: return hra_lower_levels(f, hra_lower_number(f, e->a), e->a->type.levels, e->type.levels);
    default: return -1;
    }
}

hra_node hra_lower_number(hra_lower_frame *f, const hra_expr *e)
{
    if (e->type.sort == HRA_SORT_FLAG) return unary(f, HRA_OP_FROM_FLAG, hra_lower_flag(f, e));
    hra_node node;
    if (f->outer && hra_lower_from_outside(f, e, &node)) return node;
    return number_of(f, e);
}

/* ---- flags ------------------------------------------------------------------------- */

/* count(...) itself, or a let that is one: its interval decides. */
static const hra_expr *as_count(const hra_expr *e, const hra_decl **let)
{
    *let = NULL;
    if (e->kind == HRA_EXPR_NAME && e->symbol && !e->is_level) {
        const hra_symbol *s = e->symbol;
        bool global = s->kind == HRA_SYMBOL_DECLARATION && s->declaration->public.kind == HRA_DECLARATION_LET;
        if (global) *let = s->declaration;
        const hra_expr *value = global ? s->declaration->value : s->kind == HRA_SYMBOL_LOCAL ? s->value : NULL;
        if (!value) return NULL;
        e = value;
    }
    return e->kind == HRA_EXPR_CALL && e->op == HRA_FUNCTION_COUNT ? e : NULL;
}

static hra_node at_least(hra_lower_frame *f, const hra_expr *count, const hra_decl *let, double threshold)
{
    if (!let) return counted(f, count, threshold);
    hra_lower_frame inner = hra_lower_frame_open(f->l, let, false);
    inner.clamps = f->clamps;
    inner.clamp_count = f->clamp_count;
    return counted(&inner, count, threshold);
}

/* count op number, as "at least": > n is at least floor(n) + 1. */
static hra_node compare_count(hra_lower_frame *f, int op, const hra_expr *count, const hra_decl *let, double n)
{
    double from = ceil(n), above = floor(n) + 1;
    switch (op) {
    case TOKEN_GREATER_EQUAL: return at_least(f, count, let, from);
    case '>': return at_least(f, count, let, above);
    case '<': return unary(f, HRA_OP_NOT, at_least(f, count, let, from));
    case TOKEN_LESS_EQUAL: return unary(f, HRA_OP_NOT, at_least(f, count, let, above));
    default: break;
    }
    hra_node equal = from != n ? binary(f, HRA_OP_AND, at_least(f, count, let, from),
                                        unary(f, HRA_OP_NOT, at_least(f, count, let, from)))
                               : binary(f, HRA_OP_AND, at_least(f, count, let, from),
                                        unary(f, HRA_OP_NOT, at_least(f, count, let, above)));
    return op == TOKEN_EQUAL ? equal : unary(f, HRA_OP_NOT, equal);
}

static int mirrored(int op)
{
    return op == '<'                   ? '>'
           : op == '>'                 ? '<'
           : op == TOKEN_LESS_EQUAL    ? TOKEN_GREATER_EQUAL
           : op == TOKEN_GREATER_EQUAL ? TOKEN_LESS_EQUAL
                                       : op;
}

static hra_node comparison(hra_lower_frame *f, const hra_expr *e)
{
    const hra_decl *let;
    double n;
    const hra_expr *count = as_count(e->a, &let);
    if (count && hra_expr_constant(e->b, &n) && f->depth == 0) return compare_count(f, e->op, count, let, n);
    count = as_count(e->b, &let);
    if (count && hra_expr_constant(e->a, &n) && f->depth == 0) return compare_count(f, mirrored(e->op), count, let, n);
    hra_node a = hra_lower_number(f, e->a), b = hra_lower_number(f, e->b);
    switch (e->op) {
    case '<': return binary(f, HRA_OP_LT, a, b);
    case '>': return binary(f, HRA_OP_LT, b, a);
    case TOKEN_LESS_EQUAL: return binary(f, HRA_OP_LE, a, b);
    case TOKEN_GREATER_EQUAL: return binary(f, HRA_OP_LE, b, a);
    case TOKEN_EQUAL: return binary(f, HRA_OP_EQ, a, b);
    default: return binary(f, HRA_OP_NE, a, b);
    }
}

static hra_node in_range(hra_lower_frame *f, const hra_expr *e)
{
    const hra_range *r = &e->range;
    const hra_decl *let;
    const hra_expr *count = f->depth == 0 ? as_count(e->a, &let) : NULL;
    hra_node low = -1, high = -1;
    if (count) {
        if (r->has_low) low = compare_count(f, r->low_open ? '>' : TOKEN_GREATER_EQUAL, count, let, r->low);
        if (r->has_high) high = compare_count(f, r->high_open ? '<' : TOKEN_LESS_EQUAL, count, let, r->high);
    } else {
        hra_node x = hra_lower_number(f, e->a);
        if (r->has_low) low = binary(f, r->low_open ? HRA_OP_LT : HRA_OP_LE, constant(f, r->low), x);
        if (r->has_high) high = binary(f, r->high_open ? HRA_OP_LT : HRA_OP_LE, x, constant(f, r->high));
    }
    return low < 0 ? high : high < 0 ? low : binary(f, HRA_OP_AND, low, high);
}

static hra_node in_set(hra_lower_frame *f, const hra_expr *e)
{
    hra_node x = hra_lower_number(f, e->a), any = -1;
    for (int i = 0; i < e->args.count; i++)
        any = hra_lower_or(f->graph, any, binary(f, HRA_OP_EQ, x, hra_lower_number(f, arg(e, i))));
    return any;
}

static hra_node known(hra_lower_frame *f, const hra_expr *e)
{
    if (e->type.sort == HRA_SORT_FLAG) return unary(f, HRA_OP_KNOWN_FLAG, hra_lower_flag(f, e));
    return unary(f, HRA_OP_KNOWN, hra_lower_number(f, e));
}

static hra_node binary_flag(hra_lower_frame *f, const hra_expr *e)
{
    if (e->op != HRA_BINARY_AND && e->op != HRA_BINARY_OR) return comparison(f, e);
    hra_node a = hra_lower_flag(f, e->a);
    return binary(f, e->op == HRA_BINARY_AND ? HRA_OP_AND : HRA_OP_OR, a, hra_lower_flag(f, e->b));
}

static hra_node function_flag(hra_lower_frame *f, const hra_expr *e)
{
    switch (e->op) {
    case HRA_FUNCTION_IF: return select_if(f, e, true);
    case HRA_FUNCTION_FIRST_KNOWN: return first_known(f, e, true);
    case HRA_FUNCTION_REPORTED: return reported(f, e);
    default: return known(f, arg(e, 0)); /* known(), present() */
    }
}

static hra_node flag_of(hra_lower_frame *f, const hra_expr *e)
{
    switch (e->kind) {
    case HRA_EXPR_TRUTH: return hra_graph_flag(f->graph, e->number);
    case HRA_EXPR_UNKNOWN: return hra_graph_flag(f->graph, NAN);
    case HRA_EXPR_OUTSIDE: return hra_lower_outside(f->graph, true);
    case HRA_EXPR_NAME:
    case HRA_EXPR_MEMBER: return hra_lower_name(f, e);
    case HRA_EXPR_NOT: return unary(f, HRA_OP_NOT, hra_lower_flag(f, e->a));
    case HRA_EXPR_BINARY: return binary_flag(f, e);
    case HRA_EXPR_IN_RANGE: return in_range(f, e);
    case HRA_EXPR_IN_SET: return in_set(f, e);
    case HRA_EXPR_CALL: return function_flag(f, e);
    case HRA_EXPR_CASE:
    case HRA_EXPR_BANDS: return hra_lower_choice(f, e);
    default: return -1;
    }
}

hra_node hra_lower_flag(hra_lower_frame *f, const hra_expr *e)
{
    hra_node node;
    bool constant_here = e->kind == HRA_EXPR_TRUTH;
    if (!constant_here && f->outer && hra_lower_from_outside(f, e, &node)) return node;
    return flag_of(f, e);
}

hra_node hra_lower_value(hra_lower_frame *f, const hra_expr *e)
{
    return e->type.sort == HRA_SORT_FLAG ? hra_lower_flag(f, e) : hra_lower_number(f, e);
}
