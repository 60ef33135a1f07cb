/* How long something took, and the middle of several times. */
#ifndef HRA_BASE_STOPWATCH_H
#define HRA_BASE_STOPWATCH_H

/* Seconds since some moment in the past; never goes back. */
double hra_seconds(void);

/* Order of two doubles, for qsort. */
int hra_ascending(const void *a, const void *b);

#endif
