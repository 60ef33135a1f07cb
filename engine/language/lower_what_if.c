#include "engine/language/lower_what_if.h"

#include <stdlib.h>
#include <string.h>

static int by_order(const void *a, const void *b)
{
    const hra_decl *x = ((const hra_intervention *)a)->decl, *y = ((const hra_intervention *)b)->decl;
    if (x->order != y->order) return x->order < y->order ? -1 : 1;
    return strcmp(x->word->text, y->word->text);
}

typedef bool acceptance(void *context, const hra_declaration *declaration);

static bool find_interventions(hra_what_if *w, const hra_decl *only, acceptance *accepts, void *context)
{
    const hra_list *all = &w->person->library->declarations;
    w->items = hra_take_array(w->person->memory, (size_t)all->count + 1, sizeof *w->items);
    for (int i = 0; w->items && i < all->count; i++) {
        const hra_decl *decl = all->items[i];
        bool taken = decl->public.kind == HRA_DECLARATION_INTERVENTION && (!accepts || accepts(context, &decl->public));
        if (only ? decl == only : taken) w->items[w->count++].decl = decl;
    }
    if (w->count > 1) qsort(w->items, (size_t)w->count, sizeof *w->items, by_order);
    return w->items;
}

bool hra_what_if_open(hra_what_if *w, hra_lowering *person, const hra_decl *only, acceptance *accepts, void *context)
{
    *w = (hra_what_if){.person = person, .only = only};
    if (!find_interventions(w, only, accepts, context)) return false;
    hra_lowering *below = person;
    for (int i = 0; i < w->count; i++) {
        hra_intervention *it = &w->items[i];
        it->applies = hra_lower_is_true(person->graph, hra_lower_rule(person, it->decl)->value);
        if (!hra_lower_change(&it->alone, person, it->decl, -1)) return false;
        if (!hra_lower_change(&it->so_far, below, it->decl, it->applies)) return false;
        below = &it->so_far;
    }
    return true;
}

/* Does this intervention, or one of all, change what the model reads? */
static bool touches(const hra_what_if *w, const hra_decl *model, int index)
{
    if (index >= 0) return hra_change_touches(&w->items[index].alone, model->reads);
    for (int i = 0; i < w->count; i++)
        if (hra_change_touches(&w->items[i].alone, model->reads)) return true;
    return false;
}

/* As if it applied to everybody. All together have their choices within. */
static hra_node changed_value(hra_what_if *w, const hra_decl *model, const hra_symbol *output, int index)
{
    hra_lowering *l = index >= 0 ? &w->items[index].alone : &w->items[w->count - 1].so_far;
    hra_result scratch;
    return hra_lower_output(l, model, output, &scratch)->value;
}

static hra_node where_it_applies(const hra_what_if *w, int index, hra_node changed, hra_node risk)
{
    if (index < 0) return changed;
    return hra_graph_select(w->person->graph, w->items[index].applies, changed, risk);
}

hra_node hra_lower_if(hra_what_if *w, const hra_decl *model, const hra_symbol *output, int index)
{
    if (!touches(w, model, index)) return -1;
    hra_result scratch;
    hra_node risk = hra_lower_output(w->person, model, output, &scratch)->value;
    return where_it_applies(w, index, changed_value(w, model, output, index), risk);
}

hra_node hra_lower_role_if(hra_what_if *w, const hra_decl *panel, int index_of_role, int index)
{
    hra_lowering *l = w->person;
    const hra_named_block *role = panel->blocks.items[index_of_role];
    hra_node risk = hra_lower_role(l, panel, index_of_role, NULL)->value, changed = risk;
    bool touched = false;
    for (int i = role->uses.count - 1; i >= 0; i--) {
        const hra_expr *use = hra_expr_at(&role->uses, i);
        hra_result scratch;
        hra_node chosen = hra_lower_usable(l, hra_lower_output(l, use->declaration, use->symbol, &scratch));
        bool mine = touches(w, use->declaration, index);
        hra_node value = mine ? changed_value(w, use->declaration, use->symbol, index) : risk;
        changed = hra_graph_select(l->graph, chosen, value, changed);
        touched |= mine;
    }
    return touched ? where_it_applies(w, index, changed, risk) : -1;
}
