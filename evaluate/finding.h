/* What a measure found: a number with its uncertainty, or in words why there is none. */
#ifndef HRA_EVALUATE_FINDING_H
#define HRA_EVALUATE_FINDING_H

#include "evaluate/metrics.h"

typedef struct hra_finding {
    hra_estimate is;
    const char *why; /* a literal: why there is no value, or how it was got; "" for nothing to say */
} hra_finding;

static inline hra_finding hra_found_none(const char *why) { return (hra_finding){HRA_NO_ESTIMATE, why}; }

/* A value with its standard error and the 95 % interval that follows from them, kept between `least` and `most`, the
 * least and the most that the measure can be. */
hra_finding hra_found(double value, double standard_error, double least, double most);

/* The same of a ratio: the interval is symmetric on the log scale. */
hra_finding hra_found_ratio(double value, double log_standard_error);

hra_code hra_add_finding(hra_metrics *metrics, const char *name, double at, const hra_finding *finding,
                         hra_error *error);

/* The 97.5 % quantile of the standard normal distribution. */
#define HRA_NORMAL_975 1.959963984540054

#endif
