#include "report/person/svg_course.h"

#include <math.h>

#include "base/calendar.h"
#include "report/person/person_text.h"
#include "report/tools/html.h"

enum { WIDE = 84, HIGH = 20, EDGE = 3 };

void hra_course_place(const hra_view_value *v, int point, double *x, double *y)
{
    const hra_view_point *p = v->points;
    double low = p[0].value, high = low, days = p[v->point_count - 1].day - p[0].day;
    for (int i = 1; i < v->point_count; i++) {
        low = fmin(low, p[i].value);
        high = fmax(high, p[i].value);
    }
    double room = fmax(high - low, 3 * v->noise), top = (low + high + room) / 2;
    *x = (p[point].day - p[0].day) / days;
    *y = room > 0 ? (top - p[point].value) / room : 0.5;
}

/* All values in words, for those who do not see the line. */
static void put_title(hra_buffer *out, const hra_view_value *v, const char *unit)
{
    char day[HRA_DAY_TEXT];
    hra_buffer_text(out, "<title>");
    for (int i = 0; i < v->point_count; i++) {
        hra_html(out, i ? "; %s: " : "%s: ", hra_day_text(v->points[i].day, day));
        hra_measured_text(v->points[i].value, v->decimals, v->other_unit, out);
    }
    hra_html(out, *unit ? " %s</title>" : "</title>", unit);
}

void hra_svg_course(hra_buffer *out, const hra_view_value *v, const char *unit)
{
    double x = 0, y = 0;
    hra_html(out, "<svg class=course viewBox=\"0 0 %d %d\" role=img>", WIDE, HIGH);
    put_title(out, v, unit);
    hra_buffer_text(out, "<path d=\"");
    for (int i = 0; i < v->point_count; i++) {
        hra_course_place(v, i, &x, &y);
        hra_html(out, i ? "L%f %f" : "M%f %f", EDGE + x * (WIDE - 2 * EDGE), EDGE + y * (HIGH - 2 * EDGE));
    }
    hra_buffer_text(out, "\" class=cl />");
    for (int i = 0; i < v->point_count; i++) {
        hra_course_place(v, i, &x, &y);
        hra_html(out,
                 i + 1 < v->point_count ? "<circle cx=%f cy=%f r=1.5 class=cp />"
                                        : "<circle cx=%f cy=%f r=2.6 class=cn />",
                 EDGE + x * (WIDE - 2 * EDGE), EDGE + y * (HIGH - 2 * EDGE));
    }
    hra_buffer_text(out, "</svg>");
}
