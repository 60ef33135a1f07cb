/* Choosing by level, by range, by table: selects, steps and gathers. */
#include <math.h>
#include <string.h>

#include "engine/language/lower.h"

static bool is_flag(const hra_expr *e) { return e->type.sort == HRA_SORT_FLAG; }

static hra_node as(hra_lower_frame *f, const hra_expr *e, bool flag)
{
    return flag ? hra_lower_flag(f, e) : hra_lower_number(f, e);
}

/* ---- levels to numbers -------------------------------------------------------------- */

hra_node hra_lower_recast(hra_graph *graph, hra_node ordinal, const double *ordinals, int count, const char *name)
{
    bool same = true;
    for (int i = 0; i < count; i++) same &= ordinals[i] == i;
    if (same) return ordinal;
    hra_gather table = {.count = count, .values = ordinals, .name = name};
    return hra_graph_gather(graph, ordinal, hra_graph_add_gather(graph, &table));
}

hra_node hra_lower_levels(hra_lower_frame *f, hra_node ordinal, const hra_levels *from, const hra_levels *to)
{
    if (hra_levels_equal(from, to)) return ordinal;
    double *ordinals = hra_take_array(f->l->memory, (size_t)from->count, sizeof *ordinals);
    if (!ordinals) return -1;
    for (int i = 0; i < from->count; i++) {
        int at = hra_level_index(to, from->names[i]);
        ordinals[i] = at < 0 ? NAN : at;
    }
    return hra_lower_recast(f->graph, ordinal, ordinals, from->count, "levels");
}

/* A result that is a number, a level, or `outside` (NaN in steps and tables). */
static bool constant_result(const hra_expr *e, double *value)
{
    if (e->kind == HRA_EXPR_OUTSIDE) {
        *value = NAN;
        return true;
    }
    if (e->is_level) {
        *value = e->column;
        return true;
    }
    return hra_expr_constant(e, value);
}

static bool constant_results(const hra_expr *e, double *values)
{
    bool all = !is_flag(e);
    for (int i = 0; all && i < e->arms.count; i++)
        all = constant_result(((hra_arm *)e->arms.items[i])->value, &values[i]);
    values[e->arms.count] = NAN;
    return all && (!e->b || constant_result(e->b, &values[e->arms.count]));
}

/* ---- case ------------------------------------------------------------------------------ */

static hra_node any_label(hra_lower_frame *f, hra_node x, const hra_arm *arm)
{
    hra_node any = -1;
    for (int i = 0; i < arm->labels.count; i++) {
        const hra_expr *label = hra_expr_at(&arm->labels, i);
        hra_node value = hra_graph_number(f->graph, label->is_level ? label->column : label->number);
        any = hra_lower_or(f->graph, any, hra_graph_binary(f->graph, HRA_OP_EQ, x, value));
    }
    return any;
}

/* The arm of each level: `arm count` stands for else. */
static double *arm_of_levels(hra_lower_frame *f, const hra_expr *e)
{
    int count = e->a->type.levels->count;
    double *arms = hra_take_array(f->l->memory, (size_t)count, sizeof *arms);
    for (int i = 0; arms && i < count; i++) arms[i] = e->arms.count;
    for (int i = 0; arms && i < e->arms.count; i++) {
        const hra_arm *arm = e->arms.items[i];
        for (int k = 0; k < arm->labels.count; k++) arms[hra_expr_at(&arm->labels, k)->column] = i;
    }
    return arms;
}

/* The value of the arm whose number `which` is. The last needs no question
 * where there is nothing after it. */
static hra_node choose_arm(hra_lower_frame *f, const hra_expr *e, hra_node which, bool complete)
{
    bool flag = is_flag(e);
    int last = e->arms.count - 1;
    hra_node value = e->b ? as(f, e->b, flag) : complete ? -1 : hra_lower_outside(f->graph, flag);
    for (int i = last; i >= 0; i--) {
        hra_node x = as(f, ((hra_arm *)e->arms.items[i])->value, flag);
        if (value < 0) {
            value = x;
            continue;
        }
        hra_node is = hra_graph_binary(f->graph, HRA_OP_EQ, which, hra_graph_number(f->graph, i));
        value = hra_graph_select(f->graph, is, x, value);
    }
    return value;
}

static hra_node case_of_category(hra_lower_frame *f, const hra_expr *e)
{
    int count = e->a->type.levels->count;
    double *arms = arm_of_levels(f, e);
    double *results = hra_take_array(f->l->memory, (size_t)e->arms.count + 1, sizeof *results);
    double *table = hra_take_array(f->l->memory, (size_t)count, sizeof *table);
    hra_node x = hra_lower_number(f, e->a);
    if (!arms || !results || !table) return -1;
    if (!constant_results(e, results))
        return choose_arm(f, e, hra_lower_recast(f->graph, x, arms, count, "case"), e->b == NULL);
    for (int i = 0; i < count; i++) table[i] = results[(int)arms[i]];
    return hra_lower_recast(f->graph, x, table, count, "case");
}

static hra_node case_of_number(hra_lower_frame *f, const hra_expr *e)
{
    bool flag = is_flag(e);
    hra_node x = hra_lower_number(f, e->a);
    hra_node value = e->b ? as(f, e->b, flag) : hra_lower_outside(f->graph, flag);
    for (int i = e->arms.count - 1; i >= 0; i--) {
        const hra_arm *arm = e->arms.items[i];
        value = hra_graph_select(f->graph, any_label(f, x, arm), as(f, arm->value, flag), value);
    }
    return value;
}

/* ---- points and bands --------------------------------------------------------------------- */

static hra_node step(hra_lower_frame *f, const hra_expr *e, const double *results, double gap)
{
    size_t most = 2 * (size_t)e->arms.count;
    double *cuts = hra_take_array(f->l->memory, most, sizeof *cuts);
    bool *after = hra_take_array(f->l->memory, most, sizeof *after);
    double *values = hra_take_array(f->l->memory, most + 1, sizeof *values);
    if (!cuts || !after || !values) return -1;
    int n = 0;
    values[0] = gap;
    for (int i = 0; i < e->arms.count; i++) {
        const hra_range *r = &((hra_arm *)e->arms.items[i])->range;
        bool adjoins = n > 0 && r->has_low && cuts[n - 1] == r->low && after[n - 1] == r->low_open;
        if (r->has_low && !adjoins) {
            cuts[n] = r->low;
            after[n++] = r->low_open;
        }
        values[n] = results[i];
        if (!r->has_high) continue;
        cuts[n] = r->high;
        after[n++] = !r->high_open;
        values[n] = gap;
    }
    hra_step s = {.cut_count = n, .cuts = cuts, .after = after, .values = values};
    return hra_graph_step(f->graph, hra_lower_number(f, e->a), &s);
}

static hra_node bands(hra_lower_frame *f, const hra_expr *e)
{
    double *results = hra_take_array(f->l->memory, (size_t)e->arms.count + 1, sizeof *results);
    if (!results) return -1;
    if (constant_results(e, results)) return step(f, e, results, results[e->arms.count]);
    for (int i = 0; i < e->arms.count; i++) results[i] = i;
    hra_node which = step(f, e, results, e->b ? e->arms.count : NAN);
    return choose_arm(f, e, which, true);
}

hra_node hra_lower_choice(hra_lower_frame *f, const hra_expr *e)
{
    if (e->kind == HRA_EXPR_BANDS) return bands(f, e);
    return e->a->type.sort == HRA_SORT_CATEGORY ? case_of_category(f, e) : case_of_number(f, e);
}

/* ---- tables ----------------------------------------------------------------------------------- */

static hra_node key_index(hra_lower_frame *f, const hra_key *key, const hra_expr *e)
{
    hra_node x = hra_lower_number(f, e);
    if (key->kind == HRA_KEY_BANDS) {
        hra_step s = {.cut_count = key->cut_count, .cuts = key->cuts, .after = key->after, .values = key->pieces};
        return hra_graph_step(f->graph, x, &s);
    }
    return e->type.sort == HRA_SORT_CATEGORY ? hra_lower_levels(f, x, e->type.levels, key->levels) : x;
}

hra_node hra_lower_lookup(hra_lower_frame *f, const hra_expr *e)
{
    const hra_decl *decl = e->declaration;
    const hra_table *table = decl->table;
    hra_node index = -1;
    for (int k = 0; k < table->keys.count; k++) { /* ((k0 * n1 + k1) * n2 + k2) */
        const hra_key *key = table->keys.items[k];
        hra_node at = key_index(f, key, hra_expr_at(&e->args, k + 1));
        if (index < 0) {
            index = at;
            continue;
        }
        index = hra_graph_binary(f->graph, HRA_OP_MUL, index, hra_graph_number(f->graph, key->count));
        index = hra_graph_binary(f->graph, HRA_OP_ADD, index, at);
    }
    const char *value = hra_expr_at(&table->values, e->column)->word->text;
    hra_gather gather = {.count = table->size,
                         .values = table->dense[e->column],
                         .name = hra_take_printf(f->l->memory, "%s.%s", decl->word->text, value)};
    return hra_graph_gather(f->graph, index, hra_graph_add_gather(f->graph, &gather));
}
