/* Properties: KEY [ "." LANGUAGE ] VALUE. One table says which key stands
 * where, and what its value looks like. */
#include <stdio.h>
#include <string.h>

#include "engine/language/parser.h"

typedef enum shape { TEXT, WORD, NUMBER, SOURCE, DURATION, INTERVAL, REFERENCE } shape;

enum {
    ANYWHERE = HRA_PLACE_LET | HRA_PLACE_SUBSTITUTE | HRA_PLACE_TABLE | HRA_PLACE_MODEL | HRA_PLACE_FACTOR |
               HRA_PLACE_TIER | HRA_PLACE_PRESCRIPTION | HRA_PLACE_ACTION | HRA_PLACE_PANEL | HRA_PLACE_LEVEL |
               HRA_PLACE_ROLE | HRA_PLACE_VARIABLE | HRA_PLACE_IDEAL | HRA_PLACE_INTERVENTION | HRA_PLACE_ITEM |
               HRA_PLACE_MONITOR | HRA_PLACE_TOPIC | HRA_PLACE_REFERENCE | HRA_PLACE_EXCLUSION
};

typedef struct row {
    const char *key;
    int places;
    shape shape;
    bool localized, repeats;
    const char *words; /* the only words allowed, between blanks; NULL: any */
} row;

static const row rows[] = {
    {"title", ANYWHERE, TEXT, true, false, NULL},
    {"note", ANYWHERE | HRA_PLACE_USE, TEXT, true, true, NULL},
    {"source", ANYWHERE | HRA_PLACE_USE, SOURCE, false, true, NULL},
    {"review", ANYWHERE, WORD, false, false, " confirmed unconfirmed product "},
    {"disease", HRA_PLACE_MODEL, WORD, false, false, NULL},
    {"kind", HRA_PLACE_MODEL, WORD, false, false, NULL},
    {"horizon", HRA_PLACE_MODEL, DURATION, false, false, NULL},
    {"region", HRA_PLACE_MODEL, WORD, false, false, NULL},
    {"outcome", HRA_PLACE_MODEL | HRA_PLACE_ROLE, TEXT, true, false, NULL},
    {"population", HRA_PLACE_MODEL, TEXT, true, false, NULL},
    {"derivation", HRA_PLACE_MODEL, TEXT, true, false, NULL},
    {"licence", HRA_PLACE_MODEL, TEXT, true, false, NULL},
    {"caution", HRA_PLACE_MODEL, TEXT, true, true, NULL},
    {"reference_error", HRA_PLACE_MODEL, REFERENCE, false, false, NULL},
    {"unit", HRA_PLACE_LET, TEXT, false, false, NULL},
    {"decimals", HRA_PLACE_LET, NUMBER, false, false, NULL},
    {"group", HRA_PLACE_FACTOR | HRA_PLACE_LET, WORD, false, false, NULL},
    {"set", HRA_PLACE_FACTOR, WORD, false, false, NULL},
    {"severity", HRA_PLACE_FACTOR, WORD, false, false, " normal info mild moderate severe urgent "},
    {"deadline_days", HRA_PLACE_FACTOR, NUMBER, false, false, NULL},
    {"alert", HRA_PLACE_FACTOR, WORD, false, false, " first second chronic "},
    {"known_as", HRA_PLACE_FACTOR, WORD, false, false, NULL},
    {"told_by", HRA_PLACE_EXCLUSION, WORD, false, false, NULL},
    {"cut", HRA_PLACE_FACTOR, TEXT, true, false, NULL},
    {"action", HRA_PLACE_FACTOR, TEXT, true, false, NULL},
    {"domain", HRA_PLACE_PRESCRIPTION | HRA_PLACE_VARIABLE, WORD, false, false, NULL},
    {"priority", HRA_PLACE_PRESCRIPTION | HRA_PLACE_ACTION, NUMBER, false, false, NULL},
    {"text", HRA_PLACE_PRESCRIPTION, TEXT, true, false, NULL},
    {"target", HRA_PLACE_PRESCRIPTION | HRA_PLACE_INTERVENTION | HRA_PLACE_MONITOR | HRA_PLACE_TOPIC, TEXT, true, false,
     NULL},
    {"order",
     HRA_PLACE_PRESCRIPTION | HRA_PLACE_INTERVENTION | HRA_PLACE_ITEM | HRA_PLACE_MONITOR | HRA_PLACE_TOPIC |
         HRA_PLACE_FACTOR,
     NUMBER, false, false, NULL},
    {"recheck", HRA_PLACE_PRESCRIPTION, TEXT, true, false, NULL},
    {"within", HRA_PLACE_PRESCRIPTION, INTERVAL, false, false, NULL},
    {"doctor", HRA_PLACE_PRESCRIPTION | HRA_PLACE_TOPIC, TEXT, true, false, NULL},
    {"package", HRA_PLACE_ITEM, WORD, false, false, " economy standard comprehensive deluxe "},
    {"doctor_decides", HRA_PLACE_ITEM, WORD, false, false, " true false "},
    {"class", HRA_PLACE_MONITOR, WORD, false, false, NULL},
    {"indicator", HRA_PLACE_MONITOR, TEXT, true, false, NULL},
    {"method", HRA_PLACE_MONITOR, TEXT, true, false, NULL},
    {"frequency", HRA_PLACE_MONITOR, TEXT, true, false, NULL},
    {"alarm", HRA_PLACE_MONITOR, TEXT, true, false, NULL},
    {"every", HRA_PLACE_MONITOR, INTERVAL, false, false, NULL},
    {"next_contact", HRA_PLACE_MONITOR, INTERVAL, false, false, NULL},
    {"at_least", HRA_PLACE_TOPIC, TEXT, false, false, NULL},
    {"at_most", HRA_PLACE_TOPIC, TEXT, false, false, NULL},
    {"beside", HRA_PLACE_TOPIC, WORD, false, false, NULL},
    {"direction", HRA_PLACE_TOPIC, WORD, false, false, " lower raise keep "},
    {"lecture", HRA_PLACE_ACTION, TEXT, true, false, NULL},
    {"newsletter", HRA_PLACE_ACTION, TEXT, true, false, NULL},
    {"checkup", HRA_PLACE_ACTION, TEXT, true, false, NULL},
    {"measure", HRA_PLACE_ACTION, TEXT, true, false, NULL},
    {"season", HRA_PLACE_ACTION, WORD, false, false, " winter spring summer autumn "},
    {"responsible", HRA_PLACE_ACTION, WORD, false, false, " employer insurer provider "},
    {"effort", HRA_PLACE_ACTION, WORD, false, false, " low medium high "},
    {"sensitive", HRA_PLACE_ACTION, WORD, false, false, " true false "},
    {"because", HRA_PLACE_USE | HRA_PLACE_ITEM | HRA_PLACE_EXCLUSION, TEXT, true, false, NULL},
};
enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

const char *hra_property_value(const hra_list *properties, const char *key, const char *language)
{
    for (int i = 0; i < properties->count; i++) {
        const hra_property *property = properties->items[i];
        if (strcmp(property->key, key) == 0 && strcmp(property->language, language) == 0) return property->value;
    }
    return NULL;
}

/* What the writer may have meant by a key that does not stand here. */
static void unknown_key(hra_parser *p, hra_property_place place, const hra_token *key, bool elsewhere)
{
    static const char *const statements[] = {"let",        "valid",  "exclude",     "map",   "stratum",   "fold",
                                             "when",       "level",  "role",        "use",   "also",      "unless",
                                             "instead_of", "one_of", "first",       "ranks", "at_target", "domains",
                                             "rows",       "from",   "recalibrates"};
    hra_suggestion s = {.wanted = key->word->text};
    for (int i = 0; i < ROW_COUNT; i++)
        if (rows[i].places & (int)place) hra_suggest(&s, rows[i].key);
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) hra_suggest(&s, statements[i]);
    const char *best = hra_suggested(&s);
    bool statement = best && strcmp(best, s.wanted) == 0; /* one of another kind of declaration */
    if (elsewhere || statement)
        hra_fault(p->diagnostics, key->span, "%s'%s' does not belong here", statement ? "" : "property ", s.wanted);
    else
        hra_fault(p->diagnostics, key->span, "unknown property or statement '%s'%s%s%s", s.wanted,
                  best ? "; did you mean '" : "", best ? best : "", best ? "'?" : "");
    p->failed = true;
}

static const row *find_row(hra_parser *p, hra_property_place place, const hra_token *key)
{
    bool elsewhere = false;
    const char *text = key->word->text;
    for (int i = 0; i < ROW_COUNT; i++) {
        if (rows[i].key[0] != text[0] || strcmp(rows[i].key, text) != 0) continue;
        if (rows[i].places & (int)place) return &rows[i];
        elsewhere = true;
    }
    unknown_key(p, place, key, elsewhere);
    return NULL;
}

static const char *word_value(hra_parser *p, const row *r)
{
    if (!hra_parser_at(p, TOKEN_NAME) && !hra_parser_at(p, TOKEN_TEXT)) {
        hra_parser_expected(p, "a word");
        return NULL;
    }
    const char *value = hra_parser_at(p, TOKEN_NAME) ? p->token.word->text : p->token.text;
    if (r->words) {
        char padded[64];
        snprintf(padded, sizeof padded, " %.60s ", value);
        if (!strstr(r->words, padded))
            hra_fault(p->diagnostics, p->token.span, "'%s' is not a word for %s; known are:%s", value, r->key,
                      r->words);
    }
    hra_parser_advance(p);
    return value;
}

static const char *number_text(hra_parser *p)
{
    hra_span start = p->token.span;
    double number;
    if (!hra_parser_number(p, &number)) return NULL;
    hra_span span = hra_parser_since(p, start);
    return hra_take_text(p->memory, span.script->text + span.start, (size_t)span.length);
}

/* A number of days, weeks, months or years. */
static const char *interval(hra_parser *p)
{
    static const char *const units[] = {"days", "day", "weeks", "week", "months", "month", "years", "year"};
    double number = hra_parser_at(p, TOKEN_NUMBER) ? p->token.number : 1;
    hra_span span = p->token.span;
    const char *text = number_text(p);
    if (!text) return NULL;
    if (!(number >= 1 && number <= 9999) || strspn(text, "0123456789") != strlen(text))
        hra_fault(p->diagnostics, span, "a length of time is a whole number, 1 to 9999");
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (hra_parser_take_word(p, units[i])) return hra_take_printf(p->memory, "%s %s", text, units[i]);
    hra_parser_expected(p, "'days', 'weeks', 'months' or 'years' after the number");
    return NULL;
}

static void add(hra_parser *p, hra_list *properties, const char *prefix, const char *key, const char *language,
                const char *value)
{
    hra_property *property = HRA_TAKE(p->memory, hra_property);
    property->key = prefix ? hra_take_printf(p->memory, "%s.%s", prefix, key) : key;
    property->language = language;
    property->value = value;
    hra_list_add(p->memory, properties, property);
}

void hra_add_property(hra_parser *p, hra_list *properties, const char *key, const char *value)
{
    add(p, properties, NULL, key, "en", value);
}

static const char *value_of(hra_parser *p, const row *r)
{
    const char *value = NULL;
    switch (r->shape) {
    case TEXT: return hra_parser_text(p, "a text in double quotes");
    case WORD: return word_value(p, r);
    case NUMBER: return number_text(p);
    case SOURCE:
        if (!hra_parser_take_word(p, "doi")) return hra_parser_text(p, "a text in double quotes, or doi \"10...\"");
        value = hra_parser_text(p, "the DOI in double quotes");
        return value ? hra_take_printf(p->memory, "doi:%s", value) : NULL;
    case DURATION:
        value = number_text(p);
        if (!value) return NULL;
        if (hra_parser_at_word(p, "years") || hra_parser_at_word(p, "year") || hra_parser_at_word(p, "months"))
            hra_parser_advance(p);
        else
            hra_parser_expected(p, "'years' after the number");
        return p->failed ? NULL : hra_take_printf(p->memory, "%s %s", value, p->last.word->text);
    case INTERVAL: return interval(p);
    case REFERENCE: return number_text(p);
    }
    return NULL;
}

void hra_parse_property(hra_parser *p, hra_property_place place, const char *prefix, hra_list *properties)
{
    if (!hra_parser_at(p, TOKEN_NAME)) {
        hra_parser_expected(p, "a property or a statement");
        return;
    }
    hra_token key = p->token;
    const row *r = find_row(p, place, &key);
    if (!r) return;
    hra_parser_advance(p);
    const char *language = "en";
    if (r->localized && hra_parser_take(p, '.')) {
        hra_word *word = hra_parser_name(p, "a language such as zh", NULL);
        if (!word) return;
        language = word->text;
    }
    const char *value = value_of(p, r);
    if (!value) return;
    const char *full = prefix ? hra_take_printf(p->memory, "%s.%s", prefix, r->key) : r->key;
    if (!r->repeats && hra_property_value(properties, full, language)) {
        hra_fault(p->diagnostics, key.span, "'%s' is already given above", r->key);
        return;
    }
    add(p, properties, prefix, r->key, language, value);
    if (r->shape == REFERENCE && hra_parser_at(p, TOKEN_TEXT))
        add(p, properties, prefix, "reference_error_why", "en", hra_parser_text(p, "a reason"));
}

typedef struct plain {
    hra_property_place place;
    hra_list *properties;
} plain;

static void plain_item(hra_parser *p, void *context)
{
    const plain *block = context;
    hra_parse_property(p, block->place, NULL, block->properties);
}

void hra_parse_properties(hra_parser *p, hra_property_place place, hra_list *properties)
{
    plain block = {place, properties};
    hra_parser_block(p, plain_item, &block);
}
