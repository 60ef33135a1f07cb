/* A4: the topics of improvement. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/graph/scalar.h"
#include "report/person/person_view_internal.h"
#include "service/signoff/content.h"

enum { MOST_ACTIONS = 3 };

/* ---- prepared ----------------------------------------------------------------------------- */

static bool has_word(const char *words, const char *wanted)
{
    size_t length = strlen(wanted);
    for (const char *at = words; *at; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        if (word == length && memcmp(at, wanted, word) == 0) return true;
        at += word;
    }
    return false;
}

typedef struct shared_search {
    const hra_declaration *named[64]; /* factors that the topic names */
    int count;
    bool shared;
} shared_search;

static void add_named(void *context, const hra_declaration *named)
{
    shared_search *s = context;
    if (named->kind == HRA_DECLARATION_FACTOR && s->count < 64) s->named[s->count++] = named;
}

static void look_for_shared(void *context, const hra_declaration *named)
{
    shared_search *s = context;
    for (int i = 0; i < s->count; i++) s->shared = s->shared || s->named[i] == named;
}

static bool several_topics(const hra_person_views *v, const char *domain)
{
    const hra_catalogue *c = v->request.catalogue;
    int count = 0;
    for (int i = 0; i < c->topic_count; i++)
        count += has_word(hra_view_text(v, c->topics[i].declaration, "domains"), domain);
    return count > 1;
}

/* Advice of other domains that the topic names: stopping smoking because of diabetes is advice on glucose. */
static void add_also(const hra_person_views *v, const hra_declaration *d, int *advice, hra_prepared_topic *t)
{
    const char *also = hra_view_text(v, d, "also");
    const int own = t->advice_count;
    for (int i = 0; i < v->advice_count; i++) {
        bool skip = !has_word(also, v->advice[i].fixed.origin.id);
        for (int k = 0; k < own && !skip; k++) skip = advice[k] == i;
        if (!skip) advice[t->advice_count++] = i;
    }
}

/* Advice of the topic's domains by priority: what fits (it rests on a finding that the topic names too, or its domain
 * serves this topic alone); where nothing ever fits, all of it. */
static bool prepare_actions(hra_person_views *v, const hra_declaration *d, hra_prepared_topic *t)
{
    const char *domains = hra_view_text(v, d, "domains");
    int *advice = hra_view_take(v, v->advice_count, sizeof *advice);
    shared_search search = {.count = 0};
    if (!advice) return false;
    if (d) hra_content_names(v->library, d, add_named, &search);
    for (int pass = 0; pass < 2 && t->advice_count == 0; pass++)
        for (int i = 0; i < v->advice_count; i++) {
            const hra_prepared_advice *a = &v->advice[i];
            const hra_declaration *prescription = hra_library_find(v->library, a->fixed.origin.id);
            if (!prescription || !has_word(domains, a->fixed.domain)) continue;
            search.shared = !several_topics(v, a->fixed.domain);
            hra_content_names(v->library, prescription, look_for_shared, &search);
            if (search.shared || pass == 1) advice[t->advice_count++] = i;
        }
    add_also(v, d, advice, t);
    t->advice = advice;
    return true;
}

/* What a reader calls the levels of a category of the dictionary. */
static bool prepare_levels(hra_person_views *v, const hra_output *o, const hra_declaration *d, hra_prepared_topic *t)
{
    const hra_dictionary *dictionary = v->request.schema->dictionary;
    const char **labels = hra_view_take(v, o->level_count, sizeof *labels);
    if (!labels) return false;
    for (int l = 0; l < o->level_count; l++) {
        labels[l] = o->levels[l];
        for (int i = 0; d && i < d->input_count; i++) {
            int variable = hra_dictionary_find(dictionary, d->inputs[i]);
            const hra_variable *x = variable < 0 ? NULL : hra_dictionary_at(dictionary, variable);
            int level = x && x->level_count == o->level_count ? hra_variable_level(x, o->levels[l]) : -1;
            if (level >= 0) labels[l] = hra_level_label(&x->levels[level], v->request.language);
        }
    }
    t->level_labels = labels;
    return true;
}

static double number_in(const char *text)
{
    char *end;
    double value = strtod(text, &end);
    return end == text ? (double)NAN : value;
}

static hra_prepared_bound prepare_bound(hra_person_views *v, const hra_declaration *d, const char *key, bool *ok)
{
    hra_prepared_bound bound = {.text = hra_view_template(v, d, key, ok), .number = NAN};
    const char *constant = bound.text ? hra_template_constant(bound.text) : NULL;
    if (constant) bound.number = number_in(constant);
    return bound;
}

static bool prepare_topic(hra_person_views *v, const hra_topic_output *outputs, hra_prepared_topic *t)
{
    const hra_catalogue *c = v->request.catalogue;
    const hra_declaration *d = outputs->declaration;
    const char *direction = hra_view_text(v, d, "direction");
    bool ok = true;
    *t = (hra_prepared_topic){.outputs = outputs,
                              .target = hra_view_template(v, d, "target", &ok),
                              .doctor = hra_view_template(v, d, "doctor", &ok),
                              .why = hra_view_prepare_why(v, d, &ok),
                              .beside =
                                  hra_dictionary_find(v->request.schema->dictionary, hra_view_text(v, d, "beside")),
                              .low = prepare_bound(v, d, "at_least", &ok),
                              .high = prepare_bound(v, d, "at_most", &ok)};
    t->fixed = (hra_view_topic){.origin = hra_view_origin_of(v, d, c->outputs[outputs->at_target].id, &ok),
                                .value = NAN,
                                .value_text = "",
                                .delivered = "",
                                .unit = outputs->value < 0 ? "" : c->outputs[outputs->value].unit,
                                .low = NAN,
                                .high = NAN,
                                .gap = NAN,
                                .gap_text = "",
                                .direction = direction,
                                .removable = NAN,
                                .why = ""};
    if (!t->fixed.unit) t->fixed.unit = "";
    if (outputs->value >= 0 && c->outputs[outputs->value].kind == HRA_OUTPUT_CATEGORY)
        ok = ok && prepare_levels(v, &c->outputs[outputs->value], d, t);
    return ok && prepare_actions(v, d, t);
}

bool hra_view_prepare_topics(hra_person_views *v)
{
    const hra_catalogue *c = v->request.catalogue;
    v->topics = hra_view_take(v, c->topic_count, sizeof *v->topics);
    for (int i = 0; v->topics && i < c->topic_count; i++) {
        hra_prepared_topic topic;
        if (!prepare_topic(v, &c->topics[i], &topic)) return false;
        double order = hra_view_property_number(c->topics[i].declaration, "order", INFINITY);
        int at = i;
        for (; at > 0 && order < hra_view_property_number(v->topics[at - 1].outputs->declaration, "order", INFINITY);
             at--)
            v->topics[at] = v->topics[at - 1];
        v->topics[at] = topic;
    }
    return v->topics;
}

/* ---- one person ------------------------------------------------------------------------------ */

/* Decimals a value of this output is printed with; where none are stated, none for whole numbers. */
static int decimals_of(const hra_view_build *b, int output)
{
    int decimals = b->person.catalogue->outputs[output].decimals;
    double value = hra_view_value_of(b, output);
    return decimals >= 0 ? decimals : value == floor(value) ? 0 : 1;
}

static void show_value(hra_view_build *b, const hra_prepared_topic *t, hra_view_topic *out)
{
    out->value = hra_view_value_of(b, t->outputs->value);
    if (isnan(out->value)) return;
    if (t->level_labels) {
        out->value_text = t->level_labels[(int)out->value];
        return;
    }
    int decimals = b->person.catalogue->outputs[t->outputs->value].kind == HRA_OUTPUT_NUMBER
                       ? decimals_of(b, t->outputs->value)
                       : 0;
    out->value = hra_scalar_round(out->value, decimals);
    out->value_text = hra_view_number(b, out->value, decimals);
}

/* " (263 mg/dL)": as it was delivered, behind the value in the dictionary's unit. */
static const char *delivered_text(hra_view_build *b, const hra_view_value *value)
{
    const char *unit = hra_text_of(b->views->words, "unit", value->unit, value->unit);
    hra_buffer_printf(&b->worker->text, " (%s %s)", value->text, unit);
    return hra_view_keep(b);
}

/* A topic shows a variable as a rule: the one that it reads, has its unit and is as large. */
static void show_delivered(hra_view_build *b, const hra_prepared_topic *t, hra_view_topic *out)
{
    const hra_declaration *d = t->outputs->declaration;
    const hra_view_value *found = NULL;
    int count = 0;
    for (int i = 0; d && i < d->input_count && !isnan(out->value); i++) {
        int variable = hra_dictionary_find(b->views->request.schema->dictionary, d->inputs[i]);
        const hra_view_value *value = variable < 0 ? NULL : b->of_variable[variable];
        if (!value || !*value->own_text || strcmp(value->own_unit, out->unit) != 0) continue;
        if (strcmp(value->own_text, out->value_text) != 0) continue;
        found = value;
        count++;
    }
    if (count == 1) out->delivered = delivered_text(b, found);
}

/* In the unit of the target: a waist of 36 inches beside "below 90 cm" says nothing. */
static const hra_view_value *in_own_unit(hra_view_build *b, const hra_view_value *delivered)
{
    hra_view_value *value = *delivered->own_text ? hra_view_new(b, 1, sizeof *value) : NULL;
    if (!value) return delivered;
    *value = *delivered;
    value->in_brackets = delivered_text(b, delivered);
    value->text = delivered->own_text;
    value->unit = delivered->own_unit;
    return value;
}

static void show_beside(hra_view_build *b, const hra_prepared_topic *t, hra_view_topic *out)
{
    const hra_view_value *value = t->beside < 0 ? NULL : b->of_variable[t->beside];
    if (!value || !value->known) return;
    out->beside = in_own_unit(b, value);
}

static double zone_end(hra_view_build *b, const hra_prepared_bound *bound)
{
    if (!bound->text || hra_template_constant(bound->text)) return bound->number;
    return number_in(hra_view_say(b, bound->text));
}

/* Which way the value should go: what the topic says, unless the value lies beyond the other end of the zone. */
static void show_direction(hra_view_build *b, double low, double high, hra_view_topic *out)
{
    if (out->value < low) out->direction = "raise";
    if (out->value > high) out->direction = "lower";
    out->direction_text = hra_text_of(b->views->words, "direction", out->direction, out->direction);
}

/* What is to change: "−12". */
static void show_gap(hra_view_build *b, const hra_prepared_topic *t, hra_view_topic *out)
{
    if (isnan(out->value) || t->level_labels || (isnan(out->low) && isnan(out->high))) return;
    int decimals = decimals_of(b, t->outputs->value);
    out->gap = out->value > out->high ? out->value - out->high : out->value < out->low ? out->value - out->low : 0;
    out->gap = hra_scalar_round(out->gap, decimals);
    if (out->gap == 0) return;
    hra_buffer_text(&b->worker->text, out->gap > 0 ? "−" : "+");
    out->gap_text = hra_view_number(b, fabs(out->gap), decimals);
}

static void choose_actions(hra_view_build *b, const hra_prepared_topic *t, hra_view_topic *out)
{
    const hra_view_advice **actions = hra_view_new(b, MOST_ACTIONS, sizeof *actions);
    for (int i = 0; actions && i < t->advice_count && out->action_count < MOST_ACTIONS; i++) {
        const hra_view_advice *a = b->of_advice[t->advice[i]];
        if (!a) continue;
        actions[out->action_count++] = a;
        if (!isnan(a->removable) && !(out->removable >= a->removable)) out->removable = a->removable;
    }
    out->actions = actions;
}

/* The value first: who lacks it is not helped by being asked for the history that its target depends on alone. */
static void tell_missing(hra_view_build *b, const hra_prepared_topic *t, hra_view_topic *out)
{
    int values = 0, others = 0;
    const hra_view_name *value = NULL, *other = hra_view_missing(b, t->outputs->at_target, &others);
    if (t->outputs->value >= 0 && isnan(out->value)) value = hra_view_missing(b, t->outputs->value, &values);
    hra_view_name *all = hra_view_new(b, values + others, sizeof *all);
    int count = 0;
    for (int i = 0; all && i < values + others; i++) {
        const hra_view_name *next = i < values ? &value[i] : &other[i - values];
        bool told = false;
        for (int k = 0; k < count; k++) told |= strcmp(all[k].name, next->name) == 0;
        if (!told) all[count++] = *next;
    }
    out->missing = all;
    out->missing_count = count;
}

static void fill_topic(hra_view_build *b, const hra_prepared_topic *t, hra_view_topic *out)
{
    *out = t->fixed;
    out->at_target = hra_view_answer_of(b, t->outputs->at_target);
    out->answer_text = b->views->targets[out->at_target];
    show_value(b, t, out);
    show_delivered(b, t, out);
    show_beside(b, t, out);
    out->low = zone_end(b, &t->low);
    out->high = zone_end(b, &t->high);
    show_direction(b, out->low, out->high, out);
    bool open = (t->low.text && isnan(out->low)) || (t->high.text && isnan(out->high));
    if (open) out->low = out->high = NAN;
    out->target = hra_view_say(b, open && t->doctor ? t->doctor : t->target);
    show_gap(b, t, out);
    bool applies = out->at_target != HRA_VIEW_NOT_APPLICABLE;
    if (out->at_target == HRA_VIEW_ABSENT || !applies) choose_actions(b, t, out);
    if (out->at_target == HRA_VIEW_UNKNOWN) tell_missing(b, t, out);
    if (!applies) out->why = hra_view_say_why(b, &t->why);
}

static bool ranks_before(const hra_view_topic *a, const hra_view_topic *b)
{
    double x = isnan(a->removable) ? 0 : a->removable, y = isnan(b->removable) ? 0 : b->removable;
    return x > y || (x == y && a < b);
}

static void rank(hra_view_topic *topics, int count)
{
    for (int i = 0; i < count; i++) {
        if (topics[i].at_target != HRA_VIEW_ABSENT) continue;
        topics[i].rank = 1;
        for (int k = 0; k < count; k++)
            topics[i].rank += k != i && topics[k].at_target == HRA_VIEW_ABSENT && ranks_before(&topics[k], &topics[i]);
    }
}

void hra_view_build_topics(hra_view_build *b)
{
    int count = b->person.catalogue->topic_count;
    hra_view_topic *topics = hra_view_new(b, count, sizeof *topics);
    for (int i = 0; topics && i < count; i++) fill_topic(b, &b->views->topics[i], &topics[i]);
    if (!topics) return;
    rank(topics, count);
    b->out->topics = topics;
    b->out->topic_count = count;
}
