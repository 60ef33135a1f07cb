/* Service indicators (datasets/indicators.csv): rates and means of a group's
 * people, each with its denominator and its definition in words. Who fills them
 * in knows the people: the night's contacts, or two years. */
#ifndef HRA_SERVICE_INDICATORS_H
#define HRA_SERVICE_INDICATORS_H

#include "engine/data/dictionary.h"
#include "service/group/conditions.h"

typedef enum hra_indicator_kind {
    HRA_INDICATOR_SHARE,
    HRA_INDICATOR_MEAN_CHANGE,
    HRA_INDICATOR_LOST,
    HRA_INDICATOR_REPORT_DAYS,
    HRA_INDICATOR_CONTACTED,
    HRA_INDICATOR_TONIGHT, /* a share of tonight's people */
    HRA_INDICATOR_REACHED
} hra_indicator_kind;
enum { HRA_INDICATOR_MOST = 32, HRA_INDICATOR_ALTERNATIVES = 8 };

typedef struct hra_indicator {
    hra_indicator_kind kind;
    const char *before, *now, *met_before, *met_now; /* conditions as the table writes them */
    int variable;                                    /* -1: none */
    double amount;                                   /* percent or days; NaN: none */
} hra_indicator;

/* What was counted in a group. */
typedef struct hra_indicator_sum {
    int64_t met;              /* of a mean: the sum of the changes in steps of the variable's last decimal */
    int64_t known, undecided; /* known: the denominator */
    double days;              /* of HRA_INDICATOR_REPORT_DAYS */
} hra_indicator_sum;

typedef struct hra_indicators hra_indicators;

/* The table's indicators of the two kinds' range; `path` NULL: as built in. */
hra_code hra_indicators_new(const char *path, const hra_dictionary *dictionary, hra_indicator_kind first,
                            hra_indicator_kind last, hra_indicators **out, hra_error *error);
void hra_indicators_free(hra_indicators *set);
int hra_indicators_count(const hra_indicators *set);
const hra_indicator *hra_indicators_at(const hra_indicators *set, int indicator);

/* It cannot be told: value and numerator stay empty and the note says why. */
hra_code hra_indicators_gap(hra_indicators *set, int indicator, const char *why, hra_error *error);
bool hra_indicators_has_gap(const hra_indicators *set, int indicator);

/* The number of the group, which is added if it is new; everybody is 0. */
hra_code hra_indicators_group(hra_indicators *set, const char *name, int *group, hra_error *error);
/* The sums of a group, one for each indicator; they stay where they are. */
hra_indicator_sum *hra_indicators_sums(const hra_indicators *set, int group);
/* Counts one person in everybody and in the group: 1 met, 0 not, -1 undecided. */
void hra_indicators_count_person(hra_indicators *set, int group, int indicator, int answer);

/* The file, a line for every group and indicator. `remark` stands in the note of what has no gap ("": none). */
hra_code hra_indicators_write(const hra_indicators *set, const char *period, const char *remark, const char *path,
                              hra_error *error);

/* ---- conditions joined by " or " */

typedef struct hra_alternatives {
    int conditions[HRA_INDICATOR_ALTERNATIVES];
    int count; /* 0: holds always; -1: the results do not have it */
} hra_alternatives;

/* Reads a cell of the indicator. What the results do not have gives the indicator a gap. */
hra_code hra_alternatives_add(hra_indicators *set, int indicator, const char *text, hra_conditions *conditions,
                              hra_alternatives *out, hra_error *error);
/* 1 holds, 0 does not, -1 cannot be decided; of row `index` of the loaded ones. */
int hra_alternatives_decide(const hra_alternatives *alternatives, const hra_conditions *conditions, int64_t index);

#endif
