/* Brier score at a horizon: the mean squared difference between the risk and what happened, 1 for the event by the
 * horizon and 0 otherwise (a competing event by then: 0).
 *
 * What is known of a person with an event of either kind by the horizon counts 1/G(T-), of a person who is followed
 * beyond it 1/G(horizon), of a person who was censored before: nothing. The sum is divided by the weight of all people.
 * The standard error includes that of G; it is that of the influence function, times the square root of n/(n-1).
 *
 * Graf, Schmoor, Sauerbrei and Schumacher, Statistics in Medicine 1999; with competing events Schoop, Beyersmann,
 * Schumacher and Binder, Biometrical Journal 2011. */
#ifndef HRA_EVALUATE_SURVIVAL_BRIER_H
#define HRA_EVALUATE_SURVIVAL_BRIER_H

#include "evaluate/influence.h"

hra_survival_measure hra_survival_brier;

/* Of the model that gives everybody the observed risk (hra_observe), taken as a number given. `risk` is not read. */
hra_survival_measure hra_survival_brier_null;

/* The index of prediction accuracy, 1 - brier / brier_null: Kattan and Gerds, Diagnostic and Prognostic Research 2018
 * (doi:10.1186/s41512-018-0029-2). Its influences follow from those of both scores. They need no term for the observed
 * risk: the null score is least there, because the weights 1/G give the same observed risk. */
hra_survival_measure hra_survival_ipa;

#endif
