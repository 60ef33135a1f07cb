/* A new calibration of risks that rank people well and are too high, too low, too far apart or too close together: the
 * intercept, or intercept and slope, on the scale on which the risks were made. Nothing else of the model changes.
 *
 * Known outcomes: log odds. With times: log(-log(1 - risk)), the logarithm of the cumulative hazard by the horizon,
 * with the follow-up cut there. Van Houwelingen, Statistics in Medicine 2000; Steyerberg, Borsboom, van Houwelingen,
 * Eijkemans and Habbema, Statistics in Medicine 2004; Janssen, Moons, Kalkman, Grobbee and Vergouwe, Journal of
 * Clinical Epidemiology 2008. */
#ifndef HRA_EVALUATE_RECALIBRATION_H
#define HRA_EVALUATE_RECALIBRATION_H

#include "evaluate/cohort.h"
#include "evaluate/finding.h"

typedef struct hra_new_calibration {
    bool timed, free_slope;
    /* new = intercept + slope * old, on the scale. Without a free slope it is 1, and the intercept is the one that
     * makes the mean risk what was observed: of known outcomes the maximum of the likelihood, with times the one where
     * the mean risk is 1 - Kaplan-Meier (with competing events Aalen-Johansen). With a free slope, both by maximum
     * likelihood: logistic regression; Cox regression with Efron's ties and its cumulative hazard by the horizon (no
     * standard error with weights). With competing events by the regression of pseudo-values. */
    hra_finding intercept, slope;
    int64_t extreme; /* people with a risk of 0 or 1, who keep it: a regression on the scale leaves them out */
} hra_new_calibration;

/* `horizon` counts with times only. Where there is no new calibration, `intercept` says why. */
hra_code hra_calibrate_anew(const hra_cohort *people, const double *risk, double horizon, bool free_slope,
                            hra_new_calibration *out, hra_error *error);

double hra_newly_calibrated(const hra_new_calibration *calibration, double risk);

/* How well risks agree with what happened as a whole. */
typedef struct hra_agreement {
    hra_finding observed, expected, ratio, slope;
    int64_t events; /* with times: by the horizon */
} hra_agreement;

hra_code hra_agreement_of(const hra_cohort *people, const double *risk, double horizon, hra_agreement *out,
                          hra_error *error);

#endif
