/* How often each thing was said of the cells of a column: why values are
 * missing, how they were altered, what marks they carry, why they were rejected. */
#ifndef HRA_IO_CELL_TALLY_H
#define HRA_IO_CELL_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "io/words/cell_value.h"

typedef enum hra_tally_kind {
    HRA_TALLY_MISSING,  /* what: "refused", "not done" ...; the rest of the missing values was blank */
    HRA_TALLY_ALTERED,  /* "unit", "remark" ...; one value may be altered in several ways */
    HRA_TALLY_MARKED,   /* "below", "above", "range" */
    HRA_TALLY_REJECTED, /* the reason */
    HRA_TALLY_KINDS
} hra_tally_kind;

typedef struct hra_tally {
    int column;
    hra_tally_kind kind;
    const char *what; /* never a cell's content */
    int64_t count;
    int next; /* of the same column, -1: none */
} hra_tally;

/* All zero to begin with. */
typedef struct hra_tallies {
    hra_tally *items;
    int count, capacity;
    int *first; /* per column, -1: none */
    int columns;
} hra_tallies;

/* Forgets all; false when out of memory. */
bool hra_tallies_reset(hra_tallies *tallies, int columns);
void hra_tallies_destroy(hra_tallies *tallies);
/* `what` is kept as a pointer to constant text. */
bool hra_tallies_add(hra_tallies *tallies, int column, hra_tally_kind kind, const char *what, int64_t count);
bool hra_tallies_merge(hra_tallies *to, const hra_tallies *from);

/* Counts what a cell's reading says beyond known or missing. */
bool hra_tallies_cell(hra_tallies *tallies, int column, const hra_cell_value *value);

/* "below", "not_done" ...: the names of hra_mark in stores and reports; "" for 0. */
const char *hra_mark_name(uint8_t mark);

#endif
