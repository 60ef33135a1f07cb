/* The policy of quality reports: which indicators are judged, from what limit on, and whether a file is then held
 * (datasets/quality_policy.csv, or a user's copy of it). */
#ifndef HRA_INTAKE_QUALITY_POLICY_H
#define HRA_INTAKE_QUALITY_POLICY_H

#include <stdint.h>

#include "base/arena.h"
#include "engine/data/dictionary.h"

typedef enum hra_quality_indicator {
    /* of a column of a file */
    HRA_QUALITY_MISSING,
    HRA_QUALITY_REJECTED,
    HRA_QUALITY_IMPLAUSIBLE,
    HRA_QUALITY_ZERO,
    HRA_QUALITY_UNIT,
    HRA_QUALITY_UNIT_MIXED,
    HRA_QUALITY_DIGIT_ZERO,
    HRA_QUALITY_HEAPING,
    HRA_QUALITY_CONSTANT,
    HRA_QUALITY_FUTURE,
    HRA_QUALITY_OLD,
    HRA_QUALITY_ONE_DAY,
    HRA_QUALITY_JANUARY_FIRST,
    HRA_QUALITY_DATE_ORDER,
    /* of a file */
    HRA_QUALITY_ABSENT,
    HRA_QUALITY_ORDER,
    HRA_QUALITY_DUPLICATES,
    HRA_QUALITY_ROWS_REJECTED,
    HRA_QUALITY_SHORT_ROWS,
    HRA_QUALITY_SHIFTED,
    HRA_QUALITY_DAMAGED,
    /* of a column of a delivery, against the last one */
    HRA_QUALITY_DRIFT_MEDIAN,
    HRA_QUALITY_DRIFT_SHAPE,
    HRA_QUALITY_DRIFT_MISSING,
    HRA_QUALITY_DRIFT_GONE,
    /* what is shown */
    HRA_QUALITY_SHOW,
    HRA_QUALITY_HIDE_BELOW,
    HRA_QUALITY_QUANTILES_FROM,
    HRA_QUALITY_INDICATORS
} hra_quality_indicator;

typedef enum hra_quality_action { HRA_QUALITY_OFF, HRA_QUALITY_WARN, HRA_QUALITY_HOLD } hra_quality_action;

typedef struct hra_quality_rule {
    hra_quality_indicator indicator;
    int variable, second; /* -1: all, none; of a|b and a<b both */
    double limit;
    int64_t least;
    hra_quality_action action;
} hra_quality_rule;

typedef struct hra_quality_policy {
    hra_quality_rule *rules; /* in the order of the file */
    int count;
    int64_t hide_below, quantiles_from;
    const char *file; /* for messages */
} hra_quality_policy;

/* `path` NULL: the built-in one. Everything belongs to the arena. */
hra_code hra_quality_policy_load(const char *path, const hra_dictionary *dictionary, hra_arena *arena,
                                 hra_quality_policy *out, hra_error *error);

/* The next rule of an indicator that judges the variable, from *at on (0 to begin with); NULL: no more. Rules that name
 * the variable replace those that name none. */
const hra_quality_rule *hra_quality_rule_next(const hra_quality_policy *policy, hra_quality_indicator indicator,
                                              int variable, int *at);
/* As policies write it: "unit_mixed". */
const char *hra_quality_indicator_name(hra_quality_indicator indicator);

#endif
