/* A person some of whose inputs are other than they are: the ideal state, an intervention.
 *
 * It is a lowering of its own over the same graph, laid over that of the person before the change (who may be a changed
 * person too). What the change touches is lowered anew, everything else is read from below. A variable is touched when
 * it is replaced, or when a substitute of it reads one that is: then that substitute decides even where a measured
 * value is there. */
#ifndef HRA_LANGUAGE_LOWER_CHANGED_H
#define HRA_LANGUAGE_LOWER_CHANGED_H

#include "engine/language/lower.h"

/* `values` of a declaration (hra_decl: variable and expression) lowered for the person before. `applies`: flag that is
 * never unknown, to whom the change applies; -1: to everybody. False without memory. */
bool hra_lower_change(hra_lowering *changed, hra_lowering *before, const hra_decl *decl, hra_node applies);

/* The same with one more variable, whose value is a node. */
bool hra_lower_change_also(hra_lowering *changed, hra_lowering *before, const hra_decl *decl, int variable,
                           hra_node value);

/* Does the change touch what is read (a declaration's `reads`)? */
bool hra_change_touches(const hra_lowering *l, const uint64_t *reads);

/* In the lowering of a changed person: is this variable touched? */
bool hra_change_sets(const hra_lowering *l, int variable);

/* In the lowering of a changed person: is this to be asked of the person before? */
bool hra_lower_below(const hra_lowering *l, const hra_decl *decl);

#endif
