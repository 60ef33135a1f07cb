/* Functions, case, points and bands, sums: what they take and give. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/language/check.h"
#include "engine/language/library_internal.h"

static const hra_value_type FAULT = {.sort = HRA_SORT_FAULT};
static const hra_value_type NUMBER = {.sort = HRA_SORT_NUMBER};
static const hra_value_type FLAG = {.sort = HRA_SORT_FLAG};

static hra_expr *arg(const hra_expr *e, int i) { return hra_expr_at(&e->args, i); }

static int deepest(const hra_list *list, int first, int depth)
{
    for (int i = first; i < list->count; i++)
        if (hra_expr_at(list, i)->depth > depth) depth = hra_expr_at(list, i)->depth;
    return depth;
}

/* ---- lookup ---------------------------------------------------------------------- */

static bool shares_a_level(const hra_levels *a, const hra_levels *b)
{
    for (int i = 0; i < a->count; i++)
        if (hra_level_index(b, a->names[i]) >= 0) return true;
    return false;
}

static void check_key(hra_checker *c, const hra_key *key, hra_expr *e)
{
    if (key->kind == HRA_KEY_BANDS) {
        hra_check_number(c, e);
        return;
    }
    if (e->kind == HRA_EXPR_NAME && !hra_check_find(c, e->word) && hra_check_as_level(e, key->levels)) return;
    hra_value_type type = hra_check_value(c, e);
    if (type.sort == HRA_SORT_FAULT || type.sort == HRA_SORT_ANY) return;
    if (type.sort != HRA_SORT_CATEGORY)
        hra_fault(c->diagnostics, e->span, "key '%s' of the table is a category, this is %s", key->word->text,
                  hra_sort_text(type));
    else if (!shares_a_level(type.levels, key->levels))
        hra_fault(c->diagnostics, e->span, "no level of this category stands in key '%s' of the table",
                  key->word->text);
}

static hra_decl *lookup_table(hra_checker *c, hra_expr *e, hra_expr *which)
{
    if (which->kind != HRA_EXPR_MEMBER && which->kind != HRA_EXPR_NAME) {
        hra_fault(c->diagnostics, which->span, "expected TABLE.VALUE");
        return NULL;
    }
    hra_decl *decl = hra_check_declared(c, which->word, which->span, HRA_DECLARATION_TABLE, "table");
    if (!decl || decl->faulty) return NULL;
    const hra_table *table = decl->table;
    hra_suggestion s = {.wanted = which->member ? which->member->text : ""};
    e->column = !which->member && table->values.count == 1 ? 0 : -1;
    for (int i = 0; i < table->values.count; i++) {
        if (hra_expr_at(&table->values, i)->word == which->member) e->column = i;
        hra_suggest(&s, hra_expr_at(&table->values, i)->word->text);
    }
    if (e->column >= 0) return decl;
    const char *best = hra_suggested(&s);
    hra_fault(c->diagnostics, which->span, "table '%s' has no value '%s'%s%s%s", decl->word->text, s.wanted,
              best ? "; did you mean '" : "", best ? best : "", best ? "'?" : "");
    return NULL;
}

static hra_value_type lookup_type(hra_checker *c, hra_expr *e)
{
    hra_decl *decl = lookup_table(c, e, arg(e, 0));
    if (!decl) return FAULT;
    e->declaration = decl;
    const hra_list *keys = &decl->table->keys;
    if (e->args.count - 1 != keys->count || keys->count == 0) {
        hra_fault(c->diagnostics, e->span, "table '%s' has %d key%s, here are %d", decl->word->text, keys->count,
                  keys->count == 1 ? "" : "s", e->args.count - 1);
        return FAULT;
    }
    for (int i = 0; i < keys->count; i++) check_key(c, keys->items[i], arg(e, i + 1));
    e->depth = deepest(&e->args, 1, 0);
    return NUMBER;
}

/* ---- other functions ------------------------------------------------------------- */

static hra_value_type number_type(hra_checker *c, hra_expr *e)
{
    hra_value_type type = hra_check_value(c, arg(e, 0));
    if (type.sort == HRA_SORT_FAULT) return FAULT;
    if (type.sort == HRA_SORT_FLAG) return NUMBER;
    if (type.sort != HRA_SORT_CATEGORY) {
        hra_fault(c->diagnostics, e->span, "number() takes a category, this is %s", hra_sort_text(type));
        return FAULT;
    }
    if (type.levels->numbers) return NUMBER;
    hra_fault(c->diagnostics, e->span, "this category has no codes; use case(...) to give its levels numbers");
    return FAULT;
}

static hra_value_type reported_type(hra_checker *c, hra_expr *e)
{
    hra_expr *x = arg(e, 0);
    hra_value_type type = hra_check_value(c, x);
    const hra_symbol *s = x->kind == HRA_EXPR_NAME ? x->symbol : NULL;
    bool is_let = s && s->kind == HRA_SYMBOL_DECLARATION && s->declaration->decimals >= 0;
    if (type.sort == HRA_SORT_FAULT || (s && s->kind == HRA_SYMBOL_VARIABLE) || is_let) return type;
    hra_fault(c->diagnostics, x->span, "reported() takes a variable, or a let that states its decimals");
    return FAULT;
}

static hra_value_type constant_arguments(hra_checker *c, hra_expr *e, int first)
{
    hra_check_number(c, arg(e, 0));
    double before = -INFINITY, value;
    for (int i = first; i < e->args.count; i++) {
        hra_check_number(c, arg(e, i));
        if (!hra_expr_constant(arg(e, i), &value))
            hra_fault(c->diagnostics, arg(e, i)->span, "this must be made of numbers alone");
        else if (e->op == HRA_FUNCTION_RCS && i >= 2 && value <= before)
            hra_fault(c->diagnostics, arg(e, i)->span, "the knots of a spline must ascend");
        else if (i >= 2)
            before = value;
    }
    if (e->op == HRA_FUNCTION_RCS && hra_expr_constant(arg(e, 1), &value) &&
        (value != floor(value) || value < 1 || value > e->args.count - 4))
        hra_fault(c->diagnostics, arg(e, 1)->span, "with %d knots the non-linear terms are 1 to %d", e->args.count - 2,
                  e->args.count - 4);
    if (e->op == HRA_FUNCTION_ROUND && e->args.count == 2 && hra_expr_constant(arg(e, 1), &value) &&
        (value != floor(value) || value < 0 || value > 9))
        hra_fault(c->diagnostics, arg(e, 1)->span, "decimals are 0 to 9");
    return NUMBER;
}

static hra_value_type aggregate_type(hra_checker *c, hra_expr *e)
{
    if (!c->over_groups) {
        hra_fault(c->diagnostics, e->span, "%s() belongs into the 'when' of a group action",
                  hra_function_at(e->op)->name);
        return FAULT;
    }
    c->over_groups = false;
    if (e->op == HRA_FUNCTION_PREVALENCE)
        hra_check_flag(c, arg(e, 0));
    else
        hra_check_number(c, arg(e, 0));
    c->over_groups = true;
    e->column = c->decl->aggregates.count;
    hra_list_add(c->memory, &c->decl->aggregates, e);
    return NUMBER;
}

/* min, max, abs, floor ...: the unit goes through */
static hra_value_type same_unit_type(hra_checker *c, hra_expr *e)
{
    const char *unit = NULL;
    for (int i = 0; i < e->args.count; i++) {
        hra_check_number(c, arg(e, i));
        hra_value_type type = arg(e, i)->type;
        if (type.sort == HRA_SORT_NUMBER) unit = hra_check_units(c, e->span, unit, type.unit);
    }
    return (hra_value_type){.sort = HRA_SORT_NUMBER, .unit = unit};
}

static hra_value_type alternatives_type(hra_checker *c, hra_expr *e, int first)
{
    for (int i = first; i < e->args.count; i++) hra_check_expr(c, arg(e, i));
    return hra_check_join(c, e->span, (hra_expr *const *)e->args.items + first, e->args.count - first);
}

static hra_value_type days_type(hra_checker *c, hra_expr *e)
{
    for (int i = 0; i < 2; i++) {
        hra_value_type type = hra_check_value(c, arg(e, i));
        if (type.sort == HRA_SORT_DAY || type.sort == HRA_SORT_ANY || type.sort == HRA_SORT_FAULT) continue;
        hra_fault(c->diagnostics, arg(e, i)->span, "years_between() takes two days, this is %s", hra_sort_text(type));
    }
    return (hra_value_type){.sort = HRA_SORT_NUMBER, .unit = "year"};
}

static hra_value_type call_type(hra_checker *c, hra_expr *e)
{
    switch ((hra_function)e->op) {
    case HRA_FUNCTION_IF: hra_check_flag(c, arg(e, 0)); return alternatives_type(c, e, 1);
    case HRA_FUNCTION_FIRST_KNOWN: return alternatives_type(c, e, 0);
    case HRA_FUNCTION_KNOWN:
    case HRA_FUNCTION_PRESENT: hra_check_value(c, arg(e, 0)); return FLAG;
    case HRA_FUNCTION_LOOKUP: return lookup_type(c, e);
    case HRA_FUNCTION_COUNT:
        for (int i = 0; i < e->args.count; i++) hra_check_flag(c, arg(e, i));
        return NUMBER;
    case HRA_FUNCTION_LN:
    case HRA_FUNCTION_EXP:
    case HRA_FUNCTION_NORMAL_CDF:
    case HRA_FUNCTION_SQRT: hra_check_number(c, arg(e, 0)); return NUMBER;
    case HRA_FUNCTION_ABS:
    case HRA_FUNCTION_MIN:
    case HRA_FUNCTION_MAX:
    case HRA_FUNCTION_CLAMP:
    case HRA_FUNCTION_FLOOR:
    case HRA_FUNCTION_CEIL:
    case HRA_FUNCTION_TRUNC:
    case HRA_FUNCTION_LINEAR_PLUS: return same_unit_type(c, e);
    case HRA_FUNCTION_CUBIC_PLUS: same_unit_type(c, e); return NUMBER;
    case HRA_FUNCTION_ROUND:
        constant_arguments(c, e, 1);
        return arg(e, 0)->type.sort == HRA_SORT_NUMBER ? arg(e, 0)->type : NUMBER;
    case HRA_FUNCTION_RCS: return constant_arguments(c, e, 1);
    case HRA_FUNCTION_REPORTED: return reported_type(c, e);
    case HRA_FUNCTION_NUMBER: return number_type(c, e);
    case HRA_FUNCTION_YEARS_BETWEEN: return days_type(c, e);
    case HRA_FUNCTION_PREVALENCE:
    case HRA_FUNCTION_MEAN: return aggregate_type(c, e);
    case HRA_FUNCTION_COUNT_: break;
    }
    return FAULT;
}

hra_value_type hra_check_call(hra_checker *c, hra_expr *e)
{
    hra_value_type type = call_type(c, e);
    if (e->op != HRA_FUNCTION_LOOKUP) e->depth = deepest(&e->args, 0, 0);
    return type;
}

/* ---- case --------------------------------------------------------------------------- */

/* Which level an arm's label means: by name, or by the dictionary's code. */
static int label_level(hra_expr *label, const hra_levels *levels)
{
    if (label->kind == HRA_EXPR_NAME) return hra_check_as_level(label, levels) ? label->column : -1;
    for (int i = 0; levels->numbers && i < levels->count; i++)
        if (levels->numbers[i] == label->number) return i;
    return -1;
}

static void category_labels(hra_checker *c, hra_expr *e)
{
    const hra_levels *levels = e->a->type.levels;
    bool *seen = hra_take_array(c->memory, (size_t)levels->count, sizeof *seen);
    const char *of = e->a->kind == HRA_EXPR_NAME ? e->a->word->text : "this category";
    for (int i = 0; seen && i < e->arms.count; i++) {
        hra_arm *arm = e->arms.items[i];
        for (int k = 0; k < arm->labels.count; k++) {
            hra_expr *label = hra_expr_at(&arm->labels, k);
            int level = label_level(label, levels);
            if (level < 0 && label->kind == HRA_EXPR_NAME)
                hra_check_no_level(c, label, levels, of);
            else if (level < 0)
                hra_fault(c->diagnostics, label->span, "no level of %s has the code %g", of, label->number);
            else if (seen[level])
                hra_fault(c->diagnostics, label->span, "level '%s' has an arm already", levels->names[level]);
            if (level < 0) continue;
            seen[level] = true;
            label->is_level = true;
            label->column = level;
        }
    }
    if (e->b || !seen) return;
    hra_buffer missing = {0};
    for (int i = 0; i < levels->count; i++)
        if (!seen[i]) hra_buffer_printf(&missing, "%s%s", missing.length ? ", " : "", levels->names[i]);
    if (missing.length)
        hra_fault(c->diagnostics, e->span, "this case names not every level of %s and has no else; missing: %.300s", of,
                  missing.bytes);
    hra_buffer_destroy(&missing);
}

static void plain_labels(hra_checker *c, hra_expr *e)
{
    bool flag = e->a->type.sort == HRA_SORT_FLAG;
    for (int i = 0; i < e->arms.count; i++) {
        const hra_arm *arm = e->arms.items[i];
        for (int k = 0; k < arm->labels.count; k++) {
            const hra_expr *label = hra_expr_at(&arm->labels, k);
            bool fits = label->kind == HRA_EXPR_NUMBER || (flag && label->kind == HRA_EXPR_TRUTH);
            if (!fits)
                hra_fault(c->diagnostics, label->span, "expected %s: the case is over %s",
                          flag ? "true or false" : "a number", hra_sort_text(e->a->type));
        }
    }
}

/* Types of all arms and of else; bare names in `bands` are always levels. */
static hra_value_type arms_type(hra_checker *c, hra_expr *e, bool bare_levels)
{
    hra_list values = {0};
    for (int i = 0; i <= e->arms.count; i++) {
        hra_expr *value = i < e->arms.count ? ((hra_arm *)e->arms.items[i])->value : e->b;
        if (!value) continue;
        if (bare_levels && value->kind == HRA_EXPR_NAME) {
            value->checked = true;
            value->symbol = NULL;
            value->type = (hra_value_type){.sort = HRA_SORT_WORD};
        } else {
            hra_check_expr(c, value);
        }
        hra_list_add(c->memory, &values, value);
        if (value->depth > e->depth) e->depth = value->depth;
    }
    return hra_check_join(c, e->span, (hra_expr *const *)values.items, values.count);
}

hra_value_type hra_check_case(hra_checker *c, hra_expr *e)
{
    hra_value_type subject = hra_check_value(c, e->a);
    e->depth = e->a->depth;
    if (subject.sort == HRA_SORT_CATEGORY)
        category_labels(c, e);
    else if (subject.sort == HRA_SORT_NUMBER || subject.sort == HRA_SORT_FLAG)
        plain_labels(c, e);
    else if (subject.sort != HRA_SORT_FAULT)
        hra_fault(c->diagnostics, e->a->span, "case() is over a category, a number or a flag; this is %s",
                  hra_sort_text(subject));
    return arms_type(c, e, false);
}

/* ---- points and bands ----------------------------------------------------------------- */

static int by_low_end(const void *a, const void *b)
{
    const hra_range *x = &(*(hra_arm *const *)a)->range, *y = &(*(hra_arm *const *)b)->range;
    double low_x = x->has_low ? x->low : -INFINITY, low_y = y->has_low ? y->low : -INFINITY;
    if (low_x != low_y) return low_x < low_y ? -1 : 1;
    return x->low_open - y->low_open;
}

static bool overlap(const hra_range *below, const hra_range *above)
{
    double high = below->has_high ? below->high : INFINITY, low = above->has_low ? above->low : -INFINITY;
    return high > low || (high == low && !below->high_open && !above->low_open);
}

hra_value_type hra_check_bands(hra_checker *c, hra_expr *e)
{
    hra_check_number(c, e->a);
    e->depth = e->a->depth;
    hra_value_type type = arms_type(c, e, e->op != 0);
    if (e->arms.count > 1) qsort(e->arms.items, (size_t)e->arms.count, sizeof *e->arms.items, by_low_end);
    for (int i = 1; i < e->arms.count; i++) {
        const hra_arm *below = e->arms.items[i - 1], *above = e->arms.items[i];
        if (!overlap(&below->range, &above->range)) continue;
        const hra_arm *later = above->span.start > below->span.start ? above : below;
        hra_fault(c->diagnostics, later->span, "this arm overlaps another");
    }
    return type;
}

/* ---- sums ------------------------------------------------------------------------------- */

hra_value_type hra_check_sum(hra_checker *c, hra_expr *e)
{
    hra_loop *loop = e->args.items[0];
    int mark = c->scope.count;
    hra_check_loop(c, loop);
    hra_check_number(c, e->a);
    hra_check_close_scope(c, mark);
    c->depth--;
    /* what it takes from enclosing loops is not told apart: the nearest is assumed */
    e->depth = e->a->depth < loop->depth ? e->a->depth : loop->depth - 1;
    return NUMBER;
}
