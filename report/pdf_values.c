/* The information list: measured values with their reference bands, then what was answered. */
#include <string.h>

#include "report/pdf_parts.h"

enum { ANSWER_COLUMNS = 3 };

/* Shares of the columns: item, result, reference, last time. */
typedef struct table {
    double item, result, reference, previous;
    double result_width, reference_width, previous_width, item_width;
} table;

static bool is_measured(const hra_view_value *x) { return strcmp(x->domain, "checkup") == 0; }

static table columns_of(const hra_leaf *l)
{
    const double apart = 8, w = l->width;
    bool last = l->view->has_previous;
    double item = last ? 0.31 : 0.36, result = last ? 0.31 : 0.38, reference = last ? 0.16 : 0.26;
    return (table){.item = l->x,
                   .item_width = w * item - apart,
                   .result = l->x + w * item,
                   .result_width = w * result - apart,
                   .reference = l->x + w * (item + result),
                   .reference_width = w * reference - apart,
                   .previous = l->x + w * (item + result + reference),
                   .previous_width = w * (1 - item - result - reference)};
}

static void put_head(hra_leaf *l, const table *t)
{
    const hra_words *w = l->words;
    hra_leaf_line(l, HRA_PDF_NOTE, t->item, t->item_width, hra_text(w, "report.values.item"));
    hra_leaf_line(l, HRA_PDF_NOTE, t->result, t->result_width, hra_text(w, "report.values.result"));
    hra_leaf_line(l, HRA_PDF_NOTE, t->reference, t->reference_width, hra_text(w, "report.values.reference"));
    if (l->view->has_previous)
        hra_leaf_line(l, HRA_PDF_NOTE, t->previous, t->previous_width, hra_text(w, "report.values.previous"));
    l->y += 13;
    hra_leaf_rule(l);
}

static const char *result_text(hra_leaf *l, const hra_view_value *x)
{
    hra_buffer *t = hra_leaf_compose(l);
    if (!x->known) {
        hra_leaf_piece(t, HRA_PDF_SOFTER, *x->missing_text ? x->missing_text : hra_text(l->words, "report.no_value"));
        return t->bytes;
    }
    bool off = x->flag == HRA_VIEW_HIGH || x->flag == HRA_VIEW_LOW;
    hra_leaf_value(l, t, HRA_PDF_BOLD, x->text, x->unit);
    if (off) {
        hra_buffer_text(t, "  " HRA_PDF_DUE);
        hra_buffer_text(t, x->flag == HRA_VIEW_HIGH ? "▲" : "▼");
        hra_buffer_text(t, x->flag_text);
        hra_buffer_text(t, HRA_PDF_PLAIN);
    }
    if (x->beyond_plausible) {
        hra_buffer_text(t, "\n");
        hra_leaf_piece(t, HRA_PDF_QUIET,
                       x->beyond_plausible > 0 ? hra_text(l->words, "plausible.above")
                                               : hra_text(l->words, "plausible.below"));
    }
    return t->bytes;
}

static const char *previous_text(hra_leaf *l, const hra_view_value *x)
{
    hra_buffer *t = hra_leaf_compose(l);
    hra_buffer_text(t, x->previous_text);
    if (x->known && *x->trend && *x->previous_text) {
        hra_buffer_text(t, " " HRA_PDF_SOFTER);
        hra_buffer_text(t, hra_page_trend_arrow(x->trend, x->change));
        if (strcmp(x->trend, "same") != 0) hra_buffer_text(t, x->trend_text);
        hra_buffer_text(t, HRA_PDF_PLAIN);
    }
    return t->length > 0 ? t->bytes : "";
}

static const char *item_text(hra_leaf *l, const hra_view_value *x)
{
    bool off = x->flag == HRA_VIEW_HIGH || x->flag == HRA_VIEW_LOW;
    hra_buffer *t = hra_leaf_compose(l);
    hra_leaf_piece(t, off ? HRA_PDF_BOLD : NULL, x->label);
    return t->bytes;
}

static void put_row(hra_leaf *l, const void *item)
{
    const hra_view_value *x = item;
    const table t = columns_of(l);
    double most = hra_leaf_cell(l, HRA_PDF_TABLE, t.item, t.item_width, item_text(l, x));
    double height = hra_leaf_cell(l, HRA_PDF_TABLE, t.result, t.result_width, result_text(l, x));
    if (height > most) most = height;
    height = hra_leaf_cell(l, HRA_PDF_TABLE, t.reference, t.reference_width, x->band);
    if (height > most) most = height;
    if (l->view->has_previous) {
        height = hra_leaf_cell(l, HRA_PDF_TABLE, t.previous, t.previous_width, previous_text(l, x));
        if (height > most) most = height;
    }
    l->y += most + 1;
    hra_leaf_rule(l);
}

static void put_table(hra_leaf *l)
{
    const hra_person_view *v = l->view;
    const table t = columns_of(l);
    put_head(l, &t);
    for (int i = 0; i < v->value_count; i++) {
        if (!is_measured(&v->values[i])) continue;
        if (hra_leaf_keep(l, hra_leaf_height(l, put_row, &v->values[i]))) put_head(l, &t);
        put_row(l, &v->values[i]);
    }
}

/* ---- answers -------------------------------------------------------------------------------- */

static const char *answer_text(hra_leaf *l, const hra_view_value *x)
{
    hra_buffer *t = hra_leaf_compose(l);
    if (x->known) {
        hra_leaf_value(l, t, NULL, x->text, x->unit);
    } else {
        hra_leaf_piece(t, HRA_PDF_SOFTER, *x->missing_text ? x->missing_text : hra_text(l->words, "report.no_value"));
    }
    if (*x->trend && strcmp(x->trend, "same") != 0) {
        hra_buffer_text(t, " " HRA_PDF_SOFTER);
        hra_buffer_text(t, hra_page_trend_arrow(x->trend, x->change));
        hra_buffer_text(t, x->trend_text);
        hra_buffer_text(t, HRA_PDF_PLAIN);
    }
    return t->bytes;
}

static double put_answer(hra_leaf *l, const hra_view_value *x, double at, double width)
{
    double label = hra_leaf_cell(l, HRA_PDF_NOTE, at, width * 0.58, x->label);
    double answer = hra_leaf_cell(l, HRA_PDF_NOTE, at + width * 0.6, width * 0.4, answer_text(l, x));
    return label > answer ? label : answer;
}

/* A row of answers. */
typedef struct answers {
    const hra_view_value *items[ANSWER_COLUMNS];
    int count;
} answers;

static void put_answers_row(hra_leaf *l, const void *item)
{
    const double apart = 14;
    const answers *row = item;
    double width = (l->width - apart * (ANSWER_COLUMNS - 1)) / ANSWER_COLUMNS, most = 0;
    for (int i = 0; i < row->count; i++) {
        double height = put_answer(l, row->items[i], l->x + i * (width + apart), width);
        if (height > most) most = height;
    }
    l->y += most + 1;
    hra_leaf_rule(l);
}

static void put_answers(hra_leaf *l)
{
    const hra_person_view *v = l->view;
    answers row = {.count = 0};
    hra_leaf_heading(l, hra_text(l->words, "report.values.answers"));
    for (int i = 0; i < v->value_count; i++) {
        if (is_measured(&v->values[i])) continue;
        row.items[row.count++] = &v->values[i];
        if (row.count < ANSWER_COLUMNS) continue;
        hra_leaf_whole(l, put_answers_row, &row);
        row.count = 0;
    }
    if (row.count > 0) hra_leaf_whole(l, put_answers_row, &row);
}

/* Columns delivered empty are told in one sentence: missing, never normal. */
static void put_blank(hra_leaf *l)
{
    const hra_person_view *v = l->view;
    if (v->blank_count == 0) return;
    hra_buffer *t = hra_leaf_compose(l);
    hra_leaf_piece(t, HRA_PDF_BOLD, hra_text(l->words, "report.values.blank"));
    hra_buffer_text(t, " ");
    hra_leaf_names(l, t, v->blank, v->blank_count);
    hra_leaf_gap(l, 6);
    hra_leaf_text(l, HRA_PDF_NOTE, t->bytes);
}

void hra_leaf_values(hra_leaf *leaf)
{
    const hra_person_view *v = leaf->view;
    int answered = 0, measured = 0;
    for (int i = 0; i < v->value_count; i++) *(is_measured(&v->values[i]) ? &measured : &answered) += 1;
    hra_leaf_chapter(leaf, hra_text(leaf->words, "report.values.title"));
    hra_leaf_text(leaf, HRA_PDF_LEAD, hra_text(leaf->words, "report.values.lead"));
    hra_leaf_gap(leaf, 4);
    if (measured > 0) put_table(leaf);
    if (answered > 0) put_answers(leaf);
    put_blank(leaf);
}
