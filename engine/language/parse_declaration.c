/* Declarations other than models, tables and variables; and whole scripts. */
#include <string.h>

#include "engine/language/parser.h"

hra_decl *hra_parser_new_decl(hra_parser *p, hra_declaration_kind kind, bool replaces)
{
    hra_decl *decl = HRA_TAKE(p->memory, hra_decl);
    decl->public.kind = kind;
    decl->span = p->last.span;
    decl->decimals = -1;
    decl->replaces = replaces;
    return decl;
}

bool hra_parser_name_decl(hra_parser *p, hra_decl *decl, const char *what)
{
    decl->word = hra_parser_name(p, what, &decl->name_span);
    return decl->word != NULL;
}

void hra_parser_must_have(hra_parser *p, const hra_decl *decl, bool there, const char *what)
{
    bool told = p->diagnostics && hra_diagnostics_count(p->diagnostics) > p->faults_before;
    if (there || p->failed || told) return;
    hra_fault(p->diagnostics, decl->name_span, "%s '%s' has no %s", hra_declaration_kind_name(decl->public.kind),
              decl->word->text, what);
}

/* ---- let, substitute -------------------------------------------------------- */

static void let(hra_parser *p, hra_decl *decl)
{
    if (!hra_parser_need(p, '=', "'='")) return;
    decl->value = hra_parse_expr(p);
    if (decl->value && hra_parser_at(p, '{')) hra_parse_properties(p, HRA_PLACE_LET, &decl->properties);
}

static void substitute(hra_parser *p, hra_decl *decl)
{
    if (!hra_parser_take_word(p, "with")) {
        hra_parser_expected(p, "'with' and what stands in");
        return;
    }
    decl->value = hra_parse_expr(p);
    if (decl->value && hra_parser_at(p, '{')) hra_parse_properties(p, HRA_PLACE_SUBSTITUTE, &decl->properties);
}

/* ---- factor, group action ------------------------------------------------------ */

void hra_parse_condition(hra_parser *p, hra_decl *decl)
{
    if (decl->condition)
        hra_fault(p->diagnostics, p->last.span, "a second '%s'; join conditions with 'and' or 'or'",
                  p->last.word->text);
    decl->condition = hra_parse_expr(p);
}

void hra_parse_exclude_why(hra_parser *p, hra_decl *decl)
{
    hra_parse_exclude(p, &decl->excludes);
    while (!p->failed && hra_parser_at_word(p, "because"))
        hra_parse_property(p, HRA_PLACE_USE, "exclude", &decl->properties);
}

static void factor_item(hra_parser *p, void *context)
{
    hra_decl *decl = context;
    if (hra_parser_take_word(p, "when"))
        hra_parse_condition(p, decl);
    else if (hra_parser_take_word(p, "exclude"))
        hra_parse_exclude_why(p, decl);
    else
        hra_parse_property(p, HRA_PLACE_FACTOR, NULL, &decl->properties);
}

static void action_item(hra_parser *p, void *context)
{
    hra_decl *decl = context;
    if (hra_parser_take_word(p, "when"))
        hra_parse_condition(p, decl);
    else if (hra_parser_take_word(p, "roster"))
        decl->roster = hra_parse_expr(p);
    else
        hra_parse_property(p, HRA_PLACE_ACTION, NULL, &decl->properties);
}

/* ---- levels and roles ----------------------------------------------------------- */

hra_named_block *hra_parser_new_block(hra_parser *p, hra_decl *decl, const char *what)
{
    hra_named_block *block = HRA_TAKE(p->memory, hra_named_block);
    block->word = hra_parser_name(p, what, &block->span);
    if (!block->word) return NULL;
    for (int i = 0; i < decl->blocks.count; i++)
        if (((hra_named_block *)decl->blocks.items[i])->word == block->word)
            hra_fault(p->diagnostics, block->span, "'%s' is already given above", block->word->text);
    return block;
}

/* ---- panel ------------------------------------------------------------------- */

typedef struct named {
    hra_decl *decl;
    hra_named_block *block;
} named;

static hra_expr *model_reference(hra_parser *p)
{
    hra_expr *e = HRA_TAKE(p->memory, hra_expr);
    e->kind = HRA_EXPR_NAME;
    e->word = hra_parser_name(p, "a model, or MODEL.OUTPUT", &e->span);
    if (!e->word || !hra_parser_take(p, '.')) return e->word ? e : NULL;
    e->kind = HRA_EXPR_MEMBER;
    e->member = hra_parser_name(p, "an output of the model", NULL);
    e->span = hra_parser_since(p, e->span);
    return e->member ? e : NULL;
}

/* use MODEL.OUTPUT because "..." because.zh "..." note "..." */
static void use(hra_parser *p, named *n)
{
    hra_expr *model = model_reference(p);
    if (!model) return;
    hra_list_add(p->memory, &n->block->uses, model);
    const char *prefix = hra_take_printf(p->memory, "%s.use%d", n->block->word->text, n->block->uses.count);
    hra_property *which = HRA_TAKE(p->memory, hra_property);
    *which = (hra_property){prefix, "en", model->word->text};
    hra_list_add(p->memory, &n->decl->properties, which);
    while (!p->failed &&
           (hra_parser_at_word(p, "because") || hra_parser_at_word(p, "note") || hra_parser_at_word(p, "source")))
        hra_parse_property(p, HRA_PLACE_USE, prefix, &n->decl->properties);
}

/* level low { title "Low" title.zh "..." }: texts of a level of the category */
static void labelled_level(hra_parser *p, named *n)
{
    hra_expr *level = HRA_TAKE(p->memory, hra_expr);
    level->kind = HRA_EXPR_NAME;
    level->word = hra_parser_name(p, "a level of the category", &level->span);
    if (!level->word) return;
    hra_list_add(p->memory, &n->block->labelled, level);
    hra_list texts = {0};
    hra_parse_properties(p, HRA_PLACE_LEVEL, &texts);
    for (int i = 0; i < texts.count; i++) {
        hra_property *text = texts.items[i];
        text->key = hra_take_printf(p->memory, "%s.%s.%s", n->block->word->text, level->word->text, text->key);
        hra_list_add(p->memory, &n->decl->properties, text);
    }
}

static void role_item(hra_parser *p, void *context)
{
    named *n = context;
    if (hra_parser_take_word(p, "level")) {
        labelled_level(p, n);
        return;
    }
    if (hra_parser_take_word(p, "use")) {
        use(p, n);
    } else if (hra_parser_at_word(p, "category") && hra_parser_peek(p).kind == '=') {
        hra_parser_advance(p);
        hra_parser_advance(p);
        n->block->category = hra_parse_expr(p);
    } else {
        hra_parse_property(p, HRA_PLACE_ROLE, n->block->word->text, &n->decl->properties);
    }
}

static void role(hra_parser *p, hra_decl *decl)
{
    hra_named_block *block = hra_parser_new_block(p, decl, "a name for the role");
    if (!block) return;
    named n = {decl, block};
    hra_parser_block(p, role_item, &n);
    if (!p->failed && block->uses.count == 0)
        hra_fault(p->diagnostics, block->span, "role '%s' uses no model", block->word->text);
    hra_list_add(p->memory, &decl->blocks, block);
}

static void panel_substitute(hra_parser *p, hra_decl *panel)
{
    hra_decl *decl = hra_parser_new_decl(p, HRA_DECLARATION_SUBSTITUTE, false);
    decl->panel = panel;
    if (!hra_parser_name_decl(p, decl, "the variable")) return;
    substitute(p, decl);
    decl->span = hra_parser_since(p, decl->span);
    if (decl->value) hra_list_add(p->memory, &p->declarations, decl);
}

/* also MODEL, MODEL.OUTPUT, ... or also all */
static void also(hra_parser *p, hra_decl *panel)
{
    if (hra_parser_take_word(p, "all")) {
        panel->also_all = true;
        return;
    }
    do {
        hra_expr *model = model_reference(p);
        if (!model) return;
        hra_list_add(p->memory, &panel->also, model);
    } while (hra_parser_take(p, ','));
}

/* ranks ROLE, ROLE: whose risks add up to what an intervention removes */
static void ranks(hra_parser *p, hra_decl *panel)
{
    do {
        hra_expr *name = HRA_TAKE(p->memory, hra_expr);
        name->kind = HRA_EXPR_NAME;
        name->word = hra_parser_name(p, "a role of this panel", &name->span);
        if (!name->word) return;
        hra_list_add(p->memory, &panel->ranks, name);
    } while (hra_parser_take(p, ','));
}

static void panel_item(hra_parser *p, void *context)
{
    hra_decl *decl = context;
    if (hra_parser_take_word(p, "role")) {
        role(p, decl);
    } else if (hra_parser_take_word(p, "substitute")) {
        panel_substitute(p, decl);
    } else if (hra_parser_take_word(p, "also")) {
        also(p, decl);
    } else if (hra_parser_take_word(p, "ranks")) {
        ranks(p, decl);
    } else {
        hra_parse_property(p, HRA_PLACE_PANEL, NULL, &decl->properties);
    }
}

/* ---- scripts ------------------------------------------------------------------ */

static void body_of(hra_parser *p, hra_decl *decl)
{
    switch (decl->public.kind) {
    case HRA_DECLARATION_LET: let(p, decl); break;
    case HRA_DECLARATION_SUBSTITUTE: substitute(p, decl); break;
    case HRA_DECLARATION_TABLE: hra_parse_table(p, decl); break;
    case HRA_DECLARATION_MODEL: hra_parse_model(p, decl); break;
    case HRA_DECLARATION_FACTOR:
        hra_parser_block(p, factor_item, decl);
        hra_parser_must_have(p, decl, decl->condition, "'when'");
        break;
    case HRA_DECLARATION_TIER: hra_parse_tier(p, decl); break;
    case HRA_DECLARATION_PRESCRIPTION: hra_parse_prescription(p, decl); break;
    case HRA_DECLARATION_GROUP_ACTION:
        hra_parser_block(p, action_item, decl);
        hra_parser_must_have(p, decl, decl->condition, "'when'");
        break;
    case HRA_DECLARATION_PANEL: hra_parser_block(p, panel_item, decl); break;
    case HRA_DECLARATION_IDEAL: hra_parse_ideal(p, decl); break;
    case HRA_DECLARATION_INTERVENTION: hra_parse_intervention(p, decl); break;
    case HRA_DECLARATION_ITEM: hra_parse_checkup_item(p, decl); break;
    case HRA_DECLARATION_MONITOR: hra_parse_monitor(p, decl); break;
    case HRA_DECLARATION_TOPIC: hra_parse_topic(p, decl); break;
    case HRA_DECLARATION_REFERENCE: hra_parse_reference(p, decl); break;
    case HRA_DECLARATION_EXCLUSION: hra_parse_exclusion(p, decl); break;
    }
}

bool hra_parse_rest(hra_parser *p, hra_decl *decl)
{
    hra_declaration_kind kind = decl->public.kind;
    bool of_variable = kind == HRA_DECLARATION_SUBSTITUTE || kind == HRA_DECLARATION_REFERENCE;
    const char *what = of_variable ? "the variable" : "a name";
    if (!hra_parser_name_decl(p, decl, what)) return false;
    decl->public.line = p->last.line;
    p->faults_before = p->diagnostics ? hra_diagnostics_count(p->diagnostics) : 0;
    body_of(p, decl);
    decl->span = hra_parser_since(p, decl->span);
    decl->faulty = p->failed || (p->diagnostics && hra_diagnostics_count(p->diagnostics) > p->faults_before);
    return true;
}

static void declaration_of(hra_parser *p, hra_declaration_kind kind, bool replaces)
{
    hra_decl *decl = hra_parser_new_decl(p, kind, replaces);
    if (hra_parse_rest(p, decl)) hra_list_add(p->memory, &p->declarations, decl);
}

/* In the order of hra_declaration_kind. */
static const char *const kinds[] = {"let",          "substitute",   "table",     "model",    "factor",       "tier",
                                    "prescription", "group_action", "panel",     "ideal",    "intervention", "item",
                                    "monitor",      "topic",        "reference", "exclusion"};

const char *hra_declaration_kind_name(hra_declaration_kind kind) { return kinds[kind]; }

static void no_declaration(hra_parser *p)
{
    hra_suggestion s = {.wanted = hra_parser_at(p, TOKEN_NAME) ? p->token.word->text : ""};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) hra_suggest(&s, kinds[i]);
    const char *best = hra_suggested(&s);
    const char *list =
        "a declaration: variable, let, substitute, table, model, factor, tier, prescription, group_action, "
        "panel, ideal, intervention, item, monitor, topic, reference or exclusion";
    hra_parser_expected(p, best ? hra_take_printf(p->memory, "%s (did you mean '%s'?)", list, best) : list);
}

void hra_parse_declaration(hra_parser *p)
{
    bool replaces = hra_parser_take_word(p, "replace");
    if (hra_parser_take_word(p, "variable")) {
        hra_parse_variable(p, replaces);
        return;
    }
    for (int i = 0; i < (int)(sizeof kinds / sizeof kinds[0]); i++) {
        if (!hra_parser_take_word(p, kinds[i])) continue;
        declaration_of(p, (hra_declaration_kind)i, replaces);
        return;
    }
    no_declaration(p);
}

static bool at_top_level_start(const hra_parser *p)
{
    return hra_parser_at_declaration(p) || (hra_parser_at_word(p, "let") && p->token.first_on_line);
}

void hra_parse_script(hra_parser *p)
{
    p->recovered_at = -1;
    hra_parser_advance(p);
    while (!hra_parser_at(p, TOKEN_END)) {
        int before = p->token.span.start;
        hra_parse_declaration(p);
        if (!p->failed) continue;
        p->failed = false;
        p->nesting = 0;
        p->strata = 0;
        if (p->token.span.start == before) hra_parser_advance(p);
        while (!hra_parser_at(p, TOKEN_END) && !at_top_level_start(p)) hra_parser_advance(p);
        p->failed = false;
    }
}
