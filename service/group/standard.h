/* The standard population of directly standardised shares: a weight for every
 * sex and age band. By default the people of all groups of the run together, so
 * that every group is compared on the insurer's own mix. */
#ifndef HRA_SERVICE_STANDARD_H
#define HRA_SERVICE_STANDARD_H

#include "engine/summary/group_summary.h"

/* weights[HRA_SUMMARY_CELLS]; cells of an unknown sex or age weigh nothing. path NULL: the pooled people; else a CSV
 * sex,age_band,weight with the words of hra_summary_sex_names and hra_summary_age_names. */
hra_code hra_standard_load(const char *path, const hra_group_summary *summary, double *weights, hra_error *error);

#endif
