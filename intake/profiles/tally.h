/* How often each number occurs, in bounded memory. Exact while there are few different numbers, as on the grid of a
 * laboratory; beyond that, neighbouring numbers are counted together (the last bits of their binary form are dropped
 * until they fit), so quantiles keep a small relative error. Adding in any order gives the same tally. */
#ifndef HRA_INTAKE_TALLY_H
#define HRA_INTAKE_TALLY_H

#include <stdbool.h>
#include <stdint.h>

typedef struct hra_tally hra_tally;

typedef struct hra_tally_entry {
    double value; /* of the numbers counted together: the one nearest to zero */
    int64_t count;
} hra_tally_entry;

/* At most `most` different numbers are kept apart (at least 16). NULL: out of memory. */
hra_tally *hra_tally_new(int most);
void hra_tally_free(hra_tally *tally);
bool hra_tally_add(hra_tally *tally, double value); /* finite; false: out of memory */
bool hra_tally_add_times(hra_tally *tally, double value, int64_t times);

int64_t hra_tally_total(const hra_tally *tally);
/* Sorts, once nothing more is added; the entries belong to the tally. False: out of memory. */
bool hra_tally_finish(hra_tally *tally, const hra_tally_entry **entries, int *count);
/* The same; the number of entries, 0: none, or out of memory. */
int hra_tally_entries(const hra_tally *tally, const hra_tally_entry **entries);
/* After finishing: the smallest value that at least this share of the numbers do not exceed; NaN if there are none. */
double hra_tally_quantile(const hra_tally *tally, double share);
/* After finishing: how many numbers lie in low..high, both included. */
int64_t hra_tally_between(const hra_tally *tally, double low, double high);

#endif
