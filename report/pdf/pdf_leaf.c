#include "report/pdf/pdf_leaf.h"

#include <stdarg.h>
#include <string.h>

#include "report/pdf/drawing_calls.h"

enum { MOST_VALUES = 6, MOST_COLUMNS = 5 };

static const double box_gap = 7, box_room = 6, pair_gap = 18;

/* ---- pages ------------------------------------------------------------------------------ */

/* The digits of a number of pages. */
static const char *digits(int number, char text[12])
{
    int at = 11;
    text[at] = 0;
    do text[--at] = (char)('0' + number % 10);
    while ((number /= 10) > 0 && at > 0);
    return text + at;
}

static void running_texts(hra_leaf *l)
{
    const hra_words *w = l->words;
    char page[12], pages[12];
    double width = hra_leaf_page_width(l), half = width / 2 - 10, middle = HRA_LEAF_LEFT + width / 2 + 10;
    double y = l->y, foot = hra_leaf_bottom(l) + 10;
    l->y = 25;
    hra_buffer *t = hra_leaf_compose(l);
    hra_leaf_piece(t, NULL, hra_text(w, "report.title"));
    if (*l->options->provider) hra_leaf_piece(t, " · ", l->options->provider);
    hra_leaf_line(l, HRA_PDF_RUNNING, HRA_LEAF_LEFT, half, t->bytes);
    t = hra_leaf_compose(l);
    hra_leaf_piece(t, NULL, l->view->group);
    if (*l->view->group && *l->view->department) hra_leaf_piece(t, NULL, " · ");
    hra_leaf_piece(t, NULL, l->view->department);
    if (t->length > 0) hra_leaf_line_right(l, HRA_PDF_RUNNING, middle, half, t->bytes);
    l->y = foot;
    hra_leaf_line(l, HRA_PDF_RUNNING, HRA_LEAF_LEFT, width - 110, *l->name ? l->name : l->view->key);
    t = hra_leaf_compose(l);
    hra_leaf_fill(t, hra_text(w, "report.page"), digits(l->page, page), digits(l->pages, pages), NULL);
    hra_leaf_line_right(l, HRA_PDF_RUNNING, HRA_LEAF_LEFT + width - 100, 100, t->bytes);
    hra_pdf_rule(l->cr, HRA_LEAF_LEFT, 38, width, HRA_PDF_LINE, 0.5);
    l->y = y;
}

double hra_leaf_page_width(const hra_leaf *leaf) { return HRA_PDF_PAGE_WIDTH / leaf->scale - 2 * HRA_LEAF_LEFT; }

double hra_leaf_bottom(const hra_leaf *leaf) { return HRA_PDF_PAGE_HEIGHT / leaf->scale - 44; }

void hra_leaf_begin(hra_leaf *leaf)
{
    leaf->x = HRA_LEAF_LEFT;
    leaf->y = HRA_LEAF_TOP;
    leaf->width = hra_leaf_page_width(leaf);
    leaf->page = 1;
    if (!leaf->cr) return;
    cairo_save(leaf->cr);
    cairo_scale(leaf->cr, leaf->scale, leaf->scale);
    running_texts(leaf);
}

void hra_leaf_turn(hra_leaf *leaf)
{
    if (leaf->measuring) return;
    leaf->page++;
    leaf->y = HRA_LEAF_TOP;
    if (!leaf->cr) return;
    hra_pdf_book_turn(leaf->book);
    running_texts(leaf);
}

void hra_leaf_end(hra_leaf *leaf)
{
    if (!leaf->cr) return;
    cairo_restore(leaf->cr);
    hra_pdf_book_turn(leaf->book);
}

bool hra_leaf_keep(hra_leaf *leaf, double height)
{
    if (leaf->measuring) return false;
    if (height > hra_leaf_bottom(leaf) - HRA_LEAF_TOP)
        hra_pdf_press_misfit(leaf->press, "something higher than a page");
    if (leaf->y + height <= hra_leaf_bottom(leaf) || leaf->y <= HRA_LEAF_TOP) return false;
    hra_leaf_turn(leaf);
    return true;
}

double hra_leaf_height(hra_leaf *leaf, hra_leaf_part part, const void *item)
{
    hra_leaf trial = *leaf;
    trial.cr = NULL;
    trial.measuring++;
    trial.y = 0;
    part(&trial, item);
    return trial.y;
}

void hra_leaf_whole(hra_leaf *leaf, hra_leaf_part part, const void *item)
{
    if (!leaf->measuring) hra_leaf_keep(leaf, hra_leaf_height(leaf, part, item));
    part(leaf, item);
}

double hra_leaf_column(hra_leaf *leaf, double x, double width, hra_leaf_part part, const void *item)
{
    hra_leaf column = *leaf;
    column.x = x;
    column.width = width;
    column.measuring++; /* whoever makes columns has seen to their room */
    part(&column, item);
    return column.y;
}

/* ---- putting texts together ----------------------------------------------------------------- */

hra_buffer *hra_leaf_compose(hra_leaf *leaf)
{
    hra_buffer *t = hra_pdf_press_compose(leaf->press);
    hra_buffer_text(t, "");
    return t;
}

void hra_leaf_piece(hra_buffer *to, const char *look, const char *text)
{
    if (look) hra_buffer_text(to, look);
    hra_buffer_text(to, text);
    if (look) hra_buffer_text(to, HRA_PDF_PLAIN);
}

static void fill(hra_buffer *to, const char *text, va_list list)
{
    const char *values[MOST_VALUES];
    int count = 0;
    for (const char *value; count < MOST_VALUES && (value = va_arg(list, const char *)) != NULL;)
        values[count++] = value;
    hra_text_fill(text, values, count, to);
}

void hra_leaf_fill(hra_buffer *to, const char *text, ...)
{
    va_list list;
    va_start(list, text);
    fill(to, text, list);
    va_end(list);
}

/* ---- texts ------------------------------------------------------------------------------------ */

void hra_leaf_text(hra_leaf *leaf, hra_pdf_style style, const char *text)
{
    if (!text || !*text) return;
    const hra_pdf_text *t = hra_pdf_shape(leaf->press, style, leaf->width, text);
    hra_leaf_keep(leaf, hra_pdf_text_height(t));
    if (leaf->cr) hra_pdf_text_draw(t, leaf->cr, leaf->x, leaf->y);
    leaf->y += hra_pdf_text_height(t);
}

void hra_leaf_say(hra_leaf *leaf, hra_pdf_style style, const char *text, ...)
{
    hra_buffer *t = hra_leaf_compose(leaf);
    va_list list;
    va_start(list, text);
    fill(t, text, list);
    va_end(list);
    hra_leaf_text(leaf, style, t->bytes);
}

void hra_leaf_level(hra_leaf *leaf, hra_level_mark mark, const char *text)
{
    const double width = leaf->width - HRA_LEAF_MARK_ROOM;
    hra_leaf_keep(leaf, hra_pdf_text_height(hra_pdf_shape(leaf->press, HRA_PDF_STRONG, width, text)));
    leaf->y += hra_leaf_level_at(leaf, leaf->x, leaf->width, mark, text);
}

double hra_leaf_level_at(hra_leaf *leaf, double x, double width, hra_level_mark mark, const char *text)
{
    const hra_pdf_text *t = hra_pdf_shape(leaf->press, HRA_PDF_STRONG, width - HRA_LEAF_MARK_ROOM, text);
    if (leaf->cr) {
        hra_pdf_level(leaf->cr, mark, x, leaf->y + 2.3, HRA_LEAF_MARK);
        hra_pdf_text_draw_in(t, leaf->cr, x + HRA_LEAF_MARK_ROOM, leaf->y, hra_pdf_level_colour(mark));
    }
    return hra_pdf_text_height(t);
}

void hra_leaf_item(hra_leaf *leaf, hra_pdf_style style, const char *text)
{
    const double room = 10;
    if (!*text) return;
    const hra_pdf_text *t = hra_pdf_shape(leaf->press, style, leaf->width - room, text);
    hra_leaf_keep(leaf, hra_pdf_text_height(t));
    if (leaf->cr) {
        hra_pdf_text_draw(hra_pdf_shape_line(leaf->press, style, 0, "–"), leaf->cr, leaf->x, leaf->y);
        hra_pdf_text_draw(t, leaf->cr, leaf->x + room, leaf->y);
    }
    leaf->y += hra_pdf_text_height(t);
}

static double put_line(hra_leaf *l, hra_pdf_style style, double x, double width, bool right, const char *text)
{
    if (!*text) return 0;
    const hra_pdf_text *t = hra_pdf_shape_line(l->press, style, width, text);
    if (l->cr) hra_pdf_text_draw(t, l->cr, right ? x + width - hra_pdf_text_width(t) : x, l->y);
    return hra_pdf_text_height(t);
}

double hra_leaf_line(hra_leaf *leaf, hra_pdf_style style, double x, double width, const char *text)
{
    return put_line(leaf, style, x, width, false, text);
}

double hra_leaf_line_right(hra_leaf *leaf, hra_pdf_style style, double x, double width, const char *text)
{
    return put_line(leaf, style, x, width, true, text);
}

double hra_leaf_cell(hra_leaf *leaf, hra_pdf_style style, double x, double width, const char *text)
{
    if (!*text) return 0;
    const hra_pdf_text *t = hra_pdf_shape(leaf->press, style, width, text);
    if (leaf->cr) hra_pdf_text_draw(t, leaf->cr, x, leaf->y);
    return hra_pdf_text_height(t);
}

/* ---- headings ---------------------------------------------------------------------------------- */

void hra_leaf_gap(hra_leaf *leaf, double height)
{
    if (leaf->measuring || leaf->y > HRA_LEAF_TOP) leaf->y += height;
}

void hra_leaf_rule(hra_leaf *leaf)
{
    if (leaf->cr) hra_pdf_rule(leaf->cr, leaf->x, leaf->y, leaf->width, HRA_PDF_LINE, 0.5);
}

void hra_leaf_heading(hra_leaf *leaf, const char *text)
{
    hra_leaf_keep(leaf, 60);
    hra_leaf_gap(leaf, 7);
    hra_leaf_text(leaf, HRA_PDF_HEADING, text);
    hra_leaf_gap(leaf, 2);
}

void hra_leaf_section(hra_leaf *leaf, hra_pdf_style style, const char *text)
{
    hra_leaf_keep(leaf, 90);
    hra_leaf_gap(leaf, 6);
    if (leaf->cr) hra_pdf_book_mark(leaf->book, leaf->mark, text, leaf->y * leaf->scale);
    hra_leaf_text(leaf, style, text);
    hra_leaf_gap(leaf, 3);
}

void hra_leaf_chapter(hra_leaf *leaf, const char *text)
{
    const double enough = (hra_leaf_bottom(leaf) - HRA_LEAF_TOP) * leaf->rest;
    if (hra_leaf_bottom(leaf) - leaf->y < enough)
        hra_leaf_turn(leaf);
    else
        hra_leaf_gap(leaf, 12);
    hra_leaf_section(leaf, HRA_PDF_SECTION, text);
}

/* ---- boxes --------------------------------------------------------------------------------------- */

void hra_leaf_note(hra_leaf *leaf, hra_pdf_colour bar, hra_leaf_part part, const void *item)
{
    const double left = 12, room = 6;
    hra_leaf inner = *leaf;
    inner.x += left;
    inner.width -= left + room;
    double height = hra_leaf_height(&inner, part, item) + 2 * room;
    hra_leaf_keep(leaf, height);
    if (leaf->cr) {
        hra_pdf_ink(leaf->cr, HRA_PDF_WASH);
        cairo_rectangle(leaf->cr, leaf->x, leaf->y, leaf->width, height);
        cairo_fill(leaf->cr);
        hra_pdf_ink(leaf->cr, bar);
        cairo_rectangle(leaf->cr, leaf->x, leaf->y, 3, height);
        cairo_fill(leaf->cr);
    }
    double end = leaf->y + height;
    leaf->y += room;
    hra_leaf_column(leaf, inner.x, inner.width, part, item);
    leaf->y = end;
}

static void draw_frame(hra_leaf *l, hra_level_mark mark, double x, double width, double height)
{
    const double dashes[] = {4, 3};
    cairo_t *cr = l->cr;
    hra_pdf_ink(cr, HRA_PDF_LINE);
    cairo_set_line_width(cr, 0.6);
    cairo_rectangle(cr, x, l->y, width, height);
    cairo_stroke(cr);
    cairo_save(cr);
    if (mark == HRA_LEVEL_UNKNOWN) cairo_set_dash(cr, dashes, 2, 0);
    hra_pdf_rule(cr, x, l->y, width, hra_pdf_level_colour(mark), 2.4);
    cairo_restore(cr);
}

static double tallest(hra_leaf *l, const char *items, size_t size, int count, double width, hra_leaf_part part)
{
    double most = 0;
    hra_leaf inner = *l;
    inner.width = width;
    for (int i = 0; i < count; i++) {
        double height = hra_leaf_height(&inner, part, items + (size_t)i * size);
        if (height > most) most = height;
    }
    return most;
}

static void put_boxes(hra_leaf *l, const char *items, size_t size, int count, int columns, hra_leaf_part part,
                      hra_leaf_mark mark)
{
    double width = (l->width - box_gap * (columns - 1)) / columns, inside = width - 2 * box_room;
    double height = tallest(l, items, size, count, inside, part) + 2 * box_room;
    hra_leaf_keep(l, height);
    for (int i = 0; i < count; i++) {
        const void *item = items + (size_t)i * size;
        double x = l->x + i * (width + box_gap), y = l->y;
        if (l->cr) draw_frame(l, mark(item), x, width, height);
        l->y += box_room;
        hra_leaf_column(l, x + box_room, inside, part, item);
        l->y = y;
    }
    l->y += height;
}

void hra_leaf_boxes(hra_leaf *leaf, const void *items, size_t size, int count, int columns, hra_leaf_part part,
                    hra_leaf_mark mark)
{
    if (columns > MOST_COLUMNS) columns = MOST_COLUMNS;
    for (int i = 0; i < count; i += columns) {
        if (i > 0) leaf->y += box_gap;
        int here = count - i < columns ? count - i : columns;
        put_boxes(leaf, (const char *)items + (size_t)i * size, size, here, columns, part, mark);
    }
}

void hra_leaf_pairs(hra_leaf *leaf, const void *items, size_t size, int count, hra_leaf_part part)
{
    double width = (leaf->width - pair_gap) / 2;
    for (int i = 0; i < count; i += 2) {
        const char *pair = (const char *)items + (size_t)i * size;
        int here = count - i < 2 ? 1 : 2;
        double height = tallest(leaf, pair, size, here, width, part);
        hra_leaf_keep(leaf, height);
        for (int k = 0; k < here; k++)
            hra_leaf_column(leaf, leaf->x + k * (width + pair_gap), width, part, pair + (size_t)k * size);
        leaf->y += height;
    }
}

void hra_leaf_two(hra_leaf *leaf, hra_leaf_part left, hra_leaf_part right, const void *item)
{
    hra_leaf half = *leaf;
    half.width = (leaf->width - pair_gap) / 2;
    double height = hra_leaf_height(&half, left, item), other = hra_leaf_height(&half, right, item);
    if (other > height) height = other;
    hra_leaf_keep(leaf, height);
    hra_leaf_column(leaf, leaf->x, half.width, left, item);
    hra_leaf_column(leaf, leaf->x + half.width + pair_gap, half.width, right, item);
    leaf->y += height;
}
