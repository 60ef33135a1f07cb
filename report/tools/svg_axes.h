/* The frame of a plot: two axes with round numbers, and where a point lies. */
#ifndef HRA_REPORT_SVG_AXES_H
#define HRA_REPORT_SVG_AXES_H

#include "base/buffer.h"

typedef struct hra_svg_axis {
    double low, high, step; /* multiples of the step are marked */
} hra_svg_axis;

typedef struct hra_svg_axes {
    hra_svg_axis x, y;
    int wide, high; /* of the drawing */
} hra_svg_axes;

/* An axis from `low` to `high` or a little further, to round numbers. */
hra_svg_axis hra_svg_axis_over(double low, double high);

/* Opens the drawing (the caller ends it with </svg>): its name for those who do not see it, the grid, the numbers and
 * the titles of the axes. */
void hra_svg_axes_put(hra_buffer *out, const hra_svg_axes *axes, const char *name, const char *x_title,
                      const char *y_title);

/* Where a value lies in the drawing; beyond an axis its end. */
double hra_svg_x(const hra_svg_axes *axes, double value);
double hra_svg_y(const hra_svg_axes *axes, double value);

/* From here on until hra_svg_axes_end_inside, lines may leave the frame: what is outside is not seen. */
void hra_svg_axes_begin_inside(hra_buffer *out, const hra_svg_axes *axes);
void hra_svg_axes_end_inside(hra_buffer *out);
/* Where a value lies though it be outside of the frame. */
double hra_svg_y_anywhere(const hra_svg_axes *axes, double value);

#endif
