/* People of a table of risks and their outcomes in another one, matched by an identifier. */
#ifndef HRA_CLI_EVALUATION_PARTNERS_H
#define HRA_CLI_EVALUATION_PARTNERS_H

#include "base/arena.h"
#include "io/results/number_table.h"

typedef struct hra_join_tables {
    hra_number_table *risks, *outcomes;
    const char *risks_path, *outcomes_path;
    const char *key, *issuer; /* key: the file whose key hashes the identifiers of the outcomes; NULL: they are equal */
    int risks_id, outcomes_id; /* columns, once they are asked for */
} hra_join_tables;

typedef struct hra_partners {
    const int64_t *row;                    /* by row of the risks: that of the outcomes, -1 none */
    int64_t without_outcome, without_risk; /* rows of each table that the other one lacks */
} hra_partners;

/* Asks for the columns of "NAME" or "NAME=NAME OF THE OUTCOMES"; NULL: person_id. Before the tables are read. */
hra_code hra_partners_ask(hra_join_tables *tables, const char *id, hra_error *error);

/* Of tables that were read. An identifier that stands twice is refused, and so are tables without anybody in common;
 * nobody without an identifier has a partner. */
hra_code hra_partners_find(const hra_join_tables *tables, hra_arena *arena, hra_partners *out, hra_error *error);

#endif
