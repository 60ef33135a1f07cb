/* What a service says and does: prescriptions, checkup items, monitoring, topics, reference bands. */
#include <math.h>

#include "engine/language/parser.h"

static hra_expr *name_of(hra_parser *p, const char *what)
{
    hra_expr *e = HRA_TAKE(p->memory, hra_expr);
    e->kind = HRA_EXPR_NAME;
    e->word = hra_parser_name(p, what, &e->span);
    return e->word ? e : NULL;
}

/* ---- prescription --------------------------------------------------------------- */

static void unless(hra_parser *p, hra_decl *decl)
{
    hra_expr *condition = hra_parse_expr(p);
    if (condition) hra_list_add(p->memory, &decl->unless, condition);
}

static void instead_of(hra_parser *p, hra_decl *decl)
{
    do {
        hra_expr *other = name_of(p, "a prescription");
        if (!other) return;
        hra_list_add(p->memory, &decl->instead_of, other);
    } while (hra_parser_take(p, ','));
}

static void serves(hra_parser *p, hra_decl *decl)
{
    if (decl->serves) hra_fault(p->diagnostics, p->last.span, "a second 'intervention'");
    decl->serves = name_of(p, "the intervention that this serves");
    if (decl->serves) hra_add_property(p, &decl->properties, "intervention", decl->serves->word->text);
}

static void one_of(hra_parser *p, hra_decl *decl)
{
    if (decl->one_of) hra_fault(p->diagnostics, p->last.span, "a second 'one_of'");
    decl->one_of = hra_parser_name(p, "a word for what is wanted only once", NULL);
    if (decl->one_of) hra_add_property(p, &decl->properties, "one_of", decl->one_of->text);
}

static void first_always(hra_parser *p, hra_decl *decl)
{
    if (hra_parser_take_word(p, "always"))
        decl->first_always = true;
    else
        hra_parser_expected(p, "'always'");
}

static void prescription_item(hra_parser *p, void *context)
{
    hra_decl *decl = context;
    if (hra_parser_take_word(p, "when"))
        hra_parse_condition(p, decl);
    else if (hra_parser_take_word(p, "unless"))
        unless(p, decl);
    else if (hra_parser_take_word(p, "instead_of"))
        instead_of(p, decl);
    else if (hra_parser_take_word(p, "intervention"))
        serves(p, decl);
    else if (hra_parser_take_word(p, "one_of"))
        one_of(p, decl);
    else if (hra_parser_take_word(p, "first"))
        first_always(p, decl);
    else
        hra_parse_property(p, HRA_PLACE_PRESCRIPTION, NULL, &decl->properties);
}

void hra_parse_prescription(hra_parser *p, hra_decl *decl)
{
    hra_parser_block(p, prescription_item, decl);
    hra_parser_must_have(p, decl, decl->condition, "'when'");
}

/* ---- item, monitor --------------------------------------------------------------- */

/* A rule whose block holds its condition and properties of one place. */
typedef struct conditional {
    hra_decl *decl;
    hra_property_place place;
} conditional;

static void conditional_item(hra_parser *p, void *context)
{
    const conditional *block = context;
    if (hra_parser_take_word(p, "when"))
        hra_parse_condition(p, block->decl);
    else
        hra_parse_property(p, block->place, NULL, &block->decl->properties);
}

static void parse_conditional(hra_parser *p, hra_decl *decl, hra_property_place place)
{
    conditional block = {decl, place};
    hra_parser_block(p, conditional_item, &block);
    hra_parser_must_have(p, decl, decl->condition, "'when'");
}

void hra_parse_checkup_item(hra_parser *p, hra_decl *decl) { parse_conditional(p, decl, HRA_PLACE_ITEM); }

void hra_parse_monitor(hra_parser *p, hra_decl *decl) { parse_conditional(p, decl, HRA_PLACE_MONITOR); }

/* ---- topic ------------------------------------------------------------------------ */

static void domains(hra_parser *p, hra_decl *decl)
{
    const char *all = NULL;
    do {
        hra_word *domain = hra_parser_name(p, "a domain of prescriptions", NULL);
        if (!domain) return;
        all = all ? hra_take_printf(p->memory, "%s %s", all, domain->text) : domain->text;
    } while (hra_parser_take(p, ','));
    hra_add_property(p, &decl->properties, "domains", all);
}

/* Their names also as a text, for who reads the declaration. */
static void also(hra_parser *p, hra_decl *decl)
{
    const char *all = NULL;
    do {
        hra_expr *name = name_of(p, "a prescription");
        if (!name) return;
        hra_list_add(p->memory, &decl->also, name);
        all = all ? hra_take_printf(p->memory, "%s %s", all, name->word->text) : name->word->text;
    } while (hra_parser_take(p, ','));
    hra_add_property(p, &decl->properties, "also", all);
}

static void topic_item(hra_parser *p, void *context)
{
    hra_decl *decl = context;
    if (hra_parser_take_word(p, "value")) {
        if (decl->value) hra_fault(p->diagnostics, p->last.span, "a second 'value'");
        decl->value = hra_parse_expr(p);
    } else if (hra_parser_take_word(p, "at_target")) {
        hra_parse_condition(p, decl);
    } else if (hra_parser_take_word(p, "exclude")) {
        hra_parse_exclude_why(p, decl);
    } else if (hra_parser_take_word(p, "domains")) {
        domains(p, decl);
    } else if (hra_parser_take_word(p, "also")) {
        also(p, decl);
    } else {
        hra_parse_property(p, HRA_PLACE_TOPIC, NULL, &decl->properties);
    }
}

void hra_parse_topic(hra_parser *p, hra_decl *decl)
{
    hra_parser_block(p, topic_item, decl);
    hra_parser_must_have(p, decl, decl->value, "'value'");
    hra_parser_must_have(p, decl, decl->condition, "'at_target': the condition that there is nothing to improve");
}

/* ---- exclusion --------------------------------------------------------------------- */

/* from FACTOR, TOPIC, ... */
static void from(hra_parser *p, hra_decl *decl)
{
    do {
        hra_expr *name = HRA_TAKE(p->memory, hra_expr);
        name->kind = HRA_EXPR_NAME;
        name->word = hra_parser_name(p, "a factor or a topic", &name->span);
        if (!name->word) return;
        hra_list_add(p->memory, &decl->from, name);
    } while (hra_parser_take(p, ','));
}

static void exclusion_item(hra_parser *p, void *context)
{
    hra_decl *decl = context;
    if (hra_parser_take_word(p, "when"))
        hra_parse_condition(p, decl);
    else if (hra_parser_take_word(p, "from"))
        from(p, decl);
    else
        hra_parse_property(p, HRA_PLACE_EXCLUSION, NULL, &decl->properties);
}

void hra_parse_exclusion(hra_parser *p, hra_decl *decl)
{
    hra_parser_block(p, exclusion_item, decl);
    hra_parser_must_have(p, decl, decl->condition, "'when'");
    hra_parser_must_have(p, decl, decl->from.count > 0, "'from': the factors and topics that it holds for");
}

/* ---- reference --------------------------------------------------------------------- */

/* The number as it is written goes to the properties: "band1.low" "9". */
static void bound(hra_parser *p, hra_decl *decl, const char *which, double *value)
{
    hra_span start = p->token.span;
    if (!hra_parser_number(p, value)) return;
    hra_span span = hra_parser_since(p, start);
    const char *key = hra_take_printf(p->memory, "band%d.%s", decl->bands.count + 1, which);
    hra_add_property(p, &decl->properties, key,
                     hra_take_text(p->memory, span.script->text + span.start, (size_t)span.length));
}

static void band(hra_parser *p, hra_decl *decl)
{
    hra_band *b = HRA_TAKE(p->memory, hra_band);
    b->low = b->high = NAN;
    b->span = p->token.span;
    if (hra_parser_take_word(p, "low")) bound(p, decl, "low", &b->low);
    if (!p->failed && hra_parser_take_word(p, "high")) bound(p, decl, "high", &b->high);
    if (p->failed) return;
    b->span = hra_parser_since(p, b->span);
    if (hra_parser_take_word(p, "when") && !(b->condition = hra_parse_expr(p))) return;
    if (b->low > b->high) hra_fault(p->diagnostics, b->span, "the low bound is above the high one");
    const hra_band *last = decl->bands.count ? decl->bands.items[decl->bands.count - 1] : NULL;
    if (last && !last->condition)
        hra_fault(p->diagnostics, b->span, "a band after one without 'when' is never reached");
    hra_list_add(p->memory, &decl->bands, b);
}

/* "U/L" in quotes, or bare where it is made of names. */
static void unit(hra_parser *p, hra_decl *decl)
{
    if (decl->unit) hra_fault(p->diagnostics, p->last.span, "a second 'unit'");
    hra_span start = p->token.span;
    if (hra_parser_at(p, TOKEN_NAME)) {
        hra_parser_advance(p);
        while (hra_parser_take(p, '/'))
            if (!hra_parser_name(p, "the rest of the unit", NULL)) return;
        hra_span span = hra_parser_since(p, start);
        decl->unit = hra_take_text(p->memory, span.script->text + span.start, (size_t)span.length);
    } else {
        decl->unit = hra_parser_text(p, "a unit");
    }
    if (decl->unit) hra_add_property(p, &decl->properties, "unit", decl->unit);
}

static void reference_item(hra_parser *p, void *context)
{
    hra_decl *decl = context;
    if (hra_parser_at_word(p, "low") || hra_parser_at_word(p, "high"))
        band(p, decl);
    else if (hra_parser_take_word(p, "unit"))
        unit(p, decl);
    else
        hra_parse_property(p, HRA_PLACE_REFERENCE, NULL, &decl->properties);
}

void hra_parse_reference(hra_parser *p, hra_decl *decl)
{
    hra_parser_block(p, reference_item, decl);
    hra_parser_must_have(p, decl, decl->bands.count > 0, "band: 'low', 'high' or both");
}
