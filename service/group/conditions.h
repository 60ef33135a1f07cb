/* Conditions over the results of a person, as tables of rules and options
 * write them: terms joined by '&', all of which must hold.
 *
 *     r_bmi_obese               a flag that is true
 *     !r_bmi_obese              a flag that is known and not true
 *     plan_chronic=enrolled     a category at this level; several: enrolled|eligible
 *     present, absent           is the person among tonight's results?
 *
 * What is unknown holds nothing. The empty condition holds always. */
#ifndef HRA_SERVICE_CONDITIONS_H
#define HRA_SERVICE_CONDITIONS_H

#include "base/arena.h"
#include "io/results/result_reader.h"

typedef struct hra_conditions hra_conditions;

/* A set of conditions over one file of results, read block by block. */
hra_code hra_conditions_new(const hra_result_reader *results, hra_conditions **out, hra_error *error);
void hra_conditions_free(hra_conditions *conditions);

/* Adds a condition and gives its number; `where` stands before the message of a fault. */
hra_code hra_conditions_add(hra_conditions *conditions, const char *text, const char *where, int *number,
                            hra_error *error);

/* Loads what the conditions read, of `count` (at most HRA_CHUNK_ROWS) rows from `first`. */
hra_code hra_conditions_load(hra_conditions *conditions, int64_t first, int64_t count, hra_error *error);
/* Of row `index` of the loaded ones; -1: a person who is not there. */
bool hra_conditions_hold(const hra_conditions *conditions, int number, int64_t index);
/* Whether some term of it cannot be decided for the person, and none is known not to hold. */
bool hra_conditions_unsure(const hra_conditions *conditions, int number, int64_t index);

#endif
