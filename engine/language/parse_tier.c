/* tier: levels, each with conditions that may say why. */
#include "engine/language/parser.h"

typedef struct level {
    hra_decl *decl;
    hra_named_block *block;
    bool otherwise;
} level;

/* The texts of one reason: "comprehensive.2.because". */
static void because(hra_parser *p, level *l, const char *reason)
{
    const char *prefix = hra_take_printf(p->memory, "%s.%s", l->block->word->text, reason);
    while (!p->failed && hra_parser_at_word(p, "because")) {
        hra_parse_property(p, HRA_PLACE_USE, prefix, &l->decl->properties);
        l->decl->has_reasons = true;
    }
}

static void when(hra_parser *p, level *l)
{
    if (l->otherwise) hra_fault(p->diagnostics, p->last.span, "a 'when' after 'otherwise' is never reached");
    hra_expr *condition = hra_parse_expr(p);
    if (!condition) return;
    hra_list_add(p->memory, &l->block->whens, condition);
    because(p, l, hra_take_printf(p->memory, "%d", l->block->whens.count));
}

static void level_item(hra_parser *p, void *context)
{
    level *l = context;
    if (hra_parser_take_word(p, "when")) {
        when(p, l);
    } else if (hra_parser_take_word(p, "otherwise")) {
        if (l->block->whens.count > 0)
            hra_fault(p->diagnostics, p->last.span, "a level has conditions or is for all others, not both");
        l->otherwise = true;
        because(p, l, "otherwise");
    } else {
        hra_parse_property(p, HRA_PLACE_LEVEL, l->block->word->text, &l->decl->properties);
    }
}

static void one_level(hra_parser *p, hra_decl *decl)
{
    hra_named_block *block = hra_parser_new_block(p, decl, "a name for the level");
    if (!block) return;
    if (decl->blocks.count > 0 && ((hra_named_block *)decl->blocks.items[decl->blocks.count - 1])->whens.count == 0)
        hra_fault(p->diagnostics, block->span, "a level after 'otherwise' is never reached");
    level l = {decl, block, false};
    hra_parser_block(p, level_item, &l);
    if (!p->failed && block->whens.count == 0 && !l.otherwise)
        hra_fault(p->diagnostics, block->span, "level '%s' has neither 'when' nor 'otherwise'", block->word->text);
    hra_list_add(p->memory, &decl->blocks, block);
}

static void tier_item(hra_parser *p, void *context)
{
    hra_decl *decl = context;
    if (hra_parser_take_word(p, "level"))
        one_level(p, decl);
    else
        hra_parse_property(p, HRA_PLACE_TIER, NULL, &decl->properties);
}

void hra_parse_tier(hra_parser *p, hra_decl *decl) { hra_parser_block(p, tier_item, decl); }
