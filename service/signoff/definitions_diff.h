/* How many people change category when definitions change: two programs score
 * the same chunks, and every flag and category is counted from what it was to
 * what it would be. Nobody is listed; memory does not grow with the people. */
#ifndef HRA_SERVICE_DEFINITIONS_DIFF_H
#define HRA_SERVICE_DEFINITIONS_DIFF_H

#include "base/buffer.h"
#include "engine/language/library.h"
#include "engine/program/program.h"
#include "engine/run/runner.h"

/* One side: the definitions and what they compute, over the same schema. */
typedef struct hra_diff_side {
    const hra_library *library;
    const hra_program *program;
    const hra_output *outputs;
    int output_count;
} hra_diff_side;

typedef struct hra_diff hra_diff;

/* The run scores with before->program; the sink scores every chunk once more. Both sides must outlive the diff. */
hra_code hra_diff_new(const hra_diff_side *before, const hra_diff_side *after, int threads, hra_diff **out,
                      hra_error *error);
void hra_diff_free(hra_diff *diff);
hra_sink *hra_diff_sink(hra_diff *diff);

/* After the run. CSV: kind, id, title, title_zh, from, to, people; every cell of a category, of a flag only changes.
 * Text: one line for each rule that somebody changes in. */
hra_code hra_diff_csv(const hra_diff *diff, hra_buffer *out, hra_error *error);
hra_code hra_diff_text(const hra_diff *diff, hra_buffer *out, hra_error *error);

#endif
