/* People of a population store as a table for research sees them: consent, cell, values in canonical units. */
#ifndef HRA_SERVICE_RESEARCH_PEOPLE_H
#define HRA_SERVICE_RESEARCH_PEOPLE_H

#include "engine/data/column.h"
#include "service/research/research_cells.h"
#include "service/research/research_policy.h"

typedef enum hra_research_consent {
    HRA_RESEARCH_AGREED,
    HRA_RESEARCH_REFUSED,
    HRA_RESEARCH_NOT_ASKED
} hra_research_consent;

typedef struct hra_research_people hra_research_people;

/* Policy and schema must outlive it. Without a column of consent nobody can be told: an error. */
hra_code hra_research_people_new(const hra_schema *schema, const hra_research_policy *policy, hra_research_people **out,
                                 hra_error *error);
void hra_research_people_free(hra_research_people *people); /* NULL allowed */

/* The variables of the columns, each once, in the order of the dictionary. */
int hra_research_people_variables(const hra_research_people *people, const int **variables);
int hra_research_people_sexes(const hra_research_people *people);
int hra_research_people_regions(const hra_research_people *people);

/* One row of a chunk: rows are asked for in order, each once. What is said of it holds until the next. */
void hra_research_people_begin(hra_research_people *people, const hra_chunk *chunk);
void hra_research_people_read(hra_research_people *people, int row);
hra_research_consent hra_research_people_consent(const hra_research_people *people);
hra_research_cell hra_research_people_cell(const hra_research_people *people);
const double *hra_research_people_values(const hra_research_people *people); /* by place in `variables`; NaN: unknown */
bool hra_research_people_strange_province(const hra_research_people *people); /* it says one that is not listed */

#endif
