/* What the parts of io/csv/csv_bind_file.h share: the way through a header (csv_bind_file.c), one column and its
 * variable (csv_bind_column.c), its unit (csv_bind_unit.c), what the map says (csv_bind_map.c). */
#ifndef HRA_IO_CSV_BIND_INTERNAL_H
#define HRA_IO_CSV_BIND_INTERNAL_H

#include "io/csv/csv_bind_file.h"

/* What binding one file needs besides its plan. */
typedef struct hra_binder {
    hra_binding *binding;
    hra_file_plan *plan;
    const hra_map_file *map;
    hra_map *columns;    /* folded header name -> first column of that name */
    int *next;           /* per source column: the next one of the same name, -1: none */
    int *rules;          /* per source column: the map rule that claims it, -1: none */
    const char **owners; /* per dictionary variable: the header that gives it */
    int *behind;         /* per dictionary variable: columns whose names have a unit behind them, without brackets */
    hra_error *error;
} hra_binder;

/* ---- csv_bind_file.c ---- */

enum { HRA_COLUMN_ABSENT = -1 };
/* The column that line `line` of the map calls `name`, or HRA_COLUMN_ABSENT. */
hra_code hra_bind_find_column(const hra_binder *b, const char *name, int line, int *column);

/* ---- csv_bind_column.c ---- */

const hra_variable *hra_bind_variable_at(const hra_binder *b, int variable);
/* Notes that column `header` gives the variable, which no other one may. */
hra_code hra_bind_own(hra_binder *b, int variable, const char *header);
/* Column `index` of the file is read as the variable, whatever its type. `rule` NULL: by no rule of a map. `how` is for
 * the reader of the report. */
hra_code hra_bind_variable(hra_binder *b, int index, int variable, const hra_map_rule *rule, const char *how);
/* The same for a value, for two values in a cell, and for the identifier. */
hra_code hra_bind_value(hra_binder *b, int index, int variable, const hra_map_rule *rule, const char *how);
hra_code hra_bind_pair(hra_binder *b, int index, int first, int second, const char *how);
hra_code hra_bind_id(hra_binder *b, int index, int variable, const char *how);
/* Once the names are matched: the schema columns that the identity number fills or is held against. */
hra_code hra_bind_national(hra_binder *b);

/* ---- csv_bind_unit.c ---- */

/* The form of --units, even if no column asks for one. */
hra_code hra_bind_check_units(const hra_binder *b);
/* The map decides, then the header, then --units; else the canonical unit, which NULL stands for. */
hra_code hra_bind_unit(const hra_binder *b, int variable, const hra_map_rule *rule, const char *header,
                       const char **unit);
/* A map knows each of its columns: one whose unit may be several, 尿素(mg/dL), is not left out in silence. */
hra_code hra_bind_refuse_open_unit(const hra_binder *b, const hra_header_match *match, const char *header);

/* ---- csv_bind_map.c ---- */

/* Rules give columns their meaning; texts of cells and manners of reading are attached to columns that have one. */
hra_code hra_bind_rules(hra_binder *b);
hra_code hra_bind_words(hra_binder *b);
hra_code hra_bind_manners(hra_binder *b);

#endif
