/* The diseases: a risk in people out of a hundred, what it would be with better values, and what counts most. */
#include <math.h>
#include <stdio.h>

#include "report/pdf_parts.h"

static const double people_size = 96;

/* "12", or "fewer than 1". */
static const char *people_text(hra_leaf *l, double share, char text[16])
{
    int n = hra_page_people(share);
    if (n < 0) return hra_text(l->words, "report.people.below");
    snprintf(text, 16, "%d", n);
    return text;
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
    hra_buffer *t = hra_leaf_compose(l);
    hra_buffer_text(t, HRA_PDF_BOLD);
    hra_buffer_text(t, called);
    hra_buffer_text(t, " ");
    hra_leaf_piece(t, NULL, d->risk_age_text);
    hra_buffer_text(t, HRA_PDF_PLAIN " ");
    hra_leaf_fill(t, hra_text(l->words, "report.risk_age"), d->risk_age_text, NULL);
    if (d->category_index == 0 && d->risk_age > l->view->age) {
        hra_buffer_text(t, " ");
        hra_buffer_text(t, hra_text(l->words, "report.risk_age.low"));
    }
    l->y += 3;
    hra_leaf_text(l, HRA_PDF_TABLE, t->bytes);
}

static void put_item(hra_leaf *l, const char *text, const char *value)
{
    char filled[512];
    hra_buffer *t = hra_leaf_compose(l);
    hra_leaf_fill(t, text, value, NULL);
    snprintf(filled, sizeof filled, "%s", t->bytes);
    hra_leaf_item(l, HRA_PDF_BODY, filled);
}

static void put_sentences(hra_leaf *l, const void *item)
{
    const hra_view_disease *d = item;
    const hra_words *w = l->words;
    char number[16];
    hra_leaf_say(l, HRA_PDF_STRONG, hra_text(w, "report.people.you"), people_text(l, d->risk, number), d->horizon,
                 NULL);
    l->y += 3;
    if (!isnan(d->if_all) && hra_page_people(d->if_all) != hra_page_people(d->risk))
        put_item(l, hra_text(w, "report.people.all"), people_text(l, d->if_all, number));
    if (!isnan(d->ideal)) put_item(l, hra_text(w, "report.people.ideal"), people_text(l, d->ideal, number));
    put_risk_age(l, d);
}

/* ---- what if --------------------------------------------------------------------------------- */

typedef struct bar {
    const char *label, *note, *text, *change;
    double risk, left, full;
} bar;

enum { LABEL, BAR, RISK, GAIN, BAR_COLUMNS };
static const double bar_shares[BAR_COLUMNS + 1] = {0, 0.40, 0.72, 0.84, 1};

static double column_x(const hra_leaf *l, int column) { return l->x + l->width * bar_shares[column]; }

static double column_width(const hra_leaf *l, int column)
{
    return l->width * (bar_shares[column + 1] - bar_shares[column]) - 8;
}

static void put_bar(hra_leaf *l, const void *item)
{
    const bar *b = item;
    hra_buffer *t = hra_leaf_compose(l);
    hra_buffer_text(t, b->label);
    if (*b->note) {
        hra_buffer_text(t, "  ");
        hra_leaf_piece(t, HRA_PDF_QUIET, b->note);
    }
    double height = hra_leaf_cell(l, HRA_PDF_TABLE, column_x(l, LABEL), column_width(l, LABEL), t->bytes);
    if (l->cr) hra_pdf_part(l->cr, b->risk, b->left, b->full, column_x(l, BAR), l->y + 3.2, column_width(l, BAR));
    hra_leaf_line(l, HRA_PDF_STRONG, column_x(l, RISK), column_width(l, RISK), b->text);
    double gain = hra_leaf_cell(l, HRA_PDF_TABLE, column_x(l, GAIN), column_width(l, GAIN) + 8, b->change);
    l->y += (gain > height ? gain : height) + 1;
}

static double greatest(const hra_view_disease *d)
{
    double most = d->risk;
    for (int i = 0; i < d->what_if_count; i++) most = fmax(most, d->what_ifs[i].risk);
    return most > 0 ? most : 1;
}

static void put_what_ifs(hra_leaf *l, const hra_view_disease *d)
{
    const hra_words *w = l->words;
    if (d->what_if_count == 0) return;
    double full = greatest(d);
    l->y += 4;
    hra_leaf_text(l, HRA_PDF_NOTE, hra_text(w, "report.what_if.title"));
    hra_leaf_line(l, HRA_PDF_NOTE, column_x(l, LABEL), column_width(l, LABEL), hra_text(w, "report.what_if.step"));
    hra_leaf_line(l, HRA_PDF_NOTE, column_x(l, RISK), column_width(l, RISK), hra_text(w, "report.what_if.then"));
    l->y +=
        hra_leaf_line(l, HRA_PDF_NOTE, column_x(l, GAIN), column_width(l, GAIN), hra_text(w, "report.what_if.gain"));
    put_bar(l, &(bar){hra_text(w, "report.what_if.now"), "", d->risk_text, "", d->risk, d->risk, full});
    for (int i = 0; i < d->what_if_count; i++) {
        const hra_view_what_if *x = &d->what_ifs[i];
        put_bar(l, &(bar){x->origin.title, x->target, x->risk_text, x->removed_text, d->risk, x->risk, full});
    }
    if (!isnan(d->if_all))
        put_bar(l, &(bar){hra_text(w, "report.what_if.all"), "", d->if_all_text, d->changeable_text, d->risk, d->if_all,
                          full});
}

static void put_reliability(hra_leaf *l, const hra_view_disease *d)
{
    const hra_words *w = l->words;
    hra_buffer *t = hra_leaf_compose(l);
    hra_leaf_piece(t, HRA_PDF_BOLD, hra_text(w, "report.reliability"));
    hra_buffer_text(t, " ");
    hra_buffer_text(t, d->status.bits && *d->status.text ? d->status.text : hra_text(w, "report.reliability.good"));
    if (*d->model_title) {
        hra_buffer_text(t, " ");
        hra_buffer_text(t, hra_text(w, "report.model"));
        hra_buffer_text(t, " ");
        hra_buffer_text(t, d->model_title);
    }
    if (*d->outcome) {
        hra_buffer_text(t, " ");
        hra_buffer_text(t, hra_text(w, "report.outcome"));
        hra_buffer_text(t, " ");
        hra_buffer_text(t, d->outcome);
    }
    l->y += 2;
    hra_leaf_text(l, HRA_PDF_NOTE, t->bytes);
}

/* ---- a disease ---------------------------------------------------------------------------------- */

/* The risk in large type, then its horizon, category and last year's on the same line. */
static void put_top(hra_leaf *l, const hra_view_disease *d)
{
    const hra_words *w = l->words;
    const hra_pdf_text *big = hra_pdf_shape_line(l->press, HRA_PDF_BIG, 0, d->risk_text);
    double x = l->x + hra_pdf_text_width(big) + 8, y = l->y, height = hra_pdf_text_height(big);
    if (l->cr) hra_pdf_text_draw(big, l->cr, l->x, y);
    hra_buffer *t = hra_leaf_compose(l);
    hra_leaf_fill(t, hra_text(w, "report.risk.within"), d->horizon, NULL);
    const hra_pdf_text *within = hra_pdf_shape_line(l->press, HRA_PDF_BODY, 0, t->bytes);
    y += height - hra_pdf_text_height(within) - 3;
    if (l->cr) hra_pdf_text_draw(within, l->cr, x, y);
    x += hra_pdf_text_width(within) + 14;
    if (*d->category_text) {
        const hra_pdf_text *category = hra_pdf_shape_line(l->press, HRA_PDF_STRONG, 0, d->category_text);
        hra_level_mark mark = hra_page_disease_mark(d);
        if (l->cr) {
            hra_pdf_level(l->cr, mark, x, y + 2.3, 9.5);
            hra_pdf_text_draw_in(category, l->cr, x + 13, y, hra_pdf_level_colour(mark));
        }
        x += 13 + hra_pdf_text_width(category) + 14;
    }
    if (*d->previous_text) {
        t = hra_leaf_compose(l);
        hra_leaf_fill(t, hra_text(w, "report.last_year"), d->previous_text, NULL);
        hra_buffer_printf(t, " %s%s", hra_page_arrow(d->risk - d->previous), d->trend_text);
        const hra_pdf_text *last = hra_pdf_shape_line(l->press, HRA_PDF_LEAD, l->x + l->width - x, t->bytes);
        if (l->cr) hra_pdf_text_draw(last, l->cr, x, y);
    }
    l->y += height;
}

static void put_disease(hra_leaf *l, const void *item)
{
    const hra_view_disease *d = item;
    hra_leaf_rule(l);
    l->y += 6;
    hra_leaf_text(l, HRA_PDF_STRONG, d->title);
    if (d->not_applicable || isnan(d->risk)) {
        hra_leaf_level(l, d->not_applicable ? HRA_LEVEL_WATCH : HRA_LEVEL_UNKNOWN,
                       d->not_applicable ? hra_text(l->words, "report.risk.has_it") : d->status.text);
        l->y += 8;
        return;
    }
    put_top(l, d);
    l->y += 3;
    if (l->cr) draw_people(l, d, l->x, l->y);
    double end = hra_leaf_column(l, l->x + people_size + 20, l->width - people_size - 20, put_sentences, d);
    l->y = fmax(end, l->y + people_size);
    put_what_ifs(l, d);
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

void hra_leaf_diseases(hra_leaf *leaf)
{
    const hra_person_view *v = leaf->view;
    if (v->disease_count == 0) return;
    hra_leaf_sheet(leaf, hra_text(leaf->words, "report.diseases.title"));
    hra_leaf_text(leaf, HRA_PDF_LEAD, hra_text(leaf->words, "report.diseases.lead"));
    hra_leaf_gap(leaf, 3);
    put_legend(leaf);
    for (int i = 0; i < v->disease_count; i++) hra_leaf_whole(leaf, put_disease, &v->diseases[i]);
    hra_leaf_text(leaf, HRA_PDF_NOTE, hra_text(leaf->words, "report.diseases.key"));
}
