/* Shared by the parts of the comparison of two years. */
#ifndef HRA_SERVICE_YEARS_INTERNAL_H
#define HRA_SERVICE_YEARS_INTERNAL_H

#include "base/arena.h"
#include "base/buffer.h"
#include "service/tables/scratch.h"
#include "service/years/change_rules.h"
#include "service/years/years.h"

/* ---- from which change on, and which way is better */

/* Of one variable of one person between the rows of two years. */
hra_trend hra_change_trend(const hra_change_rules *rules, int rule, const hra_dictionary *dictionary,
                           const hra_previous *before, int64_t before_row, const hra_previous *now, int64_t now_row);

/* ---- risks, in whole steps of 10^-7, so that parts add up exactly */

enum { HRA_RISK_DECIMALS = 7 };
#define HRA_RISK_UNKNOWN INT64_MIN
int64_t hra_risk_steps(double risk); /* as results store it: narrowed to float first */

typedef struct hra_risk_parts {
    int64_t before, rescored, now;             /* HRA_RISK_UNKNOWN where there is none */
    int64_t change, model, data, person, rest; /* rest: data and person together, where they cannot be told apart */
} hra_risk_parts;

/* From the five risks: stored last year; last year's inputs under this year's definitions; this year; and the latter
 * two with what only one of the years knows left out. */
hra_risk_parts hra_risk_split(double before, double rescored, double now, double rescored_common, double now_common);

/* ---- the comparison */

typedef struct hra_years {
    const hra_years_request *request;
    hra_years_account *account;
    hra_arena *arena;
    const char *beside; /* temporary files stand in the folder of this path */
    const hra_dictionary *dictionary;
    hra_previous *now, *before;
    hra_change_rules rules;
    const char **roles; /* of this year's panel */
    int role_count;
    bool *read; /* by dictionary variable: the panel reads it */
    /* rows x roles */
    hra_scratch rescored, rescored_common, now_common;
} hra_years;

/* Fills roles, read and the three sets of risks. */
hra_code hra_years_score(hra_years *years, hra_error *error);
hra_risk_parts hra_years_parts(const hra_years *years, int64_t before_row, int64_t now_row, int role);

/* The row of the same person in the other year; -1 if there is none, or if the person stands twice in either. */
int64_t hra_years_partner(const hra_previous *own, int64_t row, const hra_previous *other);

/* ---- groups */

typedef struct hra_year_groups hra_year_groups;

hra_year_groups *hra_year_groups_new(const hra_years *years);
void hra_year_groups_free(hra_year_groups *groups);
/* A person of this year (before_row -1: joined), or one of last year alone (now_row -1: left). */
hra_code hra_year_groups_add(hra_year_groups *groups, int64_t before_row, int64_t now_row, hra_error *error);
hra_code hra_year_groups_write(const hra_year_groups *groups, const char *path, hra_error *error);

/* ",0.0123400" from steps; only the comma for unknown. */
void hra_years_put_steps(hra_buffer *out, int64_t steps, int decimals);

/* One line per person; feeds the groups too. */
hra_code hra_years_write(const hra_years *years, hra_year_groups *groups, const char *path, hra_error *error);

/* Service indicators of the linked people (datasets/indicators.csv). */
hra_code hra_years_indicators(const hra_years *years, const char *path, hra_error *error);

#endif
