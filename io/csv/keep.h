/* --keep: which columns of the input are a researcher's own, and what type they have.
 *
 * A column whose cells are all numbers (or empty) is a number and keeps its exact values; any other is a text. Numbers
 * that begin with a needless zero (007) and whole numbers beyond 2^53 are texts, as they would not come back as they
 * were. Each column becomes a variable of the domain "kept" (engine/run/kept.h); a population store says which of its
 * variables are kept, so they are known again when it is read. */
#ifndef HRA_IO_KEEP_H
#define HRA_IO_KEEP_H

#include "engine/language/library.h"
#include "io/csv/csv_source.h"
#include "io/hdf5/store_summary.h"

typedef struct hra_keep_column {
    const char *name;   /* of the variable */
    const char *header; /* of the column; "" for a column of a store */
    const char *lost;   /* the variable that the column is not read as; NULL: none */
    bool text, known;   /* known: some cell holds a value */
    int decimals;
    double low, high;
    int64_t place; /* in the store it comes from */
} hra_keep_column;

typedef struct hra_keep hra_keep;

hra_keep *hra_keep_new(void); /* NULL: out of memory */
void hra_keep_free(hra_keep *keep);
int hra_keep_count(const hra_keep *keep);
const hra_keep_column *hra_keep_at(const hra_keep *keep, int index);

/* "outcome,time=follow-up time,site": a variable, and the column where its name is another. */
hra_code hra_keep_ask(hra_keep *keep, const char *list, hra_error *error);
/* Reads the asked columns of all files once and finds their types. Names that the library has are refused. */
hra_code hra_keep_examine(hra_keep *keep, const char *const *paths, int path_count, const hra_library *library,
                          const hra_csv_options *options, hra_error *error);
/* Adds the kept columns of a population store; those known already grow to hold both. */
hra_code hra_keep_from_store(hra_keep *keep, const char *path, hra_error *error);
/* The same of a store that is open, with a summary. */
hra_code hra_keep_from_summary(hra_keep *keep, const hra_summary *summary, const char *path, hra_error *error);

/* The columns as `variable` declarations. */
void hra_keep_declare(const hra_keep *keep, hra_buffer *out);

#endif
