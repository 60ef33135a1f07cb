/* Calibration at a horizon by a regression of pseudo-values, which competing events do not stand in the way of:
 * log(-log(1 - risk observed)) = intercept + slope * log(-log(1 - risk)), fitted by least squares (generalised
 * estimating equations with independence). Standard errors are those of the sandwich estimate; they take the
 * pseudo-values as independent of each other. Van Geloven, Giardiello, Bonneville et al., BMJ 2022
 * (doi:10.1136/bmj-2021-069249). */
#ifndef HRA_EVALUATE_PSEUDO_CALIBRATION_H
#define HRA_EVALUATE_PSEUDO_CALIBRATION_H

#include "evaluate/survival_calibration.h"

typedef struct hra_pseudo_calibration {
    hra_finding in_the_large;     /* the intercept where the slope is 1; 0 for risks that are right */
    hra_finding intercept, slope; /* both fitted */
} hra_pseudo_calibration;

/* `pseudo` by row (hra_pseudo_values); NULL where no risk was observed at the horizon, as the findings then say.
 * Without `slope` only the first finding is written. */
void hra_calibrate_pseudo_values(const hra_followed *people, const hra_log_log *log_log, const hra_observed *observed,
                                 const double *pseudo, bool slope, hra_pseudo_calibration *out);

#endif
