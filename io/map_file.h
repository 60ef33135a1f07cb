/* Map files (--map): what the columns of a delivery mean, where their names do
 * not say it. docs/formats-text.md describes the lines. */
#ifndef HRA_IO_MAP_FILE_H
#define HRA_IO_MAP_FILE_H

#include "base/fail.h"

typedef enum hra_map_kind {
    HRA_MAP_VARIABLE,    /* COLUMN = variable [unit] */
    HRA_MAP_PAIR,        /* COLUMN = variable / variable */
    HRA_MAP_MEAN,        /* mean(COLUMN, COLUMN) = variable [unit] */
    HRA_MAP_FIRST_KNOWN, /* first_known(COLUMN, COLUMN) = variable [unit] */
    HRA_MAP_ID,          /* id = COLUMN */
    HRA_MAP_IGNORE       /* COLUMN = ignore */
} hra_map_kind;

typedef struct hra_map_rule {
    hra_map_kind kind;
    int line;
    const char **columns; /* header names as written */
    int column_count;
    const char *variables[2]; /* the second of a pair, else NULL */
    const char *unit;         /* NULL: not given */
} hra_map_rule;

/* COLUMN: text = target */
typedef struct hra_map_word {
    int line;
    const char *column, *text, *target;
} hra_map_word;

/* = variable = value */
typedef struct hra_map_constant {
    int line;
    const char *variable, *value;
} hra_map_constant;

typedef struct hra_map_file {
    const char *path;
    hra_map_rule *rules;
    int rule_count;
    hra_map_word *words;
    int word_count;
    hra_map_constant *constants;
    int constant_count;
    void *memory; /* private */
} hra_map_file;

/* Reads and checks the form of the lines; names are checked against the files
 * and the dictionary by io/csv_binding.h. `path` NULL gives an empty map. */
hra_code hra_map_file_read(const char *path, hra_map_file **out, hra_error *error);
void hra_map_file_free(hra_map_file *map);

#endif
