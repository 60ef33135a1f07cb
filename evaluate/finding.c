#include "evaluate/finding.h"

#include <math.h>

hra_finding hra_found(double value, double standard_error, double least, double most)
{
    hra_estimate is = {value, standard_error, NAN, NAN};
    if (!isnan(standard_error)) {
        is.lower = fmax(least, value - HRA_NORMAL_975 * standard_error);
        is.upper = fmin(most, value + HRA_NORMAL_975 * standard_error);
    }
    return (hra_finding){is, ""};
}

hra_finding hra_found_ratio(double value, double log_standard_error)
{
    double factor = exp(HRA_NORMAL_975 * log_standard_error);
    return (hra_finding){{value, value * log_standard_error, value / factor, value * factor}, ""};
}

hra_code hra_add_finding(hra_metrics *metrics, const char *name, double at, const hra_finding *finding,
                         hra_error *error)
{
    return hra_metrics_add(metrics, name, at, finding->is, finding->why, error);
}
