/* The people that --only asks for: those with one of some texts in a column. */
#ifndef HRA_CLI_EVALUATION_ONLY_H
#define HRA_CLI_EVALUATION_ONLY_H

#include "base/arena.h"
#include "evaluate/study.h"
#include "io/results/number_table.h"

/* "part=judge" or "centre=a,b", understood. */
typedef struct hra_only {
    const char *column;
    const char *const *texts;
    int count;
} hra_only;

hra_code hra_only_parse(const char *option, hra_arena *arena, hra_only *out, hra_error *error);

/* By row of the risks, whether the person is asked for; `partner` NULL: the column stands in the table of the risks. A
 * text that nobody has is refused. */
hra_code hra_only_find(const hra_only *only, const hra_number_table *table, int column, const int64_t *partner,
                       int64_t rows, hra_arena *arena, const bool **wanted, hra_error *error);

/* The study becomes one of these people alone. */
hra_code hra_only_narrow(const bool *wanted, hra_study *study, hra_study_model *models, hra_arena *arena,
                         hra_error *error);

#endif
