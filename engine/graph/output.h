/* Outputs: what a run computes for every person, in order.
 *
 * One output is one column of results. Its value is a number, a flag or a
 * category ordinal; its status is a set of the bits below. Outputs that read
 * the same inputs under the same ranges share one status (`status_of`).
 */
#ifndef HRA_GRAPH_OUTPUT_H
#define HRA_GRAPH_OUTPUT_H

#include "engine/graph/graph.h"

enum hra_status {
    HRA_STATUS_SUBSTITUTED = 1,           /* an input was derived from others (height and weight for bmi) */
    HRA_STATUS_OUTSIDE_RANGE = 2,         /* outside the model's published range */
    HRA_STATUS_CLAMPED = 4,               /* an input was moved to the nearest published limit */
    HRA_STATUS_MISSING = 8,               /* an input needed on the path taken is unknown */
    HRA_STATUS_NOT_APPLICABLE = 16,       /* excluded: already has the disease */
    HRA_STATUS_EXCLUSION_UNVERIFIED = 32, /* whether excluded is itself unknown */
    HRA_STATUS_NUMERIC_ERROR = 64,        /* unknown although everything needed is known */
    HRA_STATUS_PROVISIONAL = 128          /* a higher level could apply if unknown inputs were known */
};

typedef enum hra_output_kind { HRA_OUTPUT_NUMBER, HRA_OUTPUT_FLAG, HRA_OUTPUT_CATEGORY } hra_output_kind;

/* What kind of declaration an output comes from. */
typedef enum hra_output_role {
    HRA_ROLE_MODEL,        /* a model's output */
    HRA_ROLE_PANEL,        /* the risk chosen for a disease, its category, its source model */
    HRA_ROLE_FACTOR,       /* flag */
    HRA_ROLE_TIER,         /* category */
    HRA_ROLE_PRESCRIPTION, /* flag */
    HRA_ROLE_DERIVED,      /* a top-level let asked for by name (text placeholders, reports) */
    HRA_ROLE_AGGREGATE,    /* person-level flag or number a group action counts or averages; not printed */
    HRA_ROLE_TIER_REASON,  /* category: which condition decided the tier */
    HRA_ROLE_ITEM,         /* flag: checkup item */
    HRA_ROLE_MONITOR,      /* flag */
    HRA_ROLE_TOPIC,        /* flag: at target; name "value": its value */
    HRA_ROLE_REFERENCE,    /* category: low, within or high, and of which band ("low.2"); owner: the variable */
    HRA_ROLE_WHAT_IF,      /* number: a risk after an intervention, what can be removed, the changeable share */
    HRA_ROLE_FIRST_STEP    /* category: the prescription to begin with */
} hra_output_role;

typedef struct hra_output {
    const char *id;    /* "framingham_cvd_2008_lipid.risk", "r_bmi_obese", "china_corporate.chd.risk" */
    const char *owner; /* declaration: "framingham_cvd_2008_lipid" */
    const char *name;  /* "risk"; "" for factors */
    hra_output_kind kind;
    hra_output_role role;
    const char *unit;
    int decimals;              /* for display of non-risk numbers, -1: none stated */
    const char *const *levels; /* categories: names by ordinal */
    int level_count;
    hra_node value;       /* already unknown where excluded is true or the range policy blanks */
    hra_node outside;     /* flags; -1: never */
    hra_node excluded;    /* true: not applicable; unknown: exclusion unverified */
    hra_node substituted; /* never unknown */
    hra_node clamped;     /* never unknown */
    hra_node missing;     /* never unknown */
    hra_node provisional; /* never unknown */
    int status_of;        /* index of the output whose status this one shares (itself: has its own) */
} hra_output;

/* Whose name the status of this output carries: that of its owner if it is the
 * status of the owner's main output (risk, met, value, points, else the
 * first), else its own id. "<name>.status" in CSV and stores. */
const char *hra_output_status_owner(const hra_output *outputs, int count, int output);

#endif
