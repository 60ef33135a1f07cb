/* Declarations other than models, tables and variables; and whole scripts. */
#include <string.h>

#include "engine/language/parser.h"

static hra_decl *new_decl(hra_parser *p, hra_declaration_kind kind, bool replaces)
{
    hra_decl *decl = HRA_TAKE(p->memory, hra_decl);
    decl->public.kind = kind;
    decl->span = p->last.span;
    decl->decimals = -1;
    decl->replaces = replaces;
    return decl;
}

static bool name_decl(hra_parser *p, hra_decl *decl, const char *what)
{
    decl->word = hra_parser_name(p, what, &decl->name_span);
    return decl->word != NULL;
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

/* ---- factor, prescription, group action -------------------------------------- */

static void condition(hra_parser *p, hra_decl *decl)
{
    if (decl->condition) hra_fault(p->diagnostics, p->last.span, "a second 'when'; join conditions with 'and' or 'or'");
    decl->condition = hra_parse_expr(p);
}

static void factor_item(hra_parser *p, void *context)
{
    hra_decl *decl = context;
    if (hra_parser_take_word(p, "when"))
        condition(p, decl);
    else
        hra_parse_property(p, HRA_PLACE_FACTOR, NULL, &decl->properties);
}

static void prescription_item(hra_parser *p, void *context)
{
    hra_decl *decl = context;
    if (hra_parser_take_word(p, "when"))
        condition(p, decl);
    else
        hra_parse_property(p, HRA_PLACE_PRESCRIPTION, NULL, &decl->properties);
}

static void action_item(hra_parser *p, void *context)
{
    hra_decl *decl = context;
    if (hra_parser_take_word(p, "when"))
        condition(p, decl);
    else if (hra_parser_take_word(p, "roster"))
        decl->roster = hra_parse_expr(p);
    else
        hra_parse_property(p, HRA_PLACE_ACTION, NULL, &decl->properties);
}

static void need_condition(hra_parser *p, hra_decl *decl, const char *what)
{
    bool told = p->diagnostics && hra_diagnostics_count(p->diagnostics) > p->faults_before;
    if (decl->condition || p->failed || told) return;
    hra_fault(p->diagnostics, decl->name_span, "%s '%s' has no 'when'", what, decl->word->text);
}

/* ---- tier -------------------------------------------------------------------- */

typedef struct named {
    hra_decl *decl;
    hra_named_block *block;
    bool otherwise;
} named;

static void level_item(hra_parser *p, void *context)
{
    named *n = context;
    if (hra_parser_take_word(p, "when"))
        n->block->condition = hra_parse_expr(p);
    else if (hra_parser_take_word(p, "otherwise"))
        n->otherwise = true;
    else
        hra_parse_property(p, HRA_PLACE_LEVEL, n->block->word->text, &n->decl->properties);
}

static hra_named_block *new_block(hra_parser *p, hra_decl *decl, const char *what)
{
    hra_named_block *block = HRA_TAKE(p->memory, hra_named_block);
    block->word = hra_parser_name(p, what, &block->span);
    if (!block->word) return NULL;
    for (int i = 0; i < decl->blocks.count; i++)
        if (((hra_named_block *)decl->blocks.items[i])->word == block->word)
            hra_fault(p->diagnostics, block->span, "'%s' is already given above", block->word->text);
    return block;
}

static void tier_level(hra_parser *p, hra_decl *decl)
{
    hra_named_block *block = new_block(p, decl, "a name for the level");
    if (!block) return;
    if (decl->blocks.count > 0 && !((hra_named_block *)decl->blocks.items[decl->blocks.count - 1])->condition)
        hra_fault(p->diagnostics, block->span, "a level after 'otherwise' is never reached");
    named n = {decl, block, false};
    hra_parser_block(p, level_item, &n);
    if (!p->failed && !block->condition && !n.otherwise)
        hra_fault(p->diagnostics, block->span, "level '%s' has neither 'when' nor 'otherwise'", block->word->text);
    hra_list_add(p->memory, &decl->blocks, block);
}

static void tier_item(hra_parser *p, void *context)
{
    hra_decl *decl = context;
    if (hra_parser_take_word(p, "level"))
        tier_level(p, decl);
    else
        hra_parse_property(p, HRA_PLACE_TIER, NULL, &decl->properties);
}

/* ---- panel ------------------------------------------------------------------- */

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
    hra_named_block *block = new_block(p, decl, "a name for the role");
    if (!block) return;
    named n = {decl, block, false};
    hra_parser_block(p, role_item, &n);
    if (!p->failed && block->uses.count == 0)
        hra_fault(p->diagnostics, block->span, "role '%s' uses no model", block->word->text);
    hra_list_add(p->memory, &decl->blocks, block);
}

static void panel_substitute(hra_parser *p, hra_decl *panel)
{
    hra_decl *decl = new_decl(p, HRA_DECLARATION_SUBSTITUTE, false);
    decl->panel = panel;
    if (!name_decl(p, decl, "the variable")) return;
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

static void panel_item(hra_parser *p, void *context)
{
    hra_decl *decl = context;
    if (hra_parser_take_word(p, "role")) {
        role(p, decl);
    } else if (hra_parser_take_word(p, "substitute")) {
        panel_substitute(p, decl);
    } else if (hra_parser_take_word(p, "also")) {
        also(p, decl);
    } else {
        hra_parse_property(p, HRA_PLACE_PANEL, NULL, &decl->properties);
    }
}

/* ---- ideal: over VARIABLE, and VARIABLE = EXPRESSION [properties] ------------------ */

static void ideal_over(hra_parser *p, hra_decl *decl)
{
    if (decl->over) hra_fault(p->diagnostics, p->last.span, "a second 'over'");
    hra_expr *name = HRA_TAKE(p->memory, hra_expr);
    *name = (hra_expr){.kind = HRA_EXPR_NAME, .span = p->token.span};
    name->word = hra_parser_name(p, "the variable that is searched for an equal risk", &name->span);
    if (name->word) decl->over = name;
}

static void ideal_value(hra_parser *p, hra_decl *decl)
{
    hra_decl *value = new_decl(p, HRA_DECLARATION_SUBSTITUTE, false);
    if (!name_decl(p, value, "the variable") || !hra_parser_need(p, '=', "'='")) return;
    value->value = hra_parse_expr(p);
    if (!value->value) return;
    if (hra_parser_at(p, '{')) hra_parse_properties(p, HRA_PLACE_SUBSTITUTE, &value->properties);
    for (int i = 0; i < decl->ideals.count; i++)
        if (((hra_decl *)decl->ideals.items[i])->word == value->word)
            hra_fault(p->diagnostics, value->name_span, "'%s' is already given above", value->word->text);
    hra_list_add(p->memory, &decl->ideals, value);
}

static void ideal_item(hra_parser *p, void *context)
{
    hra_decl *decl = context;
    if (hra_parser_at(p, TOKEN_NAME) && hra_parser_peek(p).kind == '=')
        ideal_value(p, decl);
    else if (hra_parser_take_word(p, "over"))
        ideal_over(p, decl);
    else
        hra_parse_property(p, HRA_PLACE_IDEAL, NULL, &decl->properties);
}

static void need_over(hra_parser *p, const hra_decl *decl)
{
    bool told = p->diagnostics && hra_diagnostics_count(p->diagnostics) > p->faults_before;
    if (decl->over || p->failed || told) return;
    hra_fault(p->diagnostics, decl->name_span, "ideal '%s' has no 'over': the variable that is searched, such as age",
              decl->word->text);
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
        need_condition(p, decl, "factor");
        break;
    case HRA_DECLARATION_TIER: hra_parser_block(p, tier_item, decl); break;
    case HRA_DECLARATION_PRESCRIPTION:
        hra_parser_block(p, prescription_item, decl);
        need_condition(p, decl, "prescription");
        break;
    case HRA_DECLARATION_GROUP_ACTION:
        hra_parser_block(p, action_item, decl);
        need_condition(p, decl, "group action");
        break;
    case HRA_DECLARATION_PANEL: hra_parser_block(p, panel_item, decl); break;
    case HRA_DECLARATION_IDEAL:
        hra_parser_block(p, ideal_item, decl);
        need_over(p, decl);
        break;
    }
}

static void declaration_of(hra_parser *p, hra_declaration_kind kind, bool replaces)
{
    hra_decl *decl = new_decl(p, kind, replaces);
    const char *what = kind == HRA_DECLARATION_SUBSTITUTE ? "the variable" : "a name";
    if (!name_decl(p, decl, what)) return;
    decl->public.line = p->last.line;
    p->faults_before = p->diagnostics ? hra_diagnostics_count(p->diagnostics) : 0;
    body_of(p, decl);
    decl->span = hra_parser_since(p, decl->span);
    decl->faulty = p->failed || (p->diagnostics && hra_diagnostics_count(p->diagnostics) > p->faults_before);
    hra_list_add(p->memory, &p->declarations, decl);
}

static void declaration(hra_parser *p)
{
    static const char *const kinds[] = {"let",  "substitute",   "table",        "model", "factor",
                                        "tier", "prescription", "group_action", "panel", "ideal"};
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
    hra_parser_expected(p, "a declaration: variable, let, substitute, table, model, factor, tier, prescription, "
                           "group_action, panel or ideal");
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
        declaration(p);
        if (!p->failed) continue;
        p->failed = false;
        p->nesting = 0;
        p->strata = 0;
        if (p->token.span.start == before) hra_parser_advance(p);
        while (!hra_parser_at(p, TOKEN_END) && !at_top_level_start(p)) hra_parser_advance(p);
        p->failed = false;
    }
}
