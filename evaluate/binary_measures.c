#include "evaluate/binary_measures.h"

#include <inttypes.h>
#include <stdio.h>

#include "evaluate/binary_auc.h"
#include "evaluate/binary_brier.h"
#include "evaluate/binary_calibration.h"
#include "evaluate/binary_tenths.h"
#include "evaluate/calibration_curve.h"
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

static hra_code add_totals(hra_metrics *metrics, const hra_cohort *people, const double *risk, hra_error *error)
{
    hra_binary_totals totals = hra_compare_totals(people, risk);
    HRA_TRY(hra_add_finding(metrics, "observed", NAN, &totals.observed, error));
    HRA_TRY(hra_add_finding(metrics, "expected", NAN, &totals.expected, error));
    return hra_add_finding(metrics, "observed_expected", NAN, &totals.ratio, error);
}

static hra_code add_regression(hra_metrics *metrics, const char *name, const hra_finding *found, int64_t left_out,
                               hra_error *error)
{
    char note[300];
    snprintf(note, sizeof note, "%s%swithout %" PRId64 " people with a risk of 0 or 1", found->why,
             *found->why ? "; " : "", left_out);
    return hra_metrics_add(metrics, name, NAN, found->is, left_out > 0 ? note : found->why, error);
}

static hra_code add_recalibration(hra_metrics *metrics, const hra_cohort *people, const double *risk, hra_error *error)
{
    hra_recalibration r;
    HRA_TRY(hra_recalibrate(people, risk, &r, error));
    HRA_TRY(add_regression(metrics, "calibration_intercept", &r.in_the_large, r.left_out, error));
    HRA_TRY(add_regression(metrics, "calibration_slope", &r.slope, r.left_out, error));
    return add_regression(metrics, "calibration_slope_intercept", &r.intercept, r.left_out, error);
}

static hra_code add_curve(hra_metrics *metrics, const hra_cohort *people, const double *risk, hra_error *error)
{
    hra_curve_distance distance = {NAN, NAN, NAN, NAN};
    if (people->rows > 0) HRA_TRY(hra_measure_curve(people, risk, NULL, &distance, error));
    const char *note = people->rows > 0 ? "from a lowess curve of two thirds of the people" : "nobody";
    const struct {
        const char *name;
        double value;
    } values[] = {{"ici", distance.ici}, {"e50", distance.e50}, {"e90", distance.e90}, {"emax", distance.emax}};
    for (int i = 0; i < 4; i++)
        HRA_TRY(
            hra_metrics_add(metrics, values[i].name, NAN, (hra_estimate){values[i].value, NAN, NAN, NAN}, note, error));
    return HRA_OK;
}

static hra_code add_tenths(hra_metrics *metrics, const hra_cohort *people, const double *risk, hra_error *error)
{
    hra_binary_tenths tenths;
    HRA_TRY(hra_calibrate_tenths(people, risk, &tenths, error));
    HRA_TRY(hra_add_finding(metrics, "hl_chi2", NAN, &tenths.chi_square, error));
    HRA_TRY(hra_add_finding(metrics, "hl_p", NAN, &tenths.p, error));
    HRA_TRY(hra_add_finding(metrics, "hl_p_fitted", NAN, &tenths.p_if_fitted, error));
    hra_spiegelhalter s = hra_test_spiegelhalter(people, risk);
    HRA_TRY(hra_add_finding(metrics, "spiegelhalter_z", NAN, &s.z, error));
    HRA_TRY(hra_add_finding(metrics, "spiegelhalter_p", NAN, &s.p, error));
    for (int g = 0; g < tenths.groups; g++) {
        hra_finding expected = hra_found(tenths.group[g].expected, NAN, 0, 1);
        HRA_TRY(hra_add_finding(metrics, "tenth_observed", g + 1, &tenths.group[g].observed, error));
        HRA_TRY(hra_add_finding(metrics, "tenth_expected", g + 1, &expected, error));
    }
    return HRA_OK;
}

hra_code hra_binary_measures(hra_metrics *metrics, const hra_cohort *people, const double *risk, hra_error *error)
{
    HRA_TRY(add_accuracy(metrics, people, risk, error));
    HRA_TRY(add_totals(metrics, people, risk, error));
    HRA_TRY(add_recalibration(metrics, people, risk, error));
    HRA_TRY(add_curve(metrics, people, risk, error));
    return add_tenths(metrics, people, risk, error);
}
