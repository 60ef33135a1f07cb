/* How certain the order of models by a measure is: the rank of each of them in every sample of the people
 * (evaluate/bootstrap.h), as for league tables: Marshall and Spiegelhalter, BMJ 1998. A rank is 1 and the number of
 * models that are better. Samples in which one of the models has no value do not count. */
#ifndef HRA_EVALUATE_RANK_SAMPLES_H
#define HRA_EVALUATE_RANK_SAMPLES_H

#include <stdbool.h>

#include "evaluate/metrics.h"

/* The models of one part of the cohort at one horizon. */
typedef struct hra_rank_samples {
    int samples, most, count;
    double *value;  /* of the measure, by model and sample; then the rank */
    double *found;  /* on the people themselves; then as much room again */
    int64_t *place; /* of "rank" in the list of measures; "rank_first" follows it */
} hra_rank_samples;

/* Room for so many models. */
hra_code hra_rank_samples_new(hra_rank_samples *ranks, int models, int samples, hra_error *error);
void hra_rank_samples_free(hra_rank_samples *ranks);

/* Where the next model's values go, by sample; it counts after hra_rank_samples_add. */
double *hra_rank_samples_next(const hra_rank_samples *ranks);

/* The model whose measures stand in the list from `first` on: "rank" and "rank_first" follow them, still empty. */
hra_code hra_rank_samples_add(hra_rank_samples *ranks, const char *measure, int64_t first, hra_metrics *metrics,
                              hra_error *error);

/* Fills in the ranks of the models that were added, and forgets them. same_people: they were measured in the same
 * samples; otherwise there are no ranks. */
void hra_rank_samples_fill(hra_rank_samples *ranks, const char *measure, bool same_people, hra_metrics *metrics);

#endif
