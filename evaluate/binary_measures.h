/* All measures of one model on people whose outcome is known. */
#ifndef HRA_EVALUATE_BINARY_MEASURES_H
#define HRA_EVALUATE_BINARY_MEASURES_H

#include "evaluate/cohort.h"
#include "evaluate/metrics.h"

hra_code hra_binary_measures(hra_metrics *metrics, const hra_cohort *people, const double *risk, hra_error *error);

#endif
