/* How far risks are from a calibration curve, in four numbers: Austin and Steyerberg, Statistics in Medicine 2019. */
#ifndef HRA_EVALUATE_CURVE_DISTANCE_H
#define HRA_EVALUATE_CURVE_DISTANCE_H

#include <stdint.h>

#include "base/fail.h"

/* Of the absolute differences between risk and curve. */
typedef struct hra_curve_distance {
    double ici;      /* the mean, by weight */
    double e50, e90; /* the median and the 90 % quantile: type 7; with weights the least difference that so much of the
                        weight does not exceed */
    double emax;     /* the greatest */
} hra_curve_distance;

/* Of at least one difference; `weight` may be NULL. */
hra_code hra_sum_up_distances(const double *difference, const double *weight, int64_t count, hra_curve_distance *out,
                              hra_error *error);

#endif
