/* Reference rows: what somebody else's program answered for a model.
 *
 * `<model id>.csv` begins with a comment that says who made the rows; then a
 * header and plain cells. Inputs carry dictionary names, with the unit in
 * brackets where it is not the canonical one (`hemoglobin(g/dL)`); categories
 * are level names, an empty cell is unknown. A column named as an output of the
 * model holds the answer. They are installed as share/hra/vectors.
 */
#ifndef HRA_REPORT_REFERENCE_H
#define HRA_REPORT_REFERENCE_H

#include "engine/language/library.h"
#include "engine/data/column.h"

typedef struct hra_reference {
    const hra_declaration *model;
    const char *path;
    const char *origin; /* the first comment, "" without one */
    hra_schema schema;
    int rows;
    double *inputs;        /* rows * schema.column_count; categories are ordinals, unknown is NaN */
    int output_count;      /* expected outputs */
    const char **outputs;  /* "risk" */
    const char **expected; /* output_count * rows, as written */
    struct hra_arena *arena;
} hra_reference;

hra_code hra_reference_open(const hra_library *library, const hra_declaration *model, const char *folder,
                            hra_reference **out, hra_error *error);
void hra_reference_free(hra_reference *reference);

/* The folder of reference rows that belongs to this program: share/hra/vectors beside the bin folder it was installed
 * into, else tests/vectors in a folder above it (a build inside the source tree). */
hra_code hra_reference_folder(char *folder, size_t size, hra_error *error);

#endif
