/* What goes beside a table for research: what its columns mean, and what was done to make it. */
#ifndef HRA_REPORT_RESEARCH_NOTES_H
#define HRA_REPORT_RESEARCH_NOTES_H

#include "base/buffer.h"
#include "report/results/research_table.h"

typedef struct hra_research_origin {
    const char *definitions_hash, *input_hash, *key_fingerprint; /* the key: that of the research ids */
    const hra_result_facts *results;                             /* NULL: none */
} hra_research_origin;

/* CSV: name, title_zh, title_en, unit, values, told. */
void hra_research_notes_columns(const hra_research_table *table, const hra_research_policy *policy,
                                const hra_dictionary *dictionary, hra_buffer *out);
/* JSON, docs/exports.md. */
void hra_research_notes_made(const hra_research_table *table, const hra_research_policy *policy,
                             const hra_dictionary *dictionary, const hra_research_origin *origin, hra_buffer *out);

#endif
