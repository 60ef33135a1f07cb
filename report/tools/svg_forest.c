#include "report/tools/svg_forest.h"

#include <stdio.h>

#include "report/tools/html.h"

enum { WIDE = 160, HIGH = 16, EDGE = 6 };

static double scaled(const hra_forest *f, double value) { return f->ratio ? log(value) : value; }

hra_forest hra_forest_new(bool ratio, double line) { return (hra_forest){ratio, line, NAN, NAN}; }

/* An interval of a ratio can reach to 0 or far beyond what can be read: it is cut. */
static double held(const hra_forest *f, double value)
{
    const double most = 10;
    return f->ratio ? fmin(fmax(value, 1 / most), most) : value;
}

static void stretch(hra_forest *f, double value)
{
    double at = scaled(f, held(f, value));
    if (isnan(value) || !isfinite(at)) return;
    f->low = fmin(f->low, at);
    f->high = fmax(f->high, at);
}

void hra_forest_include(hra_forest *f, const hra_metric *m)
{
    if (!m || isnan(m->is.value)) return;
    stretch(f, m->is.value);
    stretch(f, m->is.lower);
    stretch(f, m->is.upper);
}

void hra_forest_close(hra_forest *f)
{
    const double least = 1e-3;
    if (isnan(f->low)) return;
    stretch(f, f->line);
    double room = fmax(0.05 * (f->high - f->low), least);
    f->low -= room;
    f->high += room;
}

/* ---- drawing ---- */

static double place(const hra_forest *f, double value)
{
    double part = (scaled(f, value) - f->low) / (f->high - f->low);
    return EDGE + (part < 0 ? 0 : part > 1 ? 1 : part) * (WIDE - 2 * EDGE);
}

static bool is_beyond(const hra_forest *f, double value)
{
    double at = scaled(f, value);
    return at < f->low || at > f->high;
}

void hra_forest_put_head(const hra_forest *f, hra_buffer *out)
{
    char low[32], high[32];
    hra_buffer_text(out, "<th scope=col class=\"forest scale\">");
    if (isnan(f->low)) return;
    snprintf(low, sizeof low, f->ratio ? "%.2g" : "%.3f", f->ratio ? exp(f->low) : f->low);
    snprintf(high, sizeof high, f->ratio ? "%.2g" : "%.3f", f->ratio ? exp(f->high) : f->high);
    hra_html(out, "%s<span>%s</span>", low, high);
}

static void put_end(const hra_forest *f, double value, int side, hra_buffer *out)
{
    double x = place(f, value);
    if (is_beyond(f, value))
        hra_html(out, "M%f 4L%f 8L%f 12", x - 4 * side, x, x - 4 * side);
    else
        hra_html(out, "M%f 5v6", x);
}

void hra_forest_put_cell(const hra_forest *f, const hra_metric *m, hra_buffer *out)
{
    hra_buffer_text(out, "<td class=forest>");
    if (!m || isnan(m->is.value) || isnan(f->low)) return;
    hra_html(out, "<svg class=gb viewBox=\"0 0 %d %d\" aria-hidden=true>", WIDE, HIGH);
    if (!isnan(f->line)) hra_html(out, "<path class=even d=\"M%f 0v%d\" />", place(f, f->line), HIGH);
    if (!isnan(m->is.lower) && !isnan(m->is.upper)) {
        hra_html(out, "<path class=gw d=\"M%f 8H%f", place(f, m->is.lower), place(f, m->is.upper));
        put_end(f, m->is.lower, -1, out);
        put_end(f, m->is.upper, 1, out);
        hra_buffer_text(out, "\" />");
    }
    if (!is_beyond(f, m->is.value))
        hra_html(out, "<path class=spot d=\"M%f 4.5h7v7h-7z\" />", place(f, m->is.value) - 3.5);
    hra_buffer_text(out, "</svg>");
}
