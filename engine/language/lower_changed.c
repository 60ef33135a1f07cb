#include "engine/language/lower_changed.h"

static int variable_count(const hra_lowering *l) { return hra_dictionary_count(l->library->dictionary); }

static int words(const hra_lowering *l) { return (variable_count(l) + 63) / 64; }

static bool reads_any(const hra_lowering *l, const uint64_t *touched, const uint64_t *reads)
{
    uint64_t both = 0;
    for (int i = 0; i < words(l); i++) both |= touched[i] & reads[i];
    return both != 0;
}

bool hra_change_touches(const hra_lowering *l, const uint64_t *reads)
{
    return l->touched && reads && reads_any(l, l->touched, reads);
}

bool hra_change_sets(const hra_lowering *l, int variable) { return l->touched[variable / 64] >> (variable % 64) & 1; }

bool hra_lower_below(const hra_lowering *l, const hra_decl *decl)
{
    return l->before && !hra_change_touches(l, decl->reads);
}

static bool follows(const hra_lowering *l, const uint64_t *touched, int variable)
{
    const hra_list *list = &l->library->substitutes[variable];
    for (int i = 0; i < list->count; i++) {
        const hra_decl *decl = list->items[i];
        if ((!decl->panel || decl->panel == l->panel) && reads_any(l, touched, decl->reads)) return true;
    }
    return false;
}

/* From what is replaced to all that follows from it. */
static uint64_t *touched_by(hra_lowering *l, const hra_node *replaced)
{
    int count = variable_count(l);
    uint64_t *touched = hra_take_array(l->memory, (size_t)words(l), sizeof *touched);
    if (!touched) return NULL;
    for (int i = 0; i < count; i++) touched[i / 64] |= (uint64_t)(replaced[i] != 0) << (i % 64);
    for (bool more = true; more;) {
        more = false;
        for (int i = 0; i < count; i++) {
            uint64_t bit = UINT64_C(1) << (i % 64);
            if (touched[i / 64] & bit || !follows(l, touched, i)) continue;
            touched[i / 64] |= bit;
            more = true;
        }
    }
    return touched;
}

static bool change(hra_lowering *changed, hra_lowering *before, const hra_decl *decl, hra_node applies, int variable,
                   hra_node value)
{
    const hra_dictionary *dictionary = before->library->dictionary;
    hra_node *replaced = hra_take_array(before->memory, (size_t)variable_count(before), sizeof *replaced);
    hra_lower_frame frame = hra_lower_frame_open(before, decl, false);
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
