#include "report/tools/svg_axes.h"

#include <math.h>
#include <stdio.h>

#include "report/tools/html.h"

enum { LEFT = 42, RIGHT = 14, TOP = 24, BOTTOM = 36, MARKS = 5, AIR = 5 };

hra_svg_axis hra_svg_axis_over(double low, double high)
{
    if (!(high > low) || !isfinite(high - low)) return (hra_svg_axis){0, 1, 0.2};
    double rough = fmax(high - low, 1e-6) / MARKS, tens = pow(10, floor(log10(rough)));
    double step = rough <= tens ? tens : rough <= 2 * tens ? 2 * tens : rough <= 5 * tens ? 5 * tens : 10 * tens;
    /* a limit that is round but for its last digits is round */
    return (hra_svg_axis){step * floor(low / step + 1e-9), step * ceil(high / step - 1e-9), step};
}

static double share(const hra_svg_axis *axis, double value) { return (value - axis->low) / (axis->high - axis->low); }

static double between(double value) { return value < 0 ? 0 : value > 1 ? 1 : value; }

static double x_of(const hra_svg_axes *axes, double part) { return LEFT + part * (axes->wide - LEFT - RIGHT); }

static double y_of(const hra_svg_axes *axes, double part)
{
    return axes->high - BOTTOM - part * (axes->high - TOP - BOTTOM);
}

double hra_svg_x(const hra_svg_axes *axes, double value) { return x_of(axes, between(share(&axes->x, value))); }

double hra_svg_y(const hra_svg_axes *axes, double value) { return y_of(axes, between(share(&axes->y, value))); }

double hra_svg_y_anywhere(const hra_svg_axes *axes, double value)
{
    enum { FAR = 100 }; /* heights of the frame */
    return y_of(axes, fmax(-FAR, fmin(FAR, share(&axes->y, value))));
}

static const char *mark_text(const hra_svg_axis *axis, double value, char out[32])
{
    int decimals = (int)fmax(0, -floor(log10(axis->step) + 1e-9));
    snprintf(out, 32, "%.*f", decimals, fabs(value) < axis->step / 2 ? 0 : value);
    return out;
}

static int marks(const hra_svg_axis *axis) { return (int)round((axis->high - axis->low) / axis->step); }

void hra_svg_axes_put(hra_buffer *out, const hra_svg_axes *axes, const char *name, const char *x_title,
                      const char *y_title)
{
    char text[32];
    hra_html(out, "<svg class=plot viewBox=\"0 0 %d %d\" role=img><title>%s</title><path class=grid d=\"", axes->wide,
             axes->high, name);
    for (int i = 0; i <= marks(&axes->x); i++)
        hra_html(out, "M%f %dV%d", hra_svg_x(axes, axes->x.low + i * axes->x.step), TOP, axes->high - BOTTOM);
    for (int i = 0; i <= marks(&axes->y); i++)
        hra_html(out, "M%d %fH%d", LEFT, hra_svg_y(axes, axes->y.low + i * axes->y.step), axes->wide - RIGHT);
    hra_buffer_text(out, "\" />");
    for (int i = 0; i <= marks(&axes->x); i++) {
        double value = axes->x.low + i * axes->x.step;
        hra_html(out, "<text x=%f y=%d text-anchor=middle>%s</text>", hra_svg_x(axes, value), axes->high - BOTTOM + 14,
                 mark_text(&axes->x, value, text));
    }
    for (int i = 0; i <= marks(&axes->y); i++) {
        double value = axes->y.low + i * axes->y.step;
        hra_html(out, "<text x=%d y=%f text-anchor=end>%s</text>", LEFT - 5, hra_svg_y(axes, value) + 4,
                 mark_text(&axes->y, value, text));
    }
    hra_html(out, "<text x=%d y=%d text-anchor=end>%s</text><text x=0 y=12>%s</text>", axes->wide - RIGHT,
             axes->high - 5, x_title, y_title);
}

void hra_svg_axes_begin_inside(hra_buffer *out, const hra_svg_axes *axes)
{
    int x = LEFT - AIR, y = TOP - AIR, wide = axes->wide - LEFT - RIGHT + 2 * AIR,
        high = axes->high - TOP - BOTTOM + 2 * AIR;
    hra_html(out, "<svg aria-hidden=true x=%d y=%d width=%d height=%d viewBox=\"%d %d %d %d\">", x, y, wide, high, x, y,
             wide, high);
}

void hra_svg_axes_end_inside(hra_buffer *out) { hra_buffer_text(out, "</svg>"); }
