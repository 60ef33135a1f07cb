/* The body of a model: lets, outputs, strata, folds, ranges, maps. */
#include <string.h>

#include "engine/language/parser.h"

enum { DEEPEST_STRATUM = 16 };

static hra_statement *new_statement(hra_parser *p, hra_statement_kind kind, hra_span span)
{
    hra_statement *s = HRA_TAKE(p->memory, hra_statement);
    s->kind = kind;
    s->span = span;
    return s;
}

/* NAME = expression [ { properties } ] */
static hra_statement *named_value(hra_parser *p, hra_statement_kind kind)
{
    hra_statement *s = new_statement(p, kind, p->token.span);
    s->word = hra_parser_name(p, "a name", &s->span);
    if (!s->word || !hra_parser_need(p, '=', "'='")) return NULL;
    s->value = hra_parse_expr(p);
    if (!s->value) return NULL;
    if (hra_parser_at(p, '{')) hra_parse_properties(p, HRA_PLACE_LET, &s->properties);
    return s;
}

static hra_statement *valid(hra_parser *p)
{
    hra_statement *s = new_statement(p, HRA_STATEMENT_VALID, p->last.span);
    s->value = hra_parse_expr(p);
    if (!s->value || !hra_parser_take_word(p, "for")) return s->value ? s : NULL;
    do {
        hra_expr *name = HRA_TAKE(p->memory, hra_expr);
        name->kind = HRA_EXPR_NAME;
        name->word = hra_parser_name(p, "the name of an output", &name->span);
        if (!name->word) return NULL;
        hra_list_add(p->memory, &s->outputs, name);
    } while (hra_parser_take(p, ','));
    return s;
}

/* level | level -> own      level -> outside */
static bool map_entry(hra_parser *p, hra_statement *s)
{
    hra_map_entry *entry = HRA_TAKE(p->memory, hra_map_entry);
    entry->span = p->token.span;
    do {
        hra_expr *level = HRA_TAKE(p->memory, hra_expr);
        level->kind = HRA_EXPR_NAME;
        level->word = hra_parser_name(p, "a level of the variable", &level->span);
        if (!level->word) return false;
        hra_list_add(p->memory, &entry->levels, level);
    } while (hra_parser_take(p, '|'));
    if (!hra_parser_need(p, TOKEN_ARROW, "'->' and the model's own level")) return false;
    entry->own = hra_parser_name(p, "the model's own level, or outside", &entry->own_span);
    if (!entry->own) return false;
    if (strcmp(entry->own->text, "outside") == 0) entry->own = NULL;
    hra_list_add(p->memory, &s->entries, entry);
    return true;
}

static hra_statement *map(hra_parser *p)
{
    hra_statement *s = new_statement(p, HRA_STATEMENT_MAP, p->last.span);
    s->word = hra_parser_name(p, "the variable to map", &s->span);
    if (!s->word || !hra_parser_need(p, '{', "'{'")) return NULL;
    while (!hra_parser_at(p, '}')) {
        if (!map_entry(p, s)) return NULL;
        if (!hra_parser_take(p, ',') && !hra_parser_take(p, ';')) break;
    }
    return hra_parser_need(p, '}', "',' or '}'") ? s : NULL;
}

/* ---- folds ----------------------------------------------------------------- */

static bool fold_value(hra_parser *p, hra_fold_body *fold, int kind)
{
    hra_fold_item *item = HRA_TAKE(p->memory, hra_fold_item);
    item->kind = kind;
    item->word = hra_parser_name(p, "a name", &item->span);
    if (!item->word || !hra_parser_need(p, '=', "'='")) return false;
    item->value = hra_parse_expr(p);
    if (!item->value) return false;
    fold->state_count += kind == HRA_FOLD_STATE;
    hra_list_add(p->memory, &fold->items, item);
    return true;
}

/* emit NAME = STATE [at CONDITION] */
static void fold_emit(hra_parser *p, hra_fold_body *fold)
{
    hra_emit *emit = HRA_TAKE(p->memory, hra_emit);
    emit->word = hra_parser_name(p, "a name for the result", &emit->span);
    if (!emit->word || !hra_parser_need(p, '=', "'='")) return;
    emit->state_word = hra_parser_name(p, "a state of this fold", &emit->state_span);
    if (!emit->state_word) return;
    if (hra_parser_take_word(p, "at")) {
        emit->condition = hra_parse_expr(p);
        if (!emit->condition) return;
    }
    hra_list_add(p->memory, &fold->emits, emit);
}

static void fold_item(hra_parser *p, void *context)
{
    hra_fold_body *fold = context;
    if (hra_parser_take_word(p, "state"))
        fold_value(p, fold, HRA_FOLD_STATE);
    else if (hra_parser_take_word(p, "let"))
        fold_value(p, fold, HRA_FOLD_LET);
    else if (hra_parser_take_word(p, "next"))
        fold_value(p, fold, HRA_FOLD_NEXT);
    else if (hra_parser_take_word(p, "emit"))
        fold_emit(p, fold);
    else
        hra_parser_expected(p, "state, let, next or emit");
}

static hra_statement *fold(hra_parser *p)
{
    hra_statement *s = new_statement(p, HRA_STATEMENT_FOLD, p->last.span);
    s->fold = HRA_TAKE(p->memory, hra_fold_body);
    if (!hra_parser_take_word(p, "over")) {
        hra_parser_expected(p, "'over' and what the fold runs over");
        return NULL;
    }
    if (!hra_parse_loop(p, &s->fold->loop)) return NULL;
    hra_parser_block(p, fold_item, s->fold);
    return s;
}

/* ---- strata ---------------------------------------------------------------- */

static void body_item(hra_parser *p, void *context);

static bool same_text(hra_span a, hra_span b)
{
    return a.length == b.length && memcmp(a.script->text + a.start, b.script->text + b.start, (size_t)a.length) == 0;
}

/* Strata that follow each other are one choice; a condition that is already
 * there starts the next choice. */
static hra_statement *strata_for(hra_parser *p, hra_list *body, const hra_stratum *arm)
{
    hra_statement *s = body->count ? body->items[body->count - 1] : NULL;
    bool joins = s && s->kind == HRA_STATEMENT_STRATA;
    for (int i = 0; joins && i < s->strata.count; i++)
        if (same_text(((hra_stratum *)s->strata.items[i])->condition->span, arm->condition->span)) joins = false;
    if (joins) return s;
    s = new_statement(p, HRA_STATEMENT_STRATA, arm->span);
    hra_list_add(p->memory, body, s);
    return s;
}

static void stratum(hra_parser *p, hra_list *body)
{
    hra_stratum *arm = HRA_TAKE(p->memory, hra_stratum);
    arm->span = p->last.span;
    arm->condition = hra_parse_expr(p);
    if (!arm->condition) return;
    hra_statement *s = strata_for(p, body, arm);
    if (++p->strata > DEEPEST_STRATUM) {
        hra_fault(p->diagnostics, arm->span, "strata nested deeper than %d levels", DEEPEST_STRATUM);
        p->failed = true;
    } else {
        hra_list_add(p->memory, &s->strata, arm);
        hra_parser_block(p, body_item, &arm->body);
    }
    p->strata--;
}

static void add_statement(hra_parser *p, hra_list *body, hra_statement *s)
{
    if (s) hra_list_add(p->memory, body, s);
}

/* True for the statements that may stand in a stratum as well. */
static bool common_statement(hra_parser *p, hra_list *body)
{
    if (hra_parser_at(p, TOKEN_NAME) && hra_parser_peek(p).kind == '=')
        add_statement(p, body, named_value(p, HRA_STATEMENT_OUTPUT));
    else if (hra_parser_take_word(p, "let"))
        add_statement(p, body, named_value(p, HRA_STATEMENT_LET));
    else if (hra_parser_take_word(p, "stratum"))
        stratum(p, body);
    else if (hra_parser_take_word(p, "fold"))
        add_statement(p, body, fold(p));
    else
        return false;
    return true;
}

static void body_item(hra_parser *p, void *context)
{
    if (common_statement(p, context)) return;
    hra_parser_expected(p, "let, an output 'NAME = ...', stratum or fold (ranges, exclusions, maps and properties "
                           "belong to the model, not to a stratum)");
}

void hra_parse_exclude(hra_parser *p, hra_list *statements)
{
    hra_statement *s = new_statement(p, HRA_STATEMENT_EXCLUDE, p->last.span);
    s->value = hra_parse_expr(p);
    if (s->value) add_statement(p, statements, s);
}

static hra_statement *recalibrates(hra_parser *p)
{
    hra_statement *s = new_statement(p, HRA_STATEMENT_RECALIBRATES, p->last.span);
    s->value = hra_parse_expr(p);
    return s->value ? s : NULL;
}

static void model_item(hra_parser *p, void *context)
{
    hra_decl *decl = context;
    if (common_statement(p, &decl->body)) return;
    if (hra_parser_take_word(p, "valid"))
        add_statement(p, &decl->body, valid(p));
    else if (hra_parser_take_word(p, "map"))
        add_statement(p, &decl->body, map(p));
    else if (hra_parser_take_word(p, "exclude"))
        hra_parse_exclude(p, &decl->body);
    else if (hra_parser_take_word(p, "recalibrates"))
        add_statement(p, &decl->body, recalibrates(p));
    else
        hra_parse_property(p, HRA_PLACE_MODEL, NULL, &decl->properties);
}

void hra_parse_model(hra_parser *p, hra_decl *decl) { hra_parser_block(p, model_item, decl); }
