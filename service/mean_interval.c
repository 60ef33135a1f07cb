#include "service/mean_interval.h"

#include <math.h>

/* A table, then the expansion in 1/df (right to four decimals from there on). */
double hra_student(int64_t df)
{
    static const double table[] = {12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
                                   2.2010,  2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860,
                                   2.0796,  2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423};
    if (df <= 30) return table[df - 1];
    double z = 1.959963985, n = (double)df;
    return z + (z * z * z + z) / (4 * n) + (5 * pow(z, 5) + 16 * z * z * z + 3 * z) / (96 * n * n);
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
