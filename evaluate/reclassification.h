/* Whether one model moves people in the right direction, seen from another (the reference): those with the event up,
 * those without it down. The sums of both hide where a gain comes from, so the parts are given with them.
 *
 * A person moves up whose risk is in a higher category than the reference has it. Categories are parted by cuts, a risk
 * equal to a cut is above it. Without cuts every difference is a move.
 *
 * Pencina, D'Agostino, D'Agostino and Vasan, Statistics in Medicine 2008; Pencina, D'Agostino and Steyerberg,
 * Statistics in Medicine 2011, also for times, where the shares come by Bayes' rule from the risks observed by the
 * horizon among those who move up, among those who move down and among all (Kaplan-Meier, with competing events
 * Aalen-Johansen). */
#ifndef HRA_EVALUATE_RECLASSIFICATION_H
#define HRA_EVALUATE_RECLASSIFICATION_H

#include "evaluate/product_limit.h"

typedef struct hra_moves {
    hra_finding up_event, down_event;       /* shares of those with the event who move up or down */
    hra_finding up_nonevent, down_nonevent; /* shares of those without it */
    hra_finding event, nonevent;            /* up minus down of those with it, down minus up of those without it */
    hra_finding nri;                        /* net reclassification improvement: the sum of both */
} hra_moves;

/* Cuts are in ascending order. */
hra_code hra_count_moves(const hra_cohort *people, const double *risk, const double *reference, const double *cuts,
                         int cut_count, hra_moves *out, hra_error *error);

/* With times; without standard errors. */
hra_code hra_observe_moves(const hra_followed *people, const double *risk, const double *reference, double horizon,
                           const double *cuts, int cut_count, hra_moves *out, hra_error *error);

/* Integrated discrimination improvement: the difference of the discrimination slopes. */
typedef struct hra_discrimination_gain {
    hra_finding event;    /* mean rise of the risk of those with the event */
    hra_finding nonevent; /* mean fall of that of those without it */
    hra_finding idi;      /* the sum of both */
} hra_discrimination_gain;

hra_code hra_measure_discrimination_gain(const hra_cohort *people, const double *risk, const double *reference,
                                         hra_discrimination_gain *out, hra_error *error);

#endif
