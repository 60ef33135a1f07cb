#include "evaluate/tail_probability.h"

#include <float.h>
#include <math.h>

double hra_p_of_z(double z) { return erfc(fabs(z) / sqrt(2)); }

/* x^a e^-x / Gamma(a), by logarithms. */
static double factor(double a, double x) { return exp(a * log(x) - x - lgamma(a)); }

/* The lower regularised incomplete gamma function by its power series, for x below a + 1. */
static double lower_by_series(double a, double x)
{
    double term = 1 / a, sum = term;
    for (double n = a + 1; term > sum * DBL_EPSILON / 4; n++) sum += term *= x / n;
    return sum * factor(a, x);
}

/* The upper one by its continued fraction, evaluated from the front (Lentz), for x from a + 1. */
static double upper_by_fraction(double a, double x)
{
    enum { MOST = 100000 };
    const double tiny = 1e-300;
    double b = x + 1 - a, c = 1 / tiny, d = 1 / b, fraction = d;
    for (int i = 1; i < MOST; i++) {
        double an = -i * (i - a);
        b += 2;
        d = an * d + b;
        c = b + an / c;
        if (fabs(d) < tiny) d = tiny;
        if (fabs(c) < tiny) c = tiny;
        d = 1 / d;
        fraction *= d * c;
        if (fabs(d * c - 1) < DBL_EPSILON) break;
    }
    return fraction * factor(a, x);
}

double hra_p_of_chi_square(double x, double degrees)
{
    double a = degrees / 2, half = x / 2;
    if (isnan(x) || isnan(degrees)) return NAN;
    if (half <= 0) return 1;
    return half < a + 1 ? 1 - lower_by_series(a, half) : upper_by_fraction(a, half);
}
