#include "report/tools/svg_bars.h"

#include <math.h>

#include "report/tools/chart_scale.h"
#include "report/tools/html.h"

enum { WIDE = 200, HIGH = 16 };

static double place(double value, hra_chart_scale scale) { return WIDE * hra_chart_place(&scale, value); }

static void put_value(hra_buffer *out, double value, hra_chart_scale scale)
{
    if (value < scale.from)
        hra_buffer_text(out, "<path d=\"M1 8l9-6v12z\" class=td />");
    else if (value > scale.to)
        hra_html(out, "<path d=\"M%d 8l-9-6v12z\" class=td />", WIDE - 1);
    else
        hra_html(out, "<circle cx=%f cy=8 r=6 class=td />", fmin(fmax(place(value, scale), 7), WIDE - 7));
}

void hra_svg_target(hra_buffer *out, double value, double low, double high, const char *title)
{
    const hra_chart_scale scale = hra_chart_scale_around(low, high);
    double left = isnan(low) ? 0 : place(low, scale), right = isnan(high) ? WIDE : place(high, scale);
    hra_html(out,
             "<svg class=target viewBox=\"0 0 %d %d\" role=img><title>%s</title><rect y=6 width=%d height=4 rx=2 "
             "class=tl /><rect x=%f y=3 width=%f height=10 rx=3 class=tz />",
             WIDE, HIGH, title, WIDE, left, fmax(right - left, 3));
    if (!isnan(value)) put_value(out, value, scale);
    hra_buffer_text(out, "</svg>");
}

void hra_svg_part(hra_buffer *out, double whole, double left, double full, const char *title)
{
    const hra_chart_scale scale = {0, full};
    double solid = place(fmin(whole, left), scale), end = place(fmax(whole, left), scale);
    hra_html(out,
             "<svg class=part viewBox=\"0 0 %d %d\" preserveAspectRatio=none role=img><title>%s</title><rect y=2 "
             "width=%f height=12 class=bs />",
             WIDE, HIGH, title, fmax(solid, 1));
    if (end - solid > 0.5)
        hra_html(out, "<rect x=%f y=2 width=%f height=12 class=%s />", solid, end - solid, left > whole ? "ba" : "bg");
    hra_buffer_text(out, "</svg>");
}
