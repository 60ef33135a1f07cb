/* The value of an expression of numbers alone: 38.67, -1.5, 1/0.0259. */
#include <math.h>

#include "engine/language/ast.h"

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
