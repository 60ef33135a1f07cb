/* The rules of joining by variable: which kind of source comes first, and what a variable means for the join itself.
 * They are data (datasets/join.csv). */
#ifndef HRA_INTAKE_JOIN_RULES_H
#define HRA_INTAKE_JOIN_RULES_H

#include "base/arena.h"
#include "engine/data/dictionary.h"
#include "intake/join/join_report.h"

typedef enum hra_join_role {
    HRA_JOIN_PLAIN,
    HRA_JOIN_CURRENT, /* a flag that passes: a diagnosis does not hold for ever */
    HRA_JOIN_VISIT_DATE,
    HRA_JOIN_SEX,
    HRA_JOIN_BIRTH_DATE,
    HRA_JOIN_AGE,
    HRA_JOIN_PERIOD_START,
    HRA_JOIN_PERIOD_END,
    HRA_JOIN_GROUP,
    HRA_JOIN_PART,    /* of a group: where somebody belongs within it */
    HRA_JOIN_TOGETHER /* taken from one row with the others of its set */
} hra_join_role;

typedef struct hra_join_rule {
    hra_join_kind order[HRA_JOIN_KINDS];
    hra_join_role role;
    int set; /* of HRA_JOIN_TOGETHER: 0, 1, ... */
} hra_join_rule;

/* One rule per variable of the dictionary, in the arena. `path` NULL: the built-in table. */
hra_code hra_join_rules_read(const char *path, const hra_dictionary *dictionary, hra_arena *arena,
                             const hra_join_rule **rules, int *set_count, hra_error *error);

#endif
