/* The stores of a join: opened and checked together, read one after the other. */
#ifndef HRA_INTAKE_JOIN_INPUT_H
#define HRA_INTAKE_JOIN_INPUT_H

#include "intake/join/join.h"
#include "intake/join/join_schema.h"
#include "io/files/row_sort.h"

typedef struct hra_join_input {
    hra_join_kind kind;
    const char *path;
    hra_source *source;
    int *columns;    /* column of the output for each of its columns */
    bool *same_grid; /* its codes are the output's codes */
    int *labels;     /* label of the output for each of its labels */
    int32_t **texts; /* per label: number of each text of its table, -2: not asked for yet */
    int *text_counts;
    int first_file; /* of its files, in the list of all */
} hra_join_input;

typedef struct hra_join_inputs {
    hra_join_input *items; /* by kind, then by name */
    int count;
    hra_join_schema *schema;
    const char **files, **file_hashes; /* of all stores */
    int file_count;
    bool have_hashes;
    const char *fingerprint; /* of the key */
    int64_t rows_rejected;
    int64_t rows; /* that were read */
    hra_arena *arena;
} hra_join_inputs;

hra_code hra_join_inputs_open(const hra_join_request *request, hra_join_inputs **out, hra_error *error);
void hra_join_inputs_close(hra_join_inputs *inputs);

/* How the identifiers of a row are joined: by itself, or what the crosswalk makes of it. NULL: by itself. */
struct hra_crosswalk;

/* Packs all rows into `sort`: by key, then input, then row. Every store is closed behind its last row. */
hra_code hra_join_inputs_read(hra_join_inputs *inputs, const hra_join_request *request, struct hra_crosswalk *crosswalk,
                              hra_row_sort *sort, hra_error *error);

#endif
