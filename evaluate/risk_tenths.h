/* People cut by their risks into tenths: the intervals between type-7 quantiles, each with its upper bound (the first
 * with both). Intervals with equal bounds are one, and there are none without people: fewer than ten where many risks
 * are equal. Weights do not move
 * the bounds. */
#ifndef HRA_EVALUATE_RISK_TENTHS_H
#define HRA_EVALUATE_RISK_TENTHS_H

#include <stdint.h>

enum { HRA_MOST_TENTHS = 10 };

typedef struct hra_risk_tenths {
    int groups;                   /* 1 to 10; 0: nobody */
    int64_t end[HRA_MOST_TENTHS]; /* one past the last of each group */
} hra_risk_tenths;

hra_risk_tenths hra_cut_risks(const double *ascending, int64_t count);

#endif
