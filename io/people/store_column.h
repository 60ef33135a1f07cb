/* One column of a population store on its way in: how stored numbers become
 * codes and exceptions. */
#ifndef HRA_IO_STORE_COLUMN_H
#define HRA_IO_STORE_COLUMN_H

#include "engine/data/column.h"
#include "io/hdf5/packed_codes.h"
#include "io/people/store_object.h"

typedef enum hra_store_meaning {
    HRA_MEANS_GRID,  /* code = stored - first, value = stored / 10^decimals */
    HRA_MEANS_LEVEL, /* a category by the file's own table of levels */
    HRA_MEANS_NUMBER /* value = stored * scale + offset, or stored / divisor */
} hra_store_meaning;

/* A sparse list of a column: rows, rising, and what stands there. */
typedef struct hra_store_list {
    hra_packed *rows, *values; /* NULL: the file has none */
    int64_t *start;            /* for each block, the first of its entries; one more at the end. NULL: not looked up */
} hra_store_list;

typedef struct hra_store_column {
    hra_column column;
    hra_type type;
    hra_packed *data;
    hra_store_meaning meaning;
    bool has_missing;
    int64_t missing;      /* the stored integer that means missing */
    double missing_real;  /* the same for floating-point datasets */
    bool has_escape;      /* our layout: stored first + levels + 1 means an exception; first + levels does not occur */
    double scale, offset; /* of HRA_MEANS_NUMBER */
    double divisor;       /* 10^decimals of the file, 0: scale and offset apply */
    int64_t level_low;    /* of HRA_MEANS_LEVEL: ordinal of stored value v is levels[v - level_low] */
    const int32_t *levels;
    int level_count; /* entries of `levels`; -1 in it: no such level in the dictionary */
    hra_store_list exceptions, marks;
    bool has_marks; /* the file has a list of them; opened when somebody asks */
} hra_store_column;

/* Reads what the dataset's attributes say. With the lock held; dataset as for hra_object_rows. */
hra_code hra_store_column_open(hra_store_object *dataset, const char *path, const char *name, int file,
                               uint64_t file_size, const hra_dictionary *dictionary, hra_arena *arena,
                               hra_store_column *out, hra_error *error);

/* Growing list of the exceptions of one chunk. */
typedef struct hra_exception_list {
    hra_exception *items;
    int count, capacity;
} hra_exception_list;
hra_code hra_exception_add(hra_exception_list *list, int32_t row, int32_t column, double value, hra_error *error);

/* Growing list of the marks of one chunk. */
typedef struct hra_mark_list {
    hra_cell_mark *items;
    int count, capacity;
} hra_mark_list;
/* Adds the marks of a block under the number `index`. */
hra_code hra_store_column_marks(const hra_store_column *column, int64_t block, int rows, int32_t index,
                                hra_mark_list *list, hra_error *error);

/* The codes of a block of the column that was read as `data`, where they are ordinary or missing and can wait packed in
 * the memory of `data`; false: hra_store_column_codes. */
bool hra_store_column_packs(const hra_store_column *column, int64_t block, int rows, const hra_packed_block *data,
                            hra_packed_codes *packed);

/* Codes of the block that was read as `data` into codes->u16 or codes->u32 (memory behind `u16` or `u32`, by the width
 * of the column), or a constant. Values the codes cannot hold go to `exceptions` under the number `index`. `wide` is
 * room for HRA_CHUNK_ROWS integers. */
typedef struct hra_store_target {
    uint16_t *u16;
    uint32_t *u32;
    int64_t *wide;
    hra_exception_list *exceptions;
    int32_t index;
} hra_store_target;
hra_code hra_store_column_codes(const hra_store_column *column, int64_t block, int rows, const hra_packed_block *data,
                                const hra_store_target *target, hra_codes *codes, hra_error *error);
/* The exact values the file keeps for this block: one for each of so many escape codes, and none besides. */
hra_code hra_store_column_exceptions(const hra_store_column *column, int64_t block, int rows, int64_t escapes,
                                     const hra_store_target *target, hra_error *error);

#endif
