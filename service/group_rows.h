/* The rows of one group at a time, out of a long table that hra wrote (groups.csv,
 * groups_client.csv): its first column is the group, and the rows of a group
 * stand together. Memory: one entry for each group, and the rows of the one read. */
#ifndef HRA_SERVICE_GROUP_ROWS_H
#define HRA_SERVICE_GROUP_ROWS_H

#include "base/fail.h"

typedef struct hra_group_rows hra_group_rows;

/* Every column of `columns` must be in the header; others are passed over. */
hra_code hra_group_rows_open(const char *path, const char *const *columns, int column_count, hra_group_rows **out,
                             hra_error *error);
void hra_group_rows_close(hra_group_rows *rows);

/* The groups in the order of the table, as it prints their names; NULL after the last. */
const char *hra_group_rows_name(const hra_group_rows *rows, int index);

/* Reads the rows of the group; none if the table does not know it. */
hra_code hra_group_rows_read(hra_group_rows *rows, const char *group, int *count, hra_error *error);
/* One cell of what was read last, by the order of `columns`; valid until the next read. */
const char *hra_group_rows_cell(const hra_group_rows *rows, int row, int column);
/* The cell as a number, NaN if it is empty or none. */
double hra_group_rows_number(const hra_group_rows *rows, int row, int column);
/* A row whose first `count` columns are these texts, or -1. */
int hra_group_rows_find(hra_group_rows *rows, const char *const *texts, int count);

#endif
