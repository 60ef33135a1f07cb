/* The models of an evaluation from the best to the worst by one measure of everybody: in all groups, and where they are
 * compared with another model, they stand in the order that they have on the whole cohort at the same horizon. Models
 * without a value come last; equal ones stay as they were. */
#ifndef HRA_EVALUATE_RANKING_H
#define HRA_EVALUATE_RANKING_H

#include <stdbool.h>

#include "evaluate/metrics.h"

/* The measures by which models can be ranked, one after the other; NULL behind the last. */
const char *hra_ranking_at(int index);
bool hra_is_ranking(const char *measure);

/* How far a value of one of these measures is from the best: the less the better; without a value infinite. */
double hra_ranking_distance(const char *measure, double value);

/* By one of these measures. */
hra_code hra_rank_models(hra_metrics *metrics, const char *measure, hra_error *error);

#endif
