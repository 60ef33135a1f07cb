/* A small panel of group reports: one share by age band, women and men apart. */
#ifndef HRA_REPORT_SVG_GROUP_AGES_H
#define HRA_REPORT_SVG_GROUP_AGES_H

#include "base/buffer.h"
#include "service/tables/proportion.h"

enum { HRA_PANEL_AGES = 8 };

typedef struct hra_age_panel {
    const char *ages[HRA_PANEL_AGES]; /* labels of the bands */
    int count;
    hra_interval shares[2][HRA_PANEL_AGES]; /* women, men; NaN: not told or nobody known */
    double full;                            /* top of the scale */
} hra_age_panel;

/* Women as circles, men as squares, with intervals; what is not told leaves its place empty. */
void hra_svg_group_ages(hra_buffer *out, const hra_age_panel *panel, const char *title);

#endif
