/* The same person with ideal values, and the age at which such a person would have this person's risk.
 *
 * Both are lowerings of their own over the same graph: the first reads the values of the `ideal` declaration in the
 * place of the measured ones, the second also reads a leaf in the place of the searched variable (age). What is
 * searched is found by bisection, a fold whose body is the part of the model that depends on that leaf. */
#ifndef HRA_LANGUAGE_LOWER_IDEAL_H
#define HRA_LANGUAGE_LOWER_IDEAL_H

#include "engine/language/lower.h"

typedef struct hra_ideal {
    const hra_decl *decl;
    int variable; /* that is searched */
    hra_lowering *person, same, searched;
    hra_node leaf;
    hra_list risk_ages; /* those lowered so far */
} hra_ideal;

/* The library has an ideal state. False without memory. */
bool hra_ideal_open(hra_ideal *ideal, hra_lowering *person);

/* The risk at ideal values; exclusions are those of the person. */
const hra_result *hra_lower_ideal(hra_ideal *ideal, const hra_decl *model, const hra_symbol *output,
                                  hra_result *scratch);
/* Whether the output can depend on the searched variable. */
bool hra_ideal_searchable(const hra_ideal *ideal, const hra_decl *model);
const hra_result *hra_lower_risk_age(hra_ideal *ideal, const hra_decl *model, const hra_symbol *output);

/* Of the model that the role chose. */
hra_result hra_lower_role_ideal(hra_ideal *ideal, const hra_decl *panel, int role);
hra_result hra_lower_role_risk_age(hra_ideal *ideal, const hra_decl *panel, int role);

#endif
