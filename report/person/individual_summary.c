/* The first sheet: who, what helps most, five factors, three diseases, four risks; before it, what cannot wait. */
#include <math.h>
#include <string.h>

#include "report/person/individual_parts.h"
#include "report/person/view_questions.h"

/* The first character of a name, the rest as stars. */
static void put_masked(hra_buffer *out, const char *name)
{
    size_t first = 1;
    while (((unsigned char)name[first] & 0xC0) == 0x80) first++;
    char start[8] = "";
    if (*name) memcpy(start, name, first < sizeof start ? first : sizeof start - 1);
    hra_html(out, "%s**", start);
}

static void put_pair(hra_page *p, const char *label, const char *value)
{
    if (*value) hra_html(p->out, "<div><dt>%s</dt><dd>%s</dd></div>", label, value);
}

/* The name of the report is a heading once. */
static void put_who(hra_page *p, bool again)
{
    const hra_person_view *v = p->view;
    const hra_words *w = p->words;
    hra_buffer_text(p->out, "<header><div class=title>");
    hra_html(p->out, again ? "<p class=h1>%s</p><p class=who>" : "<h1>%s</h1><p class=who>",
             hra_text(w, "report.title"));
    if (*p->name) {
        hra_buffer_text(p->out, "<b>");
        if (p->options->mask_names)
            put_masked(p->out, p->name);
        else
            hra_html_text(p->out, p->name);
        hra_buffer_text(p->out, "</b> ");
    }
    hra_html(p->out, "%s%s%s</p></div><dl>", v->sex_text, *v->sex_text && *v->age_text ? " · " : "", v->age_text);
    put_pair(p, hra_text(w, "report.exam_day"), v->exam_day);
    put_pair(p, hra_text(w, "report.as_of"), v->as_of);
    put_pair(p, hra_text(w, "report.group"), v->group);
    put_pair(p, hra_text(w, "report.department"), v->department);
    put_pair(p, hra_text(w, "report.provider"), p->options->provider);
    hra_html(p->out, "<div><dt>%s</dt><dd class=key>%s</dd></div></dl></header>\n", hra_text(w, "report.key"), v->key);
}

/* ---- what cannot wait ---- */

static void put_values(hra_page *p, const hra_view_finding *f)
{
    int shown = 0;
    for (int i = 0; i < f->value_count && shown < 3; i++) {
        const hra_view_value *x = f->values[i];
        if (!x->known || x->type == HRA_TYPE_FLAG) continue;
        hra_html(p->out, "<span class=nv>%s <b>%s</b> %s%s</span> ", x->label, x->text, hra_page_unit(p, x->unit),
                 x->in_brackets);
        shown++;
    }
}

static void put_deadline(hra_page *p, const hra_view_finding *f)
{
    if (f->deadline_days == 0)
        hra_html_text(p->out, hra_text(p->words, "report.urgent.today"));
    else if (*f->deadline)
        hra_page_say(p, hra_text(p->words, "report.by"), f->deadline, NULL);
}

void hra_page_urgent(hra_page *p)
{
    const hra_person_view *v = p->view;
    hra_buffer_text(p->out, "<section class=\"sheet urgent\">");
    put_who(p, false);
    hra_page_heading(p, 2, "urgent", hra_text(p->words, "report.urgent.title"));
    hra_html(p->out, "<p class=lead>%s</p><ul class=alarm>", hra_text(p->words, "report.urgent.lead"));
    for (int i = 0; i < v->urgent_count; i++) {
        const hra_view_finding *f = &v->urgent[i];
        hra_buffer_text(p->out, "<li>");
        hra_page_level(p, HRA_LEVEL_URGENT, f->origin.title);
        hra_buffer_text(p->out, "<p>");
        put_values(p, f);
        hra_buffer_text(p->out, "</p><p class=due>"); /* the action is said to the staff */
        put_deadline(p, f);
        hra_buffer_text(p->out, "</p></li>");
    }
    hra_html(p->out, "</ul><div class=note><h3>%s</h3><p>%s</p></div><p class=small>%s</p></section>\n",
             hra_text(p->words, "report.emergency.title"), hra_text(p->words, "report.emergency.signs"),
             hra_text(p->words, "report.urgent.not_diagnosis"));
}

/* ---- three steps ---- */

static void put_step(hra_page *p, const hra_view_advice *a, int number)
{
    hra_html(p->out, "<li><span class=no aria-hidden=true>%d</span><div><p class=say>%s</p><p class=goal><b>%s</b> ",
             number, a->text, a->domain_text);
    if (*a->target) hra_page_say(p, hra_text(p->words, "report.goal"), a->target, NULL);
    if (*a->target && *a->goal) hra_buffer_text(p->out, " · ");
    hra_page_day(p, a->goal);
    hra_buffer_text(p->out, "</p></div></li>\n");
}

static void put_steps(hra_page *p)
{
    const hra_person_view *v = p->view;
    hra_page_heading(p, 2, "steps", hra_text(p->words, "report.steps.title"));
    if (hra_page_little_known(v))
        hra_html(p->out, "<p class=lead><b>%s</b></p>", hra_text(p->words, "report.little_known"));
    if (v->step_count == 0) {
        hra_html(p->out, "<p class=lead>%s</p>", hra_text(p->words, "report.steps.none"));
        return;
    }
    hra_buffer_text(p->out, "<ol class=steps>");
    for (int i = 0; i < v->step_count; i++) put_step(p, v->steps[i], i + 1);
    hra_buffer_text(p->out, "</ol>\n");
}

static void put_important(hra_page *p)
{
    const hra_person_view *v = p->view;
    if (v->important_count == 0) return;
    hra_html(p->out, "<div class=note><h3>%s</h3><ul class=plain>", hra_text(p->words, "report.important.title"));
    for (int i = 0; i < v->important_count; i++) {
        const hra_view_finding *f = &v->important[i];
        hra_html(p->out, "<li><b>%s</b> ", f->origin.title);
        put_values(p, f);
        hra_html(p->out, "%s <span class=due>", f->action);
        put_deadline(p, f);
        hra_buffer_text(p->out, "</span></li>");
    }
    hra_buffer_text(p->out, "</ul></div>\n");
}

/* ---- findings ---- */

/* "收缩压 152 mmHg ↑变差" of each value that it was made from. */
static void put_finding_values(hra_page *p, const hra_view_finding *f)
{
    enum { MOST = 4 }; /* the four blood lipids: the one that decides may be the last */
    int shown = 0;
    for (int i = 0; i < f->value_count && shown < MOST; i++) {
        const hra_view_value *x = f->values[i];
        if (!x->known || x->type == HRA_TYPE_FLAG || x->type == HRA_TYPE_CATEGORY) continue;
        if (shown++ == 0) hra_buffer_text(p->out, "<p class=bv>");
        hra_html(p->out, "<span class=nv>%s <b>%s</b> %s%s", x->label, x->text, hra_page_unit(p, x->unit),
                 x->in_brackets);
        if (*x->previous_text && *x->trend)
            hra_html(p->out, " <i>%s %s</i>", hra_page_trend_arrow(x->trend, x->change), x->trend_text);
        hra_buffer_text(p->out, "</span> ");
    }
    if (shown > 0) hra_buffer_text(p->out, "</p>");
}

static void put_missing(hra_page *p, const hra_view_finding *f)
{
    enum { MOST = 6 };
    if (f->answer != HRA_VIEW_UNKNOWN || f->missing_count == 0) return;
    hra_html(p->out, "%s", hra_text(p->words, "report.missing"));
    hra_buffer_char(p->out, ' ');
    hra_page_names(p, f->missing, f->missing_count < MOST ? f->missing_count : MOST);
    hra_buffer_text(p->out, f->missing_count > MOST ? " … · " : " · ");
}

static void put_reasons(hra_page *p, const hra_view_finding *f)
{
    if (f->answer != HRA_VIEW_PRESENT || f->reason_count == 0) return;
    hra_html(p->out, "<b>%s ", hra_text(p->words, "report.because"));
    for (int i = 0; i < f->reason_count; i++) {
        if (i > 0) hra_page_separator(p, hra_view_reasons_hold_comma(f));
        hra_html_text(p->out, f->reasons[i]);
    }
    hra_buffer_text(p->out, "</b> · ");
}

static void put_finding(hra_page *p, const hra_view_finding *f)
{
    hra_level_mark mark = hra_page_finding_mark(f);
    hra_html(p->out, "<li class=\"row b%d\"><h3>%s</h3>", (int)mark, f->origin.title);
    hra_page_level(p, mark, f->answer_text);
    hra_buffer_text(p->out, "<div>");
    put_finding_values(p, f);
    hra_buffer_text(p->out, "<p class=cut>");
    put_reasons(p, f);
    put_missing(p, f);
    if (f->answer == HRA_VIEW_HAS_IT)
        hra_html_text(p->out, hra_text(p->words, "report.has_it"));
    else if (*f->why)
        hra_html_text(p->out, f->why);
    else if (*f->cut)
        hra_page_say(p, hra_text(p->words, "report.cut"), f->cut, NULL);
    hra_buffer_text(p->out, "</p></div></li>\n");
}

static void put_findings(hra_page *p, const char *id, const char *title, const hra_view_finding *findings, int count)
{
    if (count == 0) return;
    hra_page_heading(p, 2, id, title);
    hra_buffer_text(p->out, "<ul class=rows>");
    for (int i = 0; i < count; i++) put_finding(p, &findings[i]);
    hra_buffer_text(p->out, "</ul>\n");
}

/* Alerts of the second order that are there, in one line. */
static void put_second(hra_page *p)
{
    const hra_person_view *v = p->view;
    int shown = 0;
    for (int i = 0; i < v->second_alert_count; i++) {
        const hra_view_finding *f = &v->second_alerts[i];
        if (f->answer != HRA_VIEW_PRESENT) continue;
        if (!shown++) hra_html(p->out, "<p class=also>%s ", hra_text(p->words, "report.also"));
        hra_page_level(p, hra_page_finding_mark(f), f->origin.title);
        hra_buffer_char(p->out, ' ');
    }
    if (shown) hra_buffer_text(p->out, "</p>\n");
}

static void put_risk(hra_page *p, const hra_view_disease *d)
{
    const hra_words *w = p->words;
    hra_level_mark mark = hra_page_disease_mark(d);
    hra_html(p->out, "<li class=\"box b%d\"><h3>%s</h3>", (int)mark, d->title);
    if (d->not_applicable) {
        hra_html(p->out, "<p class=cut>%s</p></li>\n", hra_text(w, "report.risk.has_it"));
        return;
    }
    if (!*d->risk_text) {
        hra_buffer_text(p->out, "<p>");
        hra_page_level(p, HRA_LEVEL_UNKNOWN, hra_text(w, "answer.unknown"));
        hra_html(p->out, "</p><p class=cut>%s</p></li>\n", d->status.text);
        return;
    }
    hra_html(p->out, "<p class=big>%s</p><p class=cut>", d->risk_text);
    hra_page_say(p, hra_text(w, "report.risk.within"), d->horizon, NULL);
    hra_buffer_text(p->out, "</p><p>");
    if (*d->category_text) hra_page_level(p, mark, d->category_text);
    hra_buffer_text(p->out, "</p>");
    if (*d->previous_text) {
        hra_buffer_text(p->out, "<p class=bv>");
        hra_page_say(p, hra_text(w, "report.last_year"), d->previous_text, NULL);
        hra_html(p->out, " <i>%s %s</i></p>", hra_page_trend_arrow(d->trend, d->risk - d->previous), d->trend_text);
    }
    hra_buffer_text(p->out, "</li>\n");
}

void hra_page_summary(hra_page *p)
{
    const hra_person_view *v = p->view;
    const hra_words *w = p->words;
    hra_buffer_text(p->out, "<section class=\"sheet summary\">");
    put_who(p, p->view->urgent_count > 0);
    put_steps(p);
    put_important(p);
    put_findings(p, "factors", hra_text(w, "report.factors.title"), v->first_alerts, v->first_alert_count);
    put_second(p);
    put_findings(p, "chronic", hra_text(w, "report.chronic.title"), v->chronic_alerts, v->chronic_alert_count);
    if (v->disease_count > 0) {
        hra_page_heading(p, 2, "risks", hra_text(w, "report.risks.title"));
        hra_html(p->out, "<ul class=\"boxes n%d\">", v->disease_count > 5 ? 5 : v->disease_count);
        for (int i = 0; i < v->disease_count; i++) put_risk(p, &v->diseases[i]);
        hra_buffer_text(p->out, "</ul>\n");
        if (hra_page_any_category(v)) hra_html(p->out, "<p class=cut>%s</p>", hra_text(w, "report.risks.words"));
        if (hra_view_has_alert(v)) hra_html(p->out, "<p class=cut>%s</p>", hra_text(w, "report.risks.note"));
    }
    hra_html(p->out, "<p class=small>%s %s %s</p></section>\n", hra_text(w, "report.not_diagnosis"),
             hra_text(w, "report.valid"),
             v->has_previous ? hra_text(w, "report.compared") : hra_text(w, "report.first_time"));
}
