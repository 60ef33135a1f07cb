/* The rows of one group at a time, out of a long table that hra wrote (groups.csv,
 * groups_client.csv): its first column is the group, and the rows of a group
 * stand together. Memory: one entry for each group, and the rows of the one read.
 * Either the table is searched for groups, or it is read once in its own order. */
#ifndef HRA_SERVICE_GROUP_ROWS_H
#define HRA_SERVICE_GROUP_ROWS_H

#include <stdbool.h>

#include "base/fail.h"

typedef struct hra_group_rows hra_group_rows;

/* Every column of `columns` must be in the header; others are passed over. */
hra_code hra_group_rows_open(const char *path, const char *const *columns, int column_count, hra_group_rows **out,
                             hra_error *error);
/* Whether it could be opened. */
hra_code hra_group_rows_try(const char *path, const char *const *columns, int column_count, hra_error *error);
void hra_group_rows_close(hra_group_rows *rows);

/* Which rows are kept, by the first of the asked-for columns: at most HRA_GROUP_ROWS_FIRST of them. */
enum { HRA_GROUP_ROWS_FIRST = 8 };
typedef struct hra_group_rows_filter {
    int columns;
    bool (*wants)(void *context, const char *const *cells);
    void *context;
} hra_group_rows_filter;

/* To be read in its own order: nothing is looked at beforehand. Without a filter (NULL) all rows are kept. */
hra_code hra_group_rows_open_in_order(const char *path, const char *const *columns, int column_count,
                                      const hra_group_rows_filter *filter, hra_group_rows **out, hra_error *error);
/* Reads the rows of the next group; *group: as the table prints it, NULL after the last. */
hra_code hra_group_rows_next(hra_group_rows *rows, const char **group, int *count, hra_error *error);

/* Searches for the rows of the group; none if the table does not know it. Not of a table read in its own order. */
hra_code hra_group_rows_read(hra_group_rows *rows, const char *group, int *count, hra_error *error);
/* One cell of what was read last, by the order of `columns`; valid until the next read. */
const char *hra_group_rows_cell(const hra_group_rows *rows, int row, int column);
/* The cell as a number, NaN if it is empty or none. */
double hra_group_rows_number(const hra_group_rows *rows, int row, int column);
/* A row whose first `count` columns are these texts, or -1. */
int hra_group_rows_find(hra_group_rows *rows, const char *const *texts, int count);

#endif
