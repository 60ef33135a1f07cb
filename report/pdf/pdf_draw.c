#include "report/pdf/pdf_draw.h"

#include <math.h>

#include "report/pdf/drawing_calls.h"
#include "report/tools/chart_scale.h"

/* ---- lines and boxes ------------------------------------------------------------------ */

void hra_pdf_rule(cairo_t *cr, double x, double y, double width, hra_pdf_colour colour, double thick)
{
    hra_pdf_ink(cr, colour);
    cairo_set_line_width(cr, thick);
    cairo_move_to(cr, x, y);
    cairo_line_to(cr, x + width, y);
    cairo_stroke(cr);
}

void hra_pdf_round_box(cairo_t *cr, double x, double y, double width, double height, double radius)
{
    cairo_new_sub_path(cr);
    cairo_arc(cr, x + width - radius, y + radius, radius, -M_PI_2, 0);
    cairo_arc(cr, x + width - radius, y + height - radius, radius, 0, M_PI_2);
    cairo_arc(cr, x + radius, y + height - radius, radius, M_PI_2, M_PI);
    cairo_arc(cr, x + radius, y + radius, radius, M_PI, 3 * M_PI_2);
    cairo_close_path(cr);
}

/* ---- marks, on a grid of 20 -------------------------------------------------------------- */

hra_pdf_colour hra_pdf_level_colour(hra_level_mark mark)
{
    switch (mark) {
    case HRA_LEVEL_GOOD: return HRA_PDF_GOOD;
    case HRA_LEVEL_WATCH: return HRA_PDF_WATCH;
    case HRA_LEVEL_ACT: return HRA_PDF_ACT;
    case HRA_LEVEL_URGENT: return HRA_PDF_URGENT;
    case HRA_LEVEL_UNKNOWN: break;
    }
    return HRA_PDF_SOFT;
}

static void exclamation(cairo_t *cr)
{
    hra_pdf_ink(cr, HRA_PDF_WHITE);
    cairo_set_line_width(cr, 2.3);
    cairo_move_to(cr, 10, 5);
    cairo_line_to(cr, 10, 11.2);
    cairo_move_to(cr, 10, 14.4);
    cairo_line_to(cr, 10, 14.6);
    cairo_stroke(cr);
}

static void draw_good(cairo_t *cr)
{
    cairo_arc(cr, 10, 10, 8, 0, 2 * M_PI);
    cairo_move_to(cr, 6, 10.3);
    cairo_line_to(cr, 8.8, 13.1);
    cairo_line_to(cr, 14.2, 7.4);
    cairo_stroke(cr);
}

static void draw_watch(cairo_t *cr)
{
    cairo_move_to(cr, 10, 2.6);
    cairo_line_to(cr, 18.4, 17);
    cairo_line_to(cr, 1.6, 17);
    cairo_close_path(cr);
    cairo_stroke(cr);
}

static void draw_urgent(cairo_t *cr)
{
    static const double corners[8][2] = {{6.3, 1},   {13.7, 1}, {19, 6.3}, {19, 13.7},
                                         {13.7, 19}, {6.3, 19}, {1, 13.7}, {1, 6.3}};
    for (int i = 0; i < 8; i++) cairo_line_to(cr, corners[i][0], corners[i][1]);
    cairo_close_path(cr);
    cairo_fill(cr);
    exclamation(cr);
}

static void draw_unknown(cairo_t *cr)
{
    const double dashes[] = {3, 2.6};
    cairo_save(cr);
    cairo_set_dash(cr, dashes, 2, 0);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
    cairo_set_line_width(cr, 1.6);
    cairo_arc(cr, 10, 10, 8, 0, 2 * M_PI);
    cairo_stroke(cr);
    cairo_restore(cr);
    cairo_move_to(cr, 7.7, 8);
    cairo_curve_to(cr, 7.7, 4.8, 12.6, 4.9, 12.4, 8.1);
    cairo_curve_to(cr, 12.2, 9.8, 10, 9.6, 10, 11.8);
    cairo_move_to(cr, 10, 14.3);
    cairo_line_to(cr, 10, 14.5);
    cairo_stroke(cr);
}

void hra_pdf_level(cairo_t *cr, hra_level_mark mark, double x, double y, double size)
{
    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_scale(cr, size / 20, size / 20);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_width(cr, 2.2);
    hra_pdf_ink(cr, hra_pdf_level_colour(mark));
    cairo_new_path(cr);
    switch (mark) {
    case HRA_LEVEL_GOOD: draw_good(cr); break;
    case HRA_LEVEL_WATCH: draw_watch(cr); break;
    case HRA_LEVEL_ACT:
        hra_pdf_round_box(cr, 2, 2, 16, 16, 2.5);
        cairo_fill(cr);
        exclamation(cr);
        break;
    case HRA_LEVEL_URGENT: draw_urgent(cr); break;
    case HRA_LEVEL_UNKNOWN: draw_unknown(cr); break;
    }
    cairo_restore(cr);
}

/* ---- people: a small dot over a larger one ------------------------------------------------------- */

enum { ROW = 10, STEP = 12, LINE = 14 };

/* Dots from person `from` to before `to`. A row of them is one line of dashes without length and with round ends: a
 * hundred people take ten lines, which is quick to print and small. */
static void trace_dots(cairo_t *cr, int from, int to, double height)
{
    while (from < to) {
        int end = (from / ROW + 1) * ROW < to ? (from / ROW + 1) * ROW : to;
        double y = from / ROW * LINE + height;
        cairo_move_to(cr, from % ROW * STEP + STEP / 2.0, y);
        cairo_line_to(cr, (end - 1) % ROW * STEP + STEP / 2.0 + 0.1, y);
        from = end;
    }
}

/* Heads and bodies, grown by an outline. */
static void stroke_people(cairo_t *cr, int from, int to, double grow, hra_pdf_colour colour)
{
    const double dashes[] = {0.01, STEP - 0.01};
    if (from >= to) return;
    hra_pdf_ink(cr, colour);
    cairo_set_dash(cr, dashes, 2, 0);
    cairo_set_line_width(cr, 3.6 + grow);
    trace_dots(cr, from, to, 2.7);
    cairo_stroke(cr);
    cairo_set_line_width(cr, 5.6 + grow);
    trace_dots(cr, from, to, 8.2);
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0);
}

static void slash_people(cairo_t *cr, int from, int to)
{
    hra_pdf_ink(cr, HRA_PDF_ACCENT);
    cairo_set_line_width(cr, 1.2);
    for (int i = from; i < to; i++) {
        double x = i % ROW * STEP, y = i / ROW * LINE;
        cairo_move_to(cr, x + 1.4, y + 11);
        cairo_line_to(cr, x + 10.6, y + 1);
    }
    cairo_stroke(cr);
}

static void put_people(cairo_t *cr, hra_pdf_person kind, int from, int to)
{
    switch (kind) {
    case HRA_PDF_AFFECTED: stroke_people(cr, from, to, 0.7, HRA_PDF_INK); break;
    case HRA_PDF_SPARED:
        stroke_people(cr, from, to, 0.8, HRA_PDF_ACCENT);
        stroke_people(cr, from, to, -0.8, HRA_PDF_PALE);
        if (from < to) slash_people(cr, from, to);
        break;
    case HRA_PDF_WELL: stroke_people(cr, from, to, 0, HRA_PDF_FAINT); break;
    }
}

static void begin_people(cairo_t *cr, double x, double y, double unit)
{
    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_scale(cr, unit, unit);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_new_path(cr);
}

void hra_pdf_people(cairo_t *cr, int affected, int spared, double x, double y, double width)
{
    begin_people(cr, x, y, width / (ROW * STEP));
    put_people(cr, HRA_PDF_AFFECTED, 0, affected - spared);
    put_people(cr, HRA_PDF_SPARED, affected - spared, affected);
    put_people(cr, HRA_PDF_WELL, affected, 100);
    cairo_restore(cr);
}

void hra_pdf_one_person(cairo_t *cr, hra_pdf_person kind, double x, double y, double size)
{
    begin_people(cr, x, y, size / STEP);
    put_people(cr, kind, 0, 1);
    cairo_restore(cr);
}

/* ---- bars ---------------------------------------------------------------------------------- */

static void arrowhead(cairo_t *cr, double x, double y, double way)
{
    cairo_move_to(cr, x, y);
    cairo_line_to(cr, x - way * 6, y - 4.5);
    cairo_line_to(cr, x - way * 6, y + 4.5);
    cairo_close_path(cr);
    cairo_fill(cr);
}

static void put_value(cairo_t *cr, double value, const hra_chart_scale *scale, double x, double y, double width)
{
    hra_pdf_ink(cr, HRA_PDF_INK);
    if (value < scale->from) {
        arrowhead(cr, x, y, -1);
    } else if (value > scale->to) {
        arrowhead(cr, x + width, y, 1);
    } else {
        double at = fmin(fmax(x + width * hra_chart_place(scale, value), x + 5), x + width - 5);
        cairo_arc(cr, at, y, 4, 0, 2 * M_PI);
        cairo_fill_preserve(cr);
        hra_pdf_ink(cr, HRA_PDF_WHITE);
        cairo_set_line_width(cr, 1);
        cairo_stroke(cr);
    }
}

void hra_pdf_course(cairo_t *cr, const hra_view_value *v, double x, double y, double width)
{
    const double edge = 2, high = HRA_PDF_COURSE_HEIGHT - 2 * edge, wide = width - 2 * edge;
    double across = 0, down = 0;
    cairo_new_path(cr);
    hra_pdf_ink(cr, HRA_PDF_ACCENT);
    cairo_set_line_width(cr, 0.8);
    for (int i = 0; i < v->point_count; i++) {
        hra_course_place(v, i, &across, &down);
        cairo_line_to(cr, x + edge + across * wide, y + edge + down * high);
    }
    cairo_stroke(cr);
    for (int i = 0; i < v->point_count; i++) {
        bool last = i + 1 == v->point_count;
        hra_course_place(v, i, &across, &down);
        hra_pdf_ink(cr, last ? HRA_PDF_INK : HRA_PDF_ACCENT);
        cairo_new_path(cr);
        cairo_arc(cr, x + edge + across * wide, y + edge + down * high, last ? 1.8 : 0.9, 0, 2 * M_PI);
        cairo_fill(cr);
    }
}

void hra_pdf_target(cairo_t *cr, double value, double low, double high, double x, double y, double width)
{
    hra_chart_scale scale = hra_chart_scale_around(low, high);
    double left = isnan(low) ? 0 : hra_chart_place(&scale, low),
           right = isnan(high) ? 1 : hra_chart_place(&scale, high);
    double middle = y + HRA_PDF_TARGET_HEIGHT / 2.0;
    cairo_new_path(cr);
    hra_pdf_ink(cr, HRA_PDF_LINE);
    hra_pdf_round_box(cr, x, middle - 1.5, width, 3, 1.5);
    cairo_fill(cr);
    hra_pdf_ink(cr, HRA_PDF_PALE);
    hra_pdf_round_box(cr, x + width * left, middle - 4, fmax(width * (right - left), 4), 8, 2);
    cairo_fill_preserve(cr);
    hra_pdf_ink(cr, HRA_PDF_ACCENT);
    cairo_set_line_width(cr, 0.7);
    cairo_stroke(cr);
    if (!isnan(value)) put_value(cr, value, &scale, x, middle, width);
}

static void outline_part(cairo_t *cr, double x, double y, double width, bool added)
{
    const double dashes[] = {2, 1.5};
    cairo_save(cr);
    hra_pdf_ink(cr, added ? HRA_PDF_ACT : HRA_PDF_ACCENT);
    cairo_set_line_width(cr, 0.8);
    if (!added) cairo_set_dash(cr, dashes, 2, 0);
    cairo_rectangle(cr, x, y + 0.4, width, HRA_PDF_PART_HEIGHT - 0.8);
    if (added) {
        cairo_stroke_preserve(cr);
        cairo_clip(cr);
        for (double at = x; at < x + width + HRA_PDF_PART_HEIGHT; at += 2.2) {
            cairo_move_to(cr, at, y);
            cairo_line_to(cr, at - HRA_PDF_PART_HEIGHT, y + HRA_PDF_PART_HEIGHT);
        }
    }
    cairo_stroke(cr);
    cairo_restore(cr);
}

void hra_pdf_part(cairo_t *cr, double whole, double left, double full, double x, double y, double width)
{
    const hra_chart_scale scale = {0, full};
    double solid = width * hra_chart_place(&scale, fmin(whole, left));
    double end = width * hra_chart_place(&scale, fmax(whole, left));
    cairo_new_path(cr);
    hra_pdf_ink(cr, HRA_PDF_ACCENT);
    cairo_rectangle(cr, x, y, fmax(solid, 0.5), HRA_PDF_PART_HEIGHT);
    cairo_fill(cr);
    if (end - solid > 0.8) outline_part(cr, x + solid, y, end - solid, left > whole);
}
