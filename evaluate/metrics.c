/* The list of measures; its texts live in an arena. */
#include "evaluate/metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

struct hra_metrics {
    hra_arena *texts;
    hra_metric *items;
    int64_t count, capacity;
    const hra_metric_subject *subject;
};

static hra_code no_memory(hra_error *error)
{
    return hra_fail(error, HRA_ENOMEM, "not enough memory for the measures of an evaluation");
}

hra_code hra_metrics_new(hra_metrics **out, hra_error *error)
{
    hra_metrics *m = calloc(1, sizeof *m);
    if (m) m->texts = hra_arena_new();
    if (!m || !m->texts) {
        free(m);
        return no_memory(error);
    }
    *out = m;
    return HRA_OK;
}

void hra_metrics_free(hra_metrics *metrics)
{
    if (!metrics) return;
    hra_arena_free(metrics->texts);
    free(metrics->items);
    free(metrics);
}

hra_code hra_metrics_about(hra_metrics *m, const hra_metric_subject *subject, hra_error *error)
{
    hra_metric_subject *kept = hra_arena_alloc(m->texts, sizeof *kept);
    if (!kept) return no_memory(error);
    *kept = *subject;
    kept->group = hra_arena_text(m->texts, subject->group);
    kept->model = hra_arena_text(m->texts, subject->model);
    kept->other = hra_arena_text(m->texts, subject->other);
    m->subject = kept;
    return kept->group && kept->model && kept->other ? HRA_OK : no_memory(error);
}

hra_code hra_metrics_add(hra_metrics *m, const char *name, double at, hra_estimate is, const char *note,
                         hra_error *error)
{
    if (m->count == m->capacity) {
        int64_t capacity = m->capacity ? 2 * m->capacity : 256;
        hra_metric *items = realloc(m->items, (size_t)capacity * sizeof *items);
        if (!items) return no_memory(error);
        m->items = items;
        m->capacity = capacity;
    }
    const char *kept = *note ? hra_arena_text(m->texts, note) : "";
    if (!kept) return no_memory(error);
    m->items[m->count++] = (hra_metric){m->subject, name, at, is, kept, {NAN, NAN, NAN, 0}};
    return HRA_OK;
}

hra_code hra_metrics_add_value(hra_metrics *metrics, const char *name, double value, hra_error *error)
{
    return hra_metrics_add(metrics, name, NAN, (hra_estimate){value, NAN, NAN, NAN}, "", error);
}

hra_code hra_metrics_add_none(hra_metrics *metrics, const char *name, const char *why, hra_error *error)
{
    return hra_metrics_add(metrics, name, NAN, HRA_NO_ESTIMATE, why, error);
}

void hra_metrics_set(hra_metrics *metrics, int64_t index, hra_estimate is, const char *note)
{
    metrics->items[index].is = is;
    metrics->items[index].note = note;
}

void hra_metrics_set_resampled(hra_metrics *metrics, int64_t index, hra_resampled resampled)
{
    metrics->items[index].resampled = resampled;
}

hra_code hra_metrics_reorder(hra_metrics *m, const int64_t *order, hra_error *error)
{
    if (m->count == 0) return HRA_OK;
    hra_metric *items = malloc((size_t)m->count * sizeof *items);
    if (!items) return no_memory(error);
    for (int64_t i = 0; i < m->count; i++) items[i] = m->items[order[i]];
    free(m->items);
    m->items = items;
    m->capacity = m->count;
    return HRA_OK;
}

int64_t hra_metrics_count(const hra_metrics *metrics) { return metrics->count; }

const hra_metric *hra_metrics_at(const hra_metrics *metrics, int64_t index) { return &metrics->items[index]; }
