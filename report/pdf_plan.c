/* The prescription by domain, its calendar, what to measure oneself, when to see a doctor, the next checkup. */
#include <stdio.h>
#include <string.h>

#include "report/pdf_parts.h"

/* ---- the prescription in two columns ----------------------------------------------------------- */

typedef struct domain {
    const hra_view_advice *first;
    int count, number; /* number of the first item, from 1 */
} domain;

static void put_advice(hra_leaf *l, const hra_view_advice *a, int number)
{
    const double room = 17;
    char digits[16];
    snprintf(digits, sizeof digits, "%d", number);
    hra_leaf_line_right(l, HRA_PDF_TABLE, l->x, room - 5, digits);
    hra_buffer *t = hra_leaf_compose(l);
    if (a->step > 0) {
        hra_leaf_piece(t, HRA_PDF_BOLD, hra_text(l->words, "report.plan.first"));
        hra_buffer_text(t, " · ");
    }
    hra_buffer_text(t, a->text);
    if (*a->target || *a->goal) hra_buffer_text(t, " ");
    hra_leaf_goal(l, t, a);
    l->y += hra_leaf_cell(l, HRA_PDF_TABLE, l->x + room, l->width - room, t->bytes) + 2;
}

static void put_domain(hra_leaf *l, const void *item)
{
    const domain *d = item;
    hra_leaf_text(l, HRA_PDF_NAME_ACCENT, d->first->domain_text);
    hra_leaf_rule(l);
    l->y += 2;
    for (int i = 0; i < d->count; i++) put_advice(l, &d->first[i], d->number + i);
    l->y += 6;
}

/* Each domain goes to the column that ends higher; where neither has room, a page is turned. */
static void put_domains(hra_leaf *l)
{
    const double apart = 20;
    const hra_person_view *v = l->view;
    double width = (l->width - apart) / 2, ends[2] = {l->y, l->y};
    for (int i = 0; i < v->advice_count;) {
        domain d = {&v->advice[i], 1, i + 1};
        while (i + d.count < v->advice_count && strcmp(d.first[d.count].domain, d.first->domain) == 0) d.count++;
        hra_leaf inner = *l;
        inner.width = width;
        double height = hra_leaf_height(&inner, put_domain, &d);
        int column = ends[1] < ends[0];
        l->y = ends[column];
        if (hra_leaf_keep(l, height)) ends[0] = ends[1] = l->y, column = 0;
        ends[column] = hra_leaf_column(l, l->x + column * (width + apart), width, put_domain, &d);
        i += d.count;
    }
    l->y = ends[0] > ends[1] ? ends[0] : ends[1];
}

/* ---- the calendar ----------------------------------------------------------------------------------- */

/* What is due on one day: what is measured again, or else the item's target. */
static void put_day(hra_leaf *l, const void *item)
{
    const double room = 76;
    const hra_view_advice *const *entry = item;
    const hra_view_advice *const *end = l->view->calendar + l->view->calendar_count;
    const char *day = (*entry)->goal;
    hra_buffer *t = hra_leaf_compose(l);
    for (const hra_view_advice *const *e = entry; e < end && strcmp((*e)->goal, day) == 0; e++) {
        const hra_view_advice *a = *e;
        hra_buffer_printf(t, "%s%d ", e > entry ? " · " : "", hra_leaf_advice_number(l, a));
        hra_buffer_text(t, *a->recheck ? a->recheck : *a->target ? a->target : a->domain_text);
    }
    double height = hra_leaf_cell(l, HRA_PDF_TABLE, l->x + room, l->width - room, t->bytes);
    hra_leaf_line(l, HRA_PDF_STRONG, l->x, room, day);
    l->y += (height > 14 ? height : 14) + 1;
    hra_leaf_rule(l);
}

static void put_calendar(hra_leaf *l)
{
    const hra_person_view *v = l->view;
    const char *day = "";
    bool begun = false;
    for (int i = 0; i < v->calendar_count; i++) {
        if (!*v->calendar[i]->goal || strcmp(v->calendar[i]->goal, day) == 0) continue;
        if (!begun) hra_leaf_heading(l, hra_text(l->words, "report.calendar.title"));
        begun = true;
        day = v->calendar[i]->goal;
        hra_leaf_whole(l, put_day, &v->calendar[i]);
    }
}

/* ---- measuring, next checkup, doctor ------------------------------------------------------------------ */

enum { MONITOR_COLUMNS = 4 };
static const double monitor_shares[MONITOR_COLUMNS + 1] = {0, 0.16, 0.42, 0.66, 1};

static void put_cells(hra_leaf *l, hra_pdf_style style, const char *const texts[MONITOR_COLUMNS])
{
    double most = 0;
    for (int i = 0; i < MONITOR_COLUMNS; i++) {
        double width = l->width * (monitor_shares[i + 1] - monitor_shares[i]) - 8;
        double height = hra_leaf_cell(l, style, l->x + l->width * monitor_shares[i], width, texts[i]);
        if (height > most) most = height;
    }
    l->y += most + 1;
    hra_leaf_rule(l);
}

static void put_monitor(hra_leaf *l, const void *item)
{
    const hra_view_monitor *m = item;
    put_cells(l, HRA_PDF_TABLE, (const char *const[]){m->indicator, m->frequency, m->target, m->alarm});
}

static void put_monitors(hra_leaf *l)
{
    const hra_person_view *v = l->view;
    const hra_words *w = l->words;
    if (v->monitor_count == 0) return;
    hra_leaf_heading(l, hra_text(w, "report.monitors.title"));
    put_cells(l, HRA_PDF_NOTE,
              (const char *const[]){hra_text(w, "report.monitors.what"), hra_text(w, "report.monitors.often"),
                                    hra_text(w, "report.monitors.target"), hra_text(w, "report.monitors.alarm")});
    for (int i = 0; i < v->monitor_count; i++) hra_leaf_whole(l, put_monitor, &v->monitors[i]);
}

/* Additions for this person; the package's own list says the rest. */
static void put_checkup(hra_leaf *l)
{
    const hra_person_view *v = l->view;
    bool begun = false;
    for (int i = 0; i < v->item_count; i++) {
        const hra_view_item *x = &v->items[i];
        if (*x->package) continue;
        if (!begun) hra_leaf_heading(l, hra_text(l->words, "report.checkup.title"));
        begun = true;
        hra_buffer *t = hra_leaf_compose(l);
        hra_leaf_piece(t, HRA_PDF_BOLD, x->origin.title);
        hra_buffer_text(t, "  ");
        hra_buffer_text(t, x->because);
        if (x->doctor_decides) {
            hra_buffer_text(t, "  ");
            hra_leaf_piece(t, HRA_PDF_QUIET, hra_text(l->words, "report.checkup.doctor"));
        }
        hra_leaf_item(l, HRA_PDF_TABLE, t->bytes);
    }
}

static void emergency_part(hra_leaf *l, const void *item)
{
    (void)item;
    hra_leaf_text(l, HRA_PDF_STRONG, hra_text(l->words, "report.emergency.title"));
    hra_leaf_text(l, HRA_PDF_TABLE, hra_text(l->words, "report.emergency.signs"));
}

static void put_doctor(hra_leaf *l)
{
    const hra_person_view *v = l->view;
    const hra_words *w = l->words;
    hra_leaf_heading(l, hra_text(w, "report.doctor.title"));
    for (int i = 0; i < v->doctor_count; i++) hra_leaf_item(l, HRA_PDF_TABLE, v->doctor[i]);
    if (v->doctor_count == 0) hra_leaf_item(l, HRA_PDF_TABLE, hra_text(w, "report.doctor.none"));
    hra_leaf_gap(l, 6);
    hra_leaf_note(l, HRA_PDF_ACT, emergency_part, NULL);
}

void hra_leaf_plan(hra_leaf *leaf)
{
    const hra_words *w = leaf->words;
    bool any = leaf->view->advice_count > 0;
    hra_leaf_sheet(leaf, hra_text(w, "report.plan.title"));
    hra_leaf_text(leaf, HRA_PDF_LEAD, any ? hra_text(w, "report.plan.lead") : hra_text(w, "report.steps.none"));
    hra_leaf_gap(leaf, 4);
    if (any) put_domains(leaf);
    put_calendar(leaf);
    put_monitors(leaf);
    put_checkup(leaf);
    put_doctor(leaf);
}
