/* Interventions, prescriptions, checkup items, monitoring, topics, reference bands. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/language/check.h"
#include "engine/language/library_internal.h"

/* Where the number is not given the declaration comes last. */
static double rank_of(const hra_decl *decl, const char *key)
{
    const char *text = hra_property_value(&decl->properties, key, "en");
    return text ? strtod(text, NULL) : (double)INFINITY;
}

static void check_rank(hra_decl *decl)
{
    decl->priority = rank_of(decl, "priority");
    decl->order = rank_of(decl, "order");
}

/* ---- intervention ------------------------------------------------------------------- */

static void check_intervention(hra_checker *c, hra_decl *decl)
{
    if (decl->condition) hra_check_flag(c, decl->condition);
    for (int i = 0; i < decl->ideals.count; i++) hra_check_assignment(c, decl->ideals.items[i]);
    hra_check_texts(c, decl);
    check_rank(decl);
}

/* ---- prescription ------------------------------------------------------------------- */

static void check_instead(hra_checker *c, hra_decl *decl, hra_expr *name)
{
    name->declaration = hra_check_declared(c, name->word, name->span, HRA_DECLARATION_PRESCRIPTION, "prescription");
    if (name->declaration == decl)
        hra_fault(c->diagnostics, name->span, "'%s' cannot stand in for itself", name->word->text);
}

static void check_prescription(hra_checker *c, hra_decl *decl)
{
    if (decl->condition) hra_check_flag(c, decl->condition);
    for (int i = 0; i < decl->unless.count; i++) hra_check_flag(c, hra_expr_at(&decl->unless, i));
    for (int i = 0; i < decl->instead_of.count; i++) check_instead(c, decl, hra_expr_at(&decl->instead_of, i));
    if (decl->serves) {
        hra_expr *name = decl->serves;
        name->declaration = hra_check_declared(c, name->word, name->span, HRA_DECLARATION_INTERVENTION, "intervention");
    }
    hra_check_texts(c, decl);
    check_rank(decl);
    decl->first_always |= decl->priority == 0;
}

/* ---- reference ------------------------------------------------------------------------ */

static const hra_variable *measured(hra_checker *c, hra_decl *decl)
{
    const hra_symbol *symbol = decl->word->global;
    if (!symbol) {
        hra_check_unknown_name(c, decl->name_span, decl->word);
        return NULL;
    }
    const hra_variable *v =
        symbol->kind == HRA_SYMBOL_VARIABLE ? hra_dictionary_at(c->dictionary, symbol->variable) : NULL;
    if (v && (v->type == HRA_TYPE_MEASURE || v->type == HRA_TYPE_COUNT)) {
        decl->substitutes = symbol->variable;
        return v;
    }
    hra_fault(c->diagnostics, decl->name_span, "'%s' is not a variable with numbers; only these have reference bands",
              decl->word->text);
    return NULL;
}

static void check_reference(hra_checker *c, hra_decl *decl)
{
    const hra_variable *v = measured(c, decl);
    double factor, offset;
    if (v && decl->unit && !hra_variable_unit(v, decl->unit, &factor, &offset))
        hra_fault(c->diagnostics, decl->name_span, "unit '%s' does not fit %s, which is in '%s'", decl->unit, v->name,
                  v->unit);
    if (v) c->decl->reads[decl->substitutes / 64] |= UINT64_C(1) << (decl->substitutes % 64);
    for (int i = 0; i < decl->bands.count; i++) {
        const hra_band *band = decl->bands.items[i];
        if (band->condition) hra_check_flag(c, band->condition);
    }
    for (int i = 0; v && i < c->library->declarations.count; i++) {
        const hra_decl *other = c->library->declarations.items[i];
        if (other == decl) break;
        if (other->public.kind == HRA_DECLARATION_REFERENCE && other->substitutes == decl->substitutes &&
            !other->faulty)
            hra_fault(c->diagnostics, decl->name_span,
                      "%s has its reference in %s, line %d; write 'replace' before this one to take its place", v->name,
                      other->public.file, other->public.line);
    }
}

/* ---- ranks of a panel -------------------------------------------------------------------- */

void hra_check_ranks(hra_checker *c, hra_decl *panel)
{
    for (int i = 0; i < panel->ranks.count; i++) {
        hra_expr *name = hra_expr_at(&panel->ranks, i);
        hra_suggestion s = {.wanted = name->word->text};
        name->column = -1;
        for (int k = 0; k < panel->blocks.count; k++) {
            const hra_named_block *role = panel->blocks.items[k];
            hra_suggest(&s, role->word->text);
            if (role->word == name->word) name->column = k;
        }
        for (int k = 0; k < i; k++)
            if (hra_expr_at(&panel->ranks, k)->word == name->word)
                hra_fault(c->diagnostics, name->span, "'%s' is already given", name->word->text);
        const char *best = hra_suggested(&s);
        if (name->column < 0)
            hra_fault(c->diagnostics, name->span, "no role '%s' in this panel%s%s%s", name->word->text,
                      best ? "; did you mean '" : "", best ? best : "", best ? "'?" : "");
    }
}

/* What reports show beside the value of a topic: a number of the dictionary. */
static void check_beside(hra_checker *c, const hra_decl *decl)
{
    const char *name = hra_property_value(&decl->properties, "beside", "en");
    if (!name) return;
    int index = hra_dictionary_find(c->dictionary, name);
    const hra_variable *variable = index < 0 ? NULL : hra_dictionary_at(c->dictionary, index);
    if (variable && (variable->type == HRA_TYPE_MEASURE || variable->type == HRA_TYPE_COUNT)) return;
    hra_fault(c->diagnostics, decl->name_span, "beside '%s' is no number of the dictionary", name);
}

static void check_also(hra_checker *c, const hra_decl *decl)
{
    for (int i = 0; i < decl->also.count; i++) {
        hra_expr *name = hra_expr_at(&decl->also, i);
        name->declaration = hra_check_declared(c, name->word, name->span, HRA_DECLARATION_PRESCRIPTION, "prescription");
    }
}

void hra_check_service(hra_checker *c, hra_decl *decl)
{
    switch (decl->public.kind) {
    case HRA_DECLARATION_INTERVENTION: check_intervention(c, decl); break;
    case HRA_DECLARATION_PRESCRIPTION: check_prescription(c, decl); break;
    case HRA_DECLARATION_REFERENCE: check_reference(c, decl); break;
    default:
        if (decl->value) hra_check_value(c, decl->value); /* of a topic */
        if (decl->condition) hra_check_flag(c, decl->condition);
        hra_check_excludes(c, decl);
        hra_check_texts(c, decl);
        check_beside(c, decl);
        check_also(c, decl);
        check_rank(decl);
        break;
    }
}
