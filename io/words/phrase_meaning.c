/* What a cut text says of a variable: negation, relatives and the past around each phrase. */
#include <math.h>
#include <string.h>

#include "io/words/cell_text.h"
#include "io/words/phrase_book.h"

/* Relatives are those of the first degree; grandparents, husbands and the like are others. */
typedef enum owner { UNSAID, OF_SELF, OF_RELATIVE, OF_OTHER } owner;

/* What surrounds a phrase; goes on over 、 and is forgotten at ； and 。 */
typedef struct surroundings {
    bool negated;
    bool open_negation; /* no phrase has followed it yet */
    bool said;          /* 有, a duration: not merely listed */
    bool past;
    owner subject;
} surroundings;

typedef struct found {
    int word;
    surroundings around;
    bool ambiguous; /* behind a comma after a denial or a relative: does that go on? */
    double years;   /* NaN: none */
} found;

typedef struct meaning {
    const hra_phrase_book *book;
    const hra_phrase_text *text;
    int variable;
    const char *fault;
    bool any, missing;
    double value;
} meaning;

/* ---- statements --------------------------------------------------------------------- */

static void state(meaning *m, const hra_phrase_meaning *what)
{
    if (what->kind == HRA_MEANS_UNSAID) return;
    bool missing = what->kind == HRA_MEANS_MISSING;
    if (m->any && (missing != m->missing || (!missing && what->value != m->value)))
        m->fault = "the text contradicts itself";
    m->any = true;
    m->missing = missing;
    m->value = what->value;
}

static bool concerns(const hra_phrase_entry *entry, owner subject)
{
    return subject == UNSAID || subject == (entry->relative ? OF_RELATIVE : OF_SELF);
}

static void apply_entry(meaning *m, const hra_phrase_entry *entry, const found *f)
{
    if (!concerns(entry, f->around.subject)) return;
    if (f->ambiguous) {
        m->fault = "a comma after a denial or a relative: it is not clear whether that goes on";
        return;
    }
    const hra_phrase_meaning *what = &entry->plain;
    if (f->around.negated)
        what = &entry->negated;
    else if (f->around.past && entry->plain.kind != HRA_MEANS_UNSAID)
        what = &entry->past;
    if (what->kind == HRA_MEANS_UNSAID && entry->plain.kind != HRA_MEANS_UNSAID) m->fault = HRA_TEXT_NOT_UNDERSTOOD;
    state(m, what);
}

/* The duration beside a phrase: 戒烟5年 gives quit_years. */
static void apply_years(meaning *m, const hra_phrase_entry *entry, const found *f)
{
    if (isnan(f->years) || f->around.negated || !concerns(entry, f->around.subject)) return;
    bool count = hra_dictionary_at(m->book->dictionary, m->variable)->type == HRA_TYPE_COUNT;
    const hra_phrase_meaning years = {HRA_MEANS_VALUE, count ? floor(f->years) : f->years};
    state(m, &years);
}

static void apply(meaning *m, const found *f)
{
    for (int e = m->book->words[f->word].first; e >= 0; e = m->book->entries[e].next) {
        const hra_phrase_entry *entry = &m->book->entries[e];
        if (entry->variable == m->variable) apply_entry(m, entry, f);
        if (entry->years == m->variable) apply_years(m, entry, f);
    }
}

/* 无, 本人无; of a family variable also 父亲 alone. */
static void apply_bare(meaning *m, const surroundings *around, bool nothing)
{
    const hra_phrase_topic *topic = &m->book->topics[m->variable];
    const hra_phrase_entry entry = {.relative = topic->relative};
    if (!topic->any || !concerns(&entry, around->subject)) return;
    if (nothing || around->negated) {
        if (topic->negated.kind == HRA_MEANS_UNSAID) m->fault = HRA_TEXT_NOT_UNDERSTOOD;
        state(m, &topic->negated);
    } else if (topic->relative && around->subject == OF_RELATIVE) {
        state(m, &topic->plain);
    }
}

/* ---- clauses -------------------------------------------------------------------------- */

enum { MAX_FOUND = 32 };

typedef struct clause {
    found items[MAX_FOUND];
    int count;
    surroundings around;
    bool uncertain;                            /* what came before may go on */
    bool relative, nothing;                    /* such a word stands in it */
    bool tail_denial, tail_relative, tail_yes; /* behind the last phrase: 高血压(-), 糖尿病家族史, 高血压有 */
    double years;
} clause;

static bool is_bare(const found *f) { return !f->around.said && f->around.subject == UNSAID; }

static void take_phrase(meaning *m, clause *c, int word)
{
    surroundings *a = &c->around;
    bool back = c->tail_denial || c->tail_relative || c->tail_yes;
    /* 高血压无糖尿病有: does the word between belong to what is before it or behind it? */
    if (c->count == MAX_FOUND || (back && is_bare(&c->items[c->count - 1]))) {
        m->fault = HRA_TEXT_NOT_UNDERSTOOD;
        return;
    }
    c->items[c->count++] = (found){word, *a, c->uncertain && !a->said && a->subject == UNSAID, NAN};
    a->open_negation = false;
    c->tail_denial = c->tail_relative = c->tail_yes = false;
}

static void take_word(meaning *m, clause *c, int word)
{
    const hra_phrase_word *w = &m->book->words[word];
    surroundings *a = &c->around;
    bool behind = c->count > 0;
    if (w->phrase) {
        take_phrase(m, c, word);
        return;
    }
    switch (w->role) {
    case HRA_PHRASE_NEGATION:
        if (a->open_negation) m->fault = HRA_TEXT_NOT_UNDERSTOOD; /* two denials in a row */
        a->negated = a->open_negation = a->said = true;
        c->tail_denial = behind;
        break;
    case HRA_PHRASE_AFFIRMATION:
        if (!a->open_negation) a->negated = false;
        a->said = true;
        c->tail_yes = behind;
        break;
    case HRA_PHRASE_RELATIVE:
        a->subject = OF_RELATIVE;
        c->relative = true;
        c->tail_relative = behind;
        break;
    case HRA_PHRASE_OTHER:
        a->subject = OF_OTHER;
        if (behind) m->fault = HRA_TEXT_NOT_UNDERSTOOD;
        break;
    case HRA_PHRASE_SELF: a->subject = OF_SELF; break;
    case HRA_PHRASE_PAST: a->past = true; break;
    case HRA_PHRASE_NOTHING: c->nothing = true; break;
    default: break;
    }
}

/* What stands behind the last phrase goes back to those before it. */
static void reach_back(meaning *m, clause *c)
{
    for (int i = 0; i < c->count; i++) {
        found *f = &c->items[i];
        if (c->tail_yes && (f->around.negated || c->tail_denial)) m->fault = HRA_TEXT_NOT_UNDERSTOOD;
        if (c->tail_denial && f->around.said) m->fault = HRA_TEXT_NOT_UNDERSTOOD;
        if (c->tail_yes) f->ambiguous = false;
        if (c->tail_denial && !f->around.said) f->around.negated = true;
        if (c->tail_denial) f->ambiguous = false;
        if (c->tail_relative && f->around.subject == UNSAID) f->around.subject = OF_RELATIVE;
    }
}

/* Reads the tokens of one clause; returns where it ends. */
static int read_clause(meaning *m, int at, clause *c)
{
    int durations = 0;
    for (; at < m->text->count && m->text->tokens[at].class < HRA_TOKEN_LIST; at++) {
        const hra_phrase_token *token = &m->text->tokens[at];
        if (token->class == HRA_TOKEN_WORD) take_word(m, c, token->word);
        if (token->class != HRA_TOKEN_DURATION) continue;
        c->years = token->years;
        durations++;
        c->around.said |= !c->around.open_negation;
        for (int i = 0; i < c->count; i++) c->items[i].ambiguous = false; /* 高血压10年 stands for itself */
    }
    if (durations > 1) c->years = NAN;
    reach_back(m, c);
    return at;
}

static void apply_clause(meaning *m, clause *c, bool list_goes_on)
{
    for (int i = 0; i < c->count; i++) {
        c->items[i].years = c->count == 1 ? c->years : NAN;
        apply(m, &c->items[i]);
    }
    if (c->count > 0 && c->nothing) m->fault = HRA_TEXT_NOT_UNDERSTOOD;
    bool alone = c->count == 0 && (c->nothing || c->around.open_negation || (c->relative && !list_goes_on));
    if (alone) apply_bare(m, &c->around, c->nothing);
}

/* Clause after clause. A list (、) goes on with what surrounded the one before it; behind a comma that is not certain
 * until the text says so anew. */
static void read_all(meaning *m)
{
    surroundings before = {0};
    hra_token_class mark = HRA_TOKEN_STOP;
    bool doubt = false;
    for (int at = 0; at < m->text->count && !m->fault;) {
        clause c = {.years = NAN};
        if (mark == HRA_TOKEN_STOP) doubt = false;
        if (mark == HRA_TOKEN_LIST) c.around = before;
        c.around.open_negation = false;
        c.uncertain = doubt && mark == HRA_TOKEN_COMMA;
        int end = read_clause(m, at, &c);
        mark = end < m->text->count ? m->text->tokens[end].class : HRA_TOKEN_STOP;
        apply_clause(m, &c, mark == HRA_TOKEN_LIST);
        if (c.around.said || c.around.subject != UNSAID || c.tail_relative)
            doubt = c.around.negated || c.around.subject > OF_SELF;
        before = c.around;
        at = end + 1;
    }
}

hra_cell_value hra_phrase_says(const hra_phrase_book *book, const hra_phrase_text *text, int variable)
{
    meaning m = {.book = book, .text = text, .variable = variable};
    read_all(&m);
    if (m.fault) return hra_cell_rejected(m.fault);
    if (!m.any) return (hra_cell_value){.kind = HRA_CELL_MISSING, .reason = HRA_TEXT_DOES_NOT_SAY};
    if (m.missing) return (hra_cell_value){.kind = HRA_CELL_MISSING, .reason = "a word for none"};
    return hra_cell_known(m.value, HRA_ALTERED_WORDS);
}
