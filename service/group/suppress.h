/* Suppression of small counts in a table with published sums.
 *
 * A table is a grid of counts with a last row and a last column of sums (a line,
 * if it has one row: then only the last cell is a sum). Some cells are hidden by
 * a rule; hra_suppress hides more until nobody who knows every shown cell, every
 * sum and the upper bound of every cell can narrow a hidden one too far.
 *
 * It proves this by a swap: for every hidden cell there are four hidden cells on
 * the corners of a rectangle (in a line: two) into which people could be moved
 * without any sum changing. By so many people as the corners allow, the table
 * could be another one, and all that is published would be the same. Further
 * hidden cells take nothing from this proof, and the grand total is never one of
 * the corners: tables that share it are safe together when each is by itself.
 */
#ifndef HRA_SERVICE_SUPPRESS_H
#define HRA_SERVICE_SUPPRESS_H

#include <stdbool.h>
#include <stdint.h>

typedef enum hra_suppress_rule {
    HRA_SHOWN,
    HRA_HIDDEN_SMALL_GROUP,       /* fewer people than a client edition needs */
    HRA_HIDDEN_SMALL_DENOMINATOR, /* too few people known for a share or a mean */
    HRA_HIDDEN_SMALL_COUNT,       /* 1 to 10 people with the finding */
    HRA_HIDDEN_SMALL_REST,        /* 1 to 10 people without it */
    HRA_HIDDEN_HOMOGENEOUS,       /* nobody or everybody in a small set */
    HRA_HIDDEN_SENSITIVE,         /* a sensitive finding: group too small, or not allowed at this place */
    HRA_HIDDEN_COMPLEMENT,        /* protects another hidden count */
    HRA_HIDDEN_TOTAL,             /* the sum itself had to be hidden, and so has everything below it */
    HRA_HIDDEN_EDITION,           /* with the earlier edition it would tell of a few joiners or leavers */
    HRA_HIDDEN_OTHERS,   /* a comparison with too few or too unequal other groups, or one that tells of a hidden
                            count */
    HRA_HIDDEN_NO_GROUP, /* people without a group have no client */
    HRA_SUPPRESS_RULES
} hra_suppress_rule;

/* In words, for the internal edition. */
const char *hra_suppress_reason(hra_suppress_rule rule);

typedef struct hra_suppress_cell {
    uint64_t value;
    uint64_t room; /* by how much it could be greater: people known less the value */
    hra_suppress_rule rule;
    /* filled in: by how much the proof moves it, down and up; of cells that stand hidden before */
    uint64_t down, up;
    int corner[2]; /* row and column of the opposite corner; -1: none was needed or found */
} hra_suppress_cell;

typedef struct hra_suppress_table {
    int rows, columns;        /* without the sums; rows = 1: a line */
    hra_suppress_cell *cells; /* (rows + 1) x (columns + 1); of a line columns + 1; the last ones are the sums */
} hra_suppress_table;

/* The sums are filled in before, and cells with a rule are hidden already. Hides further cells (HRA_HIDDEN_COMPLEMENT)
 * until every hidden cell could differ by `protection` in all. False: it cannot be done; then every cell but the grand
 * total is hidden if that is enough, and else the grand total, too. */
bool hra_suppress_protect(hra_suppress_table *table, uint64_t protection);

/* After hra_suppress_protect: how the cells move while this one grows by one: 1, -1 or 0. False: there is no swap. */
bool hra_suppress_moves(const hra_suppress_table *table, int row, int column, int *moves);

hra_suppress_cell *hra_suppress_at(const hra_suppress_table *table, int row, int column);

/* What is known of a cell from outside. */
typedef struct hra_bounds {
    int64_t low, high;
} hra_bounds;

/* Narrows bounds by the sums of a table of this shape until nothing changes. False: they contradict each other. */
bool hra_bounds_narrow(hra_bounds *cells, int rows, int columns);

#endif
