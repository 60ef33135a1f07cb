/* The information list: measured values with their reference bands, then what was answered. */
#include <string.h>

#include "report/pdf/pdf_parts.h"

enum { ANSWER_COLUMNS = 3, TABLE_COLUMNS = 2 };

static const double table_gap = 18;

/* Shares of the columns: item, result, reference, last time. */
typedef struct table {
    double item, result, reference, previous;
    double result_width, reference_width, previous_width, item_width;
} table;

static table columns_of(const hra_leaf *l)
{
    const double apart = 5, w = l->width;
    bool last = hra_view_looks_back(l->view);
    double item = last ? 0.34 : 0.36, result = last ? 0.32 : 0.39, reference = last ? 0.17 : 0.25;
    return (table){.item = l->x,
                   .item_width = w * item - apart,
                   .result = l->x + w * item,
                   .result_width = w * result - apart,
                   .reference = l->x + w * (item + result),
                   .reference_width = w * reference - apart,
                   .previous = l->x + w * (item + result + reference),
                   .previous_width = w * (1 - item - result - reference)};
}

static void put_head(hra_leaf *l, const void *item)
{
    const hra_words *w = l->words;
    const table t = columns_of(l);
    (void)item;
    hra_leaf_line(l, HRA_PDF_NOTE, t.item, t.item_width, hra_text(w, "report.values.item"));
    hra_leaf_line(l, HRA_PDF_NOTE, t.result, t.result_width, hra_text(w, "report.values.result"));
    hra_leaf_line(l, HRA_PDF_NOTE, t.reference, t.reference_width, hra_text(w, "report.values.reference"));
    if (hra_view_looks_back(l->view))
        hra_leaf_line(l, HRA_PDF_NOTE, t.previous, t.previous_width,
                      hra_text(w, l->view->has_courses ? "report.values.earlier" : "report.values.previous"));
    l->y += 12;
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
    hra_leaf_value(l, t, HRA_PDF_BOLD, x->text, hra_page_value_unit(l->words, x));
    if (off) {
        hra_buffer_text(t, " " HRA_PDF_DUE);
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
    if (*x->course_text) {
        if (t->length > 0) hra_buffer_text(t, "\n");
        hra_leaf_piece(t, HRA_PDF_QUIET, x->course_text);
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

/* Below the words; its height. */
static double put_course(hra_leaf *l, const hra_view_value *x, double left, double top, double width)
{
    if (x->point_count == 0) return 0;
    if (l->cr) hra_pdf_course(l->cr, x, left, top, width);
    return HRA_PDF_COURSE_HEIGHT;
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
    if (hra_view_looks_back(l->view)) {
        height = hra_leaf_cell(l, HRA_PDF_TABLE, t.previous, t.previous_width, previous_text(l, x));
        height += put_course(l, x, t.previous, l->y + height, t.previous_width);
        if (height > most) most = height;
    }
    l->y += most + 1;
    hra_leaf_rule(l);
}

/* A line of the table: items side by side. */
static void put_line(hra_leaf *l, hra_leaf_part part, const void *const *items, int count)
{
    double width = (l->width - table_gap * (TABLE_COLUMNS - 1)) / TABLE_COLUMNS, end = l->y;
    for (int i = 0; i < count; i++) {
        double y = hra_leaf_column(l, l->x + i * (width + table_gap), width, part, items[i]);
        if (y > end) end = y;
    }
    l->y = end;
}

static void put_heads(hra_leaf *l) { put_line(l, put_head, (const void *const[TABLE_COLUMNS]){NULL}, TABLE_COLUMNS); }

static double height_of(hra_leaf *l, const void *const *items, int count)
{
    hra_leaf column = *l;
    double most = 0;
    column.width = (l->width - table_gap * (TABLE_COLUMNS - 1)) / TABLE_COLUMNS;
    for (int i = 0; i < count; i++) {
        double height = hra_leaf_height(&column, put_row, items[i]);
        if (height > most) most = height;
    }
    return most;
}

static void put_table(hra_leaf *l)
{
    const hra_person_view *v = l->view;
    const void *line[TABLE_COLUMNS];
    int count = 0;
    put_heads(l);
    for (int i = 0; i < v->value_count; i++) {
        bool last = i + 1 == v->value_count;
        if (hra_page_value_place(&v->values[i]) == HRA_VALUE_MEASURED) line[count++] = &v->values[i];
        if (count < TABLE_COLUMNS && !(last && count > 0)) continue;
        if (hra_leaf_keep(l, height_of(l, line, count))) put_heads(l);
        put_line(l, put_row, line, count);
        count = 0;
    }
}

/* ---- answers -------------------------------------------------------------------------------- */

static const char *answer_text(hra_leaf *l, const hra_view_value *x)
{
    hra_buffer *t = hra_leaf_compose(l);
    if (x->known) {
        hra_leaf_value(l, t, NULL, x->text, hra_page_value_unit(l->words, x));
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
        if (hra_page_value_place(&v->values[i]) != HRA_VALUE_ANSWER) continue;
        row.items[row.count++] = &v->values[i];
        if (row.count < ANSWER_COLUMNS) continue;
        hra_leaf_whole(l, put_answers_row, &row);
        row.count = 0;
    }
    if (row.count > 0) hra_leaf_whole(l, put_answers_row, &row);
}

/* All items of a place in one sentence; those answered with no by their names alone. */
static void put_sentence(hra_leaf *l, const char *key, hra_value_place place)
{
    const hra_person_view *v = l->view;
    int count = 0;
    hra_buffer *t = hra_leaf_compose(l);
    hra_leaf_piece(t, HRA_PDF_BOLD, hra_text(l->words, key));
    hra_buffer_text(t, " ");
    for (int i = 0; i < v->value_count; i++) {
        const hra_view_value *x = &v->values[i];
        if (hra_page_value_place(x) != place) continue;
        if (count++ > 0) hra_buffer_text(t, " · ");
        hra_buffer_text(t, x->label);
        if (place == HRA_VALUE_NO) continue;
        hra_buffer_text(t, " ");
        if (x->known)
            hra_leaf_value(l, t, NULL, x->text, hra_page_value_unit(l->words, x));
        else
            hra_buffer_text(t, *x->missing_text ? x->missing_text : hra_text(l->words, "report.no_value"));
    }
    if (count == 0) return;
    hra_leaf_gap(l, 4);
    hra_leaf_text(l, HRA_PDF_NOTE, t->bytes);
}

/* What was delivered empty is told in one sentence: missing, never normal. */
static void put_lacking(hra_leaf *l)
{
    const hra_person_view *v = l->view;
    if (v->lacking_count == 0) return;
    hra_buffer *t = hra_leaf_compose(l);
    hra_leaf_piece(t, HRA_PDF_BOLD, hra_text(l->words, "report.values.blank"));
    hra_buffer_text(t, " ");
    hra_leaf_names(l, t, v->lacking, v->lacking_count);
    hra_leaf_gap(l, 4);
    hra_leaf_text(l, HRA_PDF_NOTE, t->bytes);
}

void hra_leaf_values(hra_leaf *leaf)
{
    const hra_person_view *v = leaf->view;
    int answered = 0, measured = 0;
    for (int i = 0; i < v->value_count; i++)
        *(hra_page_value_place(&v->values[i]) == HRA_VALUE_MEASURED ? &measured : &answered) += 1;
    hra_leaf_chapter(leaf, hra_text(leaf->words, "report.values.title"));
    hra_leaf_text(leaf, HRA_PDF_LEAD, hra_text(leaf->words, "report.values.lead"));
    if (v->has_courses) hra_leaf_text(leaf, HRA_PDF_NOTE, hra_text(leaf->words, "report.values.course"));
    if (v->has_courses && v->providers > 1)
        hra_leaf_text(leaf, HRA_PDF_NOTE, hra_text(leaf->words, "report.values.providers"));
    hra_leaf_gap(leaf, 4);
    if (measured > 0) put_table(leaf);
    if (answered > 0) put_answers(leaf);
    put_sentence(leaf, "report.values.no", HRA_VALUE_NO);
    put_sentence(leaf, "report.values.registered", HRA_VALUE_REGISTERED);
    put_lacking(leaf);
}
