/* Types of expressions: names, units, arithmetic, conditions. */
#include "engine/language/check.h"

#include <math.h>
#include <string.h>

#include "engine/language/library_internal.h"

static const hra_value_type FAULT = {.sort = HRA_SORT_FAULT};
static const hra_value_type NUMBER = {.sort = HRA_SORT_NUMBER};
static const hra_value_type FLAG = {.sort = HRA_SORT_FLAG};

const char *hra_sort_text(hra_value_type type)
{
    switch (type.sort) {
    case HRA_SORT_NUMBER: return "a number";
    case HRA_SORT_FLAG: return "a condition";
    case HRA_SORT_CATEGORY: return "a category";
    case HRA_SORT_DAY: return "a day";
    case HRA_SORT_WORD: return "a level name";
    default: return "a value";
    }
}

/* ---- what a place needs -------------------------------------------------------- */

hra_value_type hra_check_value(hra_checker *c, hra_expr *e)
{
    hra_value_type type = hra_check_expr(c, e);
    if (type.sort != HRA_SORT_WORD) return type;
    if (e->quoted)
        hra_fault(c->diagnostics, e->span, "a level name, but nothing here says of what category");
    else
        hra_check_unknown_name(c, e->span, e->word);
    return e->type = FAULT;
}

void hra_check_number(hra_checker *c, hra_expr *e)
{
    hra_value_type type = hra_check_value(c, e);
    if (type.sort == HRA_SORT_CATEGORY)
        hra_fault(c->diagnostics, e->span,
                  "a number is needed here, this is a category; write number(...) for its code, or case(...)");
    else if (type.sort == HRA_SORT_DAY)
        hra_fault(c->diagnostics, e->span, "a number is needed here, this is a day; see years_between(a, b)");
    else
        return;
    e->type = FAULT;
}

void hra_check_flag(hra_checker *c, hra_expr *e)
{
    hra_value_type type = hra_check_value(c, e);
    if (type.sort == HRA_SORT_FLAG || type.sort == HRA_SORT_ANY || type.sort == HRA_SORT_FAULT) return;
    hra_fault(c->diagnostics, e->span, "a condition is needed here, this is %s; compare it with something",
              hra_sort_text(type));
    e->type = FAULT;
}

const char *hra_check_units(hra_checker *c, hra_span span, const char *a, const char *b)
{
    if (!a || !b) return a ? a : b;
    double factor, offset;
    hra_variable unit = {.unit = a};
    if (!hra_variable_unit(&unit, b, &factor, &offset))
        hra_fault(c->diagnostics, span, "values in '%s' and '%s' do not go together; convert one, as in x[%s]", a, b,
                  a);
    return a;
}

/* ---- names ---------------------------------------------------------------------- */

static hra_value_type variable_type(hra_checker *c, hra_expr *e, int index)
{
    const hra_variable *v = hra_dictionary_at(c->dictionary, index);
    c->decl->reads[index / 64] |= UINT64_C(1) << (index % 64);
    switch (v->type) {
    case HRA_TYPE_MEASURE:
    case HRA_TYPE_COUNT: return (hra_value_type){.sort = HRA_SORT_NUMBER, .unit = *v->unit ? v->unit : NULL};
    case HRA_TYPE_FLAG: return FLAG;
    case HRA_TYPE_DATE: return (hra_value_type){.sort = HRA_SORT_DAY};
    case HRA_TYPE_CATEGORY:
        return (hra_value_type){.sort = HRA_SORT_CATEGORY, .levels = hra_check_variable_levels(c, index)};
    default: hra_fault(c->diagnostics, e->span, "'%s' is text and cannot be computed with", v->name); return FAULT;
    }
}

static void add_reads(hra_checker *c, const hra_decl *from)
{
    int words = (hra_dictionary_count(c->dictionary) + 63) / 64;
    for (int i = 0; from->reads && i < words; i++) c->decl->reads[i] |= from->reads[i];
}

static hra_value_type declaration_type(hra_checker *c, hra_expr *e, hra_decl *decl)
{
    const char *name = decl->word->text;
    switch (decl->public.kind) {
    case HRA_DECLARATION_LET:
    case HRA_DECLARATION_FACTOR:
    case HRA_DECLARATION_TIER:
    case HRA_DECLARATION_EXCLUSION:
        hra_check_declaration(c, decl, &e->span);
        add_reads(c, decl);
        return decl->symbol->type;
    case HRA_DECLARATION_MODEL:
        hra_fault(c->diagnostics, e->span, "'%s' is a model; name one of its outputs, as in %s.risk", name, name);
        return FAULT;
    case HRA_DECLARATION_TABLE:
        hra_fault(c->diagnostics, e->span, "'%s' is a table; read it with lookup(%s.value, ...)", name, name);
        return FAULT;
    default: hra_fault(c->diagnostics, e->span, "'%s' has no value", name); return FAULT;
    }
}

static bool only_over_groups(hra_checker *c, const hra_expr *e, const hra_symbol *symbol)
{
    double value;
    if (!c->over_groups) return false;
    bool let = symbol->kind == HRA_SYMBOL_DECLARATION && symbol->declaration->public.kind == HRA_DECLARATION_LET;
    if (let) hra_check_read(c, symbol->declaration);
    if (let && hra_expr_constant(symbol->declaration->value, &value)) return false;
    hra_fault(c->diagnostics, e->span,
              "a group action decides over prevalence(...) and mean(...); '%s' is of one person", e->word->text);
    return true;
}

static hra_value_type name_type(hra_checker *c, hra_expr *e)
{
    hra_symbol *symbol = e->quoted ? NULL : hra_check_find(c, e->word);
    e->symbol = symbol;
    if (!symbol) return (hra_value_type){.sort = HRA_SORT_WORD};
    if (only_over_groups(c, e, symbol)) return FAULT;
    switch (symbol->kind) {
    case HRA_SYMBOL_VARIABLE: return variable_type(c, e, symbol->variable);
    case HRA_SYMBOL_DECLARATION: return declaration_type(c, e, symbol->declaration);
    case HRA_SYMBOL_AS_OF: return (hra_value_type){.sort = HRA_SORT_DAY};
    default: e->depth = symbol->depth; return symbol->type;
    }
}

/* panel.role: the risk chosen for a disease */
static hra_value_type role_type(hra_checker *c, hra_expr *e)
{
    hra_suggestion s = {.wanted = e->member->text};
    bool found = false;
    for (int i = 0; i < c->library->declarations.count; i++) {
        hra_decl *panel = c->library->declarations.items[i];
        if (panel->public.kind != HRA_DECLARATION_PANEL) continue;
        hra_check_read(c, panel);
        for (int k = 0; k < panel->blocks.count; k++) {
            const hra_named_block *role = panel->blocks.items[k];
            hra_suggest(&s, role->word->text);
            if (role->word != e->member) continue;
            found = true;
            hra_check_declaration(c, panel, &e->span);
            add_reads(c, panel);
        }
    }
    if (found) return NUMBER;
    const char *best = hra_suggested(&s);
    hra_fault(c->diagnostics, e->span, "no panel has a role '%s'%s%s%s", e->member->text,
              best ? "; did you mean '" : "", best ? best : "", best ? "'?" : "");
    return FAULT;
}

static hra_value_type member_type(hra_checker *c, hra_expr *e)
{
    if (strcmp(e->word->text, "panel") == 0 && !e->word->global) return role_type(c, e);
    hra_symbol *symbol = e->word->global;
    bool is_table =
        symbol && symbol->kind == HRA_SYMBOL_DECLARATION && symbol->declaration->public.kind == HRA_DECLARATION_TABLE;
    if (is_table) {
        hra_fault(c->diagnostics, e->span, "'%s' is a table; read it with lookup(%s.%s, ...)", e->word->text,
                  e->word->text, e->member->text);
        return FAULT;
    }
    hra_symbol *output = hra_check_model_reference(c, e);
    if (e->declaration) add_reads(c, e->declaration);
    return output ? output->type : FAULT;
}

/* ---- units ----------------------------------------------------------------------- */

static void check_factor(hra_checker *c, const hra_expr *e, const hra_variable *v, double factor, double offset)
{
    double paper;
    if (!hra_expr_constant(e->b, &paper) || !(paper > 0)) {
        hra_fault(c->diagnostics, e->b->span, "the conversion factor must be made of numbers alone, and positive");
        return;
    }
    if (offset != 0)
        hra_fault(c->diagnostics, e->b->span,
                  "'%s' in %s has an offset in the dictionary; it cannot be replaced by a factor", v->name, e->text);
    else if (fabs(paper * factor - 1) > 0.01)
        hra_fault(c->diagnostics, e->b->span,
                  "factor %.6g is not within 1 %% of the dictionary's: 1 %s of %s is %.6g %s", paper, v->unit, v->name,
                  1 / factor, e->text);
}

static hra_value_type unit_type(hra_checker *c, hra_expr *e)
{
    hra_value_type base = hra_check_value(c, e->a);
    hra_value_type result = {.sort = HRA_SORT_NUMBER, .unit = e->text};
    e->depth = e->a->depth;
    if (base.sort == HRA_SORT_FAULT) return FAULT;
    bool is_variable = e->a->kind == HRA_EXPR_NAME && e->a->symbol && e->a->symbol->kind == HRA_SYMBOL_VARIABLE;
    double factor, offset;
    if (!is_variable) {
        hra_variable same = {.unit = base.unit ? base.unit : ""};
        if (base.sort == HRA_SORT_NUMBER && base.unit && !e->b && hra_variable_unit(&same, e->text, &factor, &offset))
            return result;
        hra_fault(c->diagnostics, e->span, "only variables of the dictionary can be asked for in another unit");
        return FAULT;
    }
    const hra_variable *v = hra_dictionary_at(c->dictionary, e->a->symbol->variable);
    if (base.sort != HRA_SORT_NUMBER || !hra_variable_unit(v, e->text, &factor, &offset)) {
        hra_buffer known = {0};
        for (int i = 0; i < v->unit_count; i++) hra_buffer_printf(&known, ", %s", v->units[i].unit);
        hra_fault(c->diagnostics, e->span, "unit '%s' does not fit %s; known are %s%s", e->text, v->name,
                  *v->unit ? v->unit : "none", known.bytes ? known.bytes : "");
        hra_buffer_destroy(&known);
        return FAULT;
    }
    if (e->b) check_factor(c, e, v, factor, offset);
    return result;
}

/* ---- operators --------------------------------------------------------------------- */

static bool is_sum(int op) { return op == '+' || op == '-'; }

static hra_value_type arithmetic_type(hra_checker *c, hra_expr *e)
{
    hra_value_type a = hra_check_value(c, e->a), b = hra_check_value(c, e->b);
    bool day_a = a.sort == HRA_SORT_DAY, day_b = b.sort == HRA_SORT_DAY;
    if (day_a && day_b && e->op == '-') return NUMBER;
    if ((day_a && is_sum(e->op) && b.sort == HRA_SORT_NUMBER) || (day_b && e->op == '+' && a.sort == HRA_SORT_NUMBER))
        return (hra_value_type){.sort = HRA_SORT_DAY};
    hra_check_number(c, e->a);
    hra_check_number(c, e->b);
    if (e->a->type.sort == HRA_SORT_FAULT || e->b->type.sort == HRA_SORT_FAULT) return FAULT;
    if (!is_sum(e->op)) return NUMBER;
    const char *unit_a = a.sort == HRA_SORT_NUMBER ? a.unit : NULL;
    const char *unit_b = b.sort == HRA_SORT_NUMBER ? b.unit : NULL;
    return (hra_value_type){.sort = HRA_SORT_NUMBER, .unit = hra_check_units(c, e->span, unit_a, unit_b)};
}

static int deeper(int a, int b) { return a > b ? a : b; }

static hra_value_type binary_type(hra_checker *c, hra_expr *e)
{
    hra_value_type type = FLAG;
    switch (e->op) {
    case HRA_BINARY_AND:
    case HRA_BINARY_OR:
        hra_check_flag(c, e->a);
        hra_check_flag(c, e->b);
        break;
    case '+':
    case '-':
    case '*':
    case '/':
    case '^': type = arithmetic_type(c, e); break;
    default: type = hra_check_comparison(c, e); break;
    }
    if (e->kind == HRA_EXPR_BINARY) e->depth = deeper(e->a->depth, e->b->depth);
    return type;
}

static hra_value_type in_range_type(hra_checker *c, hra_expr *e)
{
    hra_value_type type = hra_check_value(c, e->a);
    e->depth = e->a->depth;
    if (type.sort == HRA_SORT_CATEGORY) { /* its codes, as in comparisons */
        hra_expr *copy = HRA_TAKE(c->memory, hra_expr);
        *copy = *e->a;
        hra_expr *number = HRA_TAKE(c->memory, hra_expr);
        *number =
            (hra_expr){.kind = HRA_EXPR_CALL, .op = HRA_FUNCTION_NUMBER, .span = e->a->span, .depth = e->a->depth};
        hra_list_add(c->memory, &number->args, copy);
        e->a = number;
    }
    hra_check_number(c, e->a);
    return FLAG;
}

/* What the condition of a group action can be made of, outside prevalence() and mean(). */
static bool decidable_over_groups(const hra_expr *e)
{
    if (e->kind == HRA_EXPR_CALL)
        return e->op == HRA_FUNCTION_PREVALENCE || e->op == HRA_FUNCTION_MEAN || e->op == HRA_FUNCTION_IF ||
               e->op == HRA_FUNCTION_MIN || e->op == HRA_FUNCTION_MAX || e->op == HRA_FUNCTION_KNOWN ||
               e->op == HRA_FUNCTION_PRESENT;
    return e->kind == HRA_EXPR_NUMBER || e->kind == HRA_EXPR_TRUTH || e->kind == HRA_EXPR_NAME ||
           e->kind == HRA_EXPR_NEGATE || e->kind == HRA_EXPR_NOT || e->kind == HRA_EXPR_BINARY ||
           e->kind == HRA_EXPR_IN_RANGE;
}

static hra_value_type type_of(hra_checker *c, hra_expr *e)
{
    if (c->over_groups && !decidable_over_groups(e)) {
        hra_fault(
            c->diagnostics, e->span,
            "a group action decides over prevalence(...) and mean(...) with comparisons, arithmetic, if, min and max");
        return FAULT;
    }
    switch (e->kind) {
    case HRA_EXPR_NUMBER: return NUMBER;
    case HRA_EXPR_TRUTH: return FLAG;
    case HRA_EXPR_UNKNOWN:
    case HRA_EXPR_OUTSIDE: return (hra_value_type){.sort = HRA_SORT_ANY};
    case HRA_EXPR_NAME: return name_type(c, e);
    case HRA_EXPR_MEMBER: return member_type(c, e);
    case HRA_EXPR_UNIT: return unit_type(c, e);
    case HRA_EXPR_NEGATE:
        hra_check_number(c, e->a);
        e->depth = e->a->depth;
        return e->a->type.sort == HRA_SORT_NUMBER ? e->a->type : NUMBER;
    case HRA_EXPR_NOT:
        hra_check_flag(c, e->a);
        e->depth = e->a->depth;
        return FLAG;
    case HRA_EXPR_BINARY: return binary_type(c, e);
    case HRA_EXPR_IN_RANGE: return in_range_type(c, e);
    case HRA_EXPR_IN_SET: return hra_check_in_set(c, e);
    case HRA_EXPR_CALL: return hra_check_call(c, e);
    case HRA_EXPR_CASE: return hra_check_case(c, e);
    case HRA_EXPR_BANDS: return hra_check_bands(c, e);
    case HRA_EXPR_SUM: return hra_check_sum(c, e);
    case HRA_EXPR_RECAST: return e->type;
    }
    return FAULT;
}

/* An expression may be asked twice (as a value, then as a number): the answer is kept. */
hra_value_type hra_check_expr(hra_checker *c, hra_expr *e)
{
    if (e->checked || e->is_level) return e->type;
    e->checked = true;
    e->type = type_of(c, e);
    return e->type;
}
