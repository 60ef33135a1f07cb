#include "engine/language/lower_changed.h"

static int variable_count(const hra_lowering *l) { return hra_dictionary_count(l->library->dictionary); }

static bool reads_any(const hra_lowering *l, const bool *touched, const uint64_t *reads)
{
    for (int i = 0; i < variable_count(l); i++)
        if (touched[i] && reads[i / 64] >> (i % 64) & 1) return true;
    return false;
}

bool hra_change_touches(const hra_lowering *l, const uint64_t *reads)
{
    return l->touched && reads && reads_any(l, l->touched, reads);
}

bool hra_lower_below(const hra_lowering *l, const hra_decl *decl)
{
    return l->before && !hra_change_touches(l, decl->reads);
}

static bool follows(const hra_lowering *l, const bool *touched, int variable)
{
    const hra_list *list = &l->library->substitutes[variable];
    for (int i = 0; i < list->count; i++) {
        const hra_decl *decl = list->items[i];
        if ((!decl->panel || decl->panel == l->panel) && reads_any(l, touched, decl->reads)) return true;
    }
    return false;
}

/* From what is replaced to all that follows from it. */
static bool *touched_by(hra_lowering *l, const hra_node *replaced)
{
    int count = variable_count(l);
    bool *touched = hra_take_array(l->memory, (size_t)count, sizeof *touched);
    if (!touched) return NULL;
    for (int i = 0; i < count; i++) touched[i] = replaced[i] != 0;
    for (bool more = true; more;) {
        more = false;
        for (int i = 0; i < count; i++) {
            if (touched[i] || !follows(l, touched, i)) continue;
            touched[i] = more = true;
        }
    }
    return touched;
}

static bool change(hra_lowering *changed, hra_lowering *before, const hra_decl *decl, hra_node applies, int variable,
                   hra_node value)
{
    const hra_dictionary *dictionary = before->library->dictionary;
    hra_node *replaced = hra_take_array(before->memory, (size_t)variable_count(before), sizeof *replaced);
    hra_frame frame = hra_frame_open(before, decl, false);
    for (int i = 0; replaced && i < decl->ideals.count; i++) {
        const hra_decl *ideal = decl->ideals.items[i];
        bool flag = hra_dictionary_at(dictionary, ideal->substitutes)->type == HRA_TYPE_FLAG;
        hra_node node = flag ? hra_lower_flag(&frame, ideal->value) : hra_lower_number(&frame, ideal->value);
        replaced[ideal->substitutes] = node + 1;
    }
    if (!replaced) return false;
    if (variable >= 0) replaced[variable] = value + 1;
    *changed = *before;
    changed->before = before;
    changed->as_he_is = before->as_he_is ? before->as_he_is : before;
    changed->replaced = replaced;
    changed->applies = applies;
    changed->touched = touched_by(changed, replaced);
    return changed->touched && hra_lowering_open(changed);
}

bool hra_lower_change(hra_lowering *changed, hra_lowering *before, const hra_decl *decl, hra_node applies)
{
    return change(changed, before, decl, applies, -1, -1);
}

bool hra_lower_change_also(hra_lowering *changed, hra_lowering *before, const hra_decl *decl, int variable,
                           hra_node value)
{
    return change(changed, before, decl, -1, variable, value);
}
