#include "report/tools/svg_group_bars.h"

#include <math.h>
#include <stdio.h>

#include "report/tools/html.h"

enum { WIDE = 240, HIGH = 16 };

static double place(double share, double full) { return WIDE * fmin(fmax(share / full, 0), 1); }

void hra_svg_group_bar(hra_buffer *out, hra_interval share, double others, double full, const char *style,
                       const char *title)
{
    hra_html(out,
             "<svg class=gb viewBox=\"0 0 %d %d\" role=img><title>%s</title><rect y=3 width=%d height=10 class=gt />"
             "<rect y=3 width=%f height=10 class=\"%s\" />",
             WIDE, HIGH, title, WIDE, fmax(place(share.value, full), 0.5), style);
    if (!isnan(share.low)) {
        double low = place(share.low, full), high = place(share.high, full);
        hra_html(out, "<path d=\"M%f 8H%fM%f 5v6M%f 5v6\" class=gw />", low, high, low, high);
    }
    if (!isnan(others)) hra_html(out, "<path d=\"M%f 2.5l4 5.5-4 5.5-4-5.5z\" class=gd />", place(others, full));
    hra_buffer_text(out, "</svg>");
}

/* ---- two years ----------------------------------------------------------------------- */

enum { LEFT = 76, RIGHT = 216, SLOPES_WIDE = 450, STEP = 15, TOP = 26 };

/* Where labels stand: by value, and at least a line apart. */
static void spread(const double *values, int count, double highest, double scale, double *at)
{
    int order[HRA_SLOPES];
    for (int i = 0; i < count; i++) {
        int k = i;
        for (; k > 0 && values[order[k - 1]] < values[i]; k--) order[k] = order[k - 1];
        order[k] = i;
    }
    for (int k = 0; k < count; k++) {
        double y = TOP + (highest - values[order[k]]) * scale;
        at[order[k]] = k > 0 ? fmax(y, at[order[k - 1]] + STEP) : y;
    }
}

void hra_svg_group_slopes(hra_buffer *out, const hra_slope *slopes, int count, const char *before, const char *now,
                          const char *title)
{
    static const char *const styles[] = {"sg", "sn", "sb"};
    double was[HRA_SLOPES] = {0}, is[HRA_SLOPES] = {0}, left[HRA_SLOPES], right[HRA_SLOPES], highest = 0, lowest = 1,
           bottom = TOP;
    if (count > HRA_SLOPES) count = HRA_SLOPES;
    for (int i = 0; i < count; i++) {
        was[i] = slopes[i].before;
        is[i] = slopes[i].now;
        highest = fmax(highest, fmax(was[i], is[i]));
        lowest = fmin(lowest, fmin(was[i], is[i]));
    }
    double scale = STEP * (count + 1) / fmax(highest - lowest, 0.02);
    spread(was, count, highest, scale, left);
    spread(is, count, highest, scale, right);
    for (int i = 0; i < count; i++) bottom = fmax(bottom, fmax(left[i], right[i]));
    hra_html(out,
             "<svg class=slopes viewBox=\"0 0 %d %f\" role=img><title>%s</title><text x=%d y=12 "
             "text-anchor=middle>%s</text><text x=%d y=12 text-anchor=middle>%s</text>",
             SLOPES_WIDE, ceil(bottom) + 10, title, LEFT, before, RIGHT, now);
    for (int i = 0; i < count; i++) {
        double from = TOP + (highest - was[i]) * scale, to = TOP + (highest - is[i]) * scale;
        hra_html(out, "<g class=%s><path d=\"M%d %fL%d %f\" /><circle cx=%d cy=%f r=3 /><circle cx=%d cy=%f r=3 />",
                 styles[slopes[i].change + 1], LEFT, from, RIGHT, to, LEFT, from, RIGHT, to);
        /* a label that had to make room is led to its point */
        if (fabs(left[i] - from) > 1)
            hra_html(out, "<path d=\"M%d %fL%d %f\" class=ll />", LEFT - 4, from, LEFT - 20, left[i]);
        if (fabs(right[i] - to) > 1)
            hra_html(out, "<path d=\"M%d %fL%d %f\" class=ll />", RIGHT + 4, to, RIGHT + 20, right[i]);
        hra_html(out, "<text x=%d y=%f text-anchor=end>%f%%</text><text x=%d y=%f>%f%% %s</text></g>", LEFT - 24,
                 left[i] + 4, round(100 * was[i]), RIGHT + 24, right[i] + 4, round(100 * is[i]), slopes[i].label);
    }
    hra_buffer_text(out, "</svg>");
}
