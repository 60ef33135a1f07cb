/* A6: the prescription, first steps, calendar. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/person/person_view_internal.h"

/* ---- prepared ----------------------------------------------------------------------------- */

/* Domains come in the order in which the topics name them, then as declared. */
static int domain_order(const hra_person_views *v, const char *domain)
{
    const hra_catalogue *c = v->request.catalogue;
    int place = 0;
    size_t length = strlen(domain);
    for (int i = 0; i < c->topic_count; i++) {
        const char *at = hra_view_text(v, c->topics[i].declaration, "domains");
        while (*at) {
            size_t word = strcspn(at, " ");
            if (word == length && memcmp(at, domain, word) == 0) return place;
            place++;
            at += word;
            at += strspn(at, " ");
        }
    }
    for (int i = 0; i < c->prescription_count; i++) {
        const char *other = hra_view_text(v, c->prescriptions[i].declaration, "domain");
        if (strcmp(other, domain) == 0) return place + i;
    }
    return place + c->prescription_count;
}

static void prepare_intervention(hra_person_views *v, const hra_declaration *d, hra_prepared_advice *a)
{
    const hra_catalogue *c = v->request.catalogue;
    a->removable = -1;
    a->fixed.intervention = hra_view_text(v, d, "intervention");
    a->fixed.intervention_title = "";
    if (!*a->fixed.intervention) return;
    const hra_declaration *intervention = hra_library_find(v->library, a->fixed.intervention);
    a->fixed.intervention_title = hra_view_text(v, intervention, "title");
    for (int i = 0; i < c->what_if_count; i++)
        if (c->what_ifs[i].declaration == intervention) a->removable = c->what_ifs[i].removable;
}

static bool prepare_one(hra_person_views *v, const hra_rule_output *rule, hra_prepared_advice *a)
{
    const hra_declaration *d = rule->declaration;
    const char *domain = hra_view_text(v, d, "domain");
    bool ok = true;
    *a = (hra_prepared_advice){.output = rule->output,
                               .domain_order = domain_order(v, domain),
                               .order = hra_view_property_number(d, "order", INFINITY),
                               .text = hra_view_template(v, d, "text", &ok),
                               .target = hra_view_template(v, d, "target", &ok),
                               .recheck = hra_view_template(v, d, "recheck", &ok),
                               .doctor = hra_view_template(v, d, "doctor", &ok)};
    a->fixed = (hra_view_advice){
        .origin = hra_view_origin_of(v, d, v->request.catalogue->outputs[rule->output].id, &ok),
        .domain = domain,
        .domain_text = hra_text_of(v->words, "domain", domain, domain),
        .priority = hra_view_property_number(d, "priority", INFINITY),
        .within_days = d ? hra_declaration_days(d, "within") : -1,
        .goal_day = NAN,
        .goal = "",
    };
    prepare_intervention(v, d, a);
    return ok;
}

/* As the language orders prescriptions, within the domain. */
static int by_domain(const void *x, const void *y)
{
    const hra_prepared_advice *a = x, *b = y;
    if (a->domain_order != b->domain_order) return a->domain_order < b->domain_order ? -1 : 1;
    if (a->fixed.priority != b->fixed.priority) return a->fixed.priority < b->fixed.priority ? -1 : 1;
    if (a->order != b->order) return a->order < b->order ? -1 : 1;
    return strcmp(a->fixed.origin.id, b->fixed.origin.id);
}

static bool prepare_steps(hra_person_views *v)
{
    const hra_catalogue *c = v->request.catalogue;
    int levels = c->first_steps[0] >= 0 ? c->outputs[c->first_steps[0]].level_count : 0;
    v->advice_of_step = hra_view_take(v, levels, sizeof *v->advice_of_step);
    for (int l = 0; v->advice_of_step && l < levels; l++) {
        v->advice_of_step[l] = -1;
        for (int i = 0; i < v->advice_count; i++)
            if (strcmp(v->advice[i].fixed.origin.id, c->outputs[c->first_steps[0]].levels[l]) == 0)
                v->advice_of_step[l] = i;
    }
    return v->advice_of_step;
}

bool hra_view_prepare_advice(hra_person_views *v)
{
    const hra_catalogue *c = v->request.catalogue;
    v->advice = hra_view_take(v, c->prescription_count, sizeof *v->advice);
    for (int i = 0; v->advice && i < c->prescription_count; i++)
        if (!prepare_one(v, &c->prescriptions[i], &v->advice[i])) return false;
    if (!v->advice) return false;
    v->advice_count = c->prescription_count;
    qsort(v->advice, (size_t)v->advice_count, sizeof *v->advice, by_domain);
    return prepare_steps(v);
}

/* ---- one person ------------------------------------------------------------------------------ */

static void fill_advice(hra_view_build *b, const hra_prepared_advice *a, hra_view_advice *out)
{
    *out = a->fixed;
    out->text = hra_view_say(b, a->text);
    out->target = hra_view_say(b, a->target);
    out->recheck = hra_view_say(b, a->recheck);
    out->doctor = hra_view_say(b, a->doctor);
    out->removable = hra_view_value_of(b, a->removable);
    if (out->within_days < 0) return;
    out->goal_day = b->views->request.as_of + out->within_days;
    out->goal = hra_view_day(b, out->goal_day);
}

/* All steps' outputs have the same levels. */
static void mark_steps(hra_view_build *b)
{
    const hra_catalogue *c = b->person.catalogue;
    hra_person_view *out = b->out;
    const hra_view_advice **steps = hra_view_new(b, HRA_FIRST_STEPS, sizeof *steps);
    for (int s = 0; steps && s < HRA_FIRST_STEPS; s++) {
        double level = hra_view_value_of(b, c->first_steps[s]);
        int index = isnan(level) ? -1 : b->views->advice_of_step[(int)level];
        hra_view_advice *advice = index < 0 ? NULL : b->of_advice[index];
        if (!advice) continue;
        advice->step = out->step_count + 1;
        steps[out->step_count++] = advice;
    }
    out->steps = steps;
}

static void make_calendar(hra_view_build *b)
{
    hra_person_view *out = b->out;
    const hra_view_advice **calendar = hra_view_new(b, out->advice_count, sizeof *calendar);
    for (int i = 0; calendar && i < out->advice_count; i++) {
        const hra_view_advice *a = &out->advice[i];
        if (a->within_days < 0) continue;
        int at = out->calendar_count++;
        for (; at > 0 && a->within_days < calendar[at - 1]->within_days; at--) calendar[at] = calendar[at - 1];
        calendar[at] = a;
    }
    out->calendar = calendar;
}

static void when_to_see_a_doctor(hra_view_build *b)
{
    hra_person_view *out = b->out;
    const char **texts = hra_view_new(b, out->advice_count, sizeof *texts);
    for (int i = 0; texts && i < out->advice_count; i++) {
        const char *text = out->advice[i].doctor;
        bool there = !*text;
        for (int k = 0; k < out->doctor_count; k++) there = there || strcmp(texts[k], text) == 0;
        if (!there) texts[out->doctor_count++] = text;
    }
    out->doctor = texts;
}

void hra_view_build_advice(hra_view_build *b)
{
    const hra_person_views *v = b->views;
    hra_person_view *out = b->out;
    hra_view_advice *advice = hra_view_new(b, v->advice_count, sizeof *advice);
    b->of_advice = hra_view_zeroed(b, v->advice_count, sizeof *b->of_advice);
    for (int i = 0; !b->failed && i < v->advice_count; i++) {
        if (hra_view_value_of(b, v->advice[i].output) != 1) continue;
        b->of_advice[i] = &advice[out->advice_count++];
        fill_advice(b, &v->advice[i], b->of_advice[i]);
    }
    out->advice = advice;
    if (b->failed) return;
    mark_steps(b);
    make_calendar(b);
    when_to_see_a_doctor(b);
}
