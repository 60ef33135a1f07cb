/* Risks of a run for a table for research: found by person key, on disk in memory that does not grow with people. */
#ifndef HRA_SERVICE_RESEARCH_RISKS_H
#define HRA_SERVICE_RESEARCH_RISKS_H

#include "io/results/result_reader.h"

typedef struct hra_research_risks hra_research_risks;

/* Temporary files stand beside `beside`; the results must have been made with the key of this fingerprint. */
hra_code hra_research_risks_open(const char *path, const char *beside, const char *key_fingerprint,
                                 hra_research_risks **out, hra_error *error);
void hra_research_risks_close(hra_research_risks *risks); /* NULL allowed */

const hra_result_facts *hra_research_risks_facts(const hra_research_risks *risks);
/* What is told: risks, categories and the model chosen of the panel; of results without a panel, those of the models.
 * Points and other numbers would give the exact age away. */
int hra_research_risks_count(const hra_research_risks *risks);
const hra_result_field *hra_research_risks_field(const hra_research_risks *risks, int index);
/* The values of a person; NULL: not in the results, or more than once. */
const double *hra_research_risks_find(const hra_research_risks *risks, const uint64_t key[2]);

#endif
