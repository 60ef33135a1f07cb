/* Calibration at a horizon as a whole: how many events there were by then for each that was expected, and how much
 * further apart or closer together the people are than their risks say. */
#ifndef HRA_EVALUATE_SURVIVAL_CALIBRATION_H
#define HRA_EVALUATE_SURVIVAL_CALIBRATION_H

#include "evaluate/product_limit.h"
#include "evaluate/risk_tenths.h"

typedef struct hra_in_the_large {
    hra_finding observed; /* hra_observe of all */
    hra_finding expected; /* the mean risk, by weight */
    hra_finding ratio;    /* observed / expected; its interval is symmetric on the log scale, with a standard error of
                             1 / sqrt(events) without weights and competing events, otherwise of the observed risk's */
} hra_in_the_large;

void hra_calibrate_in_the_large(const hra_followed *people, const double *risk, double horizon, hra_in_the_large *out);

/* log(-log(1 - risk)) of the people whose risk is above 0 and below 1. */
typedef struct hra_log_log {
    double *value;    /* by row; of nobody else */
    int64_t *rows;    /* those people in order of time */
    int64_t count;    /* how many they are */
    int64_t left_out; /* how many have a risk of 0 or 1 */
} hra_log_log;

hra_code hra_log_log_new(hra_log_log *out, const hra_followed *people, const double *risk, hra_error *error);
void hra_log_log_destroy(hra_log_log *log_log);

/* The coefficient of log(-log(1 - risk)) in a proportional hazards regression, 1 for a risk that is right, with the
 * follow-up cut at `until` (INFINITY: whole). With weights the standard error is robust. None with competing events:
 * they need a regression of another kind. Van Houwelingen, Statistics in Medicine 2000; Crowson, Atkinson and Therneau,
 * Statistical Methods in Medical Research 2016. */
void hra_calibration_slope(const hra_followed *people, const hra_log_log *log_log, double until, hra_finding *found);

/* What was observed in each tenth of the people. */
typedef struct hra_tenth {
    hra_observed observed;
    double expected; /* the mean risk, by weight */
} hra_tenth;

typedef struct hra_tenths {
    int groups; /* 1 to 10; 0: nobody */
    hra_tenth group[HRA_MOST_TENTHS];
} hra_tenths;

hra_code hra_cut_into_tenths(const hra_followed *people, const double *risk, double horizon, hra_tenths *out,
                             hra_error *error);

/* The test of Greenwood, Nam and D'Agostino: the sum over groups of (observed - expected)^2 / variance of observed,
 * with one degree of freedom less than groups. No groups are merged. With competing events in the same way. Demler,
 * Paynter and Cook, Statistics in Medicine 2015. */
typedef struct hra_gnd {
    double chi_square, p;
    int degrees;
    const char *why; /* why there is no test; "" if there is */
} hra_gnd;

hra_gnd hra_test_tenths(const hra_tenths *tenths);

#endif
