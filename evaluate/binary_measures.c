#include "evaluate/binary_measures.h"

#include "evaluate/binary_auc.h"
#include "evaluate/binary_brier.h"
#include "evaluate/finding.h"

static hra_code add_accuracy(hra_metrics *metrics, const hra_cohort *people, const double *risk, hra_error *error)
{
    hra_finding found;
    HRA_TRY(hra_binary_auc(people, risk, &found, error));
    HRA_TRY(hra_add_finding(metrics, "auc", NAN, &found, error));
    found = hra_discrimination_slope(people, risk);
    HRA_TRY(hra_add_finding(metrics, "discrimination_slope", NAN, &found, error));
    HRA_TRY(hra_binary_brier(people, risk, &found, error));
    HRA_TRY(hra_add_finding(metrics, "brier", NAN, &found, error));
    HRA_TRY(hra_binary_brier_scaled(people, risk, &found, error));
    return hra_add_finding(metrics, "brier_scaled", NAN, &found, error);
}

hra_code hra_binary_measures(hra_metrics *metrics, const hra_cohort *people, const double *risk, hra_error *error)
{
    return add_accuracy(metrics, people, risk, error);
}
