/* Reading variables: which columns hold them, in which unit, what stands in for
 * them, how a rule sees them. And lets. */
#include <math.h>
#include <string.h>

#include "engine/language/lower_changed.h"

static bool same_unit(const char *a, const char *b)
{
    hra_variable unit = {.unit = a};
    double factor, offset;
    return hra_variable_unit(&unit, b, &factor, &offset);
}

/* What was asked: a variable in a unit, perhaps by the paper's own factor. */
typedef struct request {
    const hra_variable *variable;
    const char *unit;
    bool canonical;
    double factor, offset; /* canonical = value * factor + offset */
    double paper;          /* value = canonical * paper; NaN: by the dictionary */
} request;

static request request_of(const hra_variable *v, const char *unit, const hra_expr *paper)
{
    request r = {.variable = v, .unit = unit ? unit : v->unit, .factor = 1, .paper = NAN};
    if (unit) hra_variable_unit(v, unit, &r.factor, &r.offset);
    r.canonical = !unit || same_unit(v->unit, unit);
    if (paper) hra_expr_constant(paper, &r.paper);
    return r;
}

static hra_node number(hra_lower_frame *f, double value) { return hra_graph_number(f->l->graph, value); }

static hra_node binary(hra_lower_frame *f, hra_op op, hra_node a, hra_node b)
{
    return hra_graph_binary(f->l->graph, op, a, b);
}

static hra_node from_canonical(hra_lower_frame *f, hra_node x, const request *r)
{
    if (!isnan(r->paper)) return binary(f, HRA_OP_MUL, x, number(f, r->paper));
    if (r->canonical) return x;
    if (r->offset != 0) x = binary(f, HRA_OP_SUB, x, number(f, r->offset));
    return r->factor == 1 ? x : binary(f, HRA_OP_DIV, x, number(f, r->factor));
}

static hra_node to_canonical(hra_lower_frame *f, hra_node x, const hra_variable *v, const char *unit)
{
    double factor = 1, offset = 0;
    hra_variable_unit(v, unit, &factor, &offset);
    if (factor != 1) x = binary(f, HRA_OP_MUL, x, number(f, factor));
    return offset == 0 ? x : binary(f, HRA_OP_ADD, x, number(f, offset));
}

static bool is_number(const hra_variable *v) { return v->type == HRA_TYPE_MEASURE || v->type == HRA_TYPE_COUNT; }

static hra_node rounded(hra_lower_frame *f, hra_node x, const hra_variable *v)
{
    return f->reported && is_number(v) ? hra_graph_round(f->l->graph, x, v->decimals) : x;
}

/* One column in the unit asked for. A number measured in that very unit is
 * taken as it is: it is already what the laboratory printed. */
static hra_node column_value(hra_lower_frame *f, int column, const request *r)
{
    const hra_column *c = &f->l->schema->columns[column];
    const hra_variable *v = r->variable;
    if (v->type == HRA_TYPE_FLAG) return hra_graph_input_flag(f->l->graph, column);
    hra_node x = hra_graph_input(f->l->graph, column);
    if (!is_number(v)) return x;
    bool delivered_canonical = !c->unit || same_unit(v->unit, c->unit);
    if (!r->canonical && !delivered_canonical && same_unit(r->unit, c->unit)) return x;
    if (!delivered_canonical) x = to_canonical(f, x, v, c->unit);
    return from_canonical(f, rounded(f, x, v), r);
}

/* The best column first: the unit asked for, then the canonical one, then others. */
static int rank(const hra_lower_frame *f, int column, const request *r)
{
    const hra_column *c = &f->l->schema->columns[column];
    if (!c->unit || same_unit(r->variable->unit, c->unit)) return 1;
    return same_unit(r->unit, c->unit) ? 0 : 2;
}

/* The first and the last column of a variable; *first > *last: none. Remembered, for a variable is read again and
 * again and a store may have some hundred columns. */
static void columns_of(const hra_lowering *l, int variable, int *first, int *last)
{
    const hra_schema *schema = l->schema;
    hra_column_span *span = &l->spans[variable];
    if (!span->known) {
        *span = (hra_column_span){.known = true, .first = schema->column_count, .last = -1};
        for (int i = 0; i < schema->column_count; i++) {
            if (schema->columns[i].variable != variable) continue;
            if (span->last < 0) span->first = i;
            span->last = i;
        }
    }
    *first = span->first;
    *last = span->last;
}

static hra_node measured(hra_lower_frame *f, int variable, const request *r)
{
    const hra_schema *schema = f->l->schema;
    bool flag = r->variable->type == HRA_TYPE_FLAG;
    hra_node value = -1;
    int first, last;
    columns_of(f->l, variable, &first, &last);
    for (int wanted = 2; wanted >= 0; wanted--) /* last choice innermost */
        for (int i = last; i >= first; i--) {
            if (schema->columns[i].variable != variable || rank(f, i, r) != wanted) continue;
            hra_node x = column_value(f, i, r);
            value = value < 0 ? x : binary(f, flag ? HRA_OP_FIRST_KNOWN_FLAG : HRA_OP_FIRST_KNOWN, x, value);
        }
    if (value >= 0) return value;
    return hra_graph_absent(f->l->graph, variable, flag ? HRA_KIND_FLAG : HRA_KIND_NUM);
}

static hra_op second_choice(bool flag, bool recomputed)
{
    if (recomputed) return flag ? HRA_OP_FIRST_KNOWN_FLAG : HRA_OP_FIRST_KNOWN;
    return flag ? HRA_OP_SUBSTITUTE_FLAG : HRA_OP_SUBSTITUTE;
}

/* What stands in, in file order. While it is lowered the variable itself is
 * read as measured, so that substitutes may name each other. */
static hra_node with_substitutes(hra_lower_frame *f, int variable, const request *r, hra_node value)
{
    hra_lowering *l = f->l;
    const hra_list *list = &l->library->substitutes[variable];
    bool flag = r->variable->type == HRA_TYPE_FLAG;
    if (l->expanding[variable]) /* what was measured does not count where the value follows from a changed one */
        return l->before ? hra_graph_absent(l->graph, variable, flag ? HRA_KIND_FLAG : HRA_KIND_NUM) : value;
    l->expanding[variable] = true;
    l->expanding_count++;
    bool recomputed = false;
    for (int i = 0; i < list->count; i++) {
        const hra_decl *decl = list->items[i];
        if (decl->panel && decl->panel != l->panel) continue;
        hra_lower_frame inner = hra_lower_frame_open(l, decl, false);
        hra_node stand_in = flag ? hra_lower_flag(&inner, decl->value) : hra_lower_number(&inner, decl->value);
        if (is_number(r->variable)) stand_in = from_canonical(f, rounded(f, stand_in, r->variable), r);
        /* a substitute that reads a changed value decides, even where a measured one is there */
        bool follows = hra_change_touches(l, decl->reads), first = follows && !recomputed;
        recomputed |= follows;
        value = first ? stand_in : binary(f, second_choice(flag, recomputed), value, stand_in);
    }
    l->expanding_count--;
    l->expanding[variable] = false;
    return value;
}

/* As the person before the change has it. */
static hra_node read_below(const hra_lower_frame *f, int variable, const char *unit, const hra_expr *paper)
{
    hra_lower_frame below = *f;
    below.l = f->l->before;
    below.clamp_count = 0;
    return hra_lower_variable(&below, variable, unit, paper);
}

static hra_node read(hra_lower_frame *f, int variable, const char *unit, const hra_expr *paper)
{
    hra_lowering *l = f->l;
    const hra_variable *v = hra_dictionary_at(l->library->dictionary, variable);
    request r = request_of(v, unit, paper);
    if (!l->before) return with_substitutes(f, variable, &r, measured(f, variable, &r));
    if (!hra_change_sets(l, variable)) return read_below(f, variable, unit, paper);
    hra_node value = l->replaced[variable] - 1;
    if (value < 0)
        value = with_substitutes(f, variable, &r, measured(f, variable, &r));
    else if (is_number(v))
        value = from_canonical(f, rounded(f, value, v), &r);
    if (l->applies < 0) return value;
    return hra_graph_select(l->graph, l->applies, value, read_below(f, variable, unit, paper));
}

/* ---- clamping --------------------------------------------------------------------- */

/* A limit of the clamp in the unit asked for. */
static double limit_in(double limit, const request *given, const request *wanted)
{
    if (same_unit(given->unit, wanted->unit)) return limit;
    double canonical = isnan(given->paper) ? limit * given->factor + given->offset : limit / given->paper;
    return isnan(wanted->paper) ? (canonical - wanted->offset) / wanted->factor : canonical * wanted->paper;
}

static hra_node clamp_variable(hra_lower_frame *f, int variable, const char *unit, const hra_expr *paper,
                               hra_node value)
{
    const hra_variable *v = hra_dictionary_at(f->l->library->dictionary, variable);
    request wanted = request_of(v, unit, paper);
    for (int i = 0; i < f->clamp_count; i++) {
        const hra_clamp *c = &f->clamps[i];
        if (c->symbol->kind != HRA_SYMBOL_VARIABLE || c->symbol->variable != variable) continue;
        request given = request_of(v, c->unit, c->paper);
        if (c->range.has_low) value = binary(f, HRA_OP_MAX, value, number(f, limit_in(c->range.low, &given, &wanted)));
        if (c->range.has_high)
            value = binary(f, HRA_OP_MIN, value, number(f, limit_in(c->range.high, &given, &wanted)));
    }
    return value;
}

hra_node hra_lower_clamped(hra_lower_frame *f, const hra_symbol *symbol, hra_node value)
{
    for (int i = 0; i < f->clamp_count; i++) {
        const hra_clamp *c = &f->clamps[i];
        if (c->symbol != symbol) continue;
        if (c->range.has_low) value = binary(f, HRA_OP_MAX, value, number(f, c->range.low));
        if (c->range.has_high) value = binary(f, HRA_OP_MIN, value, number(f, c->range.high));
    }
    return value;
}

hra_node hra_lower_variable(hra_lower_frame *f, int variable, const char *unit, const hra_expr *paper)
{
    hra_lowering *l = f->l;
    bool plain = !unit && !f->reported && l->expanding_count == 0;
    hra_node value = plain && l->variables[variable] ? l->variables[variable] - 1 : read(f, variable, unit, paper);
    if (plain && value >= 0) l->variables[variable] = value + 1;
    return f->clamp_count ? clamp_variable(f, variable, unit, paper, value) : value;
}

/* ---- lets ------------------------------------------------------------------------- */

/* A let has one value whoever reads it: from raw variables. A model that clamps
 * sees it with its own clamped variables. */
hra_node hra_lower_let(hra_lower_frame *f, const hra_decl *decl)
{
    hra_lowering *l = f->l;
    if (hra_lower_below(l, decl)) {
        hra_lower_frame below = *f;
        below.l = l->before;
        return hra_lower_let(&below, decl);
    }
    bool common = f->clamp_count == 0 && l->expanding_count == 0;
    if (common && l->lets[decl->number]) return l->lets[decl->number] - 1;
    hra_lower_frame inner = hra_lower_frame_open(l, decl, false);
    inner.clamps = f->clamps;
    inner.clamp_count = f->clamp_count;
    hra_node value = hra_lower_value(&inner, decl->value);
    if (value < 0) return value;
    int op = hra_graph_at(l->graph, value)->op;
    if (op != HRA_OP_INPUT && op != HRA_OP_INPUT_FLAG) hra_graph_name(l->graph, value, decl->word->text);
    if (common) l->lets[decl->number] = value + 1;
    return value;
}
