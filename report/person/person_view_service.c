/* Levels and plans, checkup items, monitoring, and what could not be computed. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/person/person_view_internal.h"

/* ---- prepared ----------------------------------------------------------------------------- */

static bool prepare_reasons(hra_person_views *v, const hra_declaration *d, const hra_output *o, hra_prepared_tier *t)
{
    hra_prepared_reason *reasons = hra_view_take(v, o->level_count, sizeof *reasons);
    bool ok = reasons != NULL;
    for (int l = 0; ok && l < o->level_count; l++) {
        char key[160];
        snprintf(key, sizeof key, "%s.because", o->levels[l]);
        reasons[l] = (hra_prepared_reason){hra_view_template(v, d, key, &ok), o->levels[l]};
    }
    t->reasons = reasons;
    return ok;
}

static bool prepare_tier(hra_person_views *v, const hra_tier_output *outputs, hra_prepared_tier *t)
{
    const hra_output *all = v->request.catalogue->outputs, *o = &all[outputs->output];
    const char **texts = hra_view_take(v, o->level_count, sizeof *texts);
    bool ok = true;
    if (!texts) return false;
    *t = (hra_prepared_tier){.outputs = outputs, .level_texts = texts};
    t->fixed = (hra_view_tier){.origin = hra_view_origin_of(v, outputs->declaration, o->id, &ok),
                               .level = "",
                               .level_text = "",
                               .reason_key = "",
                               .reason = ""};
    for (int l = 0; l < o->level_count; l++) {
        char key[160];
        snprintf(key, sizeof key, "%s.title", o->levels[l]);
        texts[l] = hra_view_text(v, outputs->declaration, key);
        if (!*texts[l]) texts[l] = o->levels[l];
    }
    return ok && (outputs->reason < 0 || prepare_reasons(v, outputs->declaration, &all[outputs->reason], t));
}

static bool prepare_item(hra_person_views *v, const hra_rule_output *rule, hra_prepared_item *i)
{
    const hra_declaration *d = rule->declaration;
    bool ok = true;
    *i = (hra_prepared_item){.output = rule->output, .because = hra_view_template(v, d, "because", &ok)};
    i->fixed = (hra_view_item){.origin = hra_view_origin_of(v, d, v->request.catalogue->outputs[rule->output].id, &ok),
                               .package = hra_view_text(v, d, "package"),
                               .because = "",
                               .doctor_decides = strcmp(hra_view_text(v, d, "doctor_decides"), "true") == 0};
    return ok;
}

static bool prepare_monitor(hra_person_views *v, const hra_rule_output *rule, hra_prepared_monitor *m)
{
    const hra_declaration *d = rule->declaration;
    bool ok = true;
    *m = (hra_prepared_monitor){.output = rule->output,
                                .indicator = hra_view_template(v, d, "indicator", &ok),
                                .method = hra_view_template(v, d, "method", &ok),
                                .frequency = hra_view_template(v, d, "frequency", &ok),
                                .target = hra_view_template(v, d, "target", &ok),
                                .alarm = hra_view_template(v, d, "alarm", &ok)};
    m->fixed =
        (hra_view_monitor){.origin = hra_view_origin_of(v, d, v->request.catalogue->outputs[rule->output].id, &ok),
                           .kind = hra_view_text(v, d, "class"),
                           .every_days = d ? hra_declaration_days(d, "every") : -1,
                           .contact_days = d ? hra_declaration_days(d, "next_contact") : -1};
    return ok;
}

bool hra_view_prepare_service(hra_person_views *v)
{
    const hra_catalogue *c = v->request.catalogue;
    bool ok = true;
    v->tiers = hra_view_take(v, c->tier_count, sizeof *v->tiers);
    v->items = hra_view_take(v, c->item_count, sizeof *v->items);
    v->monitors = hra_view_take(v, c->monitor_count, sizeof *v->monitors);
    if (!v->tiers || !v->items || !v->monitors) return false;
    for (int i = 0; i < c->tier_count; i++) ok = ok && prepare_tier(v, &c->tiers[i], &v->tiers[i]);
    for (int i = 0; i < c->item_count; i++) ok = ok && prepare_item(v, &c->items[i], &v->items[i]);
    for (int i = 0; i < c->monitor_count; i++) ok = ok && prepare_monitor(v, &c->monitors[i], &v->monitors[i]);
    return ok;
}

/* ---- one person ------------------------------------------------------------------------------ */

static void fill_tier(hra_view_build *b, const hra_prepared_tier *t, hra_view_tier *out)
{
    *out = t->fixed;
    double level = hra_view_value_of(b, t->outputs->output), reason = hra_view_value_of(b, t->outputs->reason);
    out->status = hra_view_tier_status(b, t->outputs->output);
    if (!isnan(level)) {
        out->level = b->person.catalogue->outputs[t->outputs->output].levels[(int)level];
        out->level_text = t->level_texts[(int)level];
    }
    if (isnan(reason)) return;
    out->reason_key = t->reasons[(int)reason].key;
    out->reason = hra_view_say(b, t->reasons[(int)reason].text);
}

static void fill_items(hra_view_build *b)
{
    const hra_person_views *v = b->views;
    int count = b->person.catalogue->item_count;
    hra_view_item *items = hra_view_new(b, count, sizeof *items);
    for (int pass = 0; items && pass < 2; pass++)
        for (int i = 0; i < count; i++) {
            bool addition = *v->items[i].fixed.package == '\0';
            if (addition != (pass == 1) || hra_view_value_of(b, v->items[i].output) != 1) continue;
            hra_view_item *item = &items[b->out->item_count++];
            *item = v->items[i].fixed;
            item->because = hra_view_say(b, v->items[i].because);
        }
    b->out->items = items;
}

static const char *day_in(hra_view_build *b, int days)
{
    return days > 0 ? hra_view_day(b, b->views->request.as_of + days) : "";
}

static void fill_monitors(hra_view_build *b)
{
    int count = b->person.catalogue->monitor_count;
    hra_view_monitor *monitors = hra_view_new(b, count, sizeof *monitors);
    for (int i = 0; monitors && i < count; i++) {
        const hra_prepared_monitor *m = &b->views->monitors[i];
        if (hra_view_value_of(b, m->output) != 1) continue;
        hra_view_monitor *out = &monitors[b->out->monitor_count++];
        *out = m->fixed;
        out->indicator = hra_view_say(b, m->indicator);
        out->method = hra_view_say(b, m->method);
        out->frequency = hra_view_say(b, m->frequency);
        out->target = hra_view_say(b, m->target);
        out->alarm = hra_view_say(b, m->alarm);
        out->first_day = day_in(b, m->fixed.every_days);
        out->contact_day = day_in(b, m->fixed.contact_days);
    }
    b->out->monitors = monitors;
}

/* ---- what could not be computed ---------------------------------------------------------------- */

static void add_gap(hra_view_build *b, hra_view_gap *gaps, const char *part, const char *id, const char *title,
                    const char *why)
{
    gaps[b->out->gap_count++] = (hra_view_gap){part, id, title, why};
}

static const char *without(hra_view_build *b, const hra_view_name *missing, int count)
{
    if (count == 0) return hra_text(b->views->words, "gap.unknown");
    return hra_view_fill(b, "status.missing", hra_view_list(b, missing, count));
}

static void add_findings(hra_view_build *b, hra_view_gap *gaps, const hra_view_finding *findings, int count)
{
    for (int i = 0; i < count; i++) {
        const hra_view_finding *f = &findings[i];
        if (f->answer == HRA_VIEW_UNKNOWN)
            add_gap(b, gaps, "finding", f->origin.id, f->origin.title, without(b, f->missing, f->missing_count));
    }
}

static void list_gaps(hra_view_build *b)
{
    hra_person_view *out = b->out;
    int most = out->disease_count + out->topic_count + out->tier_count + out->first_alert_count +
               out->second_alert_count + out->chronic_alert_count;
    hra_view_gap *gaps = hra_view_new(b, most, sizeof *gaps);
    if (!gaps) return;
    for (int i = 0; i < out->disease_count; i++) {
        const hra_view_disease *d = &out->diseases[i];
        if (isnan(d->risk) && !d->not_applicable) add_gap(b, gaps, "disease", d->role, d->title, d->status.text);
    }
    add_findings(b, gaps, out->first_alerts, out->first_alert_count);
    add_findings(b, gaps, out->second_alerts, out->second_alert_count);
    add_findings(b, gaps, out->chronic_alerts, out->chronic_alert_count);
    for (int i = 0; i < out->topic_count; i++) {
        const hra_view_topic *t = &out->topics[i];
        if (t->at_target == HRA_VIEW_UNKNOWN)
            add_gap(b, gaps, "topic", t->origin.id, t->origin.title, without(b, t->missing, t->missing_count));
    }
    for (int i = 0; i < out->tier_count; i++) {
        const hra_view_tier *t = &out->tiers[i];
        if (*t->status.text) add_gap(b, gaps, "tier", t->origin.id, t->origin.title, t->status.text);
    }
    out->gaps = gaps;
}

void hra_view_build_service(hra_view_build *b)
{
    int count = b->person.catalogue->tier_count;
    hra_view_tier *tiers = hra_view_new(b, count, sizeof *tiers);
    for (int i = 0; tiers && i < count; i++) fill_tier(b, &b->views->tiers[i], &tiers[i]);
    b->out->tiers = tiers;
    b->out->tier_count = tiers ? count : 0;
    fill_items(b);
    fill_monitors(b);
    list_gaps(b);
}
