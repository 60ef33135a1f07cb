/* The scale of a value against its target zone, the same on screen and paper. */
#ifndef HRA_REPORT_CHART_SCALE_H
#define HRA_REPORT_CHART_SCALE_H

typedef struct hra_chart_scale {
    double from, to;
} hra_chart_scale;

/* As much room on an open side (NaN) as the zone's limit allows, half a zone beside a closed one: it comes from the
 * zone alone, so that years can be laid side by side. */
hra_chart_scale hra_chart_scale_around(double low, double high);

/* The place of a value from 0 to 1; beyond the scale its end. */
double hra_chart_place(const hra_chart_scale *scale, double value);

#endif
