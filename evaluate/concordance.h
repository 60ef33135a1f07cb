/* Concordance: in how many of the comparable pairs the person with the higher risk has the event first.
 *
 * A pair is comparable if the one has the event at a time when the other is still followed: T_i < T_j, or T_i = T_j
 * where j is censored. Two events at one time are no pair. Equal risks count one half. Case weights multiply. Only
 * events up to the horizon count (INFINITY: all). The standard error is that of the infinitesimal jackknife, with the
 * weights of Uno's pairs as given numbers. */
#ifndef HRA_EVALUATE_CONCORDANCE_H
#define HRA_EVALUATE_CONCORDANCE_H

#include "evaluate/influence.h"

/* Harrell, Califf, Pryor, Lee and Rosati, JAMA 1982. Competing events are censorings: of the event's own rate. */
hra_survival_measure hra_harrell_concordance;

/* Each pair counts 1/G(T_i-)^2: Uno, Cai, Pencina, D'Agostino and Wei, Statistics in Medicine 2011. */
hra_survival_measure hra_uno_concordance;

/* Who has a competing event stays in the comparison for ever: Wolbers, Koller, Witteman and Steyerberg, Epidemiology
 * 2009. */
hra_survival_measure hra_wolbers_concordance;

#endif
