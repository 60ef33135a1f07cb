/* Can an urgent result arrive? A factor of severity urgent that compares a
 * variable with a number is worth nothing when the dictionary's hard limits
 * reject the values it waits for.
 *
 * Beyond its threshold the accepted range must go on: by the width of the
 * plausible range or, if that is less, by the threshold itself (downwards by
 * half of it). Where the hard limit is the plausible one it is the end of a
 * scale, and reaching the threshold is enough. */
#include <math.h>
#include <string.h>

#include "engine/language/check.h"
#include "engine/language/library_internal.h"

typedef struct urgent {
    const hra_library *library;
    hra_diagnostics *diagnostics;
    const hra_decl *factor;
    int depth; /* of names followed */
} urgent;

enum { DEEPEST = 50 };

/* The variable behind x, x[unit] and reported(x); NULL: something else. */
static const hra_variable *variable_of(const urgent *u, const hra_expr *e, double *factor, double *offset)
{
    *factor = 1;
    *offset = 0;
    const hra_dictionary *dictionary = hra_library_dictionary(u->library);
    const char *unit = NULL;
    if (e->kind == HRA_EXPR_CALL && e->op == HRA_FUNCTION_REPORTED) e = hra_expr_at(&e->args, 0);
    if (e->kind == HRA_EXPR_UNIT) {
        unit = e->text;
        e = e->a;
    }
    if (e->kind != HRA_EXPR_NAME || !e->symbol || e->symbol->kind != HRA_SYMBOL_VARIABLE) return NULL;
    const hra_variable *v = hra_dictionary_at(dictionary, e->symbol->variable);
    if (v->type != HRA_TYPE_MEASURE && v->type != HRA_TYPE_COUNT) return NULL;
    return !unit || hra_variable_unit(v, unit, factor, offset) ? v : NULL;
}

static double room_wanted(const hra_variable *v, double threshold, bool upwards)
{
    double width = v->plausible_max - v->plausible_min;
    double own = upwards ? fabs(threshold) : fabs(threshold) / 2;
    return isnan(width) || own < width ? own : width;
}

/* Values at least (or at most) `threshold` are waited for. */
static void check_tail(urgent *u, hra_span span, const hra_variable *v, double threshold, bool upwards)
{
    double limit = upwards ? v->hard_max : v->hard_min;
    double plausible = upwards ? v->plausible_max : v->plausible_min;
    if (isnan(limit)) return;
    double room = upwards ? limit - threshold : threshold - limit;
    if (room < 0) {
        hra_fault(u->diagnostics, span,
                  "urgent factor '%s' can never be true: the dictionary rejects values of '%s' %s %g, before its "
                  "threshold of %g; widen the hard limit",
                  u->factor->word->text, v->name, upwards ? "above" : "below", limit, threshold);
        return;
    }
    double wanted = room_wanted(v, threshold, upwards);
    if (limit == plausible || room >= wanted * (1 - 1e-12)) return;
    hra_fault(u->diagnostics, span,
              "urgent factor '%s' waits for '%s' %s %g, but values %s %g are rejected: the hard limit must go on to %g "
              "at least",
              u->factor->word->text, v->name, upwards ? "from" : "down from", threshold, upwards ? "above" : "below",
              limit, upwards ? threshold + wanted : threshold - wanted);
}

static void check_comparison(urgent *u, const hra_expr *e)
{
    double factor, offset, number;
    bool upwards = e->op == '>' || e->op == TOKEN_GREATER_EQUAL;
    if (!upwards && e->op != '<' && e->op != TOKEN_LESS_EQUAL) return;
    const hra_expr *side = e->a, *other = e->b;
    if (hra_expr_constant(side, &number)) { /* 16.7 <= glucose */
        side = e->b;
        other = e->a;
        upwards = !upwards;
    }
    const hra_variable *v = variable_of(u, side, &factor, &offset);
    if (v && hra_expr_constant(other, &number)) check_tail(u, e->span, v, number * factor + offset, upwards);
}

static void check_range(urgent *u, const hra_expr *e)
{
    double factor, offset;
    const hra_variable *v = variable_of(u, e->a, &factor, &offset);
    if (!v || e->range.has_low == e->range.has_high) return; /* a band is no tail */
    double number = e->range.has_low ? e->range.low : e->range.high;
    check_tail(u, e->span, v, number * factor + offset, e->range.has_low);
}

static void check_expr(urgent *u, const hra_expr *e);

static void check_all(urgent *u, const hra_list *exprs)
{
    for (int i = 0; i < exprs->count; i++) check_expr(u, hra_expr_at(exprs, i));
}

/* A let or factor that the condition names says what the condition waits for. */
static void check_name(urgent *u, const hra_expr *e)
{
    const hra_symbol *symbol = e->symbol;
    if (!symbol || symbol->kind != HRA_SYMBOL_DECLARATION || u->depth >= DEEPEST) return;
    const hra_decl *decl = symbol->declaration;
    u->depth++;
    if (decl->public.kind == HRA_DECLARATION_LET && decl->value) check_expr(u, decl->value);
    if (decl->public.kind == HRA_DECLARATION_FACTOR && decl->condition) check_expr(u, decl->condition);
    u->depth--;
}

/* Comparisons that make the condition true; what stands under `not` waits for the opposite. */
static void check_expr(urgent *u, const hra_expr *e)
{
    switch (e->kind) {
    case HRA_EXPR_NAME: check_name(u, e); break;
    case HRA_EXPR_BINARY:
        if (e->op != HRA_BINARY_AND && e->op != HRA_BINARY_OR) {
            check_comparison(u, e);
            break;
        }
        check_expr(u, e->a);
        check_expr(u, e->b);
        break;
    case HRA_EXPR_IN_RANGE: check_range(u, e); break;
    case HRA_EXPR_CALL:
        if (e->op == HRA_FUNCTION_FIRST_KNOWN || e->op == HRA_FUNCTION_COUNT || e->op == HRA_FUNCTION_IF)
            check_all(u, &e->args);
        break;
    default: break;
    }
}

static bool is_urgent(const hra_decl *decl)
{
    const char *severity = hra_declaration_text(&decl->public, "severity", "en");
    return decl->public.kind == HRA_DECLARATION_FACTOR && decl->condition && severity &&
           strcmp(severity, "urgent") == 0;
}

int hra_library_check_urgent(const hra_library *library, hra_diagnostics *diagnostics)
{
    int before = hra_diagnostics_count(diagnostics);
    for (int i = 0; i < library->declarations.count; i++) {
        const hra_decl *decl = library->declarations.items[i];
        if (decl->faulty || !is_urgent(decl)) continue;
        urgent u = {.library = library, .diagnostics = diagnostics, .factor = decl};
        check_expr(&u, decl->condition);
    }
    return hra_diagnostics_count(diagnostics) - before;
}
