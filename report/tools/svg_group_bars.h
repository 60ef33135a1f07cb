/* Bars of group reports: a share with its interval, and two years of several shares. */
#ifndef HRA_REPORT_SVG_GROUP_BARS_H
#define HRA_REPORT_SVG_GROUP_BARS_H

#include "base/buffer.h"
#include "service/tables/proportion.h"

/* A bar from 0 on a scale up to `full`, with the interval as a whisker and the other groups' share as a diamond (NaN:
 * none). `style`: class of the bar. */
void hra_svg_group_bar(hra_buffer *out, hra_interval share, double others, double full, const char *style,
                       const char *title);

typedef struct hra_slope {
    const char *label;
    double before, now;
    int change; /* -1: clearly less, 1: clearly more, 0: no clear change */
} hra_slope;

enum { HRA_SLOPES = 8 };

/* Lines from last year's share to this year's; at most HRA_SLOPES. */
void hra_svg_group_slopes(hra_buffer *out, const hra_slope *slopes, int count, const char *before, const char *now,
                          const char *title);

#endif
