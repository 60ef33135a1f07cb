/* How likely a test statistic as large as this one, or larger, is by chance. */
#ifndef HRA_EVALUATE_TAIL_PROBABILITY_H
#define HRA_EVALUATE_TAIL_PROBABILITY_H

/* Both tails of the standard normal distribution beyond |z|. */
double hra_p_of_z(double z);

/* The upper tail of the chi-square distribution; x at least 0, degrees of freedom at least 1. To 1e-13 of its value
 * down to 1e-300. */
double hra_p_of_chi_square(double x, double degrees);

#endif
