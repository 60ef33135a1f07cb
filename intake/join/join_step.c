#include "intake/join/join_step.h"

#include "base/stopwatch.h"

enum { LOOK = 4096 }; /* rows between two looks at the clock */

hra_join_step hra_join_step_new(const hra_join_request *request, const char *name, int64_t total)
{
    return (hra_join_step){.request = request, .name = name, .total = total, .started = hra_seconds()};
}

static void show(hra_join_step *s, double now)
{
    const hra_progress progress = {.rows_done = s->done,
                                   .rows_total = s->total,
                                   .bytes_done = -1,
                                   .bytes_total = -1,
                                   .seconds = now - s->started,
                                   .step = s->name};
    s->shown = now;
    s->request->progress(s->request->progress_context, &progress);
}

hra_code hra_join_step_row(hra_join_step *step, hra_error *error)
{
    const hra_join_request *q = step->request;
    if (q->stop && *q->stop) return hra_fail(error, HRA_EINTERRUPTED, "stopped by a signal");
    step->done++;
    if (!q->progress || step->done % LOOK > 0) return HRA_OK;
    double now = hra_seconds();
    if (now - step->shown >= 0.1) show(step, now);
    return HRA_OK;
}

void hra_join_step_end(hra_join_step *step)
{
    if (step->request->progress) show(step, hra_seconds());
}
