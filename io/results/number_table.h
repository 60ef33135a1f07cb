/* Columns of a table by name, whole in memory: for the tables of a study, which are small beside those of a night.
 * Any text table (also gzip, GB18030, a workbook) with a header in its first line, or a result store (io/number_table_
 * store.c: its columns as CSV of the same run would have them). Reading is strict: a cell that is
 * asked for as a number and is none ends it, with line and column. Missing are empty cells, NA, NaN, nan, NULL and "."
 * Messages hold no cells: a wrong column may be one of names or identity numbers. */
#ifndef HRA_IO_NUMBER_TABLE_H
#define HRA_IO_NUMBER_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"

typedef struct hra_number_table hra_number_table;

/* Reads the header. */
hra_code hra_number_table_open(const char *path, hra_number_table **out, hra_error *error);
void hra_number_table_close(hra_number_table *table);

int hra_number_table_width(const hra_number_table *table);
const char *hra_number_table_name(const hra_number_table *table, int column);
/* -1: none. */
int hra_number_table_find(const hra_number_table *table, const char *name);
/* The same, or an error that lists the columns there are. */
hra_code hra_number_table_require(const hra_number_table *table, const char *name, int *column, hra_error *error);

/* How a column is wanted; before hra_number_table_read. */
void hra_number_table_ask_numbers(hra_number_table *table, int column);
void hra_number_table_ask_texts(hra_number_table *table, int column);
hra_code hra_number_table_read(hra_number_table *table, hra_error *error);

/* After it. */
int64_t hra_number_table_rows(const hra_number_table *table);
const double *hra_number_table_numbers(const hra_number_table *table, int column); /* NaN: missing */
/* For each row the index of a text, in the order in which they first appear. */
const int32_t *hra_number_table_texts(const hra_number_table *table, int column);
const char *hra_number_table_text(const hra_number_table *table, int column, int32_t index);
int32_t hra_number_table_text_count(const hra_number_table *table, int column);

#endif
