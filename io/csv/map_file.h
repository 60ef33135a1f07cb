/* Map files (--map): what the columns of a delivery mean, where their names do
 * not say it. docs/formats-text.md describes the lines. */
#ifndef HRA_IO_MAP_FILE_H
#define HRA_IO_MAP_FILE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fail.h"

typedef enum hra_map_kind {
    HRA_MAP_VARIABLE,    /* COLUMN = variable [unit] */
    HRA_MAP_PAIR,        /* COLUMN = variable / variable */
    HRA_MAP_SEVERAL,     /* COLUMN = flags(variable, variable): several answers in a cell */
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
    const char **several;     /* of HRA_MAP_SEVERAL */
    int several_count;
    const char *unit; /* NULL: not given */
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

/* rules: name = value, or COLUMN: rules name = value (io/words/reading_rules.h) */
typedef struct hra_map_manner {
    int line;
    const char *column; /* NULL: all columns */
    const char *name, *value;
} hra_map_manner;

/* A line that says something about the file as a whole, kept as text for those who understand it:
 *   key: text       in the head of a profile (between "profile: NAME" and "---")
 *   ? text          an open question, key "?"
 *   long: text      in the body, key "long"; after it also "item CODE = ...", key "item", the text follows the word */
typedef struct hra_map_head {
    int line;
    const char *key, *text;
} hra_map_head;

typedef struct hra_map_file {
    const char *path;
    bool is_profile; /* begins with profile: NAME */
    hra_map_head *heads;
    int head_count;
    hra_map_manner *manners;
    int manner_count;
    hra_map_rule *rules;
    int rule_count;
    hra_map_word *words;
    int word_count;
    hra_map_constant *constants;
    int constant_count;
    void *memory; /* private */
} hra_map_file;

/* Reads and checks the form of the lines; names are checked against the files
 * and the dictionary by io/csv/csv_binding.h. `path` NULL gives an empty map. */
hra_code hra_map_file_read(const char *path, hra_map_file **out, hra_error *error);
/* For the head of a profile, its questions and its long form. Any other line below the head that cannot be read is
 * passed over: whoever reads a file by these rules is told of it. */
hra_code hra_map_file_read_head(const char *path, hra_map_file **out, hra_error *error);
/* The first head line with this key after `after` (NULL: from the start), or NULL. */
const hra_map_head *hra_map_head_find(const hra_map_file *map, const char *key, const hra_map_head *after);
/* The names of a head line, separated by commas, quoted where need be. */
hra_code hra_map_head_names(const hra_map_file *map, const hra_map_head *head, hra_arena *arena, const char ***names,
                            int *count, hra_error *error);
/* A draft of a profile (open questions, or not confirmed) must not be read by. */
hra_code hra_map_file_check_settled(const hra_map_file *map, hra_error *error);
void hra_map_file_free(hra_map_file *map);

#endif
