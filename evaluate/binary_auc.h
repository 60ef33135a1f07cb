/* Area under the ROC curve where the outcome of everybody is known: the share of the pairs of one person with and one
 * without the event in which the former has the higher risk (Mann-Whitney). Equal risks count one half; a pair weighs
 * the product of the two case weights. The direction is given: below 0.5 means that higher risks go with fewer events.
 *
 * Variance and paired comparison: DeLong, DeLong and Clarke-Pearson, Biometrics 1988. With weights the same formula
 * with squared weights, which is theirs if all weights are equal. */
#ifndef HRA_EVALUATE_BINARY_AUC_H
#define HRA_EVALUATE_BINARY_AUC_H

#include "evaluate/cohort.h"
#include "evaluate/finding.h"

hra_code hra_binary_auc(const hra_cohort *people, const double *risk, hra_finding *found, hra_error *error);

/* auc(risk) - auc(other) on the same people. */
hra_code hra_binary_auc_difference(const hra_cohort *people, const double *risk, const double *other,
                                   hra_finding *found, hra_error *error);

#endif
