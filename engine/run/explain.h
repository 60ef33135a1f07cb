/* hra explain: one person's evaluation, term by term, as text or JSON. */
#ifndef HRA_RUN_EXPLAIN_H
#define HRA_RUN_EXPLAIN_H

#include "base/buffer.h"
#include "engine/graph/judge.h"

/* What stands above: from the declaration, NULL where it says nothing. */
typedef struct hra_explain_heading {
    const char *id, *title;
    const char *const *sources;
    int source_count;
} hra_explain_heading;

/* Appends one section: the outputs of one declaration for the judge's present
 * person. With an unshared graph the formulas read as they were written. JSON
 * gives one object. */
hra_code hra_explain(const hra_graph *graph, hra_judge *judge, const hra_schema *schema, const hra_output *outputs,
                     int output_count, const hra_explain_heading *heading, bool json, hra_buffer *out,
                     hra_error *error);

/* The status of an output in words, with the names of missing inputs; false without memory. */
bool hra_explain_status(hra_judge *judge, const hra_schema *schema, const hra_output *output, hra_buffer *out);

#endif
