#include "report/tools/chart_scale.h"

#include <math.h>

hra_chart_scale hra_chart_scale_around(double low, double high)
{
    if (isnan(low)) return (hra_chart_scale){0, high > 0 ? 2 * high : 1};
    if (isnan(high)) return (hra_chart_scale){0, low > 0 ? 2 * low : 1};
    double room = high > low ? high - low : fabs(high) > 0 ? fabs(high) : 1;
    return (hra_chart_scale){low - room, high + room};
}

double hra_chart_place(const hra_chart_scale *scale, double value)
{
    double share = (value - scale->from) / (scale->to - scale->from);
    return share < 0 ? 0 : share > 1 ? 1 : share;
}
