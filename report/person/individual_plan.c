/* The prescription by domain, its calendar, what to measure oneself, when to see a doctor, the next checkup. */
#include <string.h>

#include "report/person/individual_parts.h"
#include "report/person/view_questions.h"

static void put_goal(hra_page *p, const hra_view_advice *a)
{
    if (!*a->target && !*a->goal) return;
    hra_buffer_text(p->out, " <span class=goal>");
    if (*a->target) hra_page_say(p, hra_text(p->words, "report.goal"), a->target, NULL);
    if (*a->target && *a->goal) hra_buffer_text(p->out, " · ");
    hra_page_day(p, a->goal);
    hra_buffer_text(p->out, "</span>");
}

static void put_advice(hra_page *p, const hra_view_advice *a, int number)
{
    hra_html(p->out, "<li id=a%d value=%d>", number, number);
    if (a->step > 0) hra_html(p->out, "<b class=first>%s</b> ", hra_text(p->words, "report.plan.first"));
    hra_html_text(p->out, a->text);
    put_goal(p, a);
    hra_buffer_text(p->out, "</li>\n");
}

static void put_domains(hra_page *p)
{
    const hra_person_view *v = p->view;
    hra_buffer_text(p->out, "<div class=domains>");
    for (int i = 0; i < v->advice_count; i++) {
        bool begins = i == 0 || strcmp(v->advice[i].domain, v->advice[i - 1].domain) != 0;
        bool ends = i + 1 == v->advice_count || strcmp(v->advice[i].domain, v->advice[i + 1].domain) != 0;
        if (begins) hra_html(p->out, "<section><h3>%s</h3><ol>", v->advice[i].domain_text);
        put_advice(p, &v->advice[i], i + 1);
        if (ends) hra_buffer_text(p->out, "</ol></section>\n");
    }
    hra_buffer_text(p->out, "</div>\n");
}

/* ---- the calendar ---- */

/* Whether an earlier entry of this day says the same. */
static bool is_said(const hra_person_view *v, int first, int entry)
{
    for (int i = first; i < entry; i++)
        if (strcmp(hra_view_due(v->calendar[i]), hra_view_due(v->calendar[entry])) == 0) return true;
    return false;
}

/* The items of this day that an entry is for: "(3, 4)". */
static void put_numbers(hra_page *p, int entry, int end)
{
    const hra_person_view *v = p->view;
    int count = 0;
    for (int k = entry; k < end; k++) {
        int number = hra_page_advice_number(p, v->calendar[k]);
        if (strcmp(hra_view_due(v->calendar[k]), hra_view_due(v->calendar[entry])) != 0 || number == 0) continue;
        if (count++ > 0)
            hra_page_separator(p, false);
        else
            hra_buffer_text(p->out, " <small>(");
        hra_html(p->out, "<a href=#a%d>%d</a>", number, number);
    }
    if (count > 0) hra_buffer_text(p->out, ")</small>");
}

/* What is due on one day, each thing once, with the numbers of the items it is for. Returns the next day's first. */
static int put_day(hra_page *p, int first)
{
    const hra_person_view *v = p->view;
    const char *day = v->calendar[first]->goal;
    int end = first;
    while (end < v->calendar_count && strcmp(v->calendar[end]->goal, day) == 0) end++;
    hra_html(p->out, "<div><dt>%s</dt><dd>", day);
    for (int i = first; i < end; i++) {
        if (is_said(v, first, i)) continue;
        hra_html(p->out, "<span>%s", hra_view_due(v->calendar[i]));
        put_numbers(p, i, end);
        hra_buffer_text(p->out, "</span> ");
    }
    hra_buffer_text(p->out, "</dd></div>\n");
    return end;
}

static void put_calendar(hra_page *p)
{
    const hra_person_view *v = p->view;
    int first = 0;
    while (first < v->calendar_count && !*v->calendar[first]->goal) first++;
    if (first == v->calendar_count) return;
    hra_page_heading(p, 3, "calendar", hra_text(p->words, "report.calendar.title"));
    hra_buffer_text(p->out, "<dl class=calendar>");
    while (first < v->calendar_count) {
        if (*v->calendar[first]->goal)
            first = put_day(p, first);
        else
            first++;
    }
    hra_buffer_text(p->out, "</dl>\n");
}

/* ---- measuring, doctor, next checkup ---- */

static void put_monitors(hra_page *p)
{
    const hra_person_view *v = p->view;
    const hra_words *w = p->words;
    if (v->monitor_count == 0) return;
    hra_page_heading(p, 3, "monitors", hra_text(w, "report.monitors.title"));
    hra_html(p->out,
             "<table class=monitors><thead><tr><th scope=col>%s</th><th scope=col>%s</th><th scope=col>%s</th><th "
             "scope=col>%s</th></tr></thead><tbody>\n",
             hra_text(w, "report.monitors.what"), hra_text(w, "report.monitors.often"),
             hra_text(w, "report.monitors.target"), hra_text(w, "report.monitors.alarm"));
    for (int i = 0; i < v->monitor_count; i++) {
        const hra_view_monitor *m = &v->monitors[i];
        hra_html(p->out, "<tr><th scope=row>%s</th><td>%s</td><td>%s</td><td>%s</td></tr>\n", m->indicator,
                 m->frequency, m->target, m->alarm);
    }
    hra_buffer_text(p->out, "</tbody></table>\n");
}

static void put_doctor(hra_page *p)
{
    const hra_person_view *v = p->view;
    const hra_words *w = p->words;
    hra_buffer_text(p->out, "<div class=two><div>");
    hra_page_heading(p, 3, "doctor", hra_text(w, "report.doctor.title"));
    hra_buffer_text(p->out, "<ul class=plain>");
    for (int i = 0; i < v->doctor_count; i++) hra_html(p->out, "<li>%s</li>", v->doctor[i]);
    if (v->doctor_count == 0) hra_html(p->out, "<li>%s</li>", hra_text(w, "report.doctor.none"));
    hra_buffer_text(p->out, "</ul></div><div class=note>");
    hra_page_heading(p, 3, "emergency", hra_text(w, "report.emergency.title"));
    hra_html(p->out, "<p>%s</p></div></div>\n", hra_text(w, "report.emergency.signs"));
}

static void put_checkup(hra_page *p)
{
    const hra_person_view *v = p->view;
    const hra_words *w = p->words;
    bool additions = false;
    for (int i = 0; i < v->item_count; i++) additions = additions || !*v->items[i].package;
    if (!additions) return;
    hra_page_heading(p, 3, "checkup", hra_text(w, "report.checkup.title"));
    hra_buffer_text(p->out, "<ul class=plain>");
    for (int i = 0; i < v->item_count; i++) {
        const hra_view_item *x = &v->items[i];
        if (*x->package) continue; /* of the package: the checkup's own list says it */
        hra_html(p->out, "<li><b>%s</b> %s", x->origin.title, x->because);
        if (x->doctor_decides) hra_html(p->out, " <small>%s</small>", hra_text(w, "report.checkup.doctor"));
        hra_buffer_text(p->out, "</li>");
    }
    hra_buffer_text(p->out, "</ul>\n");
}

void hra_page_plan(hra_page *p)
{
    const hra_words *w = p->words;
    hra_buffer_text(p->out, "<section class=\"sheet plan\">");
    hra_page_heading(p, 2, "plan", hra_text(w, "report.plan.title"));
    hra_html(p->out, "<p class=lead>%s</p>",
             p->view->advice_count > 0 ? hra_text(w, "report.plan.lead") : hra_text(w, "report.steps.none"));
    if (p->view->advice_count > 0) put_domains(p);
    put_calendar(p);
    put_monitors(p);
    put_checkup(p);
    put_doctor(p);
    hra_buffer_text(p->out, "</section>\n");
}
