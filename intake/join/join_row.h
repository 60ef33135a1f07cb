/* One row of a join in memory, and packed for sorting: only what is known takes room. */
#ifndef HRA_INTAKE_JOIN_ROW_H
#define HRA_INTAKE_JOIN_ROW_H

#include "base/buffer.h"
#include "intake/join/join_schema.h"

typedef struct hra_join_row {
    int64_t line;    /* in its file; -1: not known */
    int32_t file;    /* in the list of all files; -1: not known */
    uint32_t *codes; /* per column */
    double *values;  /* of codes that are escapes */
    uint8_t *marks;  /* hra_mark per column, 0: none */
    int32_t *labels; /* numbers of texts, -1: missing */
} hra_join_row;

bool hra_join_row_init(hra_join_row *row, const hra_join_schema *schema); /* false: out of memory */
void hra_join_row_destroy(hra_join_row *row);
/* All missing. */
void hra_join_row_clear(hra_join_row *row, const hra_join_schema *schema);

void hra_join_row_pack(const hra_join_row *row, const hra_join_schema *schema, hra_buffer *out);
void hra_join_row_unpack(hra_join_row *row, const hra_join_schema *schema, const void *bytes);

/* NaN if it is not known. */
double hra_join_row_value(const hra_join_row *row, const hra_join_schema *schema, int column);
/* The same content; line and file do not count. */
bool hra_join_row_equals(const hra_join_row *a, const hra_join_row *b, const hra_join_schema *schema);

#endif
