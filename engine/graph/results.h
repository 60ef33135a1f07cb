/* Results of one chunk: a column for each output, in the form of its kind. */
#ifndef HRA_GRAPH_RESULTS_H
#define HRA_GRAPH_RESULTS_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "engine/graph/status_sets.h"

enum { HRA_ORDINAL_UNKNOWN = UINT16_MAX };

/* Of output i one of: numbers[i][row], unknown is NaN; the planes known[i] and truth[i], row r being bit r % 64 of
 * word r / 64, true a subset of known, nothing set beyond the last row; levels[i][row], the ordinal of a category.
 * status[i] is NULL where the output shares another's status, or nobody asked for it. sets[k] is the plane of status
 * set k, where these were asked for. */
typedef struct hra_results {
    int rows, output_count;
    int capacity; /* rows there is room for; scoring sets `rows` to the chunk's */
    double **numbers;
    uint64_t **known, **truth;
    uint16_t **levels;
    uint8_t **status;
    uint64_t **sets;
    const hra_status_sets *status_sets; /* NULL: none */
    void *memory;                       /* of all columns */
} hra_results;

/* All unknown at first; NULL without memory. */
hra_results *hra_results_new(int output_count, const hra_output *outputs, int rows);
/* With the statuses of these outputs alone, NULL: all; and with status sets, NULL: none, which must outlive it. */
hra_results *hra_results_with(int output_count, const hra_output *outputs, const bool *status_wanted,
                              const hra_status_sets *sets, int rows);
void hra_results_free(hra_results *results);

/* Bytes of one row of an output's values. */
double hra_results_width(const hra_output *output);

/* One value as a number: 0 or 1 of a flag, the ordinal of a category, NaN for what is unknown. */
void hra_results_put(hra_results *results, int output, int row, double value);
/* The status of an output that has its own, in every form that is kept. */
void hra_results_put_status(hra_results *results, int output, int row, unsigned status);
static inline double hra_results_value(const hra_results *results, int output, int row)
{
    if (results->numbers[output]) return results->numbers[output][row];
    if (results->levels[output]) {
        uint16_t level = results->levels[output][row];
        return level == HRA_ORDINAL_UNKNOWN ? (double)NAN : level;
    }
    uint64_t bit = UINT64_C(1) << (row % 64);
    if (!(results->known[output][row / 64] & bit)) return (double)NAN;
    return (results->truth[output][row / 64] & bit) != 0;
}

/* Is the flag known to be true? (Of another kind: is the value 1?) */
static inline bool hra_results_true(const hra_results *results, int output, int row)
{
    const uint64_t *truth = results->truth[output];
    return truth ? truth[row / 64] >> (row % 64) & 1 : hra_results_value(results, output, row) == 1;
}

/* A whole column as numbers, into out[0 .. rows - 1]. */
void hra_results_column(const hra_results *results, int output, double *out);

#endif
