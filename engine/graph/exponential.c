/* The judge's exp: the kernels' own, one value at a time. */
#include <math.h>

#include "engine/graph/scalar.h"

typedef double vec;

static inline double v_set(double x) { return x; }
static inline double v_sub(double a, double b) { return a - b; }
static inline double v_fma(double a, double b, double c) { return fma(a, b, c); }
static inline double v_bounded(double a) { return a; }

static inline double v_scale(double a, double n)
{
    if (isnan(n)) return n;
    if (n > 2000) return (double)INFINITY;
    return n < -2000 ? 0 : ldexp(a, (int)n);
}

#include "engine/graph/exponential.inc.h"

double hra_scalar_exp(double x) { return hra_scalar_canonical(exp_of(x)); }
