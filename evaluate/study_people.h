/* The people of one evaluation of a study, their values moved together; and the measures of them. */
#ifndef HRA_EVALUATE_STUDY_PEOPLE_H
#define HRA_EVALUATE_STUDY_PEOPLE_H

#include "evaluate/cohort.h"
#include "evaluate/study.h"

typedef struct hra_study_people {
    double *time, *weight, *risk, *other;
    uint8_t *event;
    int64_t rows, events;
} hra_study_people;

/* Room for so many people. */
hra_code hra_study_people_new(hra_study_people *people, int64_t most, hra_error *error);
void hra_study_people_free(hra_study_people *people);

/* Everybody with a known outcome (and weight) and a known `risk`, and a known `other` if that is not NULL; with
 * study->common with every risk of the study. Only those of `group`, -1: of all. They stand in the order of `order`,
 * NULL: as in the study. What is measured with times needs them in order of time. */
void hra_study_select(const hra_study *study, const int64_t *order, int group, const double *risk, const double *other,
                      double horizon, hra_study_people *people);

/* Whether the same people of `group` count for two risks. */
bool hra_study_same_people(const hra_study *study, int group, const double *risk, const double *other);

/* These people as a cohort, which borrows their arrays. */
hra_cohort hra_study_cohort(const hra_study *study, const hra_study_people *people);

/* What is evaluated. */
typedef struct hra_measured {
    const hra_study *study;
    const hra_study_people *people;
    double horizon;
    bool compared;       /* `risk` with `other` */
    int64_t done, total; /* evaluations, for the progress */
} hra_measured;

/* All measures of these people (those of `of`, or a sample of them), added to the list. At least one. */
hra_code hra_measure_people(const hra_measured *of, const hra_study_people *people, hra_metrics *metrics,
                            hra_error *error);

#endif
