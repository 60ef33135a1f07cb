/* Which prescriptions are due: those whose condition holds, less what is held back, stood in for by another, or wanted
 * only once. */
#include <string.h>

#include "engine/language/lower.h"

/* Ties are broken by id, so that house rules in other files do not change the order. */
int hra_prescription_order(const hra_decl *a, const hra_decl *b)
{
    if (a->priority != b->priority) return a->priority < b->priority ? -1 : 1;
    if (a->order != b->order) return a->order < b->order ? -1 : 1;
    return strcmp(a->word->text, b->word->text);
}

static bool replaces(const hra_decl *decl, const hra_decl *other)
{
    for (int i = 0; i < decl->instead_of.count; i++)
        if (hra_expr_at(&decl->instead_of, i)->declaration == other) return true;
    return false;
}

static bool is_prescription(const hra_decl *decl) { return decl->public.kind == HRA_DECLARATION_PRESCRIPTION; }

static hra_node held_back(hra_lower_frame *f, const hra_decl *decl)
{
    hra_lowering *l = f->l;
    hra_node held = -1;
    for (int i = 0; i < decl->unless.count; i++)
        held =
            hra_lower_or(l->graph, held, hra_lower_is_true(l->graph, hra_lower_flag(f, hra_expr_at(&decl->unless, i))));
    return held;
}

static hra_node but_not(hra_graph *g, hra_node flag, hra_node held)
{
    return held < 0 ? flag : hra_graph_binary(g, HRA_OP_AND, flag, hra_graph_unary(g, HRA_OP_NOT, held));
}

/* Due before one of several is chosen. What stands in for what is acyclic: the checker has seen to it. */
static hra_node standing(hra_lowering *l, const hra_decl *decl)
{
    bool remember = l->expanding_count == 0;
    if (remember && l->standing[decl->number]) return l->standing[decl->number] - 1;
    hra_lower_frame f = hra_lower_frame_open(l, decl, true);
    if (!f.values) return -1;
    hra_node due = hra_lower_flag(&f, decl->condition), held = held_back(&f, decl);
    const hra_list *all = &l->library->declarations;
    for (int i = 0; i < all->count; i++) {
        const hra_decl *other = all->items[i];
        if (is_prescription(other) && replaces(other, decl))
            held = hra_lower_or(l->graph, held, hra_lower_is_true(l->graph, standing(l, other)));
    }
    due = but_not(l->graph, due, held);
    if (remember) l->standing[decl->number] = due + 1;
    return due;
}

hra_node hra_lower_prescription(hra_lowering *l, const hra_decl *decl)
{
    hra_node before = -1;
    const hra_list *all = &l->library->declarations;
    for (int i = 0; decl->one_of && i < all->count; i++) {
        const hra_decl *other = all->items[i];
        bool first = is_prescription(other) && other->one_of == decl->one_of && hra_prescription_order(other, decl) < 0;
        if (first) before = hra_lower_or(l->graph, before, hra_lower_is_true(l->graph, standing(l, other)));
    }
    return but_not(l->graph, standing(l, decl), before);
}
