/* A table in somebody else's HDF5 file: where it is, and what its columns are. Used between hra_h5_lock and
 * hra_h5_unlock. */
#ifndef HRA_IO_HDF5_COLUMNS_H
#define HRA_IO_HDF5_COLUMNS_H

#include "base/buffer.h"
#include "io/hdf5/hdf5_util.h"

typedef enum hra_h5_layout {
    HRA_H5_DATASETS,     /* datasets of one length, side by side in a group */
    HRA_H5_COMPOUND,     /* one dataset, a record per row */
    HRA_H5_PANDAS_TABLE, /* the same, its blocks of columns named by attributes */
    HRA_H5_PANDAS_FIXED  /* blocks of columns as two-dimensional datasets */
} hra_h5_layout;

typedef struct hra_h5_place {
    const char *path; /* of the group or dataset */
    hra_h5_layout layout;
} hra_h5_place;

enum { HRA_H5_TABLES = 256, HRA_H5_COLUMNS = 20000 };

/* Every table of a file, at most HRA_H5_TABLES. */
hra_code hra_h5_find_tables(hid_t file, const char *file_name, hra_arena *arena, hra_h5_place *places, int *count,
                            hra_error *error);

typedef enum hra_h5_cell {
    HRA_H5_SIGNED,
    HRA_H5_UNSIGNED,
    HRA_H5_FLAG, /* 0 or 1, whatever its width */
    HRA_H5_ENUM, /* by the names of its values */
    HRA_H5_REAL,
    HRA_H5_TEXT,      /* of fixed length */
    HRA_H5_LONG_TEXT, /* of any length */
    HRA_H5_TIME       /* whole ticks since 1970 */
} hra_h5_cell;

/* One dataset, read row by row in the machine's own form. */
typedef struct hra_h5_block {
    hid_t dataset, type;
    int rank;
    hsize_t width;   /* of two-dimensional ones */
    size_t row_size; /* bytes */
    bool reclaim;    /* holds texts of any length */
} hra_h5_block;

typedef struct hra_h5_column {
    const char *name;
    int block;
    size_t offset, size;
    hra_h5_cell cell;
    hid_t type;    /* of enums */
    int64_t ticks; /* of times: per second */
    bool has_fill;
    double fill, scale, shift; /* as CF attributes have it; scale 1 and shift 0 otherwise */
} hra_h5_column;

typedef struct hra_h5_columns {
    hra_arena *arena;
    hra_h5_block *blocks;
    int block_count;
    hra_h5_column *items;
    int count;
    int64_t rows;
    hra_buffer left_out; /* names of what cannot be read, with the reason */
} hra_h5_columns;

hra_code hra_h5_columns_open(hid_t file, const hra_h5_place *place, const char *file_name, hra_h5_columns *columns,
                             hra_error *error);
void hra_h5_columns_close(hra_h5_columns *columns);

/* Names in an attribute that Python pickled as a list of texts (pandas does); false: it is something else. */
bool hra_h5_pickled_names(const char *pickled, hra_arena *arena, const char **names, int most, int *count);

#endif
