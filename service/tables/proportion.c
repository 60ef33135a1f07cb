#include "service/tables/proportion.h"

#include <math.h>
#include <stdatomic.h>

enum { EXACT_BELOW = 5, STEPS = 100, REMEMBERED = 1024 };

static const double Z = 1.959963984540054; /* 97.5 % point of the normal distribution */

hra_interval hra_proportion_wilson(double share, double n)
{
    if (!(n > 0) || isnan(share)) return (hra_interval){NAN, NAN, NAN};
    double z2 = Z * Z, middle = (share + z2 / (2 * n)) / (1 + z2 / n);
    double half = Z / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n));
    /* at 0 and 1 the formula ends there; rounding must not step over */
    return (hra_interval){share, share > 0 ? fmax(middle - half, 0) : 0, share < 1 ? fmin(middle + half, 1) : 1};
}

/* P(X <= k) of a binomial with few terms, and its slope in p. */
static double lower_tail(uint64_t k, uint64_t n, double p, double *slope)
{
    double term = exp((double)n * log1p(-p)), sum = term;
    for (uint64_t j = 0; j < k; j++) {
        term *= (double)(n - j) / (double)(j + 1) * (p / (1 - p));
        sum += term;
    }
    *slope = -(double)(n - k) * term / (1 - p);
    return sum;
}

/* The share at which P(X <= k) is `tail`: Newton's steps, kept in a bracket (the probability falls with the share). */
static double share_at(uint64_t k, uint64_t n, double tail, double start)
{
    double low = 0, high = 1, share = start > 0 && start < 1 ? start : 0.5;
    for (int i = 0; i < STEPS; i++) {
        double slope, more = lower_tail(k, n, share, &slope) - tail;
        if (more > 0)
            low = share;
        else
            high = share;
        double next = share - more / slope;
        if (!(next > low && next < high)) next = (low + high) / 2;
        if (fabs(next - share) <= 1e-15 * next) return next;
        share = next;
    }
    return share;
}

hra_interval hra_proportion_exact(uint64_t yes, uint64_t n)
{
    if (n == 0) return (hra_interval){NAN, NAN, NAN};
    if (yes > n - yes) { /* the mirror image has fewer terms */
        hra_interval no = hra_proportion_exact(n - yes, n);
        return (hra_interval){(double)yes / (double)n, 1 - no.high, 1 - no.low};
    }
    hra_interval near = hra_proportion_wilson((double)yes / (double)n, (double)n);
    double high = share_at(yes, n, 0.025, near.high);
    double low = yes == 0 ? 0 : share_at(yes - 1, n, 0.975, near.low);
    return (hra_interval){(double)yes / (double)n, low, high};
}

/* Tables of many groups ask for the same few small cells again and again. All threads share what they found; who meets
 * a cell that another is writing works it out for himself. */
static hra_interval remembered(uint64_t yes, uint64_t n)
{
    enum { EMPTY, WRITTEN, READY };
    static hra_interval known[EXACT_BELOW][REMEMBERED];
    static _Atomic unsigned char states[EXACT_BELOW][REMEMBERED];
    _Atomic unsigned char *state = &states[yes][n];
    unsigned char empty = EMPTY;
    if (atomic_load_explicit(state, memory_order_acquire) == READY) return known[yes][n];
    hra_interval found = hra_proportion_exact(yes, n);
    if (atomic_compare_exchange_strong(state, &empty, WRITTEN)) {
        known[yes][n] = found;
        atomic_store_explicit(state, READY, memory_order_release);
    }
    return found;
}

hra_interval hra_proportion(uint64_t yes, uint64_t n)
{
    uint64_t fewer = n == 0 ? 0 : yes < n - yes ? yes : n - yes;
    if (fewer < EXACT_BELOW && yes == fewer && n > 0 && n < REMEMBERED) return remembered(yes, n);
    if (fewer < EXACT_BELOW) return hra_proportion_exact(yes, n);
    return hra_proportion_wilson((double)yes / (double)n, (double)n);
}

hra_standardised hra_standardise(const hra_stratum_count *strata, int count)
{
    double all = 0, weights = 0, weighted = 0, variance = 0;
    for (int i = 0; i < count; i++) {
        const hra_stratum_count *s = &strata[i];
        all += s->weight;
        if (s->known == 0 || s->weight == 0) continue;
        weights += s->weight;
        weighted += s->weight * ((double)s->yes / (double)s->known);
        variance += s->weight * s->weight / (double)s->known;
    }
    if (!(weights > 0)) return (hra_standardised){{NAN, NAN, NAN}, 0};
    double share = weighted / weights;
    share = share > 1 ? 1 : share; /* by a rounding */
    return (hra_standardised){hra_proportion_wilson(share, weights * weights / variance), weights / all};
}

hra_interval hra_proportion_difference(hra_interval a, hra_interval b)
{
    return (hra_interval){a.value - b.value, a.value - b.value - hypot(a.value - a.low, b.high - b.value),
                          a.value - b.value + hypot(a.high - a.value, b.value - b.low)};
}
