/* What became of the values of people who are in a plan, beside people with the same values who are not: before the
 * plan and after, course_plans.csv. docs/years.md. */
#ifndef HRA_SERVICE_PLAN_EFFECT_H
#define HRA_SERVICE_PLAN_EFFECT_H

#include "service/years/runs.h"

/* `registered`: the register, whose people in state "enrolled" are in a plan since its day. `beside`: temporary files
 * stand in the folder of this path. */
hra_code hra_plan_effect_write(const hra_runs *runs, const char *registered, const char *beside, const char *path,
                               hra_error *error);

#endif
