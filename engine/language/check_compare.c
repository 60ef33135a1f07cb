/* Comparisons and sets. A level name means a level of the other operand; a
 * category compared with a number means its code; a flag compared with 0 or 1
 * is the flag. */
#include <math.h>

#include "engine/language/check.h"

static const hra_value_type FLAG = {.sort = HRA_SORT_FLAG};

static bool is_bare_name(const hra_expr *e) { return e->kind == HRA_EXPR_NAME; }

/* e -> number(e) */
static hra_expr *as_number(hra_checker *c, hra_expr *e)
{
    hra_expr *call = HRA_TAKE(c->memory, hra_expr);
    *call = (hra_expr){.kind = HRA_EXPR_CALL, .op = HRA_FUNCTION_NUMBER, .span = e->span};
    hra_list_add(c->memory, &call->args, e);
    hra_check_number(c, call);
    return call;
}

/* In a model an unmapped level must not silently stand with the rest. */
static void check_all_levels_meant(hra_checker *c, const hra_expr *e)
{
    if (c->any_level || !c->decl || c->decl->public.kind != HRA_DECLARATION_MODEL) return;
    if (!is_bare_name(e) || !e->symbol || e->symbol->kind != HRA_SYMBOL_VARIABLE || e->type.levels->count <= 2) return;
    for (int i = 0; i < c->limited.count; i++)
        if (c->limited.items[i] == e->word) return;
    hra_fault(
        c->diagnostics, e->span,
        "'%s' has %d levels: say what each means here, with 'map %s { ... }', 'case(%s: ...)' or 'valid %s in {...}'",
        e->word->text, e->type.levels->count, e->word->text, e->word->text, e->word->text);
}

/* The two operands once one of them is a category and the other a bare word. */
static bool resolve_level(hra_checker *c, hra_expr *category, hra_expr *word)
{
    if (hra_check_as_level(word, category->type.levels)) return true;
    if (!word->quoted && hra_check_find(c, word->word)) return false; /* some other value */
    hra_check_no_level(c, word, category->type.levels,
                       category->kind == HRA_EXPR_NAME ? category->word->text : "this category");
    word->type.sort = HRA_SORT_FAULT;
    return true;
}

/* Checks both operands, level names in the light of the other operand. */
static void check_operands(hra_checker *c, hra_expr *a, hra_expr *b)
{
    hra_expr *first = is_bare_name(a) && (a->quoted || !hra_check_find(c, a->word)) ? b : a,
             *second = first == a ? b : a;
    hra_value_type type = hra_check_expr(c, first);
    if (type.sort == HRA_SORT_CATEGORY && is_bare_name(second)) {
        if (resolve_level(c, first, second)) return;
    }
    type = hra_check_expr(c, second);
    if (type.sort == HRA_SORT_CATEGORY && is_bare_name(first) && first->type.sort != HRA_SORT_CATEGORY)
        resolve_level(c, second, first);
    hra_check_value(c, first);
    hra_check_value(c, second);
}

static bool ordered(int op) { return op != TOKEN_EQUAL && op != TOKEN_NOT_EQUAL; }

/* flag == 1, flag == 0, flag != 1, flag != 0, also with true and false */
static bool flag_identity(hra_expr *e, hra_expr *flag, const hra_expr *constant)
{
    bool is_constant = constant->kind == HRA_EXPR_NUMBER || constant->kind == HRA_EXPR_TRUTH;
    if (ordered(e->op) || flag->type.sort != HRA_SORT_FLAG || !is_constant) return false;
    if (constant->number != 0 && constant->number != 1) return false;
    bool same = (constant->number == 1) == (e->op == TOKEN_EQUAL);
    if (same) {
        hra_span span = e->span;
        *e = *flag;
        e->span = span;
    } else {
        e->kind = HRA_EXPR_NOT;
        e->a = flag;
        e->depth = flag->depth;
    }
    return true;
}

static hra_value_type compare_categories(hra_checker *c, hra_expr *e)
{
    hra_expr *a = e->a, *b = e->b;
    bool both = a->type.sort == HRA_SORT_CATEGORY && b->type.sort == HRA_SORT_CATEGORY;
    if (both && !ordered(e->op)) {
        if (!hra_levels_equal(a->type.levels, b->type.levels))
            hra_fault(c->diagnostics, e->span, "these categories have different levels");
        if (b->is_level) check_all_levels_meant(c, a);
        if (a->is_level) check_all_levels_meant(c, b);
        return FLAG;
    }
    if (a->type.sort == HRA_SORT_CATEGORY) e->a = as_number(c, a);
    if (b->type.sort == HRA_SORT_CATEGORY) e->b = as_number(c, b);
    hra_check_number(c, e->a);
    hra_check_number(c, e->b);
    return FLAG;
}

hra_value_type hra_check_comparison(hra_checker *c, hra_expr *e)
{
    check_operands(c, e->a, e->b);
    hra_expr *a = e->a, *b = e->b;
    if (a->type.sort == HRA_SORT_FAULT || b->type.sort == HRA_SORT_FAULT) return FLAG;
    if (flag_identity(e, a, b) || flag_identity(e, b, a)) return FLAG;
    if (a->type.sort == HRA_SORT_CATEGORY || b->type.sort == HRA_SORT_CATEGORY) return compare_categories(c, e);
    bool day_a = a->type.sort == HRA_SORT_DAY, day_b = b->type.sort == HRA_SORT_DAY;
    if (day_a && day_b) return FLAG;
    hra_check_number(c, a);
    hra_check_number(c, b);
    if (a->type.sort == HRA_SORT_NUMBER && b->type.sort == HRA_SORT_NUMBER)
        hra_check_units(c, e->span, a->type.unit, b->type.unit);
    return FLAG;
}

static void check_member(hra_checker *c, hra_expr *subject, hra_expr *member)
{
    if (subject->type.sort != HRA_SORT_CATEGORY) {
        hra_check_number(c, member);
        return;
    }
    if (member->kind == HRA_EXPR_NAME) {
        if (!hra_check_as_level(member, subject->type.levels))
            hra_check_no_level(c, member, subject->type.levels,
                               subject->kind == HRA_EXPR_NAME ? subject->word->text : "this category");
        return;
    }
    double code;
    for (int i = 0;
         hra_expr_constant(member, &code) && subject->type.levels->numbers && i < subject->type.levels->count; i++)
        if (subject->type.levels->numbers[i] == code) {
            member->is_level = true;
            member->column = i;
            member->type = subject->type;
            return;
        }
    hra_fault(c->diagnostics, member->span, "expected the name (or code) of a level");
}

hra_value_type hra_check_in_set(hra_checker *c, hra_expr *e)
{
    hra_value_type subject = hra_check_value(c, e->a);
    if (subject.sort == HRA_SORT_FAULT) return FLAG;
    if (subject.sort != HRA_SORT_CATEGORY) hra_check_number(c, e->a);
    for (int i = 0; i < e->args.count; i++) check_member(c, e->a, hra_expr_at(&e->args, i));
    if (subject.sort == HRA_SORT_CATEGORY) check_all_levels_meant(c, e->a);
    e->depth = e->a->depth;
    return FLAG;
}
