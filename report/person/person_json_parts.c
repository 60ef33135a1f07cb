/* The parts of a person's JSON object. */
#include <math.h>
#include <string.h>

#include "base/calendar.h"
#include "base/number_text.h"
#include "report/person/person_json.h"

/* ---- information ------------------------------------------------------------------------------- */

void hra_person_json_value_head(const char *name, const char *label, hra_buffer *out)
{
    hra_members j = {out, true};
    hra_member_open(&j, '{');
    hra_member_text(&j, "name", name);
    hra_member_text(&j, "label", label);
    hra_member_name(&j, "value");
}

void hra_person_json_value_unit(const char *unit, bool derived, hra_buffer *out)
{
    hra_members j = {out, false};
    hra_member_text(&j, "unit", unit);
    hra_member_flag(&j, "derived", derived);
}

void hra_person_json_value_band(double low, double high, hra_buffer *out)
{
    hra_members j = {out, false};
    hra_member_number(&j, "low", low);
    hra_member_number(&j, "high", high);
}

static void put_course(hra_members *j, const hra_view_value *v)
{
    char day[HRA_DAY_TEXT];
    hra_member_name(j, "checkups");
    hra_member_open(j, '[');
    for (int i = 0; i < v->point_count; i++) {
        hra_member_name(j, NULL);
        hra_member_open(j, '{');
        hra_member_text(j, "day", hra_day_text(v->points[i].day, day));
        hra_member_number(j, "value", v->points[i].value);
        hra_member_close(j, '}');
    }
    hra_member_close(j, ']');
    hra_member_text(j, "course", v->course);
    hra_member_number(j, "per_year", v->per_year);
}

void hra_person_json_value(const hra_view_value *v, hra_buffer *out)
{
    static const char *const places[] = {"", "low", "within", "high"};
    char digits[HRA_NUMBER_TEXT];
    bool is_number = v->type == HRA_TYPE_MEASURE || v->type == HRA_TYPE_COUNT;
    hra_members members = {out, false}, *j = &members;
    if (v->json) {
        hra_buffer_append(out, v->json->text, v->json->length);
        return;
    }
    hra_buffer_text(j->out, v->json_head);
    if (!v->known)
        hra_buffer_text(j->out, "null");
    else if (is_number && v->derived)
        hra_buffer_append(j->out, digits, (size_t)hra_format_six_digits(v->value, digits));
    else if (is_number)
        hra_buffer_decimal(j->out, v->value, v->decimals); /* as delivered */
    else
        hra_buffer_json(j->out, v->text);
    hra_buffer_text(j->out, v->json_unit);
    hra_member_text(j, "comparator", v->comparator);
    hra_member_text(j, "missing", v->missing);
    if (v->beyond_plausible)
        hra_member_text(j, "flag", v->beyond_plausible < 0 ? "below plausible range" : "above plausible range");
    hra_buffer_text(j->out, v->json_band);
    hra_member_text(j, "place", places[v->flag]);
    hra_member_text(j, "previous", v->previous_text);
    hra_member_text(j, "change", v->change_text);
    hra_member_text(j, "trend", v->trend);
    if (v->point_count > 0) put_course(j, v);
    hra_member_close(j, '}');
}

void hra_person_json_information(hra_members *j, const hra_person_view *view)
{
    hra_member_name(j, "information");
    hra_member_open(j, '[');
    for (int i = 0; i < view->value_count; i++) {
        hra_member_name(j, NULL);
        hra_person_json_value(&view->values[i], j->out);
    }
    hra_member_close(j, ']');
    hra_member_name(j, "blank");
    hra_member_open(j, '[');
    for (int i = 0; i < view->blank_count; i++) {
        hra_member_name(j, NULL);
        hra_buffer_json(j->out, view->blank[i].name);
    }
    hra_member_close(j, ']');
}

/* ---- findings ---------------------------------------------------------------------------------- */

static void write_finding(hra_members *j, const hra_view_finding *f, bool is_alert)
{
    static const char *const answers[HRA_VIEW_ANSWERS] = {"absent", "present", "not_measurable", "has_it",
                                                          "not_applicable"};
    hra_member_open(j, '{');
    hra_member_origin(j, "id", &f->origin);
    hra_member_text(j, "severity", f->severity);
    if (is_alert) {
        hra_member_text(j, "answer", answers[f->answer]);
        hra_member_text(j, "cut", f->cut);
        if (f->value_count) {
            hra_member_name(j, "values");
            hra_member_open(j, '{');
            for (int i = 0; i < f->value_count; i++) hra_member_text(j, f->values[i]->name, f->values[i]->text);
            hra_member_close(j, '}');
        }
    }
    if (f->reason_count) {
        hra_member_name(j, "because");
        hra_member_open(j, '[');
        for (int i = 0; i < f->reason_count; i++) hra_member_text(j, NULL, f->reasons[i]);
        hra_member_close(j, ']');
    }
    hra_member_names(j, "missing", f->missing, f->missing_count);
    hra_member_text(j, "why", f->why);
    hra_member_number(j, "deadline_days", f->deadline_days < 0 ? (double)NAN : f->deadline_days);
    hra_member_text(j, "deadline", f->deadline);
    hra_member_text(j, "action", f->action);
    hra_member_close(j, '}');
}

static void write_findings(hra_members *j, const char *name, const hra_view_finding *findings, int count,
                           bool are_alerts)
{
    hra_member_name(j, name);
    hra_member_open(j, '[');
    for (int i = 0; i < count; i++) {
        hra_member_name(j, NULL);
        write_finding(j, &findings[i], are_alerts);
    }
    hra_member_close(j, ']');
}

static void write_ids(hra_members *j, const char *name, const hra_view_finding *findings, int count)
{
    hra_member_name(j, name);
    hra_member_open(j, '[');
    for (int i = 0; i < count; i++) hra_member_text(j, NULL, findings[i].origin.id);
    hra_member_close(j, ']');
}

void hra_person_json_findings(hra_members *j, const hra_person_view *view)
{
    write_findings(j, "urgent", view->urgent, view->urgent_count, true);
    hra_member_name(j, "alerts");
    hra_member_open(j, '{');
    write_findings(j, "first", view->first_alerts, view->first_alert_count, true);
    write_findings(j, "second", view->second_alerts, view->second_alert_count, true);
    write_findings(j, "chronic", view->chronic_alerts, view->chronic_alert_count, true);
    hra_member_close(j, '}');
    hra_member_name(j, "factors");
    hra_member_open(j, '{');
    write_findings(j, "present", view->present, view->present_count, false);
    write_ids(j, "not_measurable", view->undecided, view->undecided_count);
    if (view->not_applicable_count) write_ids(j, "not_applicable", view->not_applicable, view->not_applicable_count);
    hra_member_close(j, '}');
}

/* ---- topics ------------------------------------------------------------------------------------- */

static void write_topic(hra_members *j, const hra_view_topic *t)
{
    static const char *const answers[HRA_VIEW_ANSWERS] = {"not_at_target", "at_target", "not_measurable", "",
                                                          "not_applicable"};
    hra_member_open(j, '{');
    hra_member_origin(j, "id", &t->origin);
    hra_member_text(j, "state", answers[t->at_target]);
    hra_member_text(j, "value", t->value_text);
    hra_member_text(j, "unit", t->unit);
    hra_member_text(j, "beside", t->beside ? t->beside->name : "");
    hra_member_text(j, "beside_value", t->beside ? t->beside->text : "");
    hra_member_text(j, "beside_unit", t->beside ? t->beside->unit : "");
    hra_member_text(j, "target", t->target);
    hra_member_number(j, "low", t->low);
    hra_member_number(j, "high", t->high);
    hra_member_number(j, "gap", t->gap);
    hra_member_text(j, "direction", t->direction);
    hra_member_number(j, "removable", t->removable);
    if (t->rank) hra_member_number(j, "rank", t->rank);
    hra_member_names(j, "missing", t->missing, t->missing_count);
    hra_member_text(j, "why", t->why);
    if (t->action_count) {
        hra_member_name(j, "actions");
        hra_member_open(j, '[');
        for (int i = 0; i < t->action_count; i++) hra_member_text(j, NULL, t->actions[i]->origin.id);
        hra_member_close(j, ']');
    }
    hra_member_close(j, '}');
}

void hra_person_json_topics(hra_members *j, const hra_person_view *view)
{
    hra_member_name(j, "topics");
    hra_member_open(j, '[');
    for (int i = 0; i < view->topic_count; i++) {
        hra_member_name(j, NULL);
        write_topic(j, &view->topics[i]);
    }
    hra_member_close(j, ']');
}

/* ---- risks -------------------------------------------------------------------------------------- */

static void write_what_ifs(hra_members *j, const hra_view_disease *d)
{
    if (d->what_if_count == 0) return;
    hra_member_name(j, "what_if");
    hra_member_open(j, '[');
    for (int i = 0; i < d->what_if_count; i++) {
        const hra_view_what_if *w = &d->what_ifs[i];
        hra_member_name(j, NULL);
        hra_member_open(j, '{');
        hra_member_origin(j, "intervention", &w->origin);
        hra_member_text(j, "target", w->target);
        hra_member_number(j, "risk", w->risk);
        hra_member_number(j, "removed", w->removed);
        hra_member_close(j, '}');
    }
    hra_member_close(j, ']');
}

static void write_null_or_text(hra_members *j, const char *name, const char *text)
{
    if (*text) {
        hra_member_text(j, name, text);
        return;
    }
    hra_member_name(j, name);
    hra_buffer_text(j->out, "null");
}

static void write_disease(hra_members *j, const hra_view_disease *d)
{
    hra_member_open(j, '{');
    hra_member_text(j, "title", d->title);
    hra_member_answer(j, "risk", d->risk);
    write_null_or_text(j, "category", d->category);
    write_null_or_text(j, "model", d->model);
    hra_member_text(j, "status", d->status.words);
    hra_member_text(j, "reliability", d->status.text);
    hra_member_names(j, "missing", d->status.missing, d->status.missing_count);
    hra_member_names(j, "substituted", d->status.substituted, d->status.substituted_count);
    hra_member_number(j, "horizon_years", d->horizon_years);
    hra_member_text(j, "outcome", d->outcome);
    hra_member_text(j, "because", d->because);
    hra_member_text(j, "doi", d->doi);
    hra_member_number(j, "ideal", d->ideal);
    hra_member_number(j, "risk_age", d->risk_age);
    hra_member_flag(j, "risk_age_limit", d->risk_age_limit);
    hra_member_number(j, "if_all", d->if_all);
    hra_member_number(j, "changeable", d->changeable);
    write_what_ifs(j, d);
    hra_member_number(j, "previous", d->previous);
    hra_member_text(j, "trend", d->trend);
    hra_member_close(j, '}');
}

void hra_person_json_risks(hra_members *j, const hra_person_view *view)
{
    hra_member_name(j, "risks");
    hra_member_open(j, '{');
    for (int i = 0; i < view->disease_count; i++) {
        hra_member_name(j, view->diseases[i].role);
        write_disease(j, &view->diseases[i]);
    }
    hra_member_close(j, '}');
}

/* ---- prescription --------------------------------------------------------------------------------- */

static void write_advice(hra_members *j, const hra_view_advice *a)
{
    hra_member_open(j, '{');
    hra_member_origin(j, "code", &a->origin);
    hra_member_text(j, "domain", a->domain);
    hra_member_number(j, "priority", a->priority);
    if (a->step) hra_member_number(j, "step", a->step);
    hra_member_text(j, "text", a->text);
    hra_member_text(j, "target", a->target);
    hra_member_number(j, "within_days", a->within_days < 0 ? (double)NAN : a->within_days);
    hra_member_text(j, "goal_date", a->goal);
    hra_member_text(j, "recheck", a->recheck);
    hra_member_text(j, "doctor", a->doctor);
    hra_member_text(j, "intervention", a->intervention);
    hra_member_number(j, "removable", a->removable);
    hra_member_close(j, '}');
}

void hra_person_json_prescriptions(hra_members *j, const hra_person_view *view)
{
    hra_member_name(j, "first_steps");
    hra_member_open(j, '[');
    for (int i = 0; i < view->step_count; i++) hra_member_text(j, NULL, view->steps[i]->origin.id);
    hra_member_close(j, ']');
    hra_member_name(j, "prescriptions");
    hra_member_open(j, '[');
    for (int i = 0; i < view->advice_count; i++) {
        hra_member_name(j, NULL);
        write_advice(j, &view->advice[i]);
    }
    hra_member_close(j, ']');
}

/* ---- levels, items, monitoring --------------------------------------------------------------------- */

static void write_tiers(hra_members *j, const hra_person_view *view)
{
    hra_member_name(j, "tiers");
    hra_member_open(j, '{');
    for (int i = 0; i < view->tier_count; i++) {
        const hra_view_tier *t = &view->tiers[i];
        hra_member_name(j, t->origin.id);
        hra_member_open(j, '{');
        write_null_or_text(j, "level", t->level);
        hra_member_text(j, "title", t->level_text);
        hra_member_text(j, "reason", t->reason_key);
        hra_member_text(j, "because", t->reason);
        hra_member_text(j, "status", t->status.words);
        if (!t->origin.approved) hra_member_text(j, "signoff", t->origin.signoff);
        hra_member_close(j, '}');
    }
    hra_member_close(j, '}');
}

static void write_items(hra_members *j, const hra_person_view *view)
{
    hra_member_name(j, "items");
    hra_member_open(j, '[');
    for (int i = 0; i < view->item_count; i++) {
        const hra_view_item *item = &view->items[i];
        hra_member_name(j, NULL);
        hra_member_open(j, '{');
        hra_member_origin(j, "id", &item->origin);
        hra_member_text(j, "package", item->package);
        hra_member_text(j, "because", item->because);
        hra_member_flag(j, "doctor_decides", item->doctor_decides);
        hra_member_close(j, '}');
    }
    hra_member_close(j, ']');
}

static void write_monitors(hra_members *j, const hra_person_view *view)
{
    hra_member_name(j, "monitors");
    hra_member_open(j, '[');
    for (int i = 0; i < view->monitor_count; i++) {
        const hra_view_monitor *m = &view->monitors[i];
        hra_member_name(j, NULL);
        hra_member_open(j, '{');
        hra_member_origin(j, "id", &m->origin);
        hra_member_text(j, "class", m->kind);
        hra_member_text(j, "indicator", m->indicator);
        hra_member_text(j, "method", m->method);
        hra_member_text(j, "frequency", m->frequency);
        hra_member_text(j, "target", m->target);
        hra_member_text(j, "alarm", m->alarm);
        hra_member_number(j, "every_days", m->every_days < 0 ? (double)NAN : m->every_days);
        hra_member_text(j, "first", m->first_day);
        hra_member_text(j, "next_contact", m->contact_day);
        hra_member_close(j, '}');
    }
    hra_member_close(j, ']');
}

void hra_person_json_service(hra_members *j, const hra_person_view *view)
{
    write_tiers(j, view);
    write_items(j, view);
    write_monitors(j, view);
    hra_member_name(j, "quality");
    hra_member_open(j, '[');
    for (int i = 0; i < view->quality_count; i++) hra_member_text(j, NULL, view->quality[i].origin.id);
    hra_member_close(j, ']');
}
