/* `variable` declarations: a row of the data dictionary, written as text. */
#include <math.h>
#include <string.h>

#include "engine/language/parser.h"

static const char *const type_names[] = {"measure", "count", "flag", "category", "date", "label", "text", "id"};

static void type(hra_parser *p, hra_variable_block *block)
{
    hra_suggestion s = {.wanted = hra_parser_at(p, TOKEN_NAME) ? p->token.word->text : ""};
    for (int i = 0; i < (int)(sizeof type_names / sizeof type_names[0]); i++) {
        if (strcmp(s.wanted, type_names[i]) != 0) continue;
        block->type = (hra_type)i;
        block->has_type = true;
        hra_parser_advance(p);
        return;
    }
    hra_parser_expected(p, "a type: measure, count, flag, category, date, label, text or id");
}

static void limits(hra_parser *p, double *low, double *high)
{
    hra_range range;
    if (!hra_parse_range(p, &range)) return;
    if (range.has_low) *low = range.low;
    if (range.has_high) *high = range.high;
}

/* level NAME [NUMBER] TEXT ... [, ...]; texts that stand side by side are one */
static void level(hra_parser *p, hra_variable_block *block)
{
    hra_level_row *row = HRA_TAKE(p->memory, hra_level_row);
    row->number = NAN;
    row->word = hra_parser_name(p, "a name for the level", &row->span);
    if (!row->word) return;
    if ((hra_parser_at(p, TOKEN_NUMBER) || hra_parser_at(p, '-')) && !hra_parser_number(p, &row->number)) return;
    while (hra_parser_at(p, TOKEN_TEXT)) {
        hra_list_add(p->memory, &row->labels, (void *)hra_parser_text(p, "a label"));
        if (!hra_parser_take(p, ',')) break;
    }
    hra_list_add(p->memory, &block->levels, row);
}

/* convert "m" 100 [+ offset] */
static void convert(hra_parser *p, hra_variable_block *block)
{
    hra_unit_conversion *c = HRA_TAKE(p->memory, hra_unit_conversion);
    c->unit = hra_parser_text(p, "a unit in double quotes");
    if (!c->unit) return;
    hra_span start = p->token.span;
    hra_expr *e = hra_parse_expr(p);
    if (!e) return;
    hra_expr *factor = e;
    double sign = 1;
    if (e->kind == HRA_EXPR_BINARY && (e->op == '+' || e->op == '-')) {
        factor = e->a;
        sign = e->op == '-' ? -1 : 1;
        if (!hra_expr_constant(e->b, &c->offset)) c->offset = NAN;
    }
    c->offset *= sign;
    if (!hra_expr_constant(factor, &c->factor) || !(c->factor > 0) || isnan(c->offset)) {
        hra_fault(p->diagnostics, hra_parser_since(p, start), "expected a positive factor, and perhaps '+ offset'");
        p->failed = true;
        return;
    }
    hra_list_add(p->memory, &block->converts, c);
}

static void alias(hra_parser *p, hra_variable_block *block)
{
    do {
        const char *text = hra_parser_text(p, "an alias in double quotes");
        if (!text) return;
        hra_list_add(p->memory, &block->aliases, (void *)text);
    } while (hra_parser_take(p, ','));
}

/* only_for sex == female, only_for smoking_status != never, only_for diabetes == yes, only_for models */
static void only_for(hra_parser *p, hra_variable_block *block)
{
    block->only_for = hra_parser_name(p, "models, or a category", &block->only_for_span);
    if (!block->only_for) return;
    block->only_for_others = hra_parser_take(p, TOKEN_NOT_EQUAL);
    if (!block->only_for_others && !hra_parser_take(p, TOKEN_EQUAL)) return;
    block->only_for_level = hra_parser_name(p, "a level of the category", NULL);
    block->only_for_span = hra_parser_since(p, block->only_for_span);
}

static void item(hra_parser *p, void *context)
{
    hra_variable_block *block = context;
    if (hra_parser_take_word(p, "type"))
        type(p, block);
    else if (hra_parser_take_word(p, "decimals"))
        hra_parser_number(p, &block->decimals);
    else if (hra_parser_take_word(p, "plausible"))
        limits(p, &block->plausible_min, &block->plausible_max);
    else if (hra_parser_take_word(p, "hard"))
        limits(p, &block->hard_min, &block->hard_max);
    else if (hra_parser_take_word(p, "level"))
        level(p, block);
    else if (hra_parser_take_word(p, "convert"))
        convert(p, block);
    else if (hra_parser_take_word(p, "only_for"))
        only_for(p, block);
    else if (hra_parser_take_word(p, "alias"))
        alias(p, block);
    else if (hra_parser_at_word(p, "unit")) {
        hra_parser_advance(p);
        block->unit = hra_parser_text(p, "a unit in double quotes");
    } else
        hra_parse_property(p, HRA_PLACE_VARIABLE, NULL, &block->properties);
}

void hra_parse_variable(hra_parser *p, bool replaces)
{
    hra_variable_block *block = HRA_TAKE(p->memory, hra_variable_block);
    block->decimals = block->plausible_min = block->plausible_max = block->hard_min = block->hard_max = NAN;
    block->replaces = replaces;
    block->span = p->last.span;
    block->word = hra_parser_name(p, "a name for the variable", &block->name_span);
    if (!block->word) return;
    hra_parser_block(p, item, block);
    block->span = hra_parser_since(p, block->span);
    if (p->failed) return;
    const char *what =
        !block->has_type                                               ? "has no type"
        : block->type == HRA_TYPE_CATEGORY && block->levels.count == 0 ? "is a category without levels"
        : block->type != HRA_TYPE_CATEGORY && block->levels.count > 0  ? "has levels but is not a category"
        : !isnan(block->decimals) && !(block->decimals >= 0 && block->decimals <= 9) ? "has decimals outside 0..9"
                                                                                     : NULL;
    if (what)
        hra_fault(p->diagnostics, block->name_span, "variable '%s' %s", block->word->text, what);
    else
        hra_list_add(p->memory, &p->variables, block);
}
