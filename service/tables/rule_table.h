/* Small tables of rules as CSV text: built in, or a file of the user's that
 * takes the built-in one's place. Lines that start with '#' are remarks. */
#ifndef HRA_SERVICE_RULE_TABLE_H
#define HRA_SERVICE_RULE_TABLE_H

#include "base/arena.h"
#include "base/fail.h"

typedef struct hra_rule_row {
    const char *const *cells; /* one for each of the columns asked for; "" where empty */
    int line;
} hra_rule_row;

typedef struct hra_rule_table {
    const char *file; /* for messages */
    hra_rule_row *rows;
    int count;
} hra_rule_table;

/* `path` NULL: the embedded file `builtin` ("datasets/changes.csv"). Every column of `columns` must be in the header;
 * a column that is not asked for is a fault. Everything belongs to the arena. */
hra_code hra_rule_table_load(const char *path, const char *builtin, const char *const *columns, int column_count,
                             hra_arena *arena, hra_rule_table *out, hra_error *error);

/* A cell as a number ("" gives `empty`), with an error that names file, line and column. */
hra_code hra_rule_number(const hra_rule_table *table, const hra_rule_row *row, const char *const *columns, int column,
                         double empty, double *out, hra_error *error);

#endif
