/* A sum that keeps what each addition rounds away (Neumaier, Zeitschrift fuer Angewandte Mathematik und Mechanik 1974):
 * exact to the last digits for millions of numbers. Begin with {0, 0}. */
#ifndef HRA_EVALUATE_COMPENSATED_SUM_H
#define HRA_EVALUATE_COMPENSATED_SUM_H

#include <math.h>

typedef struct hra_sum {
    double total, lost;
} hra_sum;

static inline void hra_sum_add(hra_sum *sum, double term)
{
    double next = sum->total + term;
    sum->lost += fabs(sum->total) >= fabs(term) ? (sum->total - next) + term : (term - next) + sum->total;
    sum->total = next;
}

static inline double hra_sum_of(const hra_sum *sum) { return sum->total + sum->lost; }

#endif
