/* Tables of columns in and out without a copy: the Arrow C data interface.
 *
 * The three structures are a public binary interface that pyarrow, R, DuckDB,
 * Polars and others share (https://arrow.apache.org/docs/format/CDataInterface.html
 * and CStreamInterface.html); hra needs no Arrow library. A table is a struct
 * array (format "+s", a record batch) whose children are the columns.
 *
 * Into hra: the names of the children are dictionary names, with a unit in
 * brackets where it is not the canonical one ("tc[mg/dL]"); a null is unknown.
 *
 *     measures, counts   float64, float32, whole numbers of 8 to 64 bits
 *     flags              bool, numbers 0 and 1, text (yes, no, 是, 否)
 *     categories         text or a dictionary of texts: the level as a file would
 *                        name it; numbers: the dictionary's code
 *     dates              date32, numbers: days since 1970-01-01
 *     all                null
 *
 * Text is utf8, large_utf8 or utf8_view. A float32 is taken as it stands: 5.2f
 * is 5.19999980926513671875. A flag that is neither 0 nor 1, a level that is
 * none, an infinite number and a whole number beyond 2^53 end the call with a
 * message that names column and row; columns that nothing reads are not looked at.
 *
 * Out of hra: numbers are float64, flags bool, categories a dictionary of their
 * levels' names (int16), unknown is null. Behind a result that has a status of
 * its own stands a column NAME.status: a dictionary whose index (uint8) is the
 * status byte and whose text is its words, "ok", "outside_range;missing"; never
 * null. These are the columns of a CSV file that `hra score` writes.
 *
 * Ownership: what is passed in as const stays the caller's and is not released.
 * What comes out is the caller's, to be released by its own `release` or moved
 * on, columns too; it needs neither scorer nor engine any more.
 */
#ifndef HRA_ARROW_H
#define HRA_ARROW_H

#include "hra/hra.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
    const char *format, *name, *metadata;
    int64_t flags, n_children;
    struct ArrowSchema **children, *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length, null_count, offset, n_buffers, n_children;
    const void **buffers;
    struct ArrowArray **children, *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

#endif

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};

#endif

/* Like hra_scorer_open, for tables of this schema; it may be released afterwards. */
HRA_API hra_code hra_scorer_open_arrow(const hra_engine *engine, const char *request, const struct ArrowSchema *table,
                                       hra_scorer **out, hra_error *error);

/* The schema of the results of a scorer that was opened for tables. */
HRA_API hra_code hra_scorer_arrow_schema(const hra_scorer *scorer, struct ArrowSchema *out, hra_error *error);

/* Scores one table of the schema that the scorer was opened for: a row of results for each of its rows. threads 0: all
 * processors. Where it fails nothing is written to *out. */
HRA_API hra_code hra_scorer_run_arrow(const hra_scorer *scorer, const struct ArrowArray *table, struct ArrowArray *out,
                                      int threads, hra_error *error);

/* A stream of tables becomes a stream of results, one table for each, scored when it is asked for. *in is moved into
 * *out where HRA_OK is returned, else it stays the caller's. The engine must outlive the stream. */
HRA_API hra_code hra_stream_arrow(const hra_engine *engine, const char *request, struct ArrowArrayStream *in,
                                  struct ArrowArrayStream *out, int threads, hra_error *error);

#ifdef __cplusplus
}
#endif
#endif
