/* One column of a table: what its schema says, and how its values are read. */
#ifndef HRA_API_ARROW_COLUMN_H
#define HRA_API_ARROW_COLUMN_H

#include "base/map.h"
#include "engine/data/dictionary.h"
#include "hra/arrow.h"

typedef enum hra_arrow_kind {
    HRA_ARROW_NULL,
    HRA_ARROW_BOOL,
    HRA_ARROW_INT8,
    HRA_ARROW_UINT8,
    HRA_ARROW_INT16,
    HRA_ARROW_UINT16,
    HRA_ARROW_INT32,
    HRA_ARROW_UINT32,
    HRA_ARROW_INT64,
    HRA_ARROW_UINT64,
    HRA_ARROW_FLOAT32,
    HRA_ARROW_FLOAT64,
    HRA_ARROW_DATE32,
    HRA_ARROW_UTF8,
    HRA_ARROW_LARGE_UTF8,
    HRA_ARROW_UTF8_VIEW
} hra_arrow_kind;

typedef struct hra_arrow_column {
    const char *name;    /* as the table has it */
    hra_arrow_kind kind; /* of the values, or of the indices into a dictionary */
    bool has_dictionary;
    hra_arrow_kind texts; /* of the dictionary */
    const hra_variable *variable;
    hra_map *levels; /* of a category that comes as text, else NULL */
} hra_arrow_column;

/* Refuses what the variable cannot be read from. `levels` is the caller's to free. */
hra_code hra_arrow_column_bind(const struct ArrowSchema *schema, const hra_variable *variable, hra_arrow_column *out,
                               hra_error *error);

/* A column of one table, looked at from row 0 of the table on. */
typedef struct hra_arrow_view {
    const hra_arrow_column *column;
    const struct ArrowArray *array;
    size_t first;         /* row 0 of the table in the buffers */
    const uint8_t *valid; /* bits from `first` on; NULL: all are */
    double *words;        /* of the dictionary: each text as a value */
    int64_t word_count;
} hra_arrow_view;

/* `offset`, `rows`: of the table. The words are the caller's to free. */
hra_code hra_arrow_view_open(const hra_arrow_column *column, const struct ArrowArray *array, int64_t offset,
                             int64_t rows, hra_arrow_view *out, hra_error *error);

/* Values of rows: NaN for nulls, infinite for what says nothing that the variable knows. */
void hra_arrow_view_read(const hra_arrow_view *view, size_t first, int rows, double *values);

/* NaN where the bits from `first` on are not set. */
void hra_arrow_blank(const uint8_t *valid, size_t first, int rows, double *values);

static inline bool hra_arrow_bit(const uint8_t *bits, size_t at) { return bits[at / 8] >> (at % 8) & 1; }

#endif
