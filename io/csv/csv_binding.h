/* Binding: what each column of each file is read as.
 *
 * The header, the map file, --units and the dictionary together give one plan
 * per file and one schema for all of them. Everything here is fixed before the
 * first row is read and shared by all threads. */
#ifndef HRA_IO_CSV_BINDING_H
#define HRA_IO_CSV_BINDING_H

#include "base/arena.h"
#include "io/csv/csv_cells.h"
#include "io/csv/csv_columns.h"
#include "io/csv/csv_records.h"
#include "io/csv/csv_source.h"
#include "io/csv/header_match.h"
#include "io/csv/keep.h"
#include "io/csv/long_format.h"
#include "io/csv/map_file.h"
#include "io/words/cell_value.h"
#include "io/words/phrases.h"

/* How the cells of one schema column are read and packed. */
typedef struct hra_cell_reader {
    const hra_variable *variable;
    hra_number_reader number;
    hra_map *levels;            /* of a category, else NULL */
    double factor, offset;      /* to the canonical unit, for the limits */
    int64_t low, high;          /* grid steps inside every limit: codes need no further check; low > high: none */
    bool is_number;             /* a measure or a count */
    hra_short_codes short_cell; /* flags and categories: code of a one-byte cell, -1: look closer */
} hra_cell_reader;

/* One meaning of a cell's text, from a map file. */
typedef struct hra_word {
    const hra_map_word *source;
    const char *text; /* folded */
    bool missing;
    double value;
} hra_word;

typedef struct hra_words {
    hra_word *items;
    int count;
    bool closed; /* meanings are given: other texts are rejected */
} hra_words;

typedef enum hra_action {
    HRA_SKIP,
    HRA_READ,
    HRA_READ_PAIR,
    HRA_READ_SEVERAL,
    HRA_READ_LABEL,
    HRA_READ_ID,
    HRA_READ_PRIVATE, /* a text that goes into the key map and nowhere else */
    HRA_READ_NATIONAL /* an identity number: what it says of the person; it goes into the key map and nowhere else */
} hra_action;

/* A column with several answers in a cell (高血压、脂肪肝): each of its variables is a schema column. */
typedef struct hra_several {
    const int *columns, *variables; /* of the schema, of the dictionary */
    int count;
    const hra_answer_code *codes;
    int code_count;
} hra_several;

/* One column of a file. */
typedef struct hra_source_column {
    const char *header;
    hra_action action;
    int column, second;             /* schema columns; a label column's index for HRA_READ_LABEL */
    int combination;                /* -1: the column alone; else values are gathered first */
    hra_words *words;               /* NULL: none */
    const hra_reading_rules *rules; /* NULL: the defaults */
    bool plain;                     /* no words, no combination, no rule that changes plain numbers */
    const hra_several *several;     /* of HRA_READ_SEVERAL; `column` is the first of them */
} hra_source_column;

/* Several source columns of one variable. */
typedef struct hra_combination {
    int column; /* of the schema */
    bool mean;  /* else the first known */
} hra_combination;

/* A map file, shared by the files that are read by it. */
typedef struct hra_bound_map {
    hra_map_file *file;
    bool *rule_used, *word_used, *manner_used; /* some file has the column */
    hra_long_spec *long_spec;                  /* NULL: its files are wide */
    double *constants; /* per schema column: of all rows whose file does not give it; NaN: none */
} hra_bound_map;

typedef struct hra_file_plan {
    const char *path, *name; /* name without folders, for reject file and reports */
    hra_delivery how;        /* the manner it is read in: its own, else that of the options */
    hra_bound_map *map;
    hra_text_facts text;
    char delimiter;
    int64_t header_line;
    const char *header_text; /* its names, with the units of a row of units below them */
    uint32_t header_length;
    const char *row_text; /* its row as it stands in the file, to notice it repeated */
    uint32_t row_length;
    int row_names;       /* how many of its cells are names of the dictionary; -1: not counted */
    int64_t person_line; /* no name is known and a person stands here: there is no header. 0: none does */
    const struct hra_file_plan *before; /* file whose header this one may have as well, NULL: none */
    int national;                       /* source column of an identity number (it may be the identifier), -1: none */
    int national_birth, national_sex;   /* schema columns it speaks of */
    bool own_birth, own_sex;            /* the file has columns for them as well */
    int width;
    hra_source_column *columns;
    hra_csv_match *matches;         /* one per source column */
    const hra_long_plan *long_form; /* the columns are those of the wide form of a long file; NULL: of the file */
    int id;                         /* source column of the identifier, -1: none */
    hra_combination *combinations;
    int combination_count;
    bool *bound;                  /* per schema column: some source column gives it */
    bool *bound_labels;           /* per label column */
    const char **constant_labels; /* per label column: of all rows if the file does not give it; NULL: none */
    const char *group;            /* name of the file without endings */
} hra_file_plan;

typedef struct hra_binding {
    hra_schema schema;
    hra_cell_reader *readers; /* per schema column */
    hra_phrase_book *phrases;
    hra_file_plan *files;
    int file_count;
    int widest; /* columns of the widest file */
    hra_name_index *names;
    hra_bound_map *maps; /* each file once; the first is the empty map */
    int map_count;
    hra_map *map_numbers; /* path -> place in maps */
    const hra_keep *keep; /* NULL: no column is kept */
    bool key_map;         /* names and phones go into one */
    hra_map *known_forms; /* header and manner -> first file that has them */
    hra_arena *arena;
} hra_binding;

hra_code hra_binding_new(const char *const *paths, int path_count, const hra_dictionary *dictionary,
                         const hra_csv_options *options, hra_binding **out, hra_error *error);
void hra_binding_free(hra_binding *binding);

/* ---- parts --------------------------------------------------------------------- */

/* Finds a file's header in the manner plan->how and gives its plan path, form and header text. */
hra_code hra_header_read(const hra_name_index *names, hra_arena *arena, const char *path, hra_file_plan *plan,
                         hra_error *error);
/* Fails where a person stands in the place of the header. */
hra_code hra_header_check(const hra_file_plan *plan, hra_error *error);
/* Cuts the header text into names: the plan's columns and matches, nothing matched yet. */
hra_code hra_header_names(hra_arena *arena, hra_file_plan *plan, hra_error *error);

/* The schema column of a variable in a unit, added if it is new. */
hra_code hra_schema_column(hra_binding *binding, int variable, const char *unit, int *column, hra_error *error);
hra_code hra_schema_label(hra_binding *binding, int variable, int *label, hra_error *error);

/* Prepares the readers of all schema columns. */
hra_code hra_cell_readers_new(hra_binding *binding, hra_error *error);
void hra_cell_readers_free(hra_binding *binding);

/* What a cell of a column that is read as a value (HRA_READ) says: the map's meanings, then the variable's reading. */
hra_cell_value hra_source_column_read(const hra_binding *binding, const hra_source_column *source, hra_cell_text cell,
                                      char delimiter);

/* The meaning a map file gives to texts of a column; for constants too. */
hra_code hra_word_meaning(const hra_binding *binding, int column, const char *text, hra_cell_value *value,
                          hra_error *error);

#endif
