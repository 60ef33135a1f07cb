/* delta_ici: how much further from its smooth calibration curve (evaluate/smooth_calibration.h, with competing events
 * and known outcomes evaluate/calibration_curve.h) one model is than another, on the same people. There is no formula
 * for its error: its interval comes from samples of the people (evaluate/bootstrap.h). */
#ifndef HRA_EVALUATE_ICI_DIFFERENCE_H
#define HRA_EVALUATE_ICI_DIFFERENCE_H

#include "evaluate/cohort.h"
#include "evaluate/metrics.h"

/* Of `risk` minus that of `reference`. The horizon is not read if the outcomes are known. */
hra_code hra_ici_difference(hra_metrics *metrics, const hra_cohort *people, const double *risk, const double *reference,
                            double horizon, hra_error *error);

#endif
