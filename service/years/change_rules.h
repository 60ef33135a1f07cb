/* From which change on two checkups of one person differ by more than
 * measurement, and which way is better (datasets/changes.csv). */
#ifndef HRA_SERVICE_CHANGE_RULES_H
#define HRA_SERVICE_CHANGE_RULES_H

#include <stdint.h>

#include "base/arena.h"
#include "base/fail.h"
#include "engine/data/dictionary.h"

typedef enum hra_trend {
    HRA_TREND_UNKNOWN,
    HRA_TREND_SAME,
    HRA_TREND_BETTER,
    HRA_TREND_WORSE,
    HRA_TREND_CHANGED
} hra_trend;
enum { HRA_TREND_COUNT = 5 };

typedef struct hra_change_rule {
    int variable; /* -1: the rule for risks */
    bool percent;
    double minimum, good_low, good_high; /* NaN: open */
    int judged_by;                       /* variable whose range decides; itself if none is named */
} hra_change_rule;

typedef struct hra_change_rules {
    hra_change_rule *rules; /* of variables */
    int count;
    hra_change_rule risk;
} hra_change_rules;

hra_code hra_change_rules_load(const char *path, const hra_dictionary *dictionary, hra_arena *arena,
                               hra_change_rules *out, hra_error *error);
/* The rule of a variable, or NULL. */
const hra_change_rule *hra_change_rule_of(const hra_change_rules *rules, int variable);
/* Whether a change of `change / divisor` steps is the rule's minimum or more; `before`: what a percentage is of. */
bool hra_change_is_enough(const hra_change_rule *rule, int decimals, int64_t before, __int128 change, int64_t divisor);
/* Between two values of a rule's variable, in whole steps of its last decimal; `was` and `is` are those of the variable
 * that judges it, NaN unknown. */
hra_trend hra_change_judge(const hra_change_rules *rules, const hra_change_rule *rule, int decimals, int64_t before,
                           int64_t now, double was, double is);
/* Of a person's own part of a risk's change. */
hra_trend hra_change_risk_trend(const hra_change_rules *rules, double part);
const char *hra_trend_word(hra_trend trend); /* "better"; "" for unknown */

#endif
