#include "service/tables/mean_interval.h"

#include <math.h>

/* A table, then the expansion in 1/df (Abramowitz and Stegun 26.7.5): eight digits of each. */
double hra_student(int64_t df)
{
    static const double table[] = {12.7062047362, 4.3026527297, 3.1824463053, 2.7764451052, 2.5705818356, 2.4469118511,
                                   2.3646242516,  2.3060041352, 2.2621571628, 2.2281388520, 2.2009851601, 2.1788128297,
                                   2.1603686565,  2.1447866879, 2.1314495456, 2.1199052992, 2.1098155778, 2.1009220402,
                                   2.0930240544,  2.0859634473, 2.0796138447, 2.0738730679, 2.0686576104, 2.0638985616,
                                   2.0595385528,  2.0555294386, 2.0518305165, 2.0484071418, 2.0452296421, 2.0422724563};
    if (df <= 30) return table[df - 1];
    const double z = 1.9599639845400536, y = z * z, n = (double)df;
    double first = z * (y + 1) / 4, second = z * ((5 * y + 16) * y + 3) / 96;
    double third = z * (((3 * y + 19) * y + 17) * y - 15) / 384;
    double fourth = z * ((((79 * y + 776) * y + 1482) * y - 1920) * y - 945) / 92160;
    return z + (first + (second + (third + fourth / n) / n) / n) / n;
}

hra_interval hra_mean_interval(int64_t count, int64_t sum, unsigned __int128 squares)
{
    hra_interval out = {NAN, NAN, NAN};
    double n = (double)count;
    if (count < 1) return out;
    out.value = (double)sum / n;
    if (count < 2) return out;
    __int128 spread = (__int128)squares * count - (__int128)sum * sum;
    double half = hra_student(count - 1) * sqrt((double)spread / (n * (n - 1))) / sqrt(n);
    out.low = out.value - half;
    out.high = out.value + half;
    return out;
}
