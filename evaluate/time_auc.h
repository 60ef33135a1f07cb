/* AUC at a horizon: how often somebody with the event by then (a case) had a higher risk than somebody without (a
 * control). Equal risks count one half.
 *
 * A case counts 1/G(T-), a control 1/G(horizon); who is censored before counts through these weights only. With
 * competing events there are two definitions. The standard error includes that of G; it is that of the influence
 * function, times the square root of n/(n-1).
 *
 * Uno, Cai, Tian and Wei, Journal of the American Statistical Association 2007; Hung and Chiang, Canadian Journal of
 * Statistics 2010; Blanche, Dartigues and Jacqmin-Gadda, Statistics in Medicine 2013. */
#ifndef HRA_EVALUATE_TIME_AUC_H
#define HRA_EVALUATE_TIME_AUC_H

#include "evaluate/influence.h"

/* Who had a competing event by the horizon is a control and counts 1/G(T-) (definition 2 of Blanche and others). */
hra_survival_measure hra_time_auc;

/* Who had a competing event is left out: controls are free of all events (definition 1). */
hra_survival_measure hra_time_auc_event_free;

#endif
