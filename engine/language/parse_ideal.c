/* Values read in the place of the measured ones: the ideal state and interventions. */
#include "engine/language/parser.h"

/* VARIABLE = EXPRESSION [properties] */
static void assignment(hra_parser *p, hra_decl *decl)
{
    hra_decl *value = hra_parser_new_decl(p, HRA_DECLARATION_SUBSTITUTE, false);
    if (!hra_parser_name_decl(p, value, "the variable") || !hra_parser_need(p, '=', "'='")) return;
    value->value = hra_parse_expr(p);
    if (!value->value) return;
    if (hra_parser_at(p, '{')) hra_parse_properties(p, HRA_PLACE_SUBSTITUTE, &value->properties);
    for (int i = 0; i < decl->ideals.count; i++)
        if (((hra_decl *)decl->ideals.items[i])->word == value->word)
            hra_fault(p->diagnostics, value->name_span, "'%s' is already given above", value->word->text);
    hra_list_add(p->memory, &decl->ideals, value);
}

static bool at_assignment(const hra_parser *p)
{
    return hra_parser_at(p, TOKEN_NAME) && hra_parser_peek(p).kind == '=';
}

/* ---- ideal: over VARIABLE, and assignments ------------------------------------------ */

static void over(hra_parser *p, hra_decl *decl)
{
    if (decl->over) hra_fault(p->diagnostics, p->last.span, "a second 'over'");
    hra_expr *name = HRA_TAKE(p->memory, hra_expr);
    *name = (hra_expr){.kind = HRA_EXPR_NAME, .span = p->token.span};
    name->word = hra_parser_name(p, "the variable that is searched for an equal risk", &name->span);
    if (name->word) decl->over = name;
}

static void ideal_item(hra_parser *p, void *context)
{
    hra_decl *decl = context;
    if (at_assignment(p))
        assignment(p, decl);
    else if (hra_parser_take_word(p, "over"))
        over(p, decl);
    else
        hra_parse_property(p, HRA_PLACE_IDEAL, NULL, &decl->properties);
}

void hra_parse_ideal(hra_parser *p, hra_decl *decl)
{
    hra_parser_block(p, ideal_item, decl);
    hra_parser_must_have(p, decl, decl->over, "'over': the variable that is searched, such as age");
}

/* ---- intervention: when, and assignments ---------------------------------------------- */

static void intervention_item(hra_parser *p, void *context)
{
    hra_decl *decl = context;
    if (at_assignment(p))
        assignment(p, decl);
    else if (hra_parser_take_word(p, "when"))
        hra_parse_condition(p, decl);
    else
        hra_parse_property(p, HRA_PLACE_INTERVENTION, NULL, &decl->properties);
}

void hra_parse_intervention(hra_parser *p, hra_decl *decl)
{
    hra_parser_block(p, intervention_item, decl);
    hra_parser_must_have(p, decl, decl->condition, "'when': whom it is for");
    hra_parser_must_have(p, decl, decl->ideals.count > 0, "value that it changes, such as 'sbp = min(sbp, 130)'");
}
