/* A study: the risks of several models beside what happened, evaluated whole
 * and in parts of the cohort, at one or several horizons, each model by itself
 * and against a reference model. Everybody counts for whom the outcome and the
 * risk in question are known. */
#ifndef HRA_EVALUATE_STUDY_H
#define HRA_EVALUATE_STUDY_H

#include <stdbool.h>

#include "evaluate/metrics.h"

typedef struct hra_study_model {
    const char *name;
    const double *risk; /* 0 to 1, NAN: unknown */
    double horizon;     /* of this model's risk; NAN: it is evaluated at all horizons of the study */
} hra_study_model;

typedef struct hra_study_progress {
    int64_t done, total; /* evaluations */
    int sample, samples; /* of the one at work; samples 0: no bootstrap */
} hra_study_progress;

typedef struct hra_study {
    int64_t rows;
    const double *time;   /* 0 or more, NAN: unknown; NULL: a known outcome, no horizons */
    const double *event;  /* 0, 1, with times also 2 (competing); NAN: unknown */
    const double *weight; /* above 0, NAN: unknown; NULL: none */
    const hra_study_model *models;
    int model_count;
    const double *horizons;
    int horizon_count;
    const double *thresholds; /* of risk, for sensitivity and net benefit; ascending */
    int threshold_count;
    const double *cuts; /* of risk, between the categories of reclassification; ascending */
    int cut_count;
    int reference;                  /* the model that the others are compared with; -1: none */
    bool common;                    /* only people count whose risk is known in all models */
    const int32_t *group;           /* the part of each person; NULL: no parts */
    const char *const *group_names; /* evaluated after the whole, in this order */
    int group_count;
    int bootstrap;    /* intervals from so many samples of the people (evaluate/bootstrap.h); 0: none */
    uint64_t seed;    /* of the samples */
    const char *rank; /* the measure by which models are ranked in each sample (evaluate/ranking.h); NULL: none */
    int threads;      /* for them; 0: one */
    /* called before each evaluation and after samples of one, if not NULL; always from the calling thread */
    void (*progress)(void *context, const hra_study_progress *progress);
    void *progress_context;
} hra_study;

hra_code hra_study_evaluate(const hra_study *study, hra_metrics *metrics, hra_error *error);

/* The first row that has no place in a study, such as a risk above 1: HRA_EINPUT with the row (from 1, the header not
 * counted), the column's name as given in `names` and what is wrong. */
typedef struct hra_study_names {
    const char *file, *time, *event, *weight;
} hra_study_names;
hra_code hra_study_check(const hra_study *study, const hra_study_names *names, hra_error *error);

#endif
