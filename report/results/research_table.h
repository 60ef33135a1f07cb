/* The table for research: a row for everybody who agreed and whose cell is large enough, in the order of the research
 * ids, so that it tells nothing of the order of the store. Used in this order: count every chunk, settle, add every
 * chunk again, write. Memory does not grow with people; rows wait in a temporary file. */
#ifndef HRA_REPORT_RESEARCH_TABLE_H
#define HRA_REPORT_RESEARCH_TABLE_H

#include <stdio.h>

#include "io/identity/identity.h"
#include "service/research/research_levels.h"
#include "service/research/research_people.h"
#include "service/research/research_risks.h"

typedef struct hra_research_table hra_research_table;

typedef struct hra_research_request {
    const hra_schema *schema;
    const hra_research_policy *policy;
    const hra_identity *key;         /* of the research ids */
    const hra_research_risks *risks; /* NULL: none */
    int64_t rows;                    /* of the store */
    const char *beside;              /* temporary files stand in the folder of this path */
} hra_research_request;

/* A column after those that say who and where. */
typedef struct hra_research_column {
    const hra_variable *variable;  /* NULL: of the results */
    const hra_result_field *field; /* NULL: of the store */
    int place;                     /* among the values of a person, or of the results */
    bool banded;
    hra_research_levels levels; /* of categories and flags; count 0: a number */
} hra_research_column;

typedef struct hra_research_facts {
    int64_t in_store, refused, not_asked, agreed, strange_provinces, without_risks, written;
} hra_research_facts;

hra_code hra_research_table_new(const hra_research_request *request, hra_research_table **out, hra_error *error);
void hra_research_table_free(hra_research_table *table); /* NULL allowed */

/* Fails at a person without a hashed key. */
hra_code hra_research_table_count(hra_research_table *table, const hra_chunk *chunk, hra_error *error);
/* Fails where nobody can be told, and where somebody stands in the store more than once. */
hra_code hra_research_table_settle(hra_research_table *table, hra_error *error);
hra_code hra_research_table_add(hra_research_table *table, const hra_chunk *chunk, hra_error *error);
hra_code hra_research_table_write(hra_research_table *table, FILE *out, hra_error *error);

const hra_research_facts *hra_research_table_facts(const hra_research_table *table);
const hra_research_cells *hra_research_table_cells(const hra_research_table *table);
int hra_research_table_columns(const hra_research_table *table, const hra_research_column **columns);
/* The name of a column, and what its level is called in the table. */
const char *hra_research_column_name(const hra_research_column *column);
const char *hra_research_column_level(const hra_research_column *column, int level);

#endif
