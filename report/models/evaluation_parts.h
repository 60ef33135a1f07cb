/* Between the page about an evaluation and its sections. */
#ifndef HRA_REPORT_EVALUATION_PARTS_H
#define HRA_REPORT_EVALUATION_PARTS_H

#include "base/buffer.h"
#include "intake/profiles/intake_words.h"
#include "report/models/evaluation_page.h"
#include "report/tools/texts.h"

/* The measures of one subject: one model, or two, in one group at one horizon. */
typedef struct hra_evaluated_part {
    const hra_metric_subject *of;
    int64_t first, end;
} hra_evaluated_part;

typedef struct hra_evaluated {
    const hra_metrics *metrics;
    const hra_evaluation_facts *facts;
    hra_words *words;
    const hra_intake_words *reasons;
    hra_arena *arena;
    hra_evaluated_part *parts;
    int64_t part_count;
    double *horizons; /* each once, in their order; without times one that is NAN */
    int horizon_count;
} hra_evaluated;

/* ---- sections ---- */

void hra_evaluation_put_calibration(const hra_evaluated *e, double horizon, hra_buffer *out);
void hra_evaluation_put_decision(const hra_evaluated *e, double horizon, hra_buffer *out);
void hra_evaluation_put_comparison(const hra_evaluated *e, double horizon, hra_buffer *out);
void hra_evaluation_put_groups(const hra_evaluated *e, double horizon, hra_buffer *out);
void hra_evaluation_put_notes(const hra_evaluated *e, hra_buffer *out);

/* ---- what they share (evaluation_values.c) ---- */

enum { HRA_EVALUATION_TEXT = 64 };

/* A measure of a part; `at` NAN: the one without a place. NULL if it is not there. */
const hra_metric *hra_evaluated_find(const hra_evaluated *e, const hra_evaluated_part *part, const char *name,
                                     double at);
bool hra_evaluated_at_horizon(const hra_evaluated_part *part, double horizon);
/* Whether the part is of one model on the whole cohort at this horizon. */
bool hra_evaluated_whole(const hra_evaluated_part *part, double horizon);

/* What a measure is called. */
const char *hra_evaluation_title(const hra_evaluated *e, const char *measure);
/* A number with the decimals that its measure deserves; "–" for none. */
const char *hra_evaluation_number(const char *measure, double value, char out[HRA_EVALUATION_TEXT]);
/* A threshold, a horizon: the shortest digits. */
const char *hra_evaluation_plain(double value, char out[HRA_EVALUATION_TEXT]);
const char *hra_evaluation_count(int64_t count, char out[HRA_EVALUATION_TEXT]);
/* "0.712 (0.698 to 0.726)"; without an interval the value alone. */
void hra_evaluation_put_estimate(const hra_evaluated *e, const hra_metric *metric, hra_buffer *out);
/* A cell of a table: the value, and its interval in a line of its own. */
void hra_evaluation_put_cell(const hra_evaluated *e, const hra_metric *metric, hra_buffer *out);

/* A heading that names the horizon, if there is one. */
void hra_evaluation_put_heading(const hra_evaluated *e, const char *title, double horizon, hra_buffer *out);
/* "<th scope=col class=n>TITLE" of a column of numbers. */
void hra_evaluation_put_column(const char *title, hra_buffer *out);

#endif
