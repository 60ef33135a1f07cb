/* What an evaluation found: a list of measures, each of one model (or two), at
 * one horizon. A measure that does not exist on these people stays in the list
 * without a value and says in words why. */
#ifndef HRA_EVALUATE_METRICS_H
#define HRA_EVALUATE_METRICS_H

#include <math.h>
#include <stdint.h>

#include "base/fail.h"

/* A number with its uncertainty; NAN: none. */
typedef struct hra_estimate {
    double value, standard_error, lower, upper; /* lower and upper: the 95 % interval */
} hra_estimate;

#define HRA_NO_ESTIMATE ((hra_estimate){NAN, NAN, NAN, NAN})

/* What a measure is of. */
typedef struct hra_metric_subject {
    const char *group;         /* the part of the cohort, "" for all of it */
    const char *model, *other; /* other: the model that `model` is compared with, "" for none */
    double horizon;            /* NAN: no times */
    int64_t people, events;    /* who counts in it, and those of them with the event (by the horizon) */
} hra_metric_subject;

/* What samples of the people say (evaluate/bootstrap.h); NAN: nothing. */
typedef struct hra_resampled {
    double standard_error, lower, upper;
    int samples; /* with a value; 0: the measure was not computed in samples */
} hra_resampled;

typedef struct hra_metric {
    const hra_metric_subject *of;
    const char *name; /* as docs/evaluate.md lists them */
    double at;        /* the threshold or the number of the tenth; NAN: none */
    hra_estimate is;
    const char *note; /* why there is no value, or how it was got; "" for none */
    hra_resampled resampled;
} hra_metric;

typedef struct hra_metrics hra_metrics;

hra_code hra_metrics_new(hra_metrics **out, hra_error *error);
void hra_metrics_free(hra_metrics *metrics);

/* What the measures added from now on are of. The texts are copied. */
hra_code hra_metrics_about(hra_metrics *metrics, const hra_metric_subject *subject, hra_error *error);

/* `name` is kept as it is given (a literal), the note is copied. */
hra_code hra_metrics_add(hra_metrics *metrics, const char *name, double at, hra_estimate is, const char *note,
                         hra_error *error);
hra_code hra_metrics_add_value(hra_metrics *metrics, const char *name, double value, hra_error *error);
/* There is no number: `why` says so in words. */
hra_code hra_metrics_add_none(hra_metrics *metrics, const char *name, const char *why, hra_error *error);

/* A measure whose value is found after it was added; `note` is a literal. */
void hra_metrics_set(hra_metrics *metrics, int64_t index, hra_estimate is, const char *note);
void hra_metrics_set_resampled(hra_metrics *metrics, int64_t index, hra_resampled resampled);

/* The measures in another order: order[i] is the place that the one to stand at i has now. */
hra_code hra_metrics_reorder(hra_metrics *metrics, const int64_t *order, hra_error *error);

int64_t hra_metrics_count(const hra_metrics *metrics);
const hra_metric *hra_metrics_at(const hra_metrics *metrics, int64_t index);

#endif
