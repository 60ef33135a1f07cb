/* The arithmetic of the language, one value at a time: what the judge computes
 * and what constants are folded with. Vector kernels must give the same bits.
 * Numbers and flags are doubles here; unknown is NaN, always the same NaN. */
#ifndef HRA_GRAPH_SCALAR_H
#define HRA_GRAPH_SCALAR_H

#include <math.h>

#include "engine/graph/graph.h"

/* The one NaN that is ever stored. */
static inline double hra_scalar_canonical(double x) { return isnan(x) ? (double)NAN : x; }

/* Result of an operation on given operands. Leaves, tables, folds and counts
 * are not here: they need more than their operands. `decimals` is for ROUND. */
double hra_scalar_operation(hra_op op, const double operand[3], int decimals);

double hra_scalar_exp(double x);
double hra_scalar_ln(double x);
double hra_scalar_pow(double x, double y);
double hra_scalar_round(double x, int decimals); /* 0 .. 9 */
double hra_scalar_years_between(double day_a, double day_b);
double hra_step_value(const hra_step *step, double x);
double hra_scalar_gather(const hra_gather *table, double index);
/* COUNT or COUNT_AT_LEAST over flags of which so many are true and so many unknown. */
double hra_scalar_count(hra_op op, int is_true, int unknown, double threshold);

#endif
