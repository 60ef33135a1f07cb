/* The first sheet: who, what helps most, five factors, three diseases, four risks; before it, what cannot wait. */
#include <string.h>

#include "report/pdf/drawing_calls.h"
#include "report/pdf/pdf_parts.h"
#include "report/person/view_questions.h"

/* ---- who ---------------------------------------------------------------------------------- */

static double put_pair(hra_leaf *l, double x, double width, const char *label, const char *value)
{
    double y = l->y;
    l->y += hra_leaf_line(l, HRA_PDF_NOTE, x, width, label) - 1;
    double height = hra_leaf_cell(l, HRA_PDF_TABLE, x, width, value);
    l->y = y;
    return height + 12;
}

/* Dates, group and number in a row; what is not known takes no room. */
static void put_facts(hra_leaf *l)
{
    const hra_words *w = l->words;
    const hra_person_view *v = l->view;
    const struct {
        const char *label, *value;
        double share;
    } facts[] = {{hra_text(w, "report.exam_day"), v->exam_day, 0.7},
                 {hra_text(w, "report.as_of"), v->as_of, 0.7},
                 {hra_text(w, "report.group"), v->group, 1},
                 {hra_text(w, "report.department"), v->department, 1},
                 {hra_text(w, "report.provider"), l->options->provider, 1.2},
                 {hra_text(w, "report.key"), v->key, 1.8}};
    const size_t count = sizeof facts / sizeof *facts;
    double shares = 0, x = l->x, most = 0;
    for (size_t i = 0; i < count; i++) shares += *facts[i].value ? facts[i].share : 0;
    for (size_t i = 0; i < count; i++) {
        if (!*facts[i].value) continue;
        double room = l->width * facts[i].share / shares;
        double height = put_pair(l, x, room - 8, facts[i].label, facts[i].value);
        most = height > most ? height : most;
        x += room;
    }
    l->y += most;
}

/* The title on the left, name, sex and age up to the right end. */
static void put_who(hra_leaf *l)
{
    const hra_person_view *v = l->view;
    const hra_pdf_text *title = hra_pdf_shape_line(l->press, HRA_PDF_TITLE, 0, hra_text(l->words, "report.title"));
    double y = l->y, height = hra_pdf_text_height(title), taken = hra_pdf_text_width(title) + 20;
    if (l->cr) hra_pdf_text_draw(title, l->cr, l->x, y);
    hra_buffer *t = hra_leaf_compose(l);
    if (*l->name) hra_leaf_piece(t, HRA_PDF_BOLD, l->name);
    if (*l->name) hra_buffer_text(t, "   ");
    hra_buffer_text(t, v->sex_text);
    if (*v->sex_text && *v->age_text) hra_buffer_text(t, " · ");
    hra_buffer_text(t, v->age_text);
    l->y = y + height - 19;
    if (t->length > 0) hra_leaf_line_right(l, HRA_PDF_LARGE, l->x + taken, l->width - taken, t->bytes);
    l->y = y + height + 2;
    put_facts(l);
    l->y += 3;
    if (l->cr) hra_pdf_rule(l->cr, l->x, l->y, l->width, HRA_PDF_ACCENT, 1.6);
    l->y += 2;
}

/* ---- what cannot wait ---------------------------------------------------------------------- */

/* "Systolic pressure 186 mmHg" of at most three. */
static void add_values(hra_leaf *l, hra_buffer *t, const hra_view_finding *f)
{
    int shown = 0;
    for (int i = 0; i < f->value_count && shown < 3; i++) {
        const hra_view_value *x = f->values[i];
        if (!x->known || x->type == HRA_TYPE_FLAG) continue;
        if (shown++ > 0) hra_buffer_text(t, "   ");
        hra_buffer_text(t, x->label);
        hra_buffer_text(t, " ");
        hra_leaf_value(l, t, HRA_PDF_BOLD, x->text, x->unit);
        hra_buffer_text(t, x->in_brackets);
    }
}

static void add_deadline(hra_leaf *l, hra_buffer *t, const hra_view_finding *f)
{
    hra_buffer_text(t, HRA_PDF_DUE);
    if (f->deadline_days == 0)
        hra_buffer_text(t, hra_text(l->words, "report.urgent.today"));
    else if (*f->deadline)
        hra_leaf_fill(t, hra_text(l->words, "report.by"), f->deadline, NULL);
    hra_buffer_text(t, HRA_PDF_PLAIN);
}

static void urgent_box(hra_leaf *l, const void *item)
{
    const hra_view_finding *f = item;
    hra_leaf_level(l, HRA_LEVEL_URGENT, f->origin.title);
    hra_buffer *t = hra_leaf_compose(l);
    add_values(l, t, f);
    if (t->length > 0) hra_leaf_text(l, HRA_PDF_LARGE, t->bytes);
    t = hra_leaf_compose(l);
    add_deadline(l, t, f);
    hra_leaf_text(l, HRA_PDF_LARGE, t->bytes);
}

static hra_level_mark urgent_mark(const void *item)
{
    (void)item;
    return HRA_LEVEL_URGENT;
}

static void emergency_part(hra_leaf *l, const void *item)
{
    (void)item;
    hra_leaf_text(l, HRA_PDF_STRONG, hra_text(l->words, "report.emergency.title"));
    hra_leaf_text(l, HRA_PDF_BODY, hra_text(l->words, "report.emergency.signs"));
}

void hra_leaf_urgent(hra_leaf *leaf)
{
    const hra_person_view *v = leaf->view;
    put_who(leaf);
    hra_leaf_gap(leaf, 8);
    hra_leaf_section(leaf, HRA_PDF_ALARM, hra_text(leaf->words, "report.urgent.title"));
    hra_leaf_text(leaf, HRA_PDF_LARGE, hra_text(leaf->words, "report.urgent.lead"));
    hra_leaf_gap(leaf, 8);
    hra_leaf_boxes(leaf, v->urgent, sizeof *v->urgent, v->urgent_count, 1, urgent_box, urgent_mark);
    hra_leaf_gap(leaf, 12);
    hra_leaf_note(leaf, HRA_PDF_URGENT, emergency_part, NULL);
    hra_leaf_gap(leaf, 8);
    hra_leaf_text(leaf, HRA_PDF_LEAD, hra_text(leaf->words, "report.urgent.not_diagnosis"));
    hra_leaf_turn(leaf);
}

/* ---- three steps ----------------------------------------------------------------------------- */

static void step_texts(hra_leaf *l, const void *item)
{
    const hra_view_advice *a = item;
    hra_leaf_text(l, HRA_PDF_LARGE, a->text);
    hra_buffer *t = hra_leaf_compose(l);
    hra_leaf_piece(t, HRA_PDF_BOLD, a->domain_text);
    if (*a->target || *a->goal) hra_buffer_text(t, "   ");
    hra_leaf_goal(l, t, a);
    hra_leaf_text(l, HRA_PDF_TABLE, t->bytes);
}

static void put_step(hra_leaf *l, const hra_view_advice *a, int number)
{
    const double disc = 10, room = 34, pad = 4;
    const char digit[2] = {(char)('0' + number % 10), 0};
    hra_leaf inner = *l;
    inner.x += room;
    inner.width -= room + pad;
    double height = hra_leaf_height(&inner, step_texts, a) + 2 * pad;
    hra_leaf_keep(l, height);
    if (l->cr) {
        const hra_pdf_text *t = hra_pdf_shape_line(l->press, HRA_PDF_NUMBER, 0, digit);
        hra_pdf_ink(l->cr, HRA_PDF_WASH);
        hra_pdf_round_box(l->cr, l->x, l->y, l->width, height, 4);
        cairo_fill(l->cr);
        hra_pdf_ink(l->cr, HRA_PDF_ACCENT);
        cairo_arc(l->cr, l->x + 17, l->y + pad + 11, disc, 0, 2 * 3.14159265358979);
        cairo_fill(l->cr);
        hra_pdf_text_draw(t, l->cr, l->x + 17 - hra_pdf_text_width(t) / 2,
                          l->y + pad + 11 - hra_pdf_text_height(t) / 2);
    }
    double end = l->y + height;
    l->y += pad;
    hra_leaf_column(l, inner.x, inner.width, step_texts, a);
    l->y = end + 4;
}

static void put_steps(hra_leaf *l)
{
    const hra_person_view *v = l->view;
    hra_leaf_section(l, HRA_PDF_SECTION, hra_text(l->words, "report.steps.title"));
    if (hra_page_little_known(v)) {
        hra_leaf_text(l, HRA_PDF_STRONG, hra_text(l->words, "report.little_known"));
        l->y += 4;
    }
    if (v->step_count == 0) hra_leaf_text(l, HRA_PDF_BODY, hra_text(l->words, "report.steps.none"));
    for (int i = 0; i < v->step_count; i++) put_step(l, v->steps[i], i + 1);
}

static void important_part(hra_leaf *l, const void *item)
{
    const hra_person_view *v = item;
    hra_leaf_text(l, HRA_PDF_STRONG, hra_text(l->words, "report.important.title"));
    for (int i = 0; i < v->important_count; i++) {
        const hra_view_finding *f = &v->important[i];
        hra_buffer *t = hra_leaf_compose(l);
        hra_leaf_piece(t, HRA_PDF_BOLD, f->origin.title);
        hra_buffer_text(t, "   ");
        add_values(l, t, f);
        hra_buffer_text(t, "   ");
        hra_buffer_text(t, f->action);
        hra_buffer_text(t, " ");
        add_deadline(l, t, f);
        hra_leaf_item(l, HRA_PDF_TABLE, t->bytes);
    }
}

/* ---- findings ----------------------------------------------------------------------------------- */

/* "Systolic pressure 152 mmHg ↑worse" of what it was made from. */
static void put_finding_values(hra_leaf *l, const hra_view_finding *f)
{
    enum { MOST = 4 }; /* the four blood lipids: the one that decides may be the last */
    int shown = 0;
    hra_buffer *t = hra_leaf_compose(l);
    for (int i = 0; i < f->value_count && shown < MOST; i++) {
        const hra_view_value *x = f->values[i];
        if (!x->known || x->type == HRA_TYPE_FLAG || x->type == HRA_TYPE_CATEGORY) continue;
        if (shown++ > 0) hra_buffer_text(t, "   ");
        hra_buffer_text(t, x->label);
        hra_buffer_text(t, " ");
        hra_leaf_value(l, t, HRA_PDF_BOLD, x->text, x->unit);
        hra_buffer_text(t, x->in_brackets);
        if (!*x->previous_text || !*x->trend) continue;
        hra_buffer_text(t, " " HRA_PDF_SOFTER);
        hra_buffer_text(t, hra_page_trend_arrow(x->trend, x->change));
        hra_buffer_text(t, x->trend_text);
        hra_buffer_text(t, HRA_PDF_PLAIN);
    }
    if (shown > 0) hra_leaf_text(l, HRA_PDF_TABLE, t->bytes);
}

static void add_missing(hra_leaf *l, hra_buffer *t, const hra_view_finding *f)
{
    enum { MOST = 6 };
    if (f->answer != HRA_VIEW_UNKNOWN || f->missing_count == 0) return;
    hra_buffer_text(t, hra_text(l->words, "report.missing"));
    hra_buffer_text(t, " ");
    hra_leaf_names(l, t, f->missing, f->missing_count < MOST ? f->missing_count : MOST);
    hra_buffer_text(t, f->missing_count > MOST ? " … · " : " · ");
}

static void add_reasons(hra_leaf *l, hra_buffer *t, const hra_view_finding *f)
{
    if (f->answer != HRA_VIEW_PRESENT || f->reason_count == 0) return;
    hra_buffer_text(t, HRA_PDF_BOLD);
    hra_buffer_text(t, hra_text(l->words, "report.because"));
    hra_buffer_text(t, " ");
    for (int i = 0; i < f->reason_count; i++) {
        if (i > 0) hra_buffer_text(t, hra_list_separator(l->words, hra_view_reasons_hold_comma(f)));
        hra_buffer_text(t, f->reasons[i]);
    }
    hra_buffer_text(t, HRA_PDF_PLAIN " · ");
}

static void finding_texts(hra_leaf *l, const void *item)
{
    const hra_view_finding *f = item;
    put_finding_values(l, f);
    hra_buffer *t = hra_leaf_compose(l);
    add_reasons(l, t, f);
    add_missing(l, t, f);
    if (f->answer == HRA_VIEW_HAS_IT)
        hra_buffer_text(t, hra_text(l->words, "report.has_it"));
    else if (*f->why)
        hra_buffer_text(t, f->why);
    else if (*f->cut)
        hra_leaf_fill(t, hra_text(l->words, "report.cut"), f->cut, NULL);
    hra_leaf_text(l, HRA_PDF_NOTE, t->bytes);
}

static hra_level_mark finding_mark(const void *item) { return hra_page_finding_mark(item); }

/* What it is, the answer, and from what. */
static void finding_row(hra_leaf *l, const void *item)
{
    const hra_view_finding *f = item;
    const double answer = l->width * 0.24, texts = l->width * 0.4;
    l->y += 1;
    double title = hra_leaf_cell(l, HRA_PDF_NAME, l->x, answer - 8, f->origin.title);
    double level = hra_leaf_level_at(l, l->x + answer, texts - answer - 8, finding_mark(f), f->answer_text);
    double end = hra_leaf_column(l, l->x + texts, l->width - texts, finding_texts, f);
    double most = title > level ? title : level;
    l->y = (end > l->y + most ? end : l->y + most) + 1;
    hra_leaf_rule(l);
}

static void put_findings(hra_leaf *l, const char *title, const hra_view_finding *findings, int count)
{
    if (count == 0) return;
    hra_leaf_section(l, HRA_PDF_SECTION, title);
    hra_leaf_rule(l);
    for (int i = 0; i < count; i++) hra_leaf_whole(l, finding_row, &findings[i]);
}

/* Alerts of the second order that are there, in lines of as many as fit. */
static void put_second(hra_leaf *l)
{
    const double room = HRA_LEAF_MARK_ROOM, apart = 14, height = 14;
    const hra_person_view *v = l->view;
    double x = l->x;
    bool any = false;
    for (int i = 0; i < v->second_alert_count; i++) any = any || v->second_alerts[i].answer == HRA_VIEW_PRESENT;
    if (!any) return;
    hra_leaf_gap(l, 5);
    hra_leaf_keep(l, 2 * height);
    const hra_pdf_text *also = hra_pdf_shape_line(l->press, HRA_PDF_LEAD, 0, hra_text(l->words, "report.also"));
    if (l->cr) hra_pdf_text_draw(also, l->cr, x, l->y);
    x += hra_pdf_text_width(also) + room / 2;
    for (int i = 0; i < v->second_alert_count; i++) {
        const hra_view_finding *f = &v->second_alerts[i];
        if (f->answer != HRA_VIEW_PRESENT) continue;
        const hra_pdf_text *t = hra_pdf_shape_line(l->press, HRA_PDF_STRONG, l->width - room, f->origin.title);
        if (x + room + hra_pdf_text_width(t) > l->x + l->width) {
            x = l->x;
            l->y += height;
        }
        hra_leaf_level_at(l, x, l->width, finding_mark(f), f->origin.title);
        x += room + hra_pdf_text_width(t) + apart;
    }
    l->y += height;
}

static hra_level_mark disease_mark(const void *item) { return hra_page_disease_mark(item); }

static void risk_box(hra_leaf *l, const void *item)
{
    const hra_words *w = l->words;
    const hra_view_disease *d = item;
    hra_leaf_text(l, HRA_PDF_NAME, d->title);
    if (d->not_applicable) {
        hra_leaf_text(l, HRA_PDF_NOTE, hra_text(w, "report.risk.has_it"));
        return;
    }
    if (!*d->risk_text) {
        hra_leaf_level(l, HRA_LEVEL_UNKNOWN, hra_text(w, "answer.unknown"));
        hra_leaf_text(l, HRA_PDF_NOTE, d->status.text);
        return;
    }
    hra_leaf_text(l, HRA_PDF_BIG, d->risk_text);
    hra_leaf_say(l, HRA_PDF_NOTE, hra_text(w, "report.risk.within"), d->horizon, NULL);
    if (*d->category_text) hra_leaf_level(l, disease_mark(d), d->category_text);
    if (!*d->previous_text) return;
    hra_buffer *t = hra_leaf_compose(l);
    hra_leaf_fill(t, hra_text(w, "report.last_year"), d->previous_text, NULL);
    hra_buffer_text(t, " ");
    hra_buffer_text(t, hra_page_trend_arrow(d->trend, d->risk - d->previous));
    hra_buffer_text(t, d->trend_text);
    hra_leaf_text(l, HRA_PDF_NOTE, t->bytes);
}

static void put_closing(hra_leaf *l)
{
    const hra_words *w = l->words;
    hra_buffer *t = hra_leaf_compose(l);
    hra_buffer_text(t, hra_text(w, "report.not_diagnosis"));
    hra_buffer_text(t, " ");
    hra_buffer_text(t, hra_text(w, "report.valid"));
    hra_buffer_text(t, " ");
    hra_buffer_text(t, l->view->has_previous ? hra_text(w, "report.compared") : hra_text(w, "report.first_time"));
    l->y += 4;
    hra_leaf_text(l, HRA_PDF_NOTE, t->bytes);
}

/* The risks and what the sheet ends with: no line of it stands alone on a page. */
static void put_risks(hra_leaf *l, const void *item)
{
    const hra_person_view *v = item;
    if (v->disease_count > 0) {
        hra_leaf_section(l, HRA_PDF_SECTION, hra_text(l->words, "report.risks.title"));
        hra_leaf_boxes(l, v->diseases, sizeof *v->diseases, v->disease_count, v->disease_count, risk_box, disease_mark);
        hra_buffer *t = hra_leaf_compose(l);
        if (hra_page_any_category(v)) {
            hra_buffer_text(t, hra_text(l->words, "report.risks.words"));
            hra_buffer_text(t, " ");
        }
        if (hra_view_has_alert(v)) hra_buffer_text(t, hra_text(l->words, "report.risks.note"));
        l->y += 2;
        hra_leaf_text(l, HRA_PDF_NOTE, t->bytes);
    }
    put_closing(l);
}

void hra_leaf_summary(hra_leaf *leaf)
{
    const hra_person_view *v = leaf->view;
    const hra_words *w = leaf->words;
    put_who(leaf);
    put_steps(leaf);
    if (v->important_count > 0) {
        hra_leaf_gap(leaf, 4);
        hra_leaf_note(leaf, HRA_PDF_ACT, important_part, v);
    }
    put_findings(leaf, hra_text(w, "report.factors.title"), v->first_alerts, v->first_alert_count);
    put_second(leaf);
    put_findings(leaf, hra_text(w, "report.chronic.title"), v->chronic_alerts, v->chronic_alert_count);
    hra_leaf_whole(leaf, put_risks, v);
}
