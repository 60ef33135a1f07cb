#include "report/tools/svg_group_ages.h"

#include <math.h>

#include "report/tools/html.h"

enum { WIDE = 230, HIGH = 118, LEFT = 30, TOP = 6, BOTTOM = 98 };

static double height_of(const hra_age_panel *p, double share)
{
    return BOTTOM - (BOTTOM - TOP) * fmin(fmax(share / p->full, 0), 1);
}

static double middle_of(const hra_age_panel *p, int age) { return LEFT + (WIDE - LEFT) * (age + 0.5) / p->count; }

static void put_grid(hra_buffer *out, const hra_age_panel *p)
{
    for (int i = 0; i <= 2; i++) {
        double y = height_of(p, p->full * i / 2);
        hra_html(out, "<path d=\"M%d %fH%d\" class=gl /><text x=%d y=%f text-anchor=end>%f%%</text>", LEFT, y, WIDE,
                 LEFT - 4, y + 3, 50 * p->full * i);
    }
    for (int a = 0; a < p->count; a++)
        hra_html(out, "<text x=%f y=%d text-anchor=middle>%s</text>", middle_of(p, a), BOTTOM + 13, p->ages[a]);
}

static void put_mark(hra_buffer *out, const hra_age_panel *p, int sex, int age)
{
    hra_interval share = p->shares[sex][age];
    if (isnan(share.value)) return;
    double x = middle_of(p, age) + (sex ? 5 : -5), y = height_of(p, share.value);
    hra_html(out, "<g class=%s><path d=\"M%f %fV%f\" />", sex ? "am" : "aw", x, height_of(p, share.low),
             height_of(p, share.high));
    if (sex)
        hra_html(out, "<rect x=%f y=%f width=6 height=6 /></g>", x - 3, y - 3);
    else
        hra_html(out, "<circle cx=%f cy=%f r=3.4 /></g>", x, y);
}

/* Neighbours that are both told are joined. */
static void put_line(hra_buffer *out, const hra_age_panel *p, int sex)
{
    for (int a = 1; a < p->count; a++) {
        hra_interval from = p->shares[sex][a - 1], to = p->shares[sex][a];
        if (isnan(from.value) || isnan(to.value)) continue;
        double shift = sex ? 5 : -5;
        hra_html(out, "<path d=\"M%f %fL%f %f\" class=\"%s\" />", middle_of(p, a - 1) + shift, height_of(p, from.value),
                 middle_of(p, a) + shift, height_of(p, to.value), sex ? "ln lm" : "ln lw");
    }
}

void hra_svg_group_ages(hra_buffer *out, const hra_age_panel *panel, const char *title)
{
    hra_html(out, "<svg class=ages viewBox=\"0 0 %d %d\" role=img><title>%s</title>", WIDE, HIGH, title);
    put_grid(out, panel);
    for (int sex = 0; sex < 2; sex++) {
        put_line(out, panel, sex);
        for (int a = 0; a < panel->count; a++) put_mark(out, panel, sex, a);
    }
    hra_buffer_text(out, "</svg>");
}
