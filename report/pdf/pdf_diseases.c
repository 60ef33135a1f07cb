/* The diseases: a risk in people out of a hundred, what it would be with better values, and what counts most. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/pdf/pdf_parts.h"
#include "report/person/view_questions.h"

static const double people_size = 86;

/* A sentence with a number of people: {0} of `some`, or `below` where it is less than one. */
static void fill_people(hra_buffer *to, double share, const char *some, const char *below, const char *horizon)
{
    char text[16];
    int n = hra_page_people(share);
    snprintf(text, sizeof text, "%d", n);
    if (n < 0)
        hra_leaf_fill(to, below, horizon, NULL);
    else
        hra_leaf_fill(to, some, text, horizon, NULL);
}

static void draw_people(hra_leaf *l, const hra_view_disease *d, double x, double y)
{
    int affected = hra_page_people(d->risk), left = isnan(d->if_all) ? affected : hra_page_people(d->if_all);
    if (affected < 0) affected = 0;
    if (left < 0) left = 0;
    hra_pdf_people(l->cr, affected, left < affected ? affected - left : 0, x, y, people_size);
}

/* An age tells little by itself: only beside the risk, with what it means, and where the catalogue names it. */
static void put_risk_age(hra_leaf *l, const hra_view_disease *d)
{
    const char *called = hra_text_of(l->words, "risk_age_name", d->role, "");
    if (!*called || !*d->risk_age_text) return;
    if (d->risk_age_limit && d->risk_age <= l->view->age) return; /* the end of the model's range says nothing here */
    hra_buffer *t = hra_leaf_compose(l);
    hra_buffer_text(t, HRA_PDF_BOLD);
    hra_buffer_text(t, called);
    hra_buffer_text(t, " ");
    hra_leaf_piece(t, NULL, d->risk_age_text);
    hra_buffer_text(t, HRA_PDF_PLAIN " ");
    if (!d->risk_age_limit) hra_leaf_fill(t, hra_text(l->words, "report.risk_age"), d->risk_age_text, NULL);
    if (d->category_index == 0 && d->risk_age > l->view->age) {
        hra_buffer_text(t, " ");
        hra_buffer_text(t, hra_text(l->words, "report.risk_age.low"));
    }
    l->y += 3;
    hra_leaf_text(l, HRA_PDF_TABLE, t->bytes);
}

static void put_sentences(hra_leaf *l, const hra_view_disease *d)
{
    const hra_words *w = l->words;
    hra_buffer *t = hra_leaf_compose(l);
    fill_people(t, d->risk, hra_text(w, "report.people.you"), hra_text(w, "report.people.you_below"), d->horizon);
    hra_leaf_text(l, HRA_PDF_STRONG, t->bytes);
    l->y += 2;
    if (d->if_all < d->risk && hra_page_people(d->if_all) != hra_page_people(d->risk)) {
        t = hra_leaf_compose(l);
        fill_people(t, d->if_all, hra_text(w, "report.people.all"), hra_text(w, "report.people.all_below"), "");
        hra_leaf_item(l, HRA_PDF_TABLE, t->bytes);
    }
    if (!isnan(d->ideal) && hra_page_people(d->ideal) >= hra_page_people(d->risk)) {
        hra_leaf_item(l, HRA_PDF_TABLE, hra_text(w, "report.people.ideal_same"));
    } else if (!isnan(d->ideal)) {
        t = hra_leaf_compose(l);
        fill_people(t, d->ideal, hra_text(w, "report.people.ideal"), hra_text(w, "report.people.ideal_below"), "");
        hra_leaf_item(l, HRA_PDF_TABLE, t->bytes);
    }
    put_risk_age(l, d);
}

/* ---- what if --------------------------------------------------------------------------------- */

typedef struct bar {
    const char *label, *text, *change;
    double risk, left, full;
} bar;

enum { LABEL, BAR, RISK, GAIN, BAR_COLUMNS };
static const double bar_shares[BAR_COLUMNS + 1] = {0, 0.34, 0.58, 0.74, 1};

static double column_x(const hra_leaf *l, int column) { return l->x + l->width * bar_shares[column]; }

static double column_width(const hra_leaf *l, int column)
{
    return l->width * (bar_shares[column + 1] - bar_shares[column]) - 8;
}

static void put_bar(hra_leaf *l, const void *item)
{
    const bar *b = item;
    double height = hra_leaf_cell(l, HRA_PDF_TABLE, column_x(l, LABEL), column_width(l, LABEL), b->label);
    if (l->cr) hra_pdf_part(l->cr, b->risk, b->left, b->full, column_x(l, BAR), l->y + 3.2, column_width(l, BAR));
    hra_leaf_line(l, HRA_PDF_STRONG, column_x(l, RISK), column_width(l, RISK), b->text);
    double gain = hra_leaf_cell(l, HRA_PDF_TABLE, column_x(l, GAIN), column_width(l, GAIN) + 8, b->change);
    l->y += (gain > height ? gain : height) + 1;
}

static void put_what_ifs(hra_leaf *l, const hra_view_disease *d)
{
    const hra_words *w = l->words;
    if (!hra_page_any_helps(d)) return;
    double full = d->risk;
    l->y += 4;
    hra_leaf_line(l, HRA_PDF_NOTE, l->x, column_x(l, RISK) - l->x - 8, hra_text(w, "report.what_if.title"));
    hra_leaf_line(l, HRA_PDF_NOTE, column_x(l, RISK), column_width(l, RISK), hra_text(w, "report.what_if.then"));
    l->y +=
        hra_leaf_line(l, HRA_PDF_NOTE, column_x(l, GAIN), column_width(l, GAIN), hra_text(w, "report.what_if.gain"));
    put_bar(l, &(bar){hra_text(w, "report.what_if.now"), d->risk_text, "", d->risk, d->risk, full});
    for (int i = 0; i < d->what_if_count; i++) {
        const hra_view_what_if *x = &d->what_ifs[i];
        if (!hra_page_helps(d, x)) continue;
        put_bar(l, &(bar){x->origin.title, "", x->removed_text, d->risk, x->risk, full});
    }
    if (!(d->if_all < d->risk)) return;
    hra_buffer *t = hra_leaf_compose(l);
    if (*d->changeable_text) hra_leaf_fill(t, hra_text(w, "report.what_if.share"), d->changeable_text, NULL);
    put_bar(l, &(bar){hra_text(w, "report.what_if.all"), d->if_all_text, t->bytes, d->risk, d->if_all, full});
}

static void put_texts(hra_leaf *l, const void *item)
{
    put_sentences(l, item);
    put_what_ifs(l, item);
}

static void put_reliability(hra_leaf *l, const hra_view_disease *d)
{
    const hra_words *w = l->words;
    hra_buffer *t = hra_leaf_compose(l);
    hra_leaf_piece(t, HRA_PDF_BOLD, hra_text(w, "report.reliability"));
    hra_buffer_text(t, " ");
    hra_buffer_text(t, d->status.bits && *d->status.text ? d->status.text : hra_text(w, "report.reliability.good"));
    if (*d->model_title) {
        hra_buffer_text(t, " · ");
        hra_buffer_text(t, hra_text(w, "report.model"));
        hra_buffer_text(t, " ");
        hra_buffer_text(t, d->model_title);
    }
    if (*d->outcome) {
        hra_buffer_text(t, " · ");
        hra_buffer_text(t, hra_text(w, "report.outcome"));
        hra_buffer_text(t, " ");
        hra_buffer_text(t, d->outcome);
    }
    l->y += 2;
    hra_leaf_text(l, HRA_PDF_NOTE, t->bytes);
}

/* ---- a disease ---------------------------------------------------------------------------------- */

/* A piece of the line that a disease begins with; all stand on one base line. Returns where the next one stands. */
static double put_piece(hra_leaf *l, hra_pdf_style style, double x, const char *text)
{
    const double line = 25, apart = 12;
    const hra_pdf_text *t = hra_pdf_shape_line(l->press, style, fmax(l->x + l->width - x, 20), text);
    double height = hra_pdf_text_height(t), y = l->y + line - height + height * 0.2 - 4;
    if (l->cr) hra_pdf_text_draw(t, l->cr, x, y);
    return x + hra_pdf_text_width(t) + apart;
}

/* Its name and risk, the horizon, category and last year's risk. */
static void put_top(hra_leaf *l, const hra_view_disease *d)
{
    const hra_words *w = l->words;
    double x = put_piece(l, HRA_PDF_STRONG, l->x, d->title), y = l->y;
    x = put_piece(l, HRA_PDF_BIG, x, d->risk_text);
    hra_buffer *t = hra_leaf_compose(l);
    hra_leaf_fill(t, hra_text(w, "report.risk.within"), d->horizon, NULL);
    x = put_piece(l, HRA_PDF_BODY, x, t->bytes);
    if (*d->category_text) {
        const hra_pdf_text *category = hra_pdf_shape_line(l->press, HRA_PDF_STRONG, 0, d->category_text);
        l->y += 25 - hra_pdf_text_height(category) * 0.8 - 4;
        hra_leaf_level_at(l, x, l->x + l->width - x, hra_page_disease_mark(d), d->category_text);
        l->y = y;
        x += HRA_LEAF_MARK_ROOM + hra_pdf_text_width(category) + 12;
    }
    if (*d->previous_text) {
        t = hra_leaf_compose(l);
        hra_leaf_fill(t, hra_text(w, "report.last_year"), d->previous_text, NULL);
        hra_buffer_printf(t, " %s%s", hra_page_trend_arrow(d->trend, d->risk - d->previous), d->trend_text);
        put_piece(l, HRA_PDF_LEAD, x, t->bytes);
    }
    l->y += 25;
}

static void put_disease(hra_leaf *l, const void *item)
{
    const hra_view_disease *d = item;
    hra_leaf_rule(l);
    l->y += 4;
    if (d->not_applicable || isnan(d->risk)) {
        hra_leaf_text(l, HRA_PDF_STRONG, d->title);
        hra_leaf_level(l, d->not_applicable ? HRA_LEVEL_WATCH : HRA_LEVEL_UNKNOWN,
                       d->not_applicable ? hra_text(l->words, "report.risk.has_it") : d->status.text);
        l->y += 8;
        return;
    }
    put_top(l, d);
    l->y += 3;
    if (l->cr) draw_people(l, d, l->x, l->y);
    double end = hra_leaf_column(l, l->x + people_size + 20, l->width - people_size - 20, put_texts, d);
    l->y = fmax(end, l->y + people_size * HRA_PDF_PEOPLE_SHAPE);
    put_reliability(l, d);
    l->y += 8;
}

static void put_legend(hra_leaf *l)
{
    static const hra_pdf_person kinds[] = {HRA_PDF_AFFECTED, HRA_PDF_SPARED, HRA_PDF_WELL};
    const char *names[] = {hra_text(l->words, "report.legend.affected"), hra_text(l->words, "report.legend.spared"),
                           hra_text(l->words, "report.legend.well")};
    double x = l->x;
    for (int i = 0; i < 3; i++) {
        const hra_pdf_text *t = hra_pdf_shape_line(l->press, HRA_PDF_NOTE, l->width / 3 - 16, names[i]);
        if (l->cr) hra_pdf_one_person(l->cr, kinds[i], x, l->y + 1, 10);
        if (l->cr) hra_pdf_text_draw(t, l->cr, x + 13, l->y);
        x += 13 + hra_pdf_text_width(t) + 18;
    }
    l->y += 15;
}

/* What each step stands for, once for all diseases. */
static void put_meanings(hra_leaf *l)
{
    enum { MOST = 64 };
    const hra_person_view *v = l->view;
    const char *told[MOST];
    int count = 0;
    hra_buffer *t = hra_leaf_compose(l);
    hra_buffer_text(t, hra_text(l->words, "report.what_if.means"));
    for (int d = 0; d < v->disease_count; d++) {
        for (int i = 0; i < v->diseases[d].what_if_count; i++) {
            const hra_view_what_if *x = &v->diseases[d].what_ifs[i];
            int k = 0;
            while (k < count && strcmp(told[k], x->origin.id) != 0) k++;
            if (k < count || count == MOST || !*x->target) continue;
            hra_buffer_text(t, count > 0 ? " · " : " ");
            hra_leaf_piece(t, HRA_PDF_BOLD, x->origin.title);
            hra_buffer_text(t, " ");
            hra_buffer_text(t, x->target);
            told[count++] = x->origin.id;
        }
    }
    if (count > 0) hra_leaf_text(l, HRA_PDF_NOTE, t->bytes);
}

/* How the drawings are read, where there are some. */
static void put_key(hra_leaf *leaf)
{
    hra_buffer *t = hra_leaf_compose(leaf);
    hra_buffer_text(t, hra_text(leaf->words, "report.diseases.lead"));
    hra_buffer_text(t, " ");
    hra_buffer_text(t, hra_text(leaf->words, "report.diseases.key"));
    hra_leaf_text(leaf, HRA_PDF_LEAD, t->bytes);
    hra_leaf_gap(leaf, 3);
    put_legend(leaf);
}

void hra_leaf_diseases(hra_leaf *leaf)
{
    const hra_person_view *v = leaf->view;
    if (v->disease_count == 0) return;
    hra_leaf_chapter(leaf, hra_text(leaf->words, "report.diseases.title"));
    if (hra_view_has_risk(v)) put_key(leaf);
    for (int i = 0; i < v->disease_count; i++) hra_leaf_whole(leaf, put_disease, &v->diseases[i]);
    put_meanings(leaf);
}
