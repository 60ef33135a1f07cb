/* What a table of numbers is made of: for io/results/number_table*.c only. Columns and their texts are common to all; a
 * source has named the columns when it is open, and fills those that are asked for. */
#ifndef HRA_IO_NUMBER_TABLE_PARTS_H
#define HRA_IO_NUMBER_TABLE_PARTS_H

#include "base/arena.h"
#include "base/map.h"
#include "io/results/number_table.h"

typedef struct hra_number_column {
    const char *name;
    double *numbers; /* asked for as numbers */
    int32_t *texts;  /* asked for as texts: indices into `list` */
    bool want_numbers, want_texts;
    hra_map *map;
    const char **list;
    int32_t count, capacity;
} hra_number_column;

typedef struct hra_number_source {
    hra_code (*read)(hra_number_table *table, hra_error *error);
    void (*close)(void *state);
} hra_number_source;

struct hra_number_table {
    const char *path;
    hra_arena *arena;
    hra_number_column *columns;
    int width;
    int64_t rows, capacity;
    const hra_number_source *source;
    void *state; /* the source's */
};

hra_code hra_number_table_no_memory(const hra_number_table *table, hra_error *error);
/* Columns without a name yet; the width is still 0. */
hra_code hra_number_table_begin(hra_number_table *table, int most, hra_error *error);
/* The next column; the name is copied. */
hra_code hra_number_table_name_column(hra_number_table *table, const char *name, size_t length, hra_error *error);
/* Room for so many rows of the columns that are asked for. */
hra_code hra_number_table_room(hra_number_table *table, int64_t rows, hra_error *error);
/* The number of a text of a column, which has one from now on. */
hra_code hra_number_table_intern(hra_number_table *table, hra_number_column *column, const char *text, int32_t *index,
                                 hra_error *error);
/* A finite decimal number, or NaN where the text says that there is none; false: another text. A hexadecimal number is
 * more likely a code. */
bool hra_number_cell(const char *text, double *value);

/* The sources; `table` has its path and its arena. */
hra_code hra_number_text_open(hra_number_table *table, hra_error *error);
hra_code hra_number_store_open(hra_number_table *table, hra_error *error);

#endif
