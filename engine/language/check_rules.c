/* Lets, substitutes, factors, tiers, group actions, panels, the ideal state; and
 * the order in which declarations are checked. */
#include <ctype.h>
#include <string.h>

#include "engine/language/check.h"
#include "engine/language/library_internal.h"

enum { DEEPEST_PATH = 200 };

/* ---- let and substitute --------------------------------------------------------- */

static void check_let(hra_checker *c, hra_decl *decl)
{
    hra_value_type type = hra_check_value(c, decl->value);
    decl->unit = hra_property_value(&decl->properties, "unit", "en");
    const char *decimals = hra_property_value(&decl->properties, "decimals", "en");
    if (decimals) decl->decimals = decimals[0] - '0';
    if (decimals && (decimals[1] || decl->decimals < 0 || decl->decimals > 9)) {
        hra_fault(c->diagnostics, decl->name_span, "decimals are 0 to 9");
        decl->decimals = 0;
    }
    if (decl->unit && type.sort == HRA_SORT_NUMBER)
        type.unit = hra_check_units(c, decl->name_span, decl->unit, type.unit);
    if (type.sort == HRA_SORT_ANY) type = (hra_value_type){.sort = HRA_SORT_NUMBER};
    decl->symbol->type = type;
}

static hra_sort sort_of(const hra_variable *v)
{
    switch (v->type) {
    case HRA_TYPE_MEASURE:
    case HRA_TYPE_COUNT: return HRA_SORT_NUMBER;
    case HRA_TYPE_FLAG: return HRA_SORT_FLAG;
    case HRA_TYPE_CATEGORY: return HRA_SORT_CATEGORY;
    case HRA_TYPE_DATE: return HRA_SORT_DAY;
    default: return HRA_SORT_FAULT;
    }
}

void hra_check_assignment(hra_checker *c, hra_decl *decl)
{
    const hra_symbol *symbol = decl->word->global;
    if (!symbol || symbol->kind != HRA_SYMBOL_VARIABLE) {
        if (symbol)
            hra_fault(c->diagnostics, decl->name_span, "'%s' is not a variable; only an input can be substituted",
                      decl->word->text);
        else
            hra_check_unknown_name(c, decl->name_span, decl->word);
        return;
    }
    decl->substitutes = symbol->variable;
    const hra_variable *v = hra_dictionary_at(c->dictionary, symbol->variable);
    hra_value_type type = hra_check_expr(c, decl->value);
    hra_sort wanted = sort_of(v);
    if (wanted == HRA_SORT_CATEGORY) {
        if (type.sort == HRA_SORT_CATEGORY || type.sort == HRA_SORT_WORD)
            hra_check_coerce(c, decl->value, hra_check_variable_levels(c, symbol->variable));
        else if (type.sort != HRA_SORT_ANY && type.sort != HRA_SORT_FAULT)
            hra_fault(c->diagnostics, decl->value->span, "'%s' is a category, this is %s", v->name,
                      hra_sort_text(type));
        return;
    }
    type = hra_check_value(c, decl->value);
    bool flag_as_number = wanted == HRA_SORT_NUMBER && type.sort == HRA_SORT_FLAG;
    if (type.sort != wanted && type.sort != HRA_SORT_ANY && type.sort != HRA_SORT_FAULT && !flag_as_number)
        hra_fault(c->diagnostics, decl->value->span, "'%s' is %s, this is %s", v->name,
                  hra_sort_text((hra_value_type){.sort = wanted}), hra_sort_text(type));
    if (type.sort == HRA_SORT_NUMBER && *v->unit) hra_check_units(c, decl->value->span, v->unit, type.unit);
}

/* ---- tier, panel ------------------------------------------------------------------------ */

/* `when unknown` asks about the levels before. */
static void check_when(hra_checker *c, hra_expr *condition, bool first)
{
    if (condition->kind != HRA_EXPR_UNKNOWN)
        hra_check_flag(c, condition);
    else if (first)
        hra_fault(c->diagnostics, condition->span, "no level before this one could be unknown");
}

/* "comprehensive.2" for each `when`, "economy.otherwise" */
static void name_reasons(hra_checker *c, const hra_named_block *level, hra_list *reasons)
{
    const char *name = level->word->text;
    for (int k = 0; k < level->whens.count || k == 0; k++) {
        bool otherwise = level->whens.count == 0;
        const char *text = otherwise ? hra_take_printf(c->memory, "%s.otherwise", name)
                                     : hra_take_printf(c->memory, "%s.%d", name, k + 1);
        hra_list_add(c->memory, reasons, hra_word_of(c->memory, text, strlen(text)));
    }
}

static void check_tier(hra_checker *c, hra_decl *decl)
{
    hra_list words = {0}, reasons = {0};
    for (int i = 0; i < decl->blocks.count; i++) {
        hra_named_block *level = decl->blocks.items[i];
        hra_list_add(c->memory, &words, level->word);
        name_reasons(c, level, &reasons);
        for (int k = 0; k < level->whens.count; k++) check_when(c, hra_expr_at(&level->whens, k), i == 0);
    }
    decl->reasons = hra_levels_of_words(c->memory, (hra_word *const *)reasons.items, reasons.count);
    hra_check_texts(c, decl);
    if (words.count == 0) hra_fault(c->diagnostics, decl->name_span, "tier '%s' has no level", decl->word->text);
    decl->levels = hra_levels_of_words(c->memory, (hra_word *const *)words.items, words.count);
    decl->symbol->type = (hra_value_type){.sort = HRA_SORT_CATEGORY, .levels = decl->levels};
}

static void add_reads(hra_checker *c, const hra_decl *from)
{
    int words = (hra_dictionary_count(c->dictionary) + 63) / 64;
    for (int i = 0; from && from->reads && i < words; i++) c->decl->reads[i] |= from->reads[i];
}

static void check_role(hra_checker *c, hra_named_block *role)
{
    for (int i = 0; i < role->uses.count; i++) {
        hra_expr *use = hra_expr_at(&role->uses, i);
        const hra_symbol *output = hra_check_model_reference(c, use);
        add_reads(c, use->declaration);
        if (output && output->type.sort != HRA_SORT_NUMBER && output->type.sort != HRA_SORT_FAULT)
            hra_fault(c->diagnostics, use->span, "a role chooses a number; this output is %s",
                      hra_sort_text(output->type));
    }
    if (!role->category && role->labelled.count > 0)
        hra_fault(c->diagnostics, hra_expr_at(&role->labelled, 0)->span, "this role has no category");
    if (!role->category) return;
    int mark = c->scope.count;
    role->risk = hra_check_define(c, HRA_SYMBOL_RISK, hra_word_of(c->memory, "risk", 4), role->span);
    role->risk->type = (hra_value_type){.sort = HRA_SORT_NUMBER};
    hra_value_type type = hra_check_value(c, role->category);
    if (type.sort != HRA_SORT_CATEGORY && type.sort != HRA_SORT_FAULT)
        hra_fault(c->diagnostics, role->category->span,
                  "the category of a role must be a category, as from bands(...)");
    hra_check_close_scope(c, mark);
}

void hra_check_read(hra_checker *c, hra_decl *decl)
{
    hra_list inner; /* of a panel that is not wanted itself: nobody asks for its substitutes */
    if (decl->unread) {
        hra_parse_unread(c->memory, c->diagnostics, decl, &inner);
        hra_library_keep_csv(c->library, decl, c->diagnostics);
    }
    if (!decl->table || !decl->table->unread) return;
    hra_table_read_csv(c->memory, decl, decl->table->unread, c->diagnostics);
    decl->table->unread = NULL;
}

/* `also all`: every model that carries no caution; those a panel names itself may. */
static void add_every_model(hra_checker *c, hra_decl *panel)
{
    for (int i = 0; i < c->library->declarations.count; i++) {
        hra_decl *model = c->library->declarations.items[i];
        if (model->public.kind != HRA_DECLARATION_MODEL) continue;
        hra_check_read(c, model);
        if (hra_property_value(&model->properties, "caution", "en")) continue;
        hra_expr *name = HRA_TAKE(c->memory, hra_expr);
        *name = (hra_expr){.kind = HRA_EXPR_NAME, .word = model->word, .span = panel->name_span};
        hra_list_add(c->memory, &panel->also, name);
    }
}

static void check_panel(hra_checker *c, hra_decl *decl)
{
    if (decl->also_all) add_every_model(c, decl);
    for (int i = 0; i < decl->blocks.count; i++) check_role(c, decl->blocks.items[i]);
    for (int i = 0; i < decl->also.count; i++) {
        hra_check_model_reference(c, hra_expr_at(&decl->also, i));
        add_reads(c, hra_expr_at(&decl->also, i)->declaration);
    }
    hra_check_ranks(c, decl);
}

/* ---- ideal ---------------------------------------------------------------------------- */

static void check_over(hra_checker *c, hra_decl *decl)
{
    hra_value_type type = hra_check_value(c, decl->over);
    const hra_symbol *symbol = decl->over->symbol;
    if (!symbol || type.sort == HRA_SORT_FAULT) return;
    if (symbol->kind != HRA_SYMBOL_VARIABLE || type.sort != HRA_SORT_NUMBER) {
        hra_fault(c->diagnostics, decl->over->span, "'%s' is not a variable with numbers; only these can be searched",
                  decl->over->word->text);
        return;
    }
    const hra_variable *v = hra_dictionary_at(c->dictionary, symbol->variable);
    if (!(v->plausible_min < v->plausible_max))
        hra_fault(c->diagnostics, decl->over->span, "'%s' has no plausible range to search in", v->name);
}

static void check_ideal(hra_checker *c, hra_decl *decl)
{
    const hra_decl *other = c->library->ideal;
    if (other && other != decl)
        hra_fault(c->diagnostics, decl->name_span,
                  "there is one ideal state, '%s' in %s, line %d; write 'replace ideal %s' to take its place",
                  other->word->text, other->public.file, other->public.line, other->word->text);
    c->library->ideal = decl;
    if (decl->over) check_over(c, decl);
    for (int i = 0; i < decl->ideals.count; i++) {
        hra_decl *ideal = decl->ideals.items[i];
        hra_check_assignment(c, ideal);
        if (decl->over && ideal->word->global == decl->over->symbol)
            hra_fault(c->diagnostics, ideal->name_span, "'%s' is searched; it has no ideal value", ideal->word->text);
    }
}

/* ---- group action ----------------------------------------------------------------------- */

static void check_action(hra_checker *c, hra_decl *decl)
{
    if (decl->condition) {
        c->over_groups = true;
        hra_check_flag(c, decl->condition);
        c->over_groups = false;
    }
    if (decl->roster) hra_check_flag(c, decl->roster);
}

bool hra_check_is_factor(const hra_checker *c, const char *name)
{
    for (int i = 0; i < c->library->declarations.count; i++) {
        const hra_decl *decl = c->library->declarations.items[i];
        if (decl->public.kind == HRA_DECLARATION_FACTOR && strcmp(decl->word->text, name) == 0) return true;
    }
    return false;
}

/* Whoever has what the alert warns of: a factor, or a flag of the dictionary. */
static void check_known_as(hra_checker *c, const hra_decl *decl)
{
    const char *name = hra_property_value(&decl->properties, "known_as", "en");
    if (!name) return;
    int variable = hra_dictionary_find(c->dictionary, name);
    if (variable >= 0 && hra_dictionary_at(c->dictionary, variable)->type == HRA_TYPE_FLAG) return;
    if (strcmp(name, decl->word->text) != 0 && hra_check_is_factor(c, name)) return;
    hra_fault(c->diagnostics, decl->name_span, "known_as '%s' is neither another factor nor a flag of the dictionary",
              name);
}

void hra_check_rules(hra_checker *c, hra_decl *decl)
{
    switch (decl->public.kind) {
    case HRA_DECLARATION_LET: check_let(c, decl); break;
    case HRA_DECLARATION_SUBSTITUTE: hra_check_assignment(c, decl); break;
    case HRA_DECLARATION_FACTOR:
        decl->symbol->type = (hra_value_type){.sort = HRA_SORT_FLAG};
        if (decl->condition) hra_check_flag(c, decl->condition);
        hra_check_excludes(c, decl);
        hra_check_texts(c, decl);
        check_known_as(c, decl);
        break;
    case HRA_DECLARATION_TIER: check_tier(c, decl); break;
    case HRA_DECLARATION_GROUP_ACTION: check_action(c, decl); break;
    case HRA_DECLARATION_PANEL: check_panel(c, decl); break;
    case HRA_DECLARATION_IDEAL: check_ideal(c, decl); break;
    case HRA_DECLARATION_PRESCRIPTION:
    case HRA_DECLARATION_INTERVENTION:
    case HRA_DECLARATION_ITEM:
    case HRA_DECLARATION_MONITOR:
    case HRA_DECLARATION_TOPIC:
    case HRA_DECLARATION_REFERENCE: hra_check_service(c, decl); break;
    case HRA_DECLARATION_EXCLUSION: hra_check_exclusion(c, decl); break;
    case HRA_DECLARATION_TABLE:
    case HRA_DECLARATION_MODEL: break;
    }
}

/* ---- order ------------------------------------------------------------------------------ */

static void report_cycle(hra_checker *c, const hra_decl *decl, const hra_span *from)
{
    hra_buffer path = {0};
    bool inside = false;
    for (int i = 0; i < c->path.count; i++) {
        const hra_decl *d = c->path.items[i];
        inside |= d == decl;
        if (inside) hra_buffer_printf(&path, "%s -> ", d->word->text);
    }
    hra_fault(c->diagnostics, from ? *from : decl->name_span, "cycle: %.700s%s", path.bytes ? path.bytes : "",
              decl->word->text);
    hra_buffer_destroy(&path);
}

static void check_body_of(hra_checker *c, hra_decl *decl)
{
    size_t words = ((size_t)hra_dictionary_count(c->dictionary) + 63) / 64;
    decl->reads = hra_take_array(c->memory, words, sizeof *decl->reads);
    if (!decl->reads) return;
    if (decl->public.kind == HRA_DECLARATION_TABLE)
        hra_check_table(c, decl);
    else if (decl->public.kind == HRA_DECLARATION_MODEL)
        hra_check_model(c, decl);
    else if (!decl->faulty || decl->value || decl->condition || decl->blocks.count || decl->over || decl->bands.count)
        hra_check_rules(c, decl);
}

void hra_check_declaration(hra_checker *c, hra_decl *decl, const hra_span *from)
{
    if (decl->state == HRA_CHECKED || c->memory->failed) return;
    if (decl->state == HRA_CHECKING) {
        report_cycle(c, decl, from);
        decl->faulty = true;
        return;
    }
    if (c->path.count > DEEPEST_PATH) {
        hra_fault(c->diagnostics, from ? *from : decl->name_span, "names refer to each other more than %d deep",
                  DEEPEST_PATH);
        return;
    }
    hra_checker saved = *c;
    int mark = c->scope.count, faults = hra_diagnostics_count(c->diagnostics);
    hra_list_add(c->memory, &c->path, decl);
    decl->state = HRA_CHECKING;
    hra_check_read(c, decl);
    c->decl = decl;
    c->depth = 0;
    c->any_level = c->over_groups = false;
    c->limited = (hra_list){0};
    check_body_of(c, decl);
    hra_check_close_scope(c, mark);
    decl->state = HRA_CHECKED;
    decl->faulty |= hra_diagnostics_count(c->diagnostics) > faults;
    c->path.count--;
    c->decl = saved.decl;
    c->depth = saved.depth;
    c->any_level = saved.any_level;
    c->over_groups = saved.over_groups;
    c->limited = saved.limited;
}
