/* The prescription by domain, its calendar, what to measure oneself, when to see a doctor, the next checkup. */
#include <stdio.h>
#include <string.h>

#include "report/pdf/pdf_parts.h"
#include "report/person/view_questions.h"

/* ---- the prescription in two columns ----------------------------------------------------------- */

/* An item, under the name of its domain where that begins or a column does. */
typedef struct unit {
    const hra_view_advice *advice;
    int number; /* from 1 */
    bool headed;
} unit;

static void put_advice(hra_leaf *l, const hra_view_advice *a, int number)
{
    const double room = l->view->advice_count > 99 ? 21 : 17;
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

static void put_unit(hra_leaf *l, const void *item)
{
    const unit *u = item;
    if (u->headed) {
        l->y += 4;
        hra_leaf_text(l, HRA_PDF_NAME_ACCENT, u->advice->domain_text);
        hra_leaf_rule(l);
        l->y += 2;
    }
    put_advice(l, u->advice, u->number);
}

static unit unit_at(const hra_person_view *v, int i, bool begins)
{
    bool headed = begins || i == 0 || strcmp(v->advice[i].domain, v->advice[i - 1].domain) != 0;
    return (unit){&v->advice[i], i + 1, headed};
}

/* The height of all items from `first` on, one below the other. */
static double height_from(hra_leaf *l, int first)
{
    double height = 0;
    for (int i = first; i < l->view->advice_count; i++) {
        unit u = unit_at(l->view, i, i == first);
        height += hra_leaf_height(l, put_unit, &u);
    }
    return height;
}

/* A column of items up to about `wanted` and no higher than `most`; at least one. Returns the next item. */
static int put_column(hra_leaf *l, double x, int first, double wanted, double most, double *end)
{
    hra_leaf column = *l;
    column.x = x;
    column.measuring++;
    int i = first;
    for (; i < l->view->advice_count; i++) {
        unit u = unit_at(l->view, i, i == first);
        double height = hra_leaf_height(&column, put_unit, &u), used = column.y - l->y;
        if (i > first && (used + height / 2 > wanted || used + height > most)) break;
        put_unit(&column, &u);
    }
    if (column.y > *end) *end = column.y;
    return i;
}

/* Down the left column, then the right one, both about as high; what has no room goes on on the next page. */
static void put_items(hra_leaf *l)
{
    const double apart = 20;
    hra_leaf half = *l;
    half.width = (l->width - apart) / 2;
    for (int i = 0; i < l->view->advice_count;) {
        double rest = height_from(&half, i), most = hra_leaf_bottom(l) - l->y, end = l->y;
        half.y = l->y;
        i = put_column(&half, l->x, i, rest / 2, most, &end);
        if (i < l->view->advice_count) i = put_column(&half, l->x + half.width + apart, i, rest, most, &end);
        l->y = end;
        if (i < l->view->advice_count) hra_leaf_turn(l);
    }
}

/* ---- the calendar ----------------------------------------------------------------------------------- */

/* The numbers of the items of one day that say the same as entry `first` does. */
static void add_numbers(hra_leaf *l, hra_buffer *t, const hra_view_advice *const *first,
                        const hra_view_advice *const *end)
{
    int count = 0;
    for (const hra_view_advice *const *e = first; e < end; e++) {
        int number = hra_leaf_advice_number(l, *e);
        if (strcmp(hra_view_due(*e), hra_view_due(*first)) != 0 || number == 0) continue;
        hra_buffer_text(t, count > 0 ? "" : " " HRA_PDF_QUIET "(");
        if (count++ > 0) hra_buffer_text(t, hra_list_separator(l->words, false));
        hra_buffer_printf(t, "%d", number);
    }
    if (count > 0) hra_buffer_text(t, ")" HRA_PDF_PLAIN);
}

/* What is due on one day, each thing once, with the numbers of the items it is for. */
static void put_day(hra_leaf *l, const void *item)
{
    const double room = 76;
    const hra_view_advice *const *first = item, *const *end = first;
    const hra_view_advice *const *last = l->view->calendar + l->view->calendar_count;
    const char *day = (*first)->goal;
    hra_buffer *t = hra_leaf_compose(l);
    while (end < last && strcmp((*end)->goal, day) == 0) end++;
    for (const hra_view_advice *const *e = first; e < end; e++) {
        const hra_view_advice *const *earlier = first;
        while (earlier < e && strcmp(hra_view_due(*earlier), hra_view_due(*e)) != 0) earlier++;
        if (earlier < e) continue;
        if (t->length > 0) hra_buffer_text(t, "   ");
        hra_buffer_text(t, hra_view_due(*e));
        add_numbers(l, t, e, end);
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

static void doctor_part(hra_leaf *l, const void *item)
{
    const hra_person_view *v = item;
    const hra_words *w = l->words;
    hra_leaf_text(l, HRA_PDF_HEADING, hra_text(w, "report.doctor.title"));
    l->y += 2;
    for (int i = 0; i < v->doctor_count; i++) hra_leaf_item(l, HRA_PDF_TABLE, v->doctor[i]);
    if (v->doctor_count == 0) hra_leaf_item(l, HRA_PDF_TABLE, hra_text(w, "report.doctor.none"));
}

static void emergency_note(hra_leaf *l, const void *item) { hra_leaf_note(l, HRA_PDF_ACT, emergency_part, item); }

void hra_leaf_plan(hra_leaf *leaf)
{
    const hra_words *w = leaf->words;
    bool any = leaf->view->advice_count > 0;
    hra_leaf_chapter(leaf, hra_text(w, "report.plan.title"));
    hra_leaf_text(leaf, HRA_PDF_LEAD, any ? hra_text(w, "report.plan.lead") : hra_text(w, "report.steps.none"));
    hra_leaf_gap(leaf, 4);
    if (any) put_items(leaf);
    put_calendar(leaf);
    put_monitors(leaf);
    put_checkup(leaf);
    hra_leaf_gap(leaf, 8);
    hra_leaf_two(leaf, doctor_part, emergency_note, leaf->view);
}
