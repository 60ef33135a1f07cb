/* Which datasets a result store has and what their rows look like: decided
 * once from the outputs, used to create them and to write every chunk. */
#ifndef HRA_IO_RESULT_LAYOUT_H
#define HRA_IO_RESULT_LAYOUT_H

#include "base/arena.h"
#include "io/hdf5/hdf5_util.h"
#include "io/results/result_store.h"

#define HRA_RESULT_FORMAT "hra-result"
enum { HRA_RESULT_VERSION = 1 };

typedef enum hra_result_content {
    HRA_RESULT_REAL,    /* float or double; NaN: unknown */
    HRA_RESULT_ORDINAL, /* category or flag; all ones: unknown */
    HRA_RESULT_STATUS,  /* status bits */
    HRA_RESULT_KNOWN,   /* one bit for each flag of a set: is it known */
    HRA_RESULT_TRUE,    /* the same: is it true */
    HRA_RESULT_KEPT,    /* a number that travels with the rows, exact; NaN: missing */
    HRA_RESULT_LABEL,   /* index into the label's texts as the input numbers them; -1: missing */
    HRA_RESULT_TEXT,    /* the same, where texts get their numbers as rows come */
    HRA_RESULT_KEY,     /* hashed person key */
    HRA_RESULT_LINE,    /* source line; -1: unknown */
    HRA_RESULT_FILE     /* source file; -1: unknown */
} hra_result_content;

/* Flags packed together: all factors, all prescriptions, items, monitors, topics. */
enum { HRA_RESULT_SETS = 5 };
typedef struct hra_result_set {
    const char *group; /* "factors" */
    const char **ids;  /* in bit order */
    int *outputs;
    int count;
} hra_result_set;

typedef struct hra_result_column {
    const char *group, *name; /* "/outputs", "china_par_2016.risk" */
    hra_result_content content;
    int output; /* of REAL, ORDINAL, STATUS; the label's number of LABEL and TEXT, the schema column of KEPT */
    const hra_result_set *set;
    int items,
        item_size;  /* a row is `items` elements of `item_size` bytes; items 0: one element, no second dimension */
    hid_t type;     /* predefined or kept by the layout */
    hid_t dataset;  /* while the file is open */
    int64_t offset; /* in the file; -1: written through HDF5 */
} hra_result_column;

typedef struct hra_result_layout {
    const hra_output *outputs;
    int output_count;
    const hra_schema *schema;
    bool f64;
    bool keys, lines, files; /* what names a person: the key, or else the place in the source */
    const bool *numbered;    /* by label: its texts are known beforehand */
    hra_result_set sets[HRA_RESULT_SETS];
    hra_result_column *columns;
    int count;
    hid_t key_type;
    hid_t sums;          /* /checksums/crc32, while the file is open */
    int64_t sums_offset; /* in the file; -1: written through HDF5 */
} hra_result_layout;

/* With the lock held. */
hra_code hra_result_layout_make(hra_result_layout *layout, hra_arena *arena, hra_error *error);
bool hra_result_in_set(const hra_output *output); /* one bit of a set, without a column of its own */
/* The name of the status column of an output. NULL: out of memory. */
const char *hra_result_status_name(const hra_result_layout *layout, int output, hra_arena *arena);

/* Creates groups, datasets, attributes and catalogues. rows -1: datasets that grow. */
hra_code hra_result_layout_create(hra_result_layout *layout, hid_t file, int64_t rows, hra_error *error);
/* Finds the places of existing datasets of `rows` rows again. */
hra_code hra_result_layout_find(hra_result_layout *layout, hid_t file, int64_t rows, hra_error *error);
void hra_result_layout_close(hra_result_layout *layout); /* datasets and types */

int64_t hra_result_sums_size(const hra_result_layout *layout, int64_t rows); /* bytes of /checksums/crc32 */
size_t hra_result_row_size(const hra_result_column *column);

/* The rows of one column as they stand in the file, into `out`; all but TEXT columns. */
void hra_result_render(const hra_result_layout *layout, const hra_result_column *column, const hra_chunk *chunk,
                       const hra_results *results, void *out);

#endif
