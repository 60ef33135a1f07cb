/* Pseudo-values: what each person adds to the observed risk at a horizon. They stand for outcomes that censoring hides,
 * so that a regression of known outcomes can be made of them, also with competing events.
 *
 * A person's is the observed risk plus the weight of all people times its derivative by the person's weight
 * (infinitesimal jackknife), so that their mean is the observed risk. Andersen, Klein and Rosthøj, Biometrika 2003;
 * Parner, Andersen and Overgaard, Lifetime Data Analysis 2023. */
#ifndef HRA_EVALUATE_PSEUDO_VALUES_H
#define HRA_EVALUATE_PSEUDO_VALUES_H

#include "evaluate/product_limit.h"

/* `value`, by row: room for everybody. A risk must be observed at the horizon (hra_observe). */
void hra_pseudo_values(const hra_followed *people, double horizon, double *value);

#endif
