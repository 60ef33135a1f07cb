/* Whom a finding is not for: by its own `exclude`, and by exclusions that name it. */
#include <string.h>

#include "engine/language/check.h"
#include "engine/language/library_internal.h"

/* The factor or topic, or NULL with a fault. */
static hra_decl *named_finding(hra_checker *c, const hra_expr *name)
{
    hra_symbol *symbol = name->word->global;
    if (!symbol) {
        hra_check_unknown_name(c, name->span, name->word);
        return NULL;
    }
    hra_decl *decl = symbol->kind == HRA_SYMBOL_DECLARATION ? symbol->declaration : NULL;
    bool fits = decl && (decl->public.kind == HRA_DECLARATION_FACTOR || decl->public.kind == HRA_DECLARATION_TOPIC);
    if (!fits) hra_fault(c->diagnostics, name->span, "'%s' is neither a factor nor a topic", name->word->text);
    return fits ? decl : NULL;
}

static void assign(hra_checker *c, hra_decl *exclusion, const hra_expr *name)
{
    hra_decl *finding = named_finding(c, name);
    if (!finding) return;
    for (int i = 0; i < finding->exclusions.count; i++)
        if (finding->exclusions.items[i] == exclusion) {
            hra_fault(c->diagnostics, name->span, "'%s' is already given", name->word->text);
            return;
        }
    hra_list_add(c->memory, &finding->exclusions, exclusion);
}

void hra_check_assign_exclusions(hra_checker *c)
{
    for (int i = 0; i < c->library->declarations.count; i++) {
        hra_decl *decl = c->library->declarations.items[i];
        if (decl->public.kind != HRA_DECLARATION_EXCLUSION || !decl->condition) continue;
        int faults = hra_diagnostics_count(c->diagnostics);
        for (int k = 0; k < decl->from.count; k++) assign(c, decl, hra_expr_at(&decl->from, k));
        decl->faulty |= hra_diagnostics_count(c->diagnostics) > faults;
    }
}

void hra_check_exclusion(hra_checker *c, hra_decl *decl)
{
    decl->symbol->type = (hra_value_type){.sort = HRA_SORT_FLAG};
    if (decl->condition) hra_check_flag(c, decl->condition);
    hra_check_texts(c, decl);
    const char *told_by = hra_property_value(&decl->properties, "told_by", "en");
    if (told_by && !hra_check_is_factor(c, told_by))
        hra_fault(c->diagnostics, decl->name_span, "told_by '%s' is not a factor", told_by);
}

static bool has_key(const hra_list *properties, const char *key)
{
    for (int i = 0; i < properties->count; i++)
        if (strcmp(((const hra_property *)properties->items[i])->key, key) == 0) return true;
    return false;
}

static void copy_property(hra_checker *c, const hra_decl *from, const char *key, hra_decl *to, const char *as)
{
    for (int i = 0; i < from->properties.count; i++) {
        const hra_property *property = from->properties.items[i];
        if (strcmp(property->key, key) != 0) continue;
        hra_property *own = HRA_TAKE(c->memory, hra_property);
        *own = (hra_property){as, property->language, property->value};
        hra_list_add(c->memory, &to->properties, own);
    }
}

/* The reason is the finding's own from now on. A second one would be told to people whom the first keeps out, unless a
 * factor tells whose it is. */
static void take_reason(hra_checker *c, hra_decl *finding, const hra_decl *exclusion)
{
    bool told = has_key(&exclusion->properties, "told_by");
    const char *key = told ? "exclude.told.because" : "exclude.because";
    if (!has_key(&exclusion->properties, "because")) return;
    if (has_key(&finding->properties, key)) {
        hra_fault(c->diagnostics, finding->name_span,
                  "'%s' says why some people are excluded, and so does the exclusion '%s' (%s, line %d); one reason "
                  "holds for all, and one more for those whom a factor tells (told_by)",
                  finding->word->text, exclusion->word->text, exclusion->public.file, exclusion->public.line);
        return;
    }
    copy_property(c, exclusion, "because", finding, key);
    if (told) copy_property(c, exclusion, "told_by", finding, "exclude.told_by");
}

/* As if `exclude EXCLUSION` stood in the finding. */
static void take_over(hra_checker *c, hra_decl *finding, hra_decl *exclusion)
{
    hra_expr *name = HRA_TAKE(c->memory, hra_expr);
    *name = (hra_expr){.kind = HRA_EXPR_NAME, .word = exclusion->word, .span = exclusion->condition->span};
    hra_statement *exclude = HRA_TAKE(c->memory, hra_statement);
    *exclude =
        (hra_statement){.kind = HRA_STATEMENT_EXCLUDE, .span = name->span, .value = name, .exclusion = exclusion};
    hra_list_add(c->memory, &finding->excludes, exclude);
    take_reason(c, finding, exclusion);
}

void hra_check_excludes(hra_checker *c, hra_decl *decl)
{
    for (int i = 0; i < decl->exclusions.count; i++) take_over(c, decl, decl->exclusions.items[i]);
    for (int i = 0; i < decl->excludes.count; i++)
        hra_check_flag(c, ((const hra_statement *)decl->excludes.items[i])->value);
}
