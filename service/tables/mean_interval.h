/* The mean of whole numbers with its 95 % interval by Student's t. */
#ifndef HRA_SERVICE_MEAN_INTERVAL_H
#define HRA_SERVICE_MEAN_INTERVAL_H

#include "service/tables/proportion.h"

/* The 97.5 % point of Student's t. */
double hra_student(int64_t degrees_of_freedom);

/* From the sum and the sum of squares of n numbers: n*squares - sum^2 is formed in whole numbers, so nothing cancels.
 * Of one number no interval, of none nothing. */
hra_interval hra_mean_interval(int64_t n, int64_t sum, unsigned __int128 squares);

#endif
