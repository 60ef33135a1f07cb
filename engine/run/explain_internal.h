/* The two faces of an explanation. */
#ifndef HRA_RUN_EXPLAIN_INTERNAL_H
#define HRA_RUN_EXPLAIN_INTERNAL_H

#include "engine/run/explain.h"
#include "engine/run/explanation.h"

/* One output, ready to print. */
typedef struct hra_explained_result {
    const char *name, *unit, *status;
    const char *level;         /* of a category, or NULL */
    const char *const *causes; /* conditions behind outside_range and not_applicable */
    int cause_count;
    double value;
    bool is_flag, is_fraction; /* a fraction is also shown in percent */
} hra_explained_result;

void hra_explain_text(const hra_explain_heading *heading, const hra_explanation *explanation,
                      const hra_explained_result *results, int result_count, hra_buffer *out);
void hra_explain_json(const hra_explain_heading *heading, const hra_explanation *explanation,
                      const hra_explained_result *results, int result_count, hra_buffer *out);

#endif
