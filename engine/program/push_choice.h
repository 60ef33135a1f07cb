/* Choices pushed through equal operations. Of
 *     if(c, 1 - exp(a), 1 - exp(b))
 * both exponentials would be computed for everybody;
 *     1 - exp(if(c, a, b))
 * is the same value with one. A choice is exact and the operations are the
 * same on the same numbers, so no bit changes. Internal to engine/program. */
#ifndef HRA_PROGRAM_PUSH_CHOICE_H
#define HRA_PROGRAM_PUSH_CHOICE_H

#include "engine/graph/output.h"

/* The graph extended by the pushed form, and the outputs over it. NULL without memory; the base graph must outlive it.
 */
hra_graph *hra_push_choices(const hra_graph *base, const hra_output *outputs, int count, hra_output *pushed);

#endif
