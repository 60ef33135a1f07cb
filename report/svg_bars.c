#include "report/svg_bars.h"

#include <math.h>

#include "report/html.h"

enum { WIDE = 200, HIGH = 16 };

/* The scale around a zone: as much room on an open side as the zone's limit allows, half a zone beside a closed one. */
static void scale_of(double low, double high, double *from, double *to)
{
    if (isnan(low)) {
        *from = 0;
        *to = high > 0 ? 2 * high : 1;
    } else if (isnan(high)) {
        *from = 0;
        *to = low > 0 ? 2 * low : 1;
    } else {
        double room = high > low ? high - low : fabs(high) > 0 ? fabs(high) : 1;
        *from = low - room;
        *to = high + room;
    }
}

static double place(double value, double from, double to)
{
    double share = (value - from) / (to - from);
    return WIDE * (share < 0 ? 0 : share > 1 ? 1 : share);
}

static void put_value(hra_buffer *out, double value, double from, double to)
{
    if (value < from)
        hra_buffer_text(out, "<path d=\"M1 8l9-6v12z\" class=td />");
    else if (value > to)
        hra_html(out, "<path d=\"M%d 8l-9-6v12z\" class=td />", WIDE - 1);
    else
        hra_html(out, "<circle cx=%f cy=8 r=6 class=td />", fmin(fmax(place(value, from, to), 7), WIDE - 7));
}

void hra_svg_target(hra_buffer *out, double value, double low, double high, const char *title)
{
    double from, to;
    scale_of(low, high, &from, &to);
    double left = isnan(low) ? 0 : place(low, from, to), right = isnan(high) ? WIDE : place(high, from, to);
    hra_html(out,
             "<svg class=target viewBox=\"0 0 %d %d\" role=img><title>%s</title><rect y=6 width=%d height=4 rx=2 "
             "class=tl /><rect x=%f y=3 width=%f height=10 rx=3 class=tz />",
             WIDE, HIGH, title, WIDE, left, fmax(right - left, 3));
    if (!isnan(value)) put_value(out, value, from, to);
    hra_buffer_text(out, "</svg>");
}

void hra_svg_part(hra_buffer *out, double whole, double left, double full, const char *title)
{
    double solid = place(fmin(whole, left), 0, full), end = place(fmax(whole, left), 0, full);
    hra_html(out,
             "<svg class=part viewBox=\"0 0 %d %d\" preserveAspectRatio=none role=img><title>%s</title><rect y=2 "
             "width=%f height=12 class=bs />",
             WIDE, HIGH, title, fmax(solid, 1));
    if (end - solid > 0.5)
        hra_html(out, "<rect x=%f y=2 width=%f height=12 class=%s />", solid, end - solid, left > whole ? "ba" : "bg");
    hra_buffer_text(out, "</svg>");
}
